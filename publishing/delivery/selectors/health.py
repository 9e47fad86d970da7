"""What publishing tells of its work: what was missed, what stops it, and its figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from health.sources import Gauge, Missed, Stop
from publishing.choices.statuses import PinStatus
from publishing.delivery.selectors import lateness
from publishing.models import PublishingPreferences
from publishing.pins.selectors import figures
from publishing.pins.selectors.stops import current_stop


class PublishingSource:
    """Publishing, as this server's health sees it."""

    def missed(self, *, now: datetime, after: timedelta, limits_known: bool) -> list[Missed]:
        """Accounts with Pins due for longer than `after`, though nothing is in their way."""
        return lateness.missed_pins(now=now, after=after, limits_known=limits_known)

    def workspaces_due(self, *, before: datetime) -> set[UUID]:
        """Workspaces from which a Pin should go out before an instant."""
        return lateness.workspaces_with_pins_due(before=before)

    def stop(self) -> Stop | None:
        """Why Pinterest refuses this server's app, if so."""
        return current_stop()

    def wants_alarm_mails(self, workspace_id: UUID) -> bool:
        """As the workspace's publishing preferences say."""
        refused = PublishingPreferences.objects.filter(workspace_id=workspace_id, alarm_mails=False)
        return not refused.exists()

    def gauges(self, *, now: datetime) -> Iterator[Gauge]:
        """Pins by status and by what keeps them, attempts of a day, and what is overdue."""
        pins = figures.pins_by_status()
        oldest = lateness.oldest_overdue(now=now)
        yield Gauge("pinapp_pins", "Pins by status.", pins, "status")
        yield Gauge(
            "pinapp_pins_held", "Pins on hold by reason.", figures.held_by_reason(), "reason"
        )
        yield Gauge(
            "pinapp_pins_uncertain",
            "Pins whose fate at Pinterest is being found out.",
            pins[PinStatus.UNCERTAIN],
        )
        yield Gauge(
            "pinapp_attempts_last_day",
            "Attempts of the last 24 hours by outcome.",
            figures.attempts_by_outcome(now=now),
            "outcome",
        )
        yield Gauge("pinapp_pins_overdue", "Pins due and waiting.", lateness.count_overdue(now=now))
        yield Gauge(
            "pinapp_oldest_overdue_seconds",
            "How long the Pin that has waited longest has been due.",
            0 if oldest is None else (now - oldest).total_seconds(),
        )
        yield Gauge(
            "pinapp_app_stopped",
            "1 while Pinterest refuses this server's app.",
            current_stop() is not None,
        )
