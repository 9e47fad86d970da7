"""The rules of accounts: roles, time zones, and when a token wants renewing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

RENEW_AHEAD = timedelta(days=7)
"""Access tokens live 30 days (Pinterest API v5, "Authentication"); a week leaves 168 tries."""

INVITATION_LIFETIME = timedelta(days=14)

INVITATIONS_COUNTED_FOR = timedelta(days=1)
"""The bounds below hold for any span of this length; a mail that could not be sent is none."""

TO_ONE_ADDRESS_FROM_ONE_WORKSPACE = 3
TO_ONE_ADDRESS = 10
"""From all workspaces together: whoever opens many of them still fills nobody's mailbox."""

BY_ONE_PERSON = 50
FROM_ONE_WORKSPACE = 50


class Role(StrEnum):
    """What a member may do in a workspace; each role may do all of the ones after it."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class InvitationCounts:
    """How many invitations were sent within INVITATIONS_COUNTED_FOR."""

    to_address_from_workspace: int
    to_address: int
    by_person: int
    from_workspace: int


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


def zone_named(name: str) -> ZoneInfo:
    """The zone, or UTC for a name that this machine's time zone data does not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def invitation_is_open(
    *,
    expires_at: datetime,
    accepted_at: datetime | None,
    revoked_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether an invitation can still be accepted."""
    return accepted_at is None and revoked_at is None and now < expires_at


def refused_invitation(counts: InvitationCounts, *, email: str) -> str | None:
    """Why no more invitation may go to `email` now, in words; None when one may."""
    if counts.to_address_from_workspace >= TO_ONE_ADDRESS_FROM_ONE_WORKSPACE:
        return (
            f"{email} has been sent {_invitations(counts.to_address_from_workspace)} within a day; "
            "the newest one works. Ask them to look into their spam folder, or send another one "
            "tomorrow."
        )
    if counts.to_address >= TO_ONE_ADDRESS:
        return f"No more invitations go to {email} today. Send it tomorrow."
    if counts.by_person >= BY_ONE_PERSON:
        return (
            f"You have sent {_invitations(counts.by_person)} within a day, which is as many as one "
            "person may. Go on tomorrow, or have another owner send some."
        )
    if counts.from_workspace >= FROM_ONE_WORKSPACE:
        return (
            f"This workspace has sent {_invitations(counts.from_workspace)} within a day, which is "
            "as many as it may. Go on tomorrow."
        )
    return None


def _invitations(count: int) -> str:
    return "1 invitation" if count == 1 else f"{count} invitations"
