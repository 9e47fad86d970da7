"""Figures in Prometheus' text format, read from the rows each time they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from pinapp.health.heartbeats import last_beats
from publishing.policy.statuses import PinStatus
from publishing.selectors import figures
from publishing.selectors.lateness import count_overdue, oldest_overdue
from publishing.selectors.stops import current_stop

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """All figures as text. Rows are shared by all processes, so any of them may be asked."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Rows(now=timezone.now()))
    return generate_latest(registry)


class _Rows(Collector):
    def __init__(self, *, now: datetime) -> None:
        self._now = now

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        pins = figures.pins_by_status()
        yield _by("pinapp_pins", "Pins by status.", "status", pins)
        yield _by("pinapp_pins_held", "Pins on hold by reason.", "reason", figures.held_by_reason())
        yield _one(
            "pinapp_pins_uncertain",
            "Pins whose fate at Pinterest is being found out.",
            pins[PinStatus.UNCERTAIN],
        )
        yield _by(
            "pinapp_attempts_last_day",
            "Attempts of the last 24 hours by outcome.",
            "outcome",
            figures.attempts_by_outcome(now=self._now),
        )
        oldest = oldest_overdue(now=self._now)
        yield _one("pinapp_pins_overdue", "Pins due and waiting.", count_overdue(now=self._now))
        yield _one(
            "pinapp_oldest_overdue_seconds",
            "How long the Pin that has waited longest has been due.",
            0 if oldest is None else (self._now - oldest).total_seconds(),
        )
        yield _by(
            "pinapp_heartbeat_age_seconds",
            "How long ago each kind of process was last seen; none for one never seen.",
            "process",
            {kind.value: (self._now - at).total_seconds() for kind, at in last_beats().items()},
        )
        stopped = current_stop() is not None
        yield _one("pinapp_app_stopped", "1 while Pinterest refuses this server's app.", stopped)


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _by(name: str, text: str, label: str, values: dict[str, int] | dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([str(key)], value)
    return family
