"""Reads of people's inboxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from accounts.models import (
    Event,
    Mailing,
    Membership,
    Notification,
    NotificationItem,
    NotificationWish,
    User,
    Workspace,
)
from accounts.notifications.kinds import MailWay, all_kinds
from accounts.notifications.policy import LINES_OF_A_KIND, is_mailed
from accounts.selectors.people import memberships_of


def memberships_with_unread(user: User) -> QuerySet[Membership]:
    """A person's places, each with `unread`: the entries of the inbox there that are unread."""
    unread = (
        Notification.objects.filter(
            user=OuterRef("user"), workspace=OuterRef("workspace"), read_at=None
        )
        .order_by()
        .values("workspace")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return memberships_of(user).annotate(
        unread=Coalesce(Subquery(unread, output_field=IntegerField()), Value(0))
    )


def unread_in(place: Membership) -> int:
    """The unread entries in a place that memberships_with_unread has found."""
    unread: int = place.unread  # type: ignore[attr-defined]  # annotated
    return unread


def notifications_of(
    *, user: User, workspace: Workspace, unread: bool = False, kind: str = ""
) -> QuerySet[Notification]:
    """A person's inbox in a workspace, the newest first."""
    found = Notification.objects.filter(user=user, workspace=workspace)
    if unread:
        found = found.filter(read_at=None)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("-last_at", "-pk")


def counts_of(*, user: User, workspace: Workspace) -> tuple[int, int]:
    """How many entries an inbox has, and how many of them are unread."""
    found = Notification.objects.filter(user=user, workspace=workspace)
    counts = found.aggregate(all=Count("pk"), read=Count("read_at"))
    return counts["all"], counts["all"] - counts["read"]


def kinds_in(*, user: User, workspace: Workspace) -> set[str]:
    """The kinds that an inbox has entries of."""
    found = Notification.objects.filter(user=user, workspace=workspace)
    return set(found.order_by().values_list("kind", flat=True).distinct())


def newest_events(notifications: Iterable[Notification]) -> dict[int, list[Event]]:
    """The last few events of each entry, by its key, the newest first; in one query."""
    numbered = NotificationItem.objects.filter(
        notification__in=[each.pk for each in notifications]
    ).annotate(
        place=Window(
            RowNumber(),
            partition_by=F("notification"),
            order_by=[F("event__created_at").desc(), F("pk").asc()],
        )
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for item in (
        numbered.filter(place__lte=LINES_OF_A_KIND).select_related("event").order_by("place")
    ):
        found[item.notification_id].append(item.event)
    return found


def mails_wanted(*, user: User, workspace: Workspace) -> tuple[bool, dict[str, bool]]:
    """Whether a person wants mails of a workspace, and of which kinds."""
    mailing = Mailing.objects.filter(user=user, workspace=workspace).first()
    wishes = dict(
        NotificationWish.objects.filter(user=user, workspace=workspace).values_list(
            "kind", "by_mail"
        )
    )
    kinds = {
        kind.code: is_mailed(kind.mail, wish=wishes.get(kind.code), wanted=True)
        for kind in all_kinds()
        if kind.mail is not MailWay.NEVER
    }
    return mailing is None or mailing.wanted, kinds
