"""What people do with their inbox: reading it, and choosing what comes by mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.core import signing
from django.db import transaction

from accounts.models import (
    Mailing,
    MailState,
    Notification,
    NotificationItem,
    NotificationWish,
    User,
    Workspace,
)
from accounts.notifications.kinds import all_kinds

_SALT: Final = "accounts.notifications.stop"


class StopLinkBroken(Exception):
    """The link to switch mails off is not one of ours, or what it is about is gone."""


def mark_read(*, notification: Notification, now: datetime) -> None:
    """Mark an entry as read; one that is read stays as it is."""
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=now)


def mark_all_read(*, user: User, workspace: Workspace, until: datetime, now: datetime) -> int:
    """Mark as read what had come when the page was made, at `until`; returns how many entries."""
    unread = Notification.objects.filter(user=user, workspace=workspace, read_at=None)
    return unread.filter(last_at__lte=until).update(read_at=now)


@transaction.atomic
def choose_mails(
    *, user: User, workspace: Workspace, wanted: bool, kinds: Mapping[str, bool]
) -> None:
    """Keep what a person wants by mail from a workspace: any at all, and which kinds.

    What waited for the next mail and is no longer wanted stays in the inbox only.
    """
    Mailing.objects.update_or_create(user=user, workspace=workspace, defaults={"wanted": wanted})
    for kind in all_kinds():
        if kind.code in kinds:
            NotificationWish.objects.update_or_create(
                user=user,
                workspace=workspace,
                kind=kind.code,
                defaults={"by_mail": kinds[kind.code]},
            )
    off = [code for code, by_mail in kinds.items() if not by_mail]
    waiting = NotificationItem.objects.filter(
        user=user, notification__workspace=workspace, mail=MailState.WAITING
    )
    unwanted = waiting.filter(notification__kind__in=off) if wanted else waiting
    unwanted.update(mail=MailState.NONE)


def stop_token(mailing: Mailing) -> str:
    """What lets whoever got a mail switch such mails off, and do nothing else."""
    return signing.dumps([str(mailing.user_id), str(mailing.workspace_id)], salt=_SALT)


def mailing_of_token(token: str) -> Mailing:
    """Whose mails, of which workspace, a link in a mail is about. Raises StopLinkBroken."""
    try:
        user_id, workspace_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise StopLinkBroken from error
    mailing = (
        Mailing.objects.select_related("user", "workspace")
        .filter(user_id=user_id, workspace_id=workspace_id)
        .first()
    )
    if mailing is None:
        raise StopLinkBroken
    return mailing


def stop_mails(*, mailing: Mailing) -> None:
    """Switch all mails of a workspace to a person off; the inbox goes on."""
    choose_mails(user=mailing.user, workspace=mailing.workspace, wanted=False, kinds={})
