"""A person's inbox in a workspace, and what of it comes by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, choose_workspace, member_view
from accounts.forms import MailsForm
from accounts.models import Event, Membership, Notification
from accounts.notifications.kinds import all_kinds, known_kind
from accounts.notifications.text import account_of
from accounts.policy import zone_named
from accounts.selectors import notifications as selectors
from accounts.services import notifications
from accounts.services.notifications import StopLinkBroken

PER_PAGE = 20


@require_GET
@member_view()
def notification_list(request: MemberRequest) -> HttpResponse:
    """What happened, the newest first."""
    facts: dict[str, Any] = {"user": request.user, "workspace": request.workspace}
    chosen = _chosen(request)
    found = selectors.notifications_of(
        **facts, unread="show" in chosen, kind=chosen.get("kind", "")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    events = selectors.newest_events(page.object_list)
    everything, unread = selectors.counts_of(**facts)
    there = selectors.kinds_in(**facts)
    context = {
        "page": page,
        "entries": [_entry(each, events[each.pk], request=request) for each in page.object_list],
        "tabs": [
            {"label": "All", "url": "?", "count": everything, "active": "show" not in chosen},
            {
                "label": "Unread",
                "url": "?show=unread",
                "count": unread,
                "active": "show" in chosen,
            },
        ],
        "kinds": [
            {"code": each.code, "label": each.label, "chosen": each.code == chosen.get("kind")}
            for each in all_kinds()
            if each.code in there
        ],
        "show": chosen.get("show", ""),
        "is_filtered": bool(chosen),
        "query": f"{urlencode(chosen)}&" if chosen else "",
        "unread": unread,
        "until": timezone.now().isoformat(),
        "read_url": reverse("notifications_read"),
        "list_url": reverse("notifications"),
        "settings_url": reverse("notification_settings", args=[request.workspace.pk]),
    }
    return render(request, "accounts/notifications.html", context)


@require_POST
@member_view()
def notifications_read(request: MemberRequest) -> HttpResponse:
    """Mark as read all that the page could show."""
    now = timezone.now()
    notifications.mark_all_read(
        user=request.user, workspace=request.workspace, until=_until(request) or now, now=now
    )
    return redirect("notifications")


@require_POST
@member_view()
def read_one(request: MemberRequest, notification_id: int) -> HttpResponse:
    """Mark one entry as read."""
    notifications.mark_read(notification=_get(request, notification_id), now=timezone.now())
    return redirect("notifications")


@require_GET
@member_view()
def open_one(request: MemberRequest, notification_id: int) -> HttpResponse:
    """Go where something can be done about an entry, in its workspace; it is read by that."""
    notification = _get(request, notification_id)
    kind = known_kind(notification.kind)
    membership = _membership(request, notification.workspace_id)
    if kind is None:
        raise Http404
    choose_workspace(request, membership=membership)
    notifications.mark_read(notification=notification, now=timezone.now())
    events = selectors.newest_events([notification])[notification.pk]
    return redirect(kind.link([event.subject_id for event in events]))


@require_http_methods(["GET", "POST"])
@member_view()
def mail_settings(request: MemberRequest, workspace_id: UUID) -> HttpResponse:
    """Choose what comes by mail from one of a person's workspaces."""
    workspace = _membership(request, workspace_id).workspace
    wanted, kinds = selectors.mails_wanted(user=request.user, workspace=workspace)
    # Nothing ticked is an answer as well, and an empty one.
    data = request.POST if request.method == "POST" else None
    form = MailsForm(data, initial={"wanted": wanted, **kinds})
    if form.is_valid():
        notifications.choose_mails(
            user=request.user,
            workspace=workspace,
            wanted=form.cleaned_data["wanted"],
            kinds=form.kinds(),
        )
        messages.success(request, "Your choice of mails is saved.")
        return redirect("notification_settings", workspace_id=workspace.pk)
    context = {
        "form": form,
        "fields": form.kind_fields(),
        "name": workspace.name,
        "address": request.user.email,
        "list_url": reverse("notifications"),
    }
    return render(request, "accounts/notification_settings.html", context)


@csrf_exempt  # mail programs switch mails off with one POST; the token says who may
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Switch all mails of a workspace off, from a link in one of them, without signing in."""
    try:
        mailing = notifications.mailing_of_token(token)
    except StopLinkBroken as error:
        raise Http404 from error
    done = request.method == "POST"
    if done:
        notifications.stop_mails(mailing=mailing)
    context = {"name": mailing.workspace.name, "address": mailing.user.email, "done": done}
    return render(request, "accounts/notifications_stop.html", context)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The filters of the list, without those that mean nothing."""
    chosen: dict[str, str] = {}
    if request.GET.get("show") == "unread":
        chosen["show"] = "unread"
    if known_kind(request.GET.get("kind", "")):
        chosen["kind"] = request.GET["kind"]
    return chosen


def _get(request: MemberRequest, notification_id: int) -> Notification:
    return get_object_or_404(Notification, pk=notification_id, user=request.user)


def _membership(request: MemberRequest, workspace_id: UUID) -> Membership:
    """The person's place in a workspace that a link names; another's is not found."""
    return get_object_or_404(
        Membership.objects.select_related("workspace"),
        user=request.user,
        workspace_id=workspace_id,
    )


def _until(request: HttpRequest) -> datetime | None:
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        return None
    return until if until is not None and timezone.is_aware(until) else None


def _entry(
    notification: Notification, events: list[Event], *, request: MemberRequest
) -> dict[str, Any]:
    kind = known_kind(notification.kind)
    zone = zone_named(request.user.time_zone or request.workspace.time_zone)
    said = account_of(events, zone=zone.key)
    return {
        "title": kind.title(notification.count) if kind else "Something happened",
        "icon": kind.icon if kind else "info",
        "tone": kind.tone if kind else "neutral",
        "action": kind.action if kind else "",
        "text": said.text,
        "lines": said.lines,
        "more": notification.count - len(events),
        "at": notification.last_at,
        "unread": notification.read_at is None,
        "open_url": reverse("notification_open", args=[notification.pk]) if kind else "",
        "read_url": reverse("notification_read", args=[notification.pk]),
    }
