"""What people are told about accounts and members."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.notifications.kinds import Audience, Kind, MailWay, register


def _connections(_ids: Sequence[str]) -> str:
    return reverse("connections")


def _workspace(_ids: Sequence[str]) -> str:
    return reverse("workspace")


ACCOUNT_LOST = Kind(
    code="account_lost",
    label="A Pinterest account needs reconnecting",
    one="A Pinterest account needs reconnecting",
    many="{count} Pinterest accounts need reconnecting",
    icon="unplug",
    tone="bad",
    action="Reconnect",
    link=_connections,
)
ACCOUNT_DISCONNECTED = Kind(
    code="account_disconnected",
    label="Somebody disconnects a Pinterest account",
    one="A Pinterest account was disconnected",
    many="{count} Pinterest accounts were disconnected",
    icon="plug",
    tone="warn",
    action="See the accounts",
    link=_connections,
)
MEMBER_JOINED = Kind(
    code="member_joined",
    label="Somebody you invited joins",
    one="Somebody joined the workspace",
    many="{count} people joined the workspace",
    icon="user-plus",
    tone="good",
    action="See who is here",
    link=_workspace,
    audience=Audience.CONCERNED_AND_OWNERS,
    mail=MailWay.ON_WISH,
)

register(ACCOUNT_LOST, ACCOUNT_DISCONNECTED, MEMBER_JOINED)
