"""Checking the addresses that claim to be Pinterest's, outside of any request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from interactions.models import CrawlerAddress, Evidence
from interactions.policy.crawler import (
    GIVE_UP_AFTER,
    LOOKUPS_A_MINUTE,
    Finding,
    good_until,
    next_check,
)
from interactions.policy.levels import POLICY_VERSION, EvidenceKind, Verdict
from interactions.services.dns import look_up
from interactions.services.reckoning import reckon

AT_ONCE: Final = 50
MOST_WAITING: Final = 20_000
"""Addresses that may wait to be checked; of a flood the longest waiting are given up."""

_LEASE: Final = timedelta(minutes=1)
_OF_CRAWLERS: Final = (EvidenceKind.CRAWLER_FETCH.value, EvidenceKind.LANDING_CRAWL.value)
_BATCH: Final = 500
_STILL_COMING: Final = 1000
"""Evidence that others are writing meanwhile may have smaller ids; so many are looked at again."""


def check_crawlers(*, now: datetime) -> int:
    """Look up addresses that are due, and apply what is known; returns how many were looked up."""
    _ask_again(now=now)
    looked_up = 0
    for row in _take_due(now=now):
        if not _within_budget(now):
            break
        _write_down(row, look_up(row.address), now=now)
        looked_up += 1
    apply_verdicts(now=now)
    return looked_up


def _ask_again(*, now: datetime) -> None:
    """Make due what came after its verdict had ended: the crawler comes from few addresses, so
    most of its fetches are of one that was known before."""
    over = CrawlerAddress.objects.filter(next_check_at__isnull=True, good_until__lte=now)
    over.filter(Exists(_untold())).update(next_check_at=now, seen_at=now, tries=0)


@transaction.atomic
def _take_due(*, now: datetime) -> list[CrawlerAddress]:
    """Addresses to look up now, put off for everybody else. The newest come first: a flood of
    false ones from before must not delay Pinterest."""
    due = CrawlerAddress.objects.filter(next_check_at__lte=now).order_by("tries", "-seen_at")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    CrawlerAddress.objects.filter(pk__in=[row.pk for row in rows]).update(
        next_check_at=now + _LEASE
    )
    return rows


def _within_budget(now: datetime) -> bool:
    key = f"interactions:lookups:{int(now.timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) <= LOOKUPS_A_MINUTE


def _write_down(row: CrawlerAddress, found: Finding, *, now: datetime) -> None:
    row.verdict = found.verdict.value
    row.ptr = found.name[:255]
    row.reason = found.reason[:100]
    row.tries += 1
    row.checked_at = now
    row.good_until = good_until(found.verdict, now=now)
    row.next_check_at = (
        next_check(tries=row.tries, first_seen=row.seen_at, now=now)
        if found.verdict is Verdict.UNKNOWN
        else None
    )
    row.save(
        update_fields=[
            *("verdict", "ptr", "reason", "tries", "checked_at", "good_until", "next_check_at")
        ]
    )


def apply_verdicts(*, now: datetime) -> int:
    """Say of new fetches what is known of their addresses; returns how many were told."""
    told = 0
    while batch := list(_without_a_check(now)[:_BATCH]):
        told += _tell(batch, now=now)
    return told


def _without_a_check(now: datetime) -> QuerySet[Evidence]:
    known = Q(crawler__verdict__in=[Verdict.YES.value, Verdict.NO.value])
    return (
        _unchecked()
        .filter(known, crawler__good_until__gt=now, pk__gt=F("crawler__told_up_to"))
        .select_related("crawler")
        .order_by("pk")
    )


def _untold() -> QuerySet[Evidence]:
    """Of an address: what came of it and is not checked."""
    return _unchecked().filter(crawler=OuterRef("pk"), pk__gt=OuterRef("told_up_to"))


def _unchecked() -> QuerySet[Evidence]:
    check = Evidence.objects.filter(interaction=OuterRef("interaction"), about=OuterRef("pk"))
    return Evidence.objects.filter(~Exists(check), kind__in=_OF_CRAWLERS)


@transaction.atomic
def _tell(fetches: Sequence[Evidence], *, now: datetime) -> int:
    rows = [
        Evidence(
            interaction_id=fetch.interaction_id,
            kind=EvidenceKind.CRAWLER_CHECK.value,
            at=now,
            minute=now.replace(second=0, microsecond=0),
            about=fetch,
            verdict=fetch.crawler.verdict,
            ptr=fetch.crawler.ptr,
            detail=fetch.crawler.reason,
            policy_version=POLICY_VERSION,
        )
        for fetch in fetches
        if fetch.crawler is not None
    ]
    Evidence.objects.bulk_create(rows, ignore_conflicts=True)
    touched: set[UUID] = {row.interaction_id for row in rows}
    reckon(touched)
    _note_told(fetches)
    return len(rows)


def _note_told(fetches: Sequence[Evidence]) -> None:
    last = {fetch.crawler_id: fetch.pk for fetch in fetches if fetch.crawler_id is not None}
    for address, pk in last.items():
        up_to = pk - _STILL_COMING
        CrawlerAddress.objects.filter(pk=address, told_up_to__lt=up_to).update(told_up_to=up_to)


def forget_addresses(*, now: datetime) -> int:
    """Delete addresses that are not Pinterest's when their verdict ends, for they are somebody's;
    and those that nothing was found out about. Returns how many."""
    over = Q(verdict=Verdict.NO.value, good_until__lt=now, next_check_at__isnull=True)
    # What came after the verdict's end waits for the next one, though that is soon.
    untold = _untold().exclude(crawler__verdict=Verdict.UNKNOWN.value)
    over |= Q(verdict=Verdict.UNKNOWN.value, seen_at__lt=now - GIVE_UP_AFTER)
    deleted, _ = CrawlerAddress.objects.filter(over).exclude(Exists(untold)).delete()
    waiting = CrawlerAddress.objects.filter(next_check_at__isnull=False).order_by("-seen_at")
    crowd = waiting.values_list("pk", flat=True)[MOST_WAITING : MOST_WAITING + 10_000]
    dropped, _ = CrawlerAddress.objects.filter(pk__in=list(crowd)).delete()
    return deleted + dropped
