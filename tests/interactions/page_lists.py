"""Giving lists of pages, having them added, and what became of each row."""

from __future__ import annotations

from django.utils import timezone

from interactions.services import list_reading, list_work, lists
from tests import factories


def picture(color):
    return factories.picture((600, 900), color=color)


def read(site, owner, url):
    batch = lists.take_sitemap(site=site, by=owner, url=url, now=timezone.now())
    list_reading.read_listed_sitemap(list_id=batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    return batch


def take(site, owner, text, name="pages.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return lists.take_file(site=site, by=owner, name=name, data=data, now=timezone.now())


def add(batch, owner, **more):
    lists.start(batch=batch, by=owner, now=timezone.now(), **more)
    while list_work.work_on_list(list_id=batch.pk, clock=timezone.now, rest=lambda _seconds: None):
        pass
    batch.refresh_from_db()


def rows(batch):
    return list(batch.rows.order_by("number").values_list("number", "status", "note"))
