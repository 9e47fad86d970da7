"""Reads of the accounts app."""

from accounts.selectors.people import (
    account_id_of,
    account_ids,
    active_connections_of,
    connections_of,
    connections_to_renew,
    members_of,
    memberships_of,
    open_invitations,
    profiles_to_refresh,
)

__all__ = [
    "account_id_of",
    "account_ids",
    "active_connections_of",
    "connections_of",
    "connections_to_renew",
    "members_of",
    "memberships_of",
    "open_invitations",
    "profiles_to_refresh",
]
