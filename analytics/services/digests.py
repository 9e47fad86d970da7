"""Mailing the week's figures to members who asked for them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Membership, User, Workspace
from analytics.models import Digest, Series
from analytics.policy.figures import COUNTS, LABELS, Day, change_between, sum_up
from analytics.policy.weeks import next_monday, week_before
from analytics.selectors.series import chain_of, days_of

logger = logging.getLogger(__name__)


def subscribe(*, workspace: Workspace, by: User, now: datetime) -> Digest:
    """Mail the figures from the next Monday on."""
    digest, _ = Digest.objects.get_or_create(
        workspace=workspace,
        user=by,
        defaults={"next_at": next_monday(now, zone=ZoneInfo(workspace.time_zone))},
    )
    return digest


def unsubscribe(*, workspace: Workspace, by: User) -> None:
    """Mail them no more."""
    Digest.objects.filter(workspace=workspace, user=by).delete()


def send_due(*, now: datetime) -> int:
    """Send what is due; returns how many mails went out.

    A digest is put off to the next week before its mail is sent: a worker that dies between the
    two costs a mail, and nobody gets one twice.
    """
    sent = 0
    for digest in Digest.objects.filter(next_at__lte=now).select_related("workspace", "user"):
        if _put_off(digest, now=now) and _is_member(digest):
            sent += _send(digest, now=now)
    return sent


def _put_off(digest: Digest, *, now: datetime) -> bool:
    """Claim this week's mail; False when another worker has."""
    following = next_monday(now, zone=ZoneInfo(digest.workspace.time_zone))
    with transaction.atomic():
        mine = Digest.objects.filter(pk=digest.pk, next_at=digest.next_at)
        return mine.update(next_at=following, sent_at=now) == 1


def _is_member(digest: Digest) -> bool:
    return Membership.objects.filter(workspace=digest.workspace, user=digest.user).exists()


def _send(digest: Digest, *, now: datetime) -> bool:
    first, last = week_before(now)
    accounts = _accounts(digest.workspace, first, last)
    if not accounts:
        return False
    server = settings.PUBLIC_URL.rstrip("/")
    text = render_to_string(
        "analytics/email/digest.txt",
        {
            "workspace": digest.workspace.name,
            "first": first,
            "last": last,
            "accounts": accounts,
            "server": server,
            "page_url": f"{server}{reverse('analytics')}?from={first}&to={last}",
        },
    )
    subject = " ".join(f"Pinterest in {digest.workspace}: {first:%-d %b} to {last:%-d %b}".split())
    try:
        send_mail(subject, text, None, [digest.user.email])
    except OSError as error:  # smtplib's errors among them
        logger.warning("digest_not_sent digest=%s error=%s", digest.pk, type(error).__name__)
        return False
    return True


def _accounts(workspace: Workspace, first: date, last: date) -> list[dict[str, Any]]:
    """Each account's sums of the week beside the week before; those without any are left out."""
    found = []
    usual = Series.objects.filter(
        workspace=workspace, content_type="ALL", source="ALL", claimed="BOTH"
    )
    for series in usual.order_by("username"):
        chain = chain_of(series)
        days = days_of(chain, first=first, last=last)
        earlier = first - timedelta(days=7), first - timedelta(days=1)
        before = days_of(chain, first=earlier[0], last=earlier[1])
        if any(value is not None for value in sum_up(days).values()):
            found.append({"name": series.username, "lines": _lines(days, before)})
    return found


def _lines(days: Sequence[Day], before: Sequence[Day]) -> list[str]:
    lines, sums = [], sum_up(days)
    for name in COUNTS:
        value, rate = sums[name], change_between(days, before, name)
        text = "not told" if value is None else f"{value:,}"
        lines.append(f"{LABELS[name]}: {text}" + ("" if rate is None else f" ({rate:+.0%})"))
    return lines
