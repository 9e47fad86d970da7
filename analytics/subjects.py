"""How things stand with accounts' figures, for inboxes and mails."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Connection, ConnectionStatus
from accounts.notifications.subjects import Subject, Words, register_subject
from analytics.models import Series
from analytics.notifications import FIGURES_MISSING

_CONNECTED = Exists(
    Connection.objects.filter(
        workspace=OuterRef("workspace"),
        pinterest_id=OuterRef("account_id"),
        status=ConnectionStatus.ACTIVE,
    )
)
_GOES_ON = (
    "PinApp goes on trying by itself and reads then what was missed, as far as Pinterest still has "
    "it: that is 90 days."
)


def _still(kind: str, ids: Sequence[str]) -> set[str]:
    """Those that are as the kind says, of accounts that are connected."""
    found = Series.objects.filter(
        _CONNECTED, pk__in=ids, failing_told_at__isnull=kind != FIGURES_MISSING.code
    )
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _tell(_kind: str, ids: Sequence[str]) -> dict[str, Words]:
    return {str(each.pk): {"name": f"@{each.username}", **_words(each)} for each in _series(ids)}


def _series(ids: Sequence[str]) -> QuerySet[Series]:
    return Series.objects.filter(pk__in=ids).annotate(is_connected=_CONNECTED)


def _words(series: Series) -> Words:
    """What is so of a series that _series has read; days are Pinterest's, which are UTC."""
    if not series.is_connected:  # type: ignore[attr-defined]  # annotated
        return {
            "problem": "The account is not connected.",
            "remedy": "Once somebody connects it again, its figures go on.",
        }
    if series.failing_since is not None:
        since = f"They can’t be read since {series.failing_since:%-d %B}, though it is connected."
        return {"problem": f"{since} {series.problem}".strip(), "remedy": _GOES_ON}
    if series.pulled_at is None:
        return {"problem": "They have not been read yet.", "remedy": ""}
    return {"problem": f"They were read last on {series.pulled_at:%-d %B}.", "remedy": ""}


register_subject("figures", Subject(still=_still, tell=_tell))
