"""The rules of accounts: roles, time zones, and when a token wants renewing. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import available_timezones

RENEW_AHEAD = timedelta(days=7)
"""Access tokens live 30 days (Pinterest API v5, "Authentication"); a week leaves 168 tries."""

INVITATION_LIFETIME = timedelta(days=14)


class Role(StrEnum):
    """What a member may do in a workspace; each role may do all of the ones after it."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


_RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}


def role_allows(role: str, *, needed: Role) -> bool:
    """Whether somebody with `role` may do what takes `needed`."""
    return _RANK[Role(role)] >= _RANK[needed]


def renewal_is_due(*, expires_at: datetime, now: datetime) -> bool:
    """Whether an access token should be renewed before its next use."""
    return now >= expires_at - RENEW_AHEAD


def is_time_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that people choose (not an alias like `posixrules`)."""
    return name in time_zone_names()


def time_zone_names() -> list[str]:
    """IANA zones, `Area/City` and UTC, in alphabetical order."""
    places = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
    return sorted(places | {"UTC"})


def invitation_is_open(
    *,
    expires_at: datetime,
    accepted_at: datetime | None,
    revoked_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether an invitation can still be accepted."""
    return accepted_at is None and revoked_at is None and now < expires_at
