"""What stands between a person and new figures: not asked for, under way, stopped, refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import Membership
from accounts.policy import Role, role_allows
from analytics.models import Series, Stage
from analytics.services.watching import USUAL
from analytics.views.reports import Report
from pinterest.figures import Filters


def reading_facts(report: Report, membership: Membership, *, now: datetime) -> dict[str, Any]:
    """For the page: a state, what a person can do about it, and a problem of each kind."""
    series, filters = report.series, report.question.filters
    may_ask = role_allows(membership.role, needed=Role.EDITOR)
    query = report.query()
    return {
        "is_usual": filters == USUAL,
        "is_kept": series is not None or filters == USUAL,
        "is_stopped": series is not None and series.stopped_at is not None,
        "is_lost": series is not None and series.next_pull_at is None,
        "may_ask": may_ask,
        "may_stop": may_ask and series is not None and filters != USUAL and not series.stopped_at,
        "watch_url": f"{reverse('analytics_watch')}?{query}",
        "read_url": f"{reverse('analytics_read')}?{query}",
        "stop_url": f"{reverse('analytics_stop')}?{query}",
        "problem": series.problem if series else "",
        "part_problems": part_problems(series),
        "reading": progress_facts(series, filters, query, now=now),
    }


def progress_facts(
    series: Series | None, filters: Filters, query: str, *, now: datetime
) -> dict[str, Any] | None:
    """How far a reading is that somebody waits for; None where nobody does, or nothing is read.

    Every account has a series of the usual filters a few seconds after it was connected.
    """
    facts = {
        "title": "Reading the last 90 days",
        "url": f"{reverse('analytics_reading')}?{query}",
        "stage": "Waiting for a turn",
    }
    if series is None:
        return facts if filters == USUAL else None
    is_over = series.asked_at is None or series.problem or series.next_pull_at is None
    if is_over or series.stopped_at is not None:
        return None
    return facts | {
        "title": facts["title"] if series.pulled_at is None else "Reading new figures",
        "stage": Stage(series.stage).label if series.stage else facts["stage"],
        "done": series.calls_done,
        "in_all": series.calls_in_all,
        "text": _steps(series),
        "waits_until": _waits_until(series, now),
    }


def part_problems(series: Series | None) -> list[str]:
    """What could not be read beside the days, a sentence each."""
    if series is None:
        return []
    return [
        f"{Stage(stage).label}: {series.part_problems[stage]}"
        for stage in Stage.values
        if stage in series.part_problems
    ]


def _steps(series: Series) -> str:
    if not series.calls_in_all:
        return ""
    return f"Step {series.calls_done + 1} of {max(series.calls_in_all, series.calls_done + 1)}"


def _waits_until(series: Series, now: datetime) -> datetime | None:
    """When it goes on, where Pinterest's limit makes it wait."""
    waits = series.next_pull_at is not None and series.next_pull_at > now
    return series.next_pull_at if waits and not series.leased_until else None
