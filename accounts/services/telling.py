"""Putting what happened into the inboxes of the people it is meant for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from django.db.models import F

from accounts.models import (
    Event,
    Mailing,
    MailState,
    Membership,
    Notification,
    NotificationItem,
    NotificationWish,
)
from accounts.notifications.kinds import Kind, known_kind
from accounts.notifications.policy import (
    ALIKE_WITHIN,
    KEPT_FOR,
    audience_of,
    is_mailed,
    mail_due_at,
)
from accounts.policy import Role

AT_ONCE: Final = 500
"""Events told in one transaction."""

_FORGOTTEN_AT_ONCE: Final = 1000


@dataclass(slots=True)
class _Room:
    """The members of a workspace who may still sign in, and which of them are owners."""

    members: set[UUID] = field(default_factory=set)
    owners: set[UUID] = field(default_factory=set)


def tell(*, now: datetime) -> int:
    """Put events into inboxes, the oldest first; returns how many, 0 when all are told.

    An event and everybody's share in it are one transaction: a worker that dies has told nobody,
    or all. Nobody is told who has left the workspace or may not sign in any more.
    """
    with transaction.atomic():
        events = _take()
        if events:
            _put(events, now=now)
            Event.objects.filter(pk__in=[event.pk for event in events]).update(told_at=now)
    return len(events)


def forget_old(*, now: datetime) -> int:
    """Delete events, and what was told of them, that are older than they are kept; how many."""
    old = Event.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    ids = list(old.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    Event.objects.filter(pk__in=ids).delete()
    Notification.objects.filter(last_at__lt=now - KEPT_FOR).delete()
    return len(ids)


def _take() -> list[Event]:
    """The oldest events that nobody tells at this moment, held until the end of the transaction."""
    rows = Event.objects.filter(told_at=None).order_by("created_at", "pk")
    if database.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows[:AT_ONCE])


def _put(events: Sequence[Event], *, now: datetime) -> None:
    rooms = _rooms({event.workspace_id for event in events})
    shares: dict[tuple[UUID, UUID, str], list[Event]] = defaultdict(list)
    for event in events:
        kind, room = known_kind(event.kind), rooms[event.workspace_id]
        if kind is None:
            continue  # of a later version that was here before
        told = audience_of(
            kind.audience,
            owners=room.owners,
            members=room.members,
            concerns=event.concerns_id,
            actor=event.actor_id,
        )
        for user_id in told:
            shares[user_id, event.workspace_id, event.kind].append(event)
    mailed = _Mailed({user_id for user_id, _, _ in shares})
    for (user_id, workspace_id, code), share in shares.items():
        kind = known_kind(code)
        if kind is not None:
            by_mail = mailed.wants(user_id, workspace_id, kind)
            _put_share(user_id, workspace_id, kind, share, by_mail=by_mail)
            if by_mail:
                mailed.due.add((user_id, workspace_id))
    mailed.set_due(now=now)


def _rooms(workspace_ids: set[UUID]) -> dict[UUID, _Room]:
    rooms: dict[UUID, _Room] = defaultdict(_Room)
    members = Membership.objects.filter(workspace_id__in=workspace_ids, user__is_active=True)
    for workspace_id, user_id, role in members.values_list("workspace_id", "user_id", "role"):
        rooms[workspace_id].members.add(user_id)
        if role == Role.OWNER:
            rooms[workspace_id].owners.add(user_id)
    return rooms


def _put_share(
    user_id: UUID, workspace_id: UUID, kind: Kind, events: Sequence[Event], *, by_mail: bool
) -> None:
    """Add events of one kind to a person's inbox: to an unread entry that is near, or a new one."""
    first, last = events[0].created_at, events[-1].created_at
    of_person = Notification.objects.filter(user_id=user_id, workspace_id=workspace_id)
    near = of_person.filter(kind=kind.code, read_at=None, last_at__gte=first - ALIKE_WITHIN)
    entry = near.order_by("-last_at").first()
    if entry is None:
        entry = Notification.objects.create(
            user_id=user_id,
            workspace_id=workspace_id,
            kind=kind.code,
            count=len(events),
            first_at=first,
            last_at=last,
        )
    else:
        of_person.filter(pk=entry.pk).update(
            count=F("count") + len(events), last_at=max(last, entry.last_at)
        )
    NotificationItem.objects.bulk_create(
        [
            NotificationItem(
                notification=entry,
                user_id=user_id,
                event=event,
                mail=MailState.WAITING if by_mail else MailState.NONE,
            )
            for event in events
        ]
    )


class _Mailed:
    """What the people of one round want by mail, and whose next mail has something in it now."""

    def __init__(self, user_ids: set[UUID]) -> None:
        wishes = NotificationWish.objects.filter(user_id__in=user_ids)
        self._wishes = {
            (wish.user_id, wish.workspace_id, wish.kind): wish.by_mail for wish in wishes
        }
        self._mailings = {
            (each.user_id, each.workspace_id): each
            for each in Mailing.objects.filter(user_id__in=user_ids)
        }
        self.due: set[tuple[UUID, UUID]] = set()

    def wants(self, user_id: UUID, workspace_id: UUID, kind: Kind) -> bool:
        mailing = self._mailings.get((user_id, workspace_id))
        return is_mailed(
            kind.mail,
            wish=self._wishes.get((user_id, workspace_id, kind.code)),
            wanted=mailing is None or mailing.wanted,
        )

    def set_due(self, *, now: datetime) -> None:
        """A mail that is due already takes along what has come up since."""
        for user_id, workspace_id in sorted(self.due):
            mailing, _ = Mailing.objects.get_or_create(user_id=user_id, workspace_id=workspace_id)
            Mailing.objects.filter(pk=mailing.pk, due_at=None).update(
                due_at=mail_due_at(now=now, last_at=mailing.last_at)
            )
