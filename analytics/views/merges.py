"""Whether an earlier account's figures are read as one with a later one's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.models import Succession
from accounts.policy import Role, role_allows
from accounts.services.successions import AlreadyDecided, decide_history
from analytics.policy.names import labels_of
from analytics.selectors.merges import open_merges


def merge_facts(request: MemberRequest, account_id: str) -> list[dict[str, Any]]:
    """The questions for the page of an account, for who may answer them."""
    if not role_allows(request.membership.role, needed=Role.EDITOR):
        return []
    return [
        {
            "answer_url": reverse("analytics_merge", args=[each.pk]),
            **_names(each),
            "day": each.asked_at,
        }
        for each in open_merges(request.workspace, account_id)
    ]


@require_POST
@member_view(Role.EDITOR)
def merge(request: MemberRequest, succession_id: int) -> HttpResponse:
    """Answer once; the rows of both accounts stay as they are."""
    found = Succession.objects.filter(workspace=request.workspace).select_related(
        "earlier", "later"
    )
    succession = get_object_or_404(found, pk=succession_id)
    answer = request.POST.get("answer", "")
    if answer not in {"merge", "apart"}:
        messages.error(request, "Choose whether to merge the histories or to keep them apart.")
    else:
        _answer(request, succession, merges=answer == "merge")
    return redirect(f"{reverse('analytics')}?account={succession.later.pinterest_id}")


def _answer(request: MemberRequest, succession: Succession, *, merges: bool) -> None:
    try:
        decide_history(succession=succession, merge=merges, by=request.user, now=timezone.now())
    except AlreadyDecided as decided:
        messages.error(request, str(decided))
    else:
        how = "read as one" if merges else "kept apart"
        names = _names(succession)
        messages.success(
            request, f"The figures of {names['earlier']} and {names['later']} are {how}."
        )


def _names(succession: Succession) -> dict[str, str]:
    both = (succession.earlier, succession.later)
    earlier, later = labels_of((each.pinterest_id, each.username) for each in both).values()
    return {"earlier": earlier, "later": later}
