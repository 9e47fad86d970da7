"""Questions whether an earlier account's history counts as a later one's."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import ConnectionStatus, Succession, Workspace
from analytics.models import DayRow


def open_merges(workspace: Workspace, account_id: str) -> QuerySet[Succession]:
    """Unanswered questions about this account and ones that are gone, of which figures are kept.

    None while the earlier account is back, or this one is lost too.
    """
    kept = DayRow.objects.filter(
        series__workspace=workspace, series__account_id=OuterRef("earlier__pinterest_id")
    )
    return (
        Succession.objects.filter(
            Exists(kept),
            workspace=workspace,
            later__pinterest_id=account_id,
            later__status=ConnectionStatus.ACTIVE,
            merges_history=None,
        )
        .exclude(earlier__status=ConnectionStatus.ACTIVE)
        .select_related("earlier", "later")
        .order_by("asked_at", "pk")
    )
