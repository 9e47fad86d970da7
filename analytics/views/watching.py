"""Keeping figures under filters, reading them now, and keeping them no more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from analytics.selectors.series import active_connection
from analytics.services.watching import ask_again, stop, watch
from analytics.tasks import pull_series
from analytics.views.reading_facts import progress_facts
from analytics.views.reports import asked_series, read_question
from foundation.leases.nudge import nudge

_JUST_READ = "Read less than five minutes ago. Pinterest counts in hours: ask again in a while."
_NOT_CONNECTED = "The account is not connected. Connect it again, and its figures go on."


@require_POST
@member_view(Role.EDITOR)
def watch_filters(request: MemberRequest) -> HttpResponse:
    """Keep the figures of these filters from now on."""
    question = read_question(request)
    connection = active_connection(request.workspace.pk, question.account_id)
    if connection is None:
        messages.error(request, _NOT_CONNECTED)
        return _back(request)
    series = watch(
        connection=connection, filters=question.filters, by=request.user, now=timezone.now()
    )
    nudge(pull_series, series_id=str(series.pk))
    return _back(request)


@require_POST
@member_view(Role.EDITOR)
def read_now(request: MemberRequest) -> HttpResponse:
    """Ask Pinterest now rather than when the figures are due."""
    series = asked_series(request, read_question(request))
    if series is None or series.next_pull_at is None:
        messages.error(request, _NOT_CONNECTED)
    elif ask_again(series=series, by=request.user, now=timezone.now()):
        nudge(pull_series, series_id=str(series.pk))
    else:
        messages.info(request, _JUST_READ)
    return _back(request)


@require_POST
@member_view(Role.EDITOR)
def stop_filters(request: MemberRequest) -> HttpResponse:
    """Keep the figures of these filters no more."""
    series = asked_series(request, read_question(request))
    if series is not None and stop(series=series, by=request.user, now=timezone.now()):
        messages.success(request, "These filters are not read any more. What was read stays here.")
    return _back(request)


@require_GET
@member_view()
def reading(request: MemberRequest) -> HttpResponse:
    """How far a reading is; once it is over, the page is to be shown anew."""
    question = read_question(request)
    series, query = asked_series(request, question), request.GET.urlencode()
    progress = None
    if question.account_id:
        progress = progress_facts(series, question.filters, query, now=timezone.now())
    if progress is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "analytics/_reading.html", {"reading": progress})


def _back(request: MemberRequest) -> HttpResponse:
    return redirect(f"{reverse('analytics')}?{request.GET.urlencode()}")
