"""What was found before a Pin goes out, and looking again when somebody asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from publishing.models import Pin
from publishing.policy.statuses import PinStatus
from publishing.selectors.pins import pins_of
from publishing.selectors.preflight import warnings_of
from publishing.services.preflight import Preflight
from publishing.views.cards import local_text


@require_POST
@member_view(Role.EDITOR)
def pin_check(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Look at the Pin now, and say what was found."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    if pin.status != PinStatus.SCHEDULED:
        messages.info(request, "Only planned Pins are checked.")
    elif not Preflight(clock=timezone.now).check(pin):
        messages.info(request, "This Pin is being checked already. Open the page again shortly.")
    elif warnings_of(pin).exists():
        messages.warning(request, "Checked. See below what to mend before it goes out.")
    else:
        messages.success(request, "Checked. Nothing stands in its way.")
    return redirect("pin_detail", pin.pk)


def preflight_facts(pin: Pin) -> dict[str, Any] | None:
    """What the page says of a planned Pin's look; None for any other."""
    if pin.status != PinStatus.SCHEDULED:
        return None
    return {
        "warnings": [
            {"message": warning.message, "remedy": warning.remedy} for warning in warnings_of(pin)
        ],
        "checked_at": pin.preflighted_at,
        "checked_local": local_text(pin.preflighted_at),
        "check_url": reverse("pin_check", args=[pin.pk]),
    }
