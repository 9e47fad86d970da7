"""Answers to the questions that only a person can answer, and going on after a stop."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from foundation.leases.nudge import nudge
from publishing.delivery.services.stops import resume_publishing
from publishing.delivery.tasks import hand_out_due_pins
from publishing.pins.selectors.pins import pins_of
from publishing.reconcile.services import answers
from publishing.reconcile.services.answers import AnswerRefused

_THANKS = {
    "found": "Thank you. The Pin is marked as published.",
    "send": "Thank you. The Pin is sent again.",
    "draft": "Thank you. The Pin is a draft now.",
}


@require_POST
@member_view(Role.EDITOR)
def pin_answer(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Whether a Pin in doubt is on Pinterest."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    answer, now = request.POST.get("answer", ""), timezone.now()
    try:
        if answer == "found":
            address = request.POST.get("address", "")
            answers.say_found(pin=pin, by=request.user, address=address, now=now)
        elif answer in _THANKS:
            answers.say_absent(pin=pin, by=request.user, send=answer == "send", now=now)
    except AnswerRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _THANKS.get(answer, "Choose one of the answers."))
        nudge(hand_out_due_pins)
    return redirect("pin_detail", pin.pk)


@require_POST
@member_view()
def publishing_resume(request: MemberRequest) -> HttpResponse:
    """Go on after Pinterest refused this server's app: it stops every workspace's Pins.

    Anybody may make a workspace and own it, so being an owner says nothing about the server.
    """
    if not request.user.is_staff:
        raise PermissionDenied(
            "Pinterest refuses the app of this whole server, so only an administrator of the "
            "server can go on. Ask whoever runs it."
        )
    resume_publishing(by=request.user, now=timezone.now())
    nudge(hand_out_due_pins)
    messages.success(request, "Publishing goes on. If Pinterest refuses again, it is said here.")
    return redirect("dashboard")
