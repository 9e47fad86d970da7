"""Words about the health of this server, as its people read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.moments import moment_words
from health.models import Alarm
from health.policy import Kind, is_silent
from health.sources import Stop

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_CALM = "No Pin is lost. Ask whoever runs this server to look at it."


def length(age: timedelta | float) -> str:
    """`40 s`, `12 min`, `5 h`, `3 days`: in the largest unit of which there are two at least."""
    seconds = max(round(age.total_seconds() if isinstance(age, timedelta) else age), 0)
    for unit, word in ((_DAY, "days"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {word}"
    return f"{seconds} s"


def health_strip(
    *,
    beats: dict[Kind, datetime],
    alarm: Alarm | None,
    stop: Stop | None,
    late: int,
    now: datetime,
) -> dict[str, Any]:
    """The line on the dashboard that says whether Pins go out: {tone, title, text, url}."""
    silent = [kind for kind in Kind if is_silent(beats.get(kind), now=now)]
    if silent:
        return _strip("bad", "Publishing stands still", f"{_silence(silent, beats)} {_CALM}")
    if stop is not None:
        text = f"Since {_moment(stop.since)}: Pinterest refuses this server's app."
        return _strip("bad", "Publishing is stopped", text)
    if alarm is not None:
        text = f"Since {_moment(alarm.began_at)} Pins have missed their time. {_CALM}"
        return _strip("bad", "Publishing does not get on", text)
    if late:
        text = f"{late} late {'Pin goes' if late == 1 else 'Pins go'} out in turn."
        return _strip("warn", "Publishing works", text, url=reverse("pin_list") + "?show=scheduled")
    oldest = min(beats[kind] for kind in Kind)
    return _strip("good", "Publishing works", f"Last checked {length(now - oldest)} ago.")


def _strip(tone: str, title: str, text: str, url: str = "") -> dict[str, Any]:
    return {"tone": tone, "title": title, "text": text, "url": url}


def _silence(silent: list[Kind], beats: dict[Kind, datetime]) -> str:
    """Who is silent, and since when."""
    names = " and ".join(f"the {kind.value}" for kind in silent)
    since = [beats[kind] for kind in silent if kind in beats]
    has = "has" if len(silent) == 1 else "have"
    if not since:
        return f"{names.capitalize()} {has} never been seen."
    return f"{names.capitalize()} {has} been silent since {_moment(min(since))}."


def _moment(moment: datetime) -> str:
    return moment_words(moment, "D j M, H:i")
