"""Having series read: who is next, and what comes of a visit to Pinterest.

A worker that dies, a limit that is reached and an answer that is refused cost their own step only.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.limits.policy import LONGEST_PAUSE_S
from accounts.services.tokens import ConnectionLost, TokensUnreadable
from analytics.models import Series, Stage
from analytics.policy.windows import next_pull
from analytics.selectors.series import active_connection
from analytics.services import leases
from analytics.services.leases import LeaseLost
from analytics.services.troubles import NO_TROUBLE, put_down_unread
from analytics.services.visits import Clock, Visit, words_of
from pinterest.errors import PinterestError, Trouble, Unavailable

logger = logging.getLogger(__name__)

_FIRST_RETRY: Final = timedelta(minutes=2)
_LONGEST_RETRY: Final = timedelta(hours=6)
_WORTH_TELLING: Final = timedelta(minutes=2)
"""A person is told of a limit that lasts longer."""

_OURS: Final = (
    "Something went wrong in PinApp, not at Pinterest. What was read is kept, and it is tried "
    "again; if this stays, ask whoever runs this server to look into its log."
)
_LOST: Final = "The account is not connected any more. Connect it again, and its figures go on."


def pull(*, series_id: int, clock: Clock) -> bool:
    """Read one series if it is due; True when its days were read.

    Does nothing while another worker has it in hand.
    """
    series = leases.take(series_id=series_id, now=clock())
    return series is not None and _pull(series, clock)


def pull_due(*, clock: Clock, until: datetime) -> int:
    """Read what is due, one series after another, until then; returns how many."""
    done = 0
    while clock() < until and (series := leases.take_next(now=clock())) is not None:
        _pull(series, clock)
        done += 1
    return done


def _pull(series: Series, clock: Clock) -> bool:
    """Visit Pinterest and put the series down again, whatever comes of it."""
    connection = active_connection(series.workspace_id, series.account_id)
    try:
        if connection is None:
            leases.let_go(series, next_pull_at=None, asked_at=None, problem=_LOST, **NO_TROUBLE)
            return False
        visit = Visit(series, connection, clock)
        _make(visit, series, clock)
    except LeaseLost:
        logger.warning("figures_lease_lost series=%s", series.pk)
        return False
    return visit.stage is not Stage.DAYS


def _make(visit: Visit, series: Series, clock: Clock) -> None:
    try:
        visit.read_days()
        visit.read_the_rest()
    except TokensUnreadable as error:
        # The account still counts as connected, so nothing would say when to go on: ask again.
        _fail(series, str(error), stage=visit.stage, now=clock())
    except ConnectionLost as error:
        told = {"problem": str(error)[:500], **NO_TROUBLE}
        leases.let_go(series, next_pull_at=None, asked_at=None, **told)
    except Unavailable as error:
        _wait(series, error, stage=visit.stage, now=clock())
    except PinterestError as error:
        _fail(series, words_of(error), stage=visit.stage, now=clock())
    except LeaseLost:
        raise
    except Exception:
        # A fault of ours: people are told, and it is raised for the log.
        _fail(series, _OURS, stage=visit.stage, now=clock())
        raise
    else:
        leases.let_go(series, next_pull_at=next_pull(clock()), asked_at=None, failures=0)


def _wait(series: Series, error: Unavailable, *, stage: Stage, now: datetime) -> None:
    """Wait as long as Pinterest, or our own count of its limits, says; else as after a failure."""
    asked = min(error.retry_after or 0.0, LONGEST_PAUSE_S)
    wait = timedelta(seconds=max(1.0, asked)) if asked else None
    if wait is None or error.reason is not Trouble.RATE_LIMITED:
        _fail(series, str(error), stage=stage, now=now, wait=wait)
        return
    logger.info("figures_wait series=%s wait_s=%.0f", series.pk, wait.total_seconds())
    told = _told(series, stage, str(error)) if wait > _WORTH_TELLING else {}
    _put_down(series, stage=stage, now=now, next_pull_at=now + wait, **told)


def _fail(
    series: Series,
    problem: str,
    *,
    stage: Stage,
    now: datetime,
    wait: timedelta | None = None,
) -> None:
    failures = series.failures + 1
    wait = wait or min(_FIRST_RETRY * 2 ** min(failures - 1, 10), _LONGEST_RETRY)
    logger.warning(
        "figures_not_read series=%s stage=%s failures=%s wait_s=%.0f %s",
        series.pk,
        stage,
        failures,
        wait.total_seconds(),
        problem,
    )
    told = _told(series, stage, problem)
    _put_down(series, stage=stage, now=now, next_pull_at=now + wait, failures=failures, **told)


def _put_down(series: Series, *, stage: Stage, now: datetime, **changes: Any) -> None:
    """Write these columns and put the series down; only days that stay away are a trouble."""
    if stage is Stage.DAYS:
        put_down_unread(series, now=now, **changes)
    else:
        leases.let_go(series, **changes)


def _told(series: Series, stage: Stage, problem: str) -> dict[str, Any]:
    """What a person is told, where it belongs: of the days, or of a part beside them.

    For a part that comes late nobody is kept waiting: the days are there.
    """
    if stage is Stage.DAYS:
        return {"problem": problem[:500]}
    return {"asked_at": None, "part_problems": {**series.part_problems, stage: problem[:500]}}
