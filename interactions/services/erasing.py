"""Erasing all interactions of a site, in a worker: there may be millions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from accounts.models import User
from interactions.models import Erasure, Interaction, Site
from interactions.selectors.erasures import erasure_under_way

logger = logging.getLogger(__name__)

BATCH: Final = 1000
Clock = Callable[[], datetime]


@transaction.atomic
def ask_to_erase(*, site: Site, by: User, now: datetime) -> Erasure:
    """Have all interactions from before now deleted with their evidence, for good.

    The site, its entities and keys stay: Pins that are out go on getting their pictures. Where
    that is under way already, it is that.
    """
    Site.objects.select_for_update().get(pk=site.pk)
    if under_way := erasure_under_way(site):
        return under_way
    total = Interaction.objects.filter(site=site, created_at__lte=now).count()
    logger.warning("erasure_asked site=%s by=%s count=%s", site.key, by.pk, total)
    return Erasure.objects.create(site=site, asked_by=by, asked_at=now, total=total)


def erase_asked(*, clock: Clock, until: datetime) -> int:
    """Erase what was asked for, the first first, until then; returns how many interactions.

    Several may do it at once. What a dead worker leaves, the next one goes on with.
    """
    erased = 0
    for erasure in Erasure.objects.filter(finished_at=None).order_by("asked_at"):
        while clock() < until:
            try:
                count = _erase_some(erasure)
            except IntegrityError:
                # Evidence came to one of them meanwhile; it is found the next time.
                continue
            erased += count
            if not count:
                _finish(erasure, now=clock())
                break
    return erased


@transaction.atomic
def _erase_some(erasure: Erasure) -> int:
    rows = _left(erasure).order_by("created_at").select_for_update(skip_locked=True, of=("self",))
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    if ids:
        Interaction.objects.filter(pk__in=ids).delete()
        Erasure.objects.filter(pk=erasure.pk).update(done=F("done") + len(ids))
    return len(ids)


def _finish(erasure: Erasure, *, now: datetime) -> None:
    """Unless some are in another worker's hand, which may die."""
    if _left(erasure).exists():
        return
    if Erasure.objects.filter(pk=erasure.pk, finished_at=None).update(finished_at=now):
        logger.warning("erasure_finished site=%s count=%s", erasure.site_id, erasure.total)


def _left(erasure: Erasure) -> QuerySet[Interaction]:
    return Interaction.objects.filter(site=erasure.site_id, created_at__lte=erasure.asked_at)
