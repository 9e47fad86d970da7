"""Taking away and erasing what is kept of a site."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from interactions.models import Entity, Erasure, Evidence, Interaction, Site
from interactions.services import erasing
from interactions.services.erasing import ask_to_erase, erase_asked
from tests.interactions.asking import beacon, fetch, tell
from tests.interactions.conftest import make_entity
from tests.interactions.test_results import interaction

pytestmark = pytest.mark.django_db


def test_an_owner_takes_everything_away(sign_in, owner, site, entity, page_token):
    """T29: nobody's address, no secret."""
    told = beacon(site, entity, page_token)
    tell(told, REMOTE_ADDR="203.0.113.77")
    fetch(f"{page_token}.{told['nonce']}")
    answer = sign_in(owner).get(f"/interactions/sites/{site.key}/data/export.ndjson")
    text = b"".join(answer.streaming_content).decode()
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["kind"] for record in records] == ["site", "entity", "interaction"]
    assert [row["kind"] for row in records[2]["evidence"]] == ["click", "crawler_fetch"]
    assert records[2]["level"] == "claimed"
    for secret in ("203.0.113.77", owner.email, site.signing_keys.get().secret_sealed):
        assert secret not in text


def test_an_owner_erases_after_typing_the_name(sign_in, owner, site, entity, now):
    interaction(site, entity, "click", "crawler_fetch", at=now)
    visitor, path = sign_in(owner), f"/interactions/sites/{site.key}/data/"
    assert visitor.post(path, {"name": "clay"}).status_code == 422
    assert Interaction.objects.count() == 1
    assert visitor.post(path, {"name": "Clay shop"}).status_code == 302
    assert visitor.get(path).context["erasing"]["text"] == "0 of 1"
    assert visitor.get(f"{path}erasing/").context["erasing"]["total"] == 1
    erase()
    assert (Interaction.objects.count(), Evidence.objects.count()) == (0, 0)
    assert Entity.objects.count() == 1
    page = visitor.get(path)
    assert page.context["erasing"] is None
    assert [each["text"] for each in page.context["past"]] == [f"1 interaction, asked by {owner}."]
    assert visitor.get(f"{path}erasing/").headers["HX-Refresh"] == "true"


def erase(seconds=60):
    start = timezone.now()
    return erase_asked(clock=timezone.now, until=start + timedelta(seconds=seconds))


def test_what_comes_while_it_is_erased_stays(site, entity, owner, now):
    interaction(site, entity, "click", at=now - timedelta(minutes=1))
    first = ask_to_erase(site=site, by=owner, now=now)
    newer = interaction(site, entity, "click", at=now + timedelta(seconds=1))
    assert ask_to_erase(site=site, by=owner, now=now + timedelta(seconds=2)) == first
    assert erase() == 1
    assert Interaction.objects.get() == newer
    later = ask_to_erase(site=site, by=owner, now=now + timedelta(seconds=3))
    assert (later.total, later != first) == (1, True)


def test_another_site_s_stay(site, entity, workspace, owner, now):
    other = Site.objects.create(workspace=workspace, name="Other", origins=["https://o.example"])
    bowl = make_entity(other, title="Bowl", page_url="https://o.example/bowl")
    theirs = interaction(other, bowl, "click", at=now)
    interaction(site, entity, "click", at=now)
    ask_to_erase(site=site, by=owner, now=now)
    erase()
    assert Interaction.objects.get() == theirs


def test_a_worker_that_dies_is_followed_by_another(site, entity, owner, now, monkeypatch):
    for _ in range(5):
        interaction(site, entity, "click", "crawler_fetch", at=now)
    ask_to_erase(site=site, by=owner, now=now)
    monkeypatch.setattr(erasing, "BATCH", 2)
    ticks = iter([now, now, now + timedelta(hours=1)])
    assert erase_asked(clock=lambda: next(ticks), until=now + timedelta(seconds=8)) == 4
    (left,) = Erasure.objects.all()
    assert (left.done, left.total, left.finished_at) == (4, 5, None)
    assert erase() == 1
    left.refresh_from_db()
    assert (left.done, left.finished_at is None) == (5, False)
    assert erase() == 0


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_has_in_hand_is_not_taken_for_gone(site, entity, owner, now):
    interaction(site, entity, "click", at=now)
    ask_to_erase(site=site, by=owner, now=now)
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        list(Interaction.objects.select_for_update())
        assert other.submit(erase_in_thread).result(timeout=30) == 0
    assert Erasure.objects.get().finished_at is None
    assert erase() == 1
    assert Erasure.objects.get().finished_at is not None


def erase_in_thread():
    try:
        return erase_asked(clock=timezone.now, until=timezone.now() + timedelta(seconds=60))
    finally:
        connection.close()


def test_nobody_else_does(sign_in, editor, stranger, site):
    path = f"/interactions/sites/{site.key}/data/"
    assert sign_in(editor).post(path, {"name": "Clay shop"}).status_code == 403
    assert sign_in(editor).get(f"{path}erasing/").status_code == 403
    assert sign_in(editor).get(f"{path}export.ndjson").status_code == 403
    assert sign_in(stranger).get(f"{path}export.ndjson").status_code == 404
