"""One alarm for each workspace whose Pins do not go out: raised once, mailed once, ended once.

Whoever is alive looks: the worker, the scheduler, and whoever asks `/readyz`. Rows decide who of
them writes the mail.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from accounts.models import Membership
from accounts.policy import Role
from accounts.services.events import Happening, record
from foundation.names import in_a_mail
from health import policy, sources
from health.models import Alarm
from health.notifications import PINS_MISSED
from health.policy import Cause, Kind
from health.readiness import Facts, Report

logger = logging.getLogger(__name__)
MISSED_TEXT = "Pins missed their time, or were about to, and nothing but PinApp was in their way."
MISSED_REMEDY = (
    "No Pin is lost. If it lasts, ask whoever runs this server to look at it; late Pins are "
    "treated as your publishing preferences say."
)


def look(report: Report, *, now: datetime) -> None:
    """Raise, keep and end alarms by what was found. Can be done by several at once, and again.

    While Pinterest refuses the app nothing is expected to go out, so nothing is said.
    """
    if report.facts is None or report.facts.stop is not None:
        return
    cause = _cause(report)
    troubled = _troubled(report.facts, now=now)
    for workspace_id, began_at in troubled.items():
        _raise(workspace_id, cause, began_at=began_at, now=now)
    _keep_and_end(troubled, now=now)
    _send_mails(report, now=now)


@transaction.atomic
def _raise(workspace_id: UUID, cause: Cause, *, began_at: datetime, now: datetime) -> None:
    """Raise an alarm unless there is one, and have it told in the inboxes as well."""
    alarm, is_new = Alarm.objects.get_or_create(
        workspace_id=workspace_id,
        over_at=None,
        defaults={"cause": cause, "began_at": began_at, "seen_at": now},
    )
    if is_new:
        words = {"problem": MISSED_TEXT, "remedy": MISSED_REMEDY}
        record(
            PINS_MISSED,
            [Happening(workspace_id, "alarm", alarm.pk, payload=words)],
            by=None,
            now=now,
        )
        logger.error("alarm_raised workspace=%s cause=%s", workspace_id, cause)


def open_alarm_of(workspace_id: UUID) -> Alarm | None:
    """A workspace's alarm, while there is one."""
    return Alarm.objects.filter(workspace_id=workspace_id, over_at=None).first()


def _cause(report: Report) -> Cause:
    codes = (cause.value for cause in Cause if cause is not Cause.UNKNOWN)
    return next((Cause(code) for code in codes if report.has_failed(code)), Cause.UNKNOWN)


def _troubled(facts: Facts, *, now: datetime) -> dict[UUID, datetime]:
    """Workspaces to be told, and since when their Pins have had reason to wait."""
    since: dict[UUID, datetime] = {}
    silent_since = [
        facts.beats[kind]
        for kind in Kind
        if kind in facts.beats and now - facts.beats[kind] >= policy.ALARM_AFTER_SILENCE
    ]
    if silent_since:
        soon = sources.workspaces_due(before=now + policy.ABOUT_TO_MISS)
        since = dict.fromkeys(soon, min(silent_since))
    for missed in facts.missed:
        earlier = since.get(missed.workspace_id, missed.oldest)
        since[missed.workspace_id] = min(earlier, missed.oldest)
    return since


def _keep_and_end(troubled: Mapping[UUID, datetime], *, now: datetime) -> None:
    still_open = Alarm.objects.filter(over_at=None)
    still_open.filter(workspace_id__in=troubled, seen_at__lt=now).update(seen_at=now)
    for alarm in still_open.exclude(workspace_id__in=troubled):
        if policy.alarm_is_over(alarm.seen_at, now=now):
            ended = Alarm.objects.filter(pk=alarm.pk, over_at=None).update(over_at=now)
            if ended:
                logger.warning("alarm_over workspace=%s", alarm.workspace_id)


def _send_mails(report: Report, *, now: datetime) -> None:
    """Send what is still to be said; nobody is told that something is over who was not alarmed."""
    unsaid = Q(over_at=None, mailed_at=None)
    unsaid_end = Q(over_at__isnull=False, mailed_at__isnull=False, over_mailed_at=None)
    for alarm in Alarm.objects.select_related("workspace").filter(unsaid | unsaid_end):
        column = "mailed_at" if alarm.over_at is None else "over_mailed_at"
        mine = Alarm.objects.filter(pk=alarm.pk, **{column: None})
        if mine.update(**{column: now}) == 1 and not _mail(alarm, report):
            # Nobody has got it: the next look tries again.
            Alarm.objects.filter(pk=alarm.pk).update(**{column: None})


def _mail(alarm: Alarm, report: Report) -> bool:
    """Write to the owners who want it; False when the mail server did not take it."""
    owners = Membership.objects.filter(
        workspace=alarm.workspace, role=Role.OWNER, user__is_active=True
    )
    addresses = list(owners.order_by("created_at").values_list("user__email", flat=True))
    if not addresses or not sources.wants_alarm_mails(alarm.workspace_id):
        return True
    is_over = alarm.over_at is not None
    name = in_a_mail(alarm.workspace.name)
    subject = f"Pins of {name} go out again" if is_over else f"Pins of {name} do not go out"
    context = {
        "alarm": alarm,
        "workspace": name,
        "zone": alarm.workspace.time_zone,
        # What is overdue in other workspaces is nobody's business here.
        "failed": [c for c in report.checks if not c.ok and c.code != "overdue"],
        "missed": _missed_by(alarm, report),
        "dashboard_url": mails.address_of(reverse("dashboard")),
        "held_url": mails.address_of(reverse("held_pins")),
        "preferences_url": mails.address_of(reverse("preferences")),
        "server": mails.server_name(),
    }
    template = "alarm_over.txt" if is_over else "alarm.txt"
    with timezone.override(ZoneInfo(alarm.workspace.time_zone)):
        text = render_to_string(f"health/email/{template}", context)
    try:
        mails.send(to=addresses, subject=subject, text=text)
    except OSError as error:  # smtplib's errors among them
        logger.warning("alarm_not_mailed alarm=%s kind=%s", alarm.pk, type(error).__name__)
        return False
    return True


def _missed_by(alarm: Alarm, report: Report) -> int:
    """How many Pins of the alarm's workspace have missed their time."""
    missed = report.facts.missed if report.facts else []
    return sum(each.count for each in missed if each.workspace_id == alarm.workspace_id)
