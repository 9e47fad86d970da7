"""The tones that levels are shown in."""

from __future__ import annotations

from interactions.policy.levels import Level


def level_tone(level: int) -> str:
    """Good from the first proof on; neutral for what does not count."""
    if level >= Level.VERIFIED:
        return "good"
    if level == Level.CLAIMED:
        return "warn"
    return "info" if level else "neutral"
