"""What a run is given: its size and its seed, from the environment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from publishing.pins.policy.leases import CLAIM_LEASE, SENDING_LEASE
from publishing.reconcile.policy.board_checks import LOOKOUT

ROOT = Path(__file__).resolve().parent.parent.parent


class BadOption(Exception):
    """A variable can't be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Options:
    """The size of a run.

    `pace` is PUBLISHING_PACE: what a minute of the engine's waiting takes here, in minutes.
    `folder` keeps the logs of the run and its figures, `chaos.json`.
    """

    seed: int
    pins: int
    kills: int
    pace: float
    folder: Path

    @property
    def claim_lease_s(self) -> float:
        return self._scaled(CLAIM_LEASE)

    @property
    def sending_lease_s(self) -> float:
        return self._scaled(SENDING_LEASE)

    @property
    def lookout_s(self) -> float:
        return self._scaled(LOOKOUT)

    @property
    def longest_lag_s(self) -> float:
        """How late a Pin may show in a list here: well within the look-out, as is assumed."""
        return self.lookout_s / 3

    def _scaled(self, span: timedelta) -> float:
        return span.total_seconds() * self.pace


def read_options(environment: Mapping[str, str]) -> Options:
    """The options of this environment. Raises BadOption."""
    folder = Path(environment.get("PINAPP_VAR") or ROOT / "var")
    return Options(
        seed=_number(environment, "CHAOS_SEED", int, secrets.randbelow(1_000_000)),
        pins=_number(environment, "CHAOS_PINS", int, 1_000),
        kills=_number(environment, "CHAOS_KILLS", int, 200),
        pace=_number(environment, "CHAOS_PACE", float, 0.05),
        folder=folder,
    )


def _number(environment: Mapping[str, str], name: str, kind: type[float], default: float) -> float:
    text = environment.get(name) or str(default)
    try:
        number = kind(text)
    except ValueError:
        raise BadOption(f"{name} is {text!r}. It must be a number.") from None
    if number < 0:
        raise BadOption(f"{name} is {text}. It must not be negative.")
    return number
