"""Mailing the week's figures to members who asked for them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse

from accounts import mails
from accounts.models import Membership, User, Workspace
from analytics.models import Digest
from analytics.policy.figures import COUNTS, LABELS, Day, compare, sum_up
from analytics.policy.names import labels_of
from analytics.policy.statuses import may_grow
from analytics.policy.weeks import last_monday, next_monday, was_mailed, week_before
from analytics.selectors.chains import chains_in, days_by_chain
from analytics.services.watching import USUAL
from foundation.names import in_a_mail
from foundation.percents import percent

_WEEK: Final = timedelta(days=7)
_AGAIN: Final = timedelta(hours=1)
_TRIED_FOR: Final = timedelta(days=1)
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
    two costs a mail, and nobody gets one twice. Only where the mail server says no it is tried
    again, each hour of the Monday.
    """
    sent = 0
    for digest in Digest.objects.filter(next_at__lte=now).select_related("workspace", "user"):
        zone = ZoneInfo(digest.workspace.time_zone)
        if _put_off(digest, until=next_monday(now, zone=zone)) and _is_wanted(digest):
            monday = last_monday(now, zone=zone)
            if not was_mailed(week_before(monday), mailed_until=digest.mailed_until):
                sent += _send(digest, monday=monday, now=now)
    return sent


def _put_off(digest: Digest, *, until: datetime) -> bool:
    """Claim what is due; False when another worker has."""
    mine = Digest.objects.filter(pk=digest.pk, next_at=digest.next_at)
    return mine.update(next_at=until) == 1


def _is_wanted(digest: Digest) -> bool:
    members = Membership.objects.filter(workspace=digest.workspace, user=digest.user)
    return members.filter(user__is_active=True).exists()


def _send(digest: Digest, *, monday: datetime, now: datetime) -> bool:
    first, last = week_before(monday)
    accounts = _accounts(digest.workspace, first, last)
    if not accounts:
        return False
    subject, text = _mail(digest.workspace, first, last, accounts)
    try:
        mails.send(to=[digest.user.email], subject=subject, text=text)
    except OSError as error:  # smtplib's errors among them
        logger.warning("digest_not_sent digest=%s error=%s", digest.pk, type(error).__name__)
        if isinstance(error, mails.MailNotTaken) and now - monday < _TRIED_FOR:
            Digest.objects.filter(pk=digest.pk).update(next_at=now + _AGAIN)
        return False
    Digest.objects.filter(pk=digest.pk).update(sent_at=now, mailed_until=last)
    return True


def _mail(
    workspace: Workspace, first: date, last: date, accounts: list[dict[str, Any]]
) -> tuple[str, str]:
    name = in_a_mail(workspace.name)
    text = render_to_string(
        "analytics/email/digest.txt",
        {
            "workspace": name,
            "first": first,
            "last": last,
            "accounts": accounts,
            "server": mails.server_name(),
            "page_url": mails.address_of(f"{reverse('analytics')}?from={first}&to={last}"),
        },
    )
    return f"Pinterest in {name}: {first:%-d %b} to {last:%-d %b}", text


def _accounts(workspace: Workspace, first: date, last: date) -> list[dict[str, Any]]:
    """Each account's sums of the week beside the week before; those without any are left out.

    Accounts that are read as one are one.
    """
    chains = chains_in(workspace, USUAL)
    weeks = days_by_chain(chains, first=first, last=last)
    weeks_before = days_by_chain(chains, first=first - _WEEK, last=last - _WEEK)
    labels = labels_of((each.head.account_id, each.head.username) for each in chains)
    return [
        {"name": in_a_mail(labels[chain.head.account_id]), "lines": _lines(days, before)}
        for chain, days, before in zip(chains, weeks, weeks_before, strict=True)
        if any(value is not None for value in sum_up(days).values())
    ]


def _lines(days: Sequence[Day], before: Sequence[Day]) -> list[str]:
    lines, sums = [], sum_up(days)
    for name in COUNTS:
        value = sums[name]
        text = "not told" if value is None else f"{value:,}{_known(days, name)}"
        lines.append(f"{LABELS[name]}: {text}{_beside(days, before, name)}")
    return lines


def _known(days: Sequence[Day], name: str) -> str:
    """How many of the seven days stand behind a sum, where it is not all, or not for good."""
    told = [day for day in days if day.counts.get(name) is not None]
    growing = ", still growing" if any(may_grow(day.status) for day in told) else ""
    return growing if len(told) == _WEEK.days else f" in {len(told)} of 7 days{growing}"


def _beside(days: Sequence[Day], before: Sequence[Day], name: str) -> str:
    found = compare(days, before, name, apart=_WEEK)
    if found.change is None:
        return ""
    on = "" if found.days == _WEEK.days else f" on {found.days} of 7 days"
    return f" ({percent(found.change, signed=True)}{on})"
