"""Asking whether a newly connected account takes the place of one that is gone, and the answers.

Never guessed from a username: Pinterest lets people change theirs, and a released one may come
back as somebody else's (decision 11).
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import Connection, ConnectionStatus, RowId, Succession, User


class AlreadyDecided(Exception):
    """Somebody has answered this question before; the text says how."""


def ask_about_earlier(
    *, later: Connection, is_new: bool, meant: RowId | None, now: datetime
) -> None:
    """Open the question for each account of the workspace that is not connected any more.

    An account that the workspace knew already is no news: then only the one is asked about that
    the person `meant` to reconnect. A pair is asked about once.
    """
    earlier = later.workspace.connections.exclude(pk=later.pk).exclude(
        status=ConnectionStatus.ACTIVE
    )
    if not is_new:
        earlier = earlier.filter(pk=meant) if meant else earlier.none()
    Succession.objects.bulk_create(
        [
            Succession(workspace=later.workspace, earlier=each, later=later, asked_at=now)
            for each in earlier
        ],
        ignore_conflicts=True,
    )


def decide_schedule(*, succession: Succession, keep: bool, by: User, now: datetime) -> None:
    """Say once whether the later account keeps the earlier one's schedule.

    Raises AlreadyDecided.
    """
    decided = Succession.objects.filter(pk=succession.pk, keeps_schedule=None).update(
        keeps_schedule=keep, schedule_decided_by=by, schedule_decided_at=now
    )
    succession.refresh_from_db()
    if not decided:
        raise AlreadyDecided(_schedule_words(succession))


def decide_history(*, succession: Succession, merge: bool, by: User, now: datetime) -> None:
    """Say once whether the earlier account's history counts as the later one's.

    Raises AlreadyDecided.
    """
    decided = Succession.objects.filter(pk=succession.pk, merges_history=None).update(
        merges_history=merge, history_decided_by=by, history_decided_at=now
    )
    succession.refresh_from_db()
    if not decided:
        raise AlreadyDecided(_history_words(succession))


def _schedule_words(succession: Succession) -> str:
    what = "keeps the schedule of" if succession.keeps_schedule else "is kept apart from"
    return f"This has been answered already: {succession.later} {what} {succession.earlier}."


def _history_words(succession: Succession) -> str:
    what = "merged with" if succession.merges_history else "kept apart from"
    return (
        f"This has been answered already: the history of {succession.earlier} is {what} that of "
        f"{succession.later}."
    )
