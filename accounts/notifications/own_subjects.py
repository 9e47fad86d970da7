"""How things stand with Pinterest accounts, for inboxes and mails."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Connection, ConnectionStatus, Succession
from accounts.notifications.own_kinds import ACCOUNT_LOST
from accounts.notifications.subjects import Subject, Words, register_subject

_TAKEN = Succession.objects.filter(earlier=OuterRef("pk"), keeps_schedule=True)
_LOST = (
    "Its Pins that come due before somebody reconnects it are put on hold; reconnected before "
    "their time, they go out."
)
_DISCONNECTED = (
    "Somebody disconnected it. Its planned Pins are put on hold: none goes out before somebody "
    "reconnects it and says so."
)


def _still(kind: str, ids: Sequence[str]) -> set[str]:
    """Those that are as the kind says, and whose place no other account has taken."""
    status = (
        ConnectionStatus.NEEDS_RECONNECTING
        if kind == ACCOUNT_LOST.code
        else ConnectionStatus.DISCONNECTED
    )
    found = Connection.objects.filter(~Exists(_TAKEN), pk__in=ids, status=status)
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _tell(_kind: str, ids: Sequence[str]) -> dict[str, Words]:
    return {str(each.pk): {"name": str(each), **account_words(each)} for each in _accounts(ids)}


def _accounts(ids: Sequence[str]) -> QuerySet[Connection]:
    return Connection.objects.filter(pk__in=ids).annotate(is_replaced=Exists(_TAKEN))


def account_words(account: Connection) -> dict[str, str]:
    """What is so of an account that _accounts has read, and what that means for its Pins."""
    if account.is_active:
        return {"problem": "It is connected.", "remedy": ""}
    if account.is_replaced:  # type: ignore[attr-defined]  # annotated
        return {
            "problem": "It is not connected. Another account has taken its place.",
            "remedy": "",
        }
    if account.status == ConnectionStatus.DISCONNECTED:
        return {"problem": _DISCONNECTED, "remedy": ""}
    return {"problem": account.lost_reason, "remedy": _LOST}


register_subject("connection", Subject(still=_still, tell=_tell))
