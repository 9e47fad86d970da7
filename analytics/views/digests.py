"""Asking for the week's figures by mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from analytics.services.digests import subscribe, unsubscribe


@require_POST
@member_view()
def digest(request: MemberRequest) -> HttpResponse:
    """Switch the mail on or off for oneself."""
    if request.POST.get("wanted") == "yes":
        subscribe(workspace=request.workspace, by=request.user, now=timezone.now())
        messages.success(request, f"Each Monday morning a mail goes to {request.user.email}.")
    else:
        unsubscribe(workspace=request.workspace, by=request.user)
        messages.success(request, "No more mails on Mondays.")
    return redirect(f"{reverse('analytics')}?{request.GET.urlencode()}")
