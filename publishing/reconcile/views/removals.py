"""Deleting a published Pin at Pinterest."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from publishing.pins.selectors.pins import pins_of
from publishing.reconcile.services.removals import DeletionFailed, delete_at_pinterest


@require_POST
@member_view(Role.EDITOR)
def pin_delete_remote(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Delete the Pin at Pinterest; here it stays, as removed."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    try:
        was_there = delete_at_pinterest(pin=pin, by=request.user, now=timezone.now())
    except DeletionFailed as failed:
        messages.error(request, str(failed))
    else:
        gone = "The Pin was no longer on Pinterest. It is marked as removed."
        messages.success(request, "The Pin is deleted on Pinterest." if was_there else gone)
    return redirect("pin_detail", pin.pk)
