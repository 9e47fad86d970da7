"""What features tell of their work, so that this server's health can be told without knowing them.

A feature registers its source when it starts. Today that is publishing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Missed:
    """Pins of one account that should have gone out; `oldest` is when the first was due."""

    workspace_id: UUID
    connection_id: UUID
    oldest: datetime
    count: int


class Stop(Protocol):
    """Why nothing at all is sent since an instant, and what a person can do about it."""

    @property
    def since(self) -> datetime: ...
    @property
    def message(self) -> str: ...
    @property
    def remedy(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure for `/metrics`: one value, or one by each value of `label`."""

    name: str
    text: str
    values: float | Mapping[str, float]
    label: str = ""


class Source(Protocol):
    """A feature that sends something to Pinterest."""

    def missed(self, *, now: datetime, after: timedelta, limits_known: bool) -> list[Missed]:
        """Accounts with something due for longer than `after`, though nothing is in its way."""

    def workspaces_due(self, *, before: datetime) -> set[UUID]:
        """Workspaces from which something should go out before an instant."""

    def stop(self) -> Stop | None:
        """Why nothing is sent at present, if so."""

    def wants_alarm_mails(self, workspace_id: UUID) -> bool:
        """Whether a workspace's owners want to be mailed when something was missed."""

    def gauges(self, *, now: datetime) -> Iterable[Gauge]:
        """Its figures."""


_sources: Final[list[Source]] = []


def register(source: Source) -> None:
    """Have a feature looked at from now on."""
    _sources.append(source)


def missed(*, now: datetime, after: timedelta, limits_known: bool) -> list[Missed]:
    """What all features have missed."""
    return [
        each
        for source in _sources
        for each in source.missed(now=now, after=after, limits_known=limits_known)
    ]


def workspaces_due(*, before: datetime) -> set[UUID]:
    """Workspaces from which any feature should send something before an instant."""
    return set().union(*(source.workspaces_due(before=before) for source in _sources))


def stop() -> Stop | None:
    """The first stop of a feature, if there is one."""
    return next((found for source in _sources if (found := source.stop())), None)


def wants_alarm_mails(workspace_id: UUID) -> bool:
    """Whether no feature was told to send a workspace's owners no mails of what was missed."""
    return all(source.wants_alarm_mails(workspace_id) for source in _sources)


def gauges(*, now: datetime) -> Sequence[Gauge]:
    """The figures of all features, in the order in which they registered."""
    return [gauge for source in _sources for gauge in source.gauges(now=now)]
