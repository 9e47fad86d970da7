"""The page that asks whether one account takes another's place, and takes the answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.models import Succession
from accounts.policy import Role, role_allows
from accounts.services.successions import AlreadyDecided, decide_history
from foundation.leases.nudge import nudge
from publishing.choices.reach import ReachResult
from publishing.delivery.tasks import hand_out_due_pins
from publishing.handover.selectors.successions import (
    SAMPLES,
    Left,
    Place,
    left_of,
    places_of,
    successions_of,
)
from publishing.handover.services import handover
from publishing.handover.services.reachability import check_reach
from publishing.handover.views import succession_text as words
from publishing.holds.selectors.held import waiting_for_account
from publishing.holds.views.held_text import count_pins
from publishing.outlook.views.cards import pin_card


@require_GET
@member_view()
def succession_page(request: MemberRequest, succession_id: int) -> HttpResponse:
    """Both questions, with what each answer would do."""
    succession = _get(request, succession_id)
    places = places_of(succession)
    left = left_of(succession.earlier)
    may_answer = role_allows(request.membership.role, needed=Role.EDITOR)
    context = {
        "title": f"Does {succession.later} take the place of {succession.earlier}?",
        "earlier": succession.earlier,
        "later": succession.later,
        "may_answer": may_answer,
        "groups": _groups(succession, places),
        "checking": any(place.result is None for place in places),
        "staying": words.staying_words(succession, left),
        "schedule": _schedule(succession, places, may_answer=may_answer),
        "history": _history(succession, left, may_answer=may_answer),
        "check_url": reverse("succession_check", args=[succession.pk]) if may_answer else None,
        "next": _next(succession),
    }
    return render(request, "publishing/handover/succession.html", context)


@require_POST
@member_view(Role.EDITOR)
def succession_check(request: MemberRequest, succession_id: int) -> HttpResponse:
    """Ask Pinterest again which boards can be reached, while the person waits."""
    succession = _get(request, succession_id)
    check_reach(succession_id=succession.pk, now=timezone.now())
    messages.info(request, words.checked_words(places_of(succession)))
    return redirect("succession", succession.pk)


@require_POST
@member_view(Role.EDITOR)
def succession_schedule(request: MemberRequest, succession_id: int) -> HttpResponse:
    """Keep the earlier account's schedule, or keep both accounts apart."""
    succession, now = _get(request, succession_id), timezone.now()
    answer = request.POST.get("answer", "")
    try:
        if answer == "keep":
            done = handover.hand_over(succession=succession, by=request.user, now=now)
            messages.success(request, words.moved_words(succession, done))
            nudge(hand_out_due_pins)
        elif answer == "apart":
            handover.refuse_schedule(succession=succession, by=request.user, now=now)
            messages.success(request, words.apart_words(succession))
        else:
            messages.error(request, words.NOT_AN_ANSWER)
    except AlreadyDecided as decided:
        messages.error(request, str(decided))
    return redirect("succession", succession.pk)


@require_POST
@member_view(Role.EDITOR)
def succession_history(request: MemberRequest, succession_id: int) -> HttpResponse:
    """Whether the earlier account's history counts as the later one's; only stored."""
    succession, answer = _get(request, succession_id), request.POST.get("answer", "")
    if answer not in {"merge", "apart"}:
        messages.error(request, words.NOT_AN_ANSWER)
        return redirect("succession", succession.pk)
    try:
        decide_history(
            succession=succession, merge=answer == "merge", by=request.user, now=timezone.now()
        )
    except AlreadyDecided as decided:
        messages.error(request, str(decided))
    else:
        messages.success(request, words.history_done_words(succession))
    return redirect("succession", succession.pk)


def _get(request: MemberRequest, succession_id: int) -> Succession:
    return get_object_or_404(successions_of(request.workspace), pk=succession_id)


def _groups(succession: Succession, places: list[Place]) -> list[dict[str, Any]]:
    """The boards by what is known of them; groups without any are left out."""
    groups = []
    for result in (ReachResult.YES, ReachResult.NO, ReachResult.UNKNOWN, None):
        found = [place for place in places if place.result is result]
        if found:
            group = words.group_words(result, succession, sum(each.count for each in found))
            groups.append({**group, "places": [_place(each) for each in found]})
    return groups


def _place(place: Place) -> dict[str, Any]:
    more = place.count - min(place.count, SAMPLES)
    return {
        "name": place.board_name,
        "section_name": place.section_name,
        "count_text": count_pins(place.count),
        "note": place.note,
        "pins": [pin_card(pin) for pin in place.samples],
        "more": f"and {more} more" if more else "",
    }


def _schedule(succession: Succession, places: list[Place], *, may_answer: bool) -> dict[str, Any]:
    reachable = sum(each.count for each in places if each.result is ReachResult.YES)
    decided, keeps = succession.keeps_schedule is not None, succession.keeps_schedule is True
    open_to_keep = may_answer and reachable > 0 and (keeps or not decided)
    return {
        "answer_url": reverse("succession_schedule", args=[succession.pk]),
        "decided": words.schedule_decided(succession) if decided else "",
        "keep_label": words.keep_label(succession, reachable) if open_to_keep else "",
        "may_refuse": may_answer and not decided,
        "nothing": not places,
        "nothing_reachable": bool(places) and not reachable and not decided,
    }


def _history(succession: Succession, left: Left, *, may_answer: bool) -> dict[str, Any]:
    decided = succession.merges_history is not None
    return {
        "answer_url": reverse("succession_history", args=[succession.pk]),
        "decided": words.history_decided(succession) if decided else "",
        "text": words.history_words(succession, left),
        "may_answer": may_answer and not decided,
    }


def _next(succession: Succession) -> dict[str, str] | None:
    """Where the Pins that were handed over on hold wait for the next answer."""
    if not succession.keeps_schedule:
        return None
    count = waiting_for_account(succession.later)
    if not count:
        return None
    url = f"{reverse('held_pins')}?account={succession.later_id}"
    return {"url": url, "title": words.still_held_words(succession, count)}
