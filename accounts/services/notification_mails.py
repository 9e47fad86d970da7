"""Mailing people what happened: bundled, and each event at most once.

What a mail tells is marked as told before the mail server is asked. A worker that dies between the
two costs a mail, never a second one; the inbox has it all the same. Only where the mail server has
surely not got the mail it is tried again, later each time, for some hours.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import mails
from accounts.models import Mailing, MailState, Membership, NotificationItem
from accounts.notifications.kinds import Kind, all_kinds
from accounts.notifications.policy import LINES_OF_A_KIND, try_again_at
from accounts.notifications.subjects import overtaken
from accounts.notifications.text import Line, account_of
from accounts.policy import zone_named
from accounts.services.notifications import stop_token
from foundation.names import in_a_mail

AT_ONCE: Final = 50
"""Mails in one round: a slow mail server is asked for no longer than that."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """What a mail says of one kind."""

    kind: Kind
    title: str
    text: str
    lines: list[Line]
    more: int
    url: str


def send_due(*, now: datetime) -> int:
    """Send the mails that are due; returns how many the mail server took."""
    due = Mailing.objects.filter(due_at__lte=now).order_by("due_at")
    return sum(
        _send(mailing, now=now) for mailing in due.select_related("user", "workspace")[:AT_ONCE]
    )


def _send(mailing: Mailing, *, now: datetime) -> bool:
    handed = _hand(mailing, now=now)
    if handed is None:
        return False
    zone = zone_named(mailing.user.time_zone or mailing.workspace.time_zone).key
    parts = _parts(handed, zone=zone)
    if not parts:
        return False
    try:
        _mail(mailing, parts, zone=zone)
    except mails.MailNotTaken as error:
        _take_back(mailing, handed, now=now)
        logger.warning("notifications_not_mailed mailing=%s kind=%s", mailing.pk, error)
        return False
    except OSError as error:
        # It may have got through: telling nobody twice comes before telling by mail at all.
        logger.warning(
            "notifications_perhaps_mailed mailing=%s kind=%s", mailing.pk, type(error).__name__
        )
        return False
    Mailing.objects.filter(pk=mailing.pk).update(tries=0)
    return True


@transaction.atomic
def _hand(mailing: Mailing, *, now: datetime) -> QuerySet[NotificationItem] | None:
    """Take a person's next mail in hand; None where another worker has, or nothing is to be told.

    What was read in the inbox meanwhile is not told again, nor what is no longer so.
    """
    mine = Mailing.objects.filter(pk=mailing.pk, due_at=mailing.due_at)
    if mine.update(due_at=None, last_at=now) != 1:
        return None
    of_person = NotificationItem.objects.filter(
        user=mailing.user_id, notification__workspace=mailing.workspace_id
    )
    waiting = of_person.filter(mail=MailState.WAITING)
    if not _is_told(mailing):
        waiting.update(mail=MailState.NONE)
        return None
    waiting.filter(notification__read_at__isnull=False).update(mail=MailState.NONE)
    over = overtaken(item.event for item in waiting.select_related("event"))
    waiting.filter(event__in=over).update(mail=MailState.NONE)
    if not waiting.update(mail=MailState.HANDED, handed_at=now):
        Mailing.objects.filter(pk=mailing.pk).update(last_at=mailing.last_at)
        return None
    return of_person.filter(mail=MailState.HANDED, handed_at=now)


def _is_told(mailing: Mailing) -> bool:
    """Whether the person is still a member who may sign in and wants mails."""
    members = Membership.objects.filter(workspace=mailing.workspace_id, user=mailing.user_id)
    return mailing.wanted and members.filter(user__is_active=True).exists()


@transaction.atomic
def _take_back(mailing: Mailing, handed: QuerySet[NotificationItem], *, now: datetime) -> None:
    """Nobody has got it: it waits for the next try, as long as there is one."""
    tries = mailing.tries + 1
    again = try_again_at(now=now, tries=tries)
    state = MailState.NONE if again is None else MailState.WAITING
    handed.update(mail=state, handed_at=None)
    Mailing.objects.filter(pk=mailing.pk).update(
        due_at=again, last_at=mailing.last_at, tries=0 if again is None else tries
    )
    if again is None:
        logger.error("notifications_given_up mailing=%s", mailing.pk)


def _parts(handed: QuerySet[NotificationItem], *, zone: str) -> list[Part]:
    """What there is to say, kind by kind, the newest of each first."""
    counts = dict(handed.order_by().values_list("event__kind").annotate(count=Count("pk")))
    parts = []
    for kind in all_kinds():
        count = counts.get(kind.code, 0)
        if not count:
            continue
        of_kind = handed.filter(event__kind=kind.code).select_related("event")
        items = list(of_kind.order_by("-event__created_at", "pk")[:LINES_OF_A_KIND])
        said = account_of([item.event for item in items], zone=zone)
        parts.append(
            Part(
                kind=kind,
                title=kind.title(count),
                text=in_a_mail(said.text),
                lines=[_in_a_mail(line) for line in said.lines],
                more=count - len(items),
                url=mails.address_of(reverse("notification_open", args=[items[0].notification_id])),
            )
        )
    return parts


def _in_a_mail(line: Line) -> Line:
    """A line none of whose words becomes a link."""
    return Line(name=in_a_mail(line.name), facts=in_a_mail(line.facts), text=in_a_mail(line.text))


def _mail(mailing: Mailing, parts: list[Part], *, zone: str) -> None:
    """Hand the mail over. Raises as mails.send does."""
    workspace = in_a_mail(mailing.workspace.name)
    stop_url = mails.address_of(reverse("notifications_stop", args=[stop_token(mailing)]))
    settings_path = reverse("notification_settings", args=[mailing.workspace_id])
    more = f", and {len(parts) - 1} more" if len(parts) > 1 else ""
    context = {
        "parts": parts,
        "workspace": workspace,
        "zone": zone,
        "settings_url": mails.address_of(settings_path),
        "stop_url": stop_url,
        "server": mails.server_name(),
    }
    mails.send(
        to=[mailing.user.email],
        subject=f"{parts[0].title}{more}: {workspace}",
        text=render_to_string("accounts/email/notifications.txt", context),
        html=render_to_string("accounts/email/notifications.html", context),
        headers={
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
