"""Figures in Prometheus' text format, read from the rows each time they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from health import sources
from health.heartbeats import last_beats

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
        for gauge in sources.gauges(now=self._now):
            if isinstance(gauge.values, Mapping):
                yield _by(gauge.name, gauge.text, gauge.label, gauge.values)
            else:
                yield _one(gauge.name, gauge.text, gauge.values)
        yield _by(
            "pinapp_heartbeat_age_seconds",
            "How long ago each kind of process was last seen; none for one never seen.",
            "process",
            {kind.value: (self._now - at).total_seconds() for kind, at in last_beats().items()},
        )


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _by(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([str(key)], value)
    return family
