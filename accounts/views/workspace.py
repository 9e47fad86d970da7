"""The workspace page: settings, members, invitations; and switching between workspaces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors
from accounts.access import MemberRequest, choose_workspace, member_view
from accounts.forms import (
    InviteForm,
    ProfileForm,
    RoleForm,
    WorkspaceForm,
    time_zone_options,
)
from accounts.models import Invitation, Membership, User
from accounts.policy import Role, role_allows
from accounts.services import invitations, workspaces
from accounts.services.invitations import InvitationRefused
from accounts.services.workspaces import LastOwner


@require_GET
@member_view()
def workspace_page(request: MemberRequest) -> HttpResponse:
    """Settings, members and open invitations of the current workspace."""
    return _render_page(request)


@require_POST
@member_view(Role.OWNER)
def workspace_update(request: MemberRequest) -> HttpResponse:
    """Rename the workspace or change its time zone."""
    form = WorkspaceForm(request.POST, instance=request.workspace)
    if not form.is_valid():
        request.workspace.refresh_from_db()
        return _render_page(request, settings_form=form)
    workspaces.update_workspace(
        workspace=request.workspace,
        name=form.cleaned_data["name"],
        time_zone=form.cleaned_data["time_zone"],
    )
    messages.success(request, "The workspace is saved.")
    return redirect("workspace")


@require_http_methods(["GET", "POST"])
@login_required
def workspace_new(request: HttpRequest) -> HttpResponse:
    """Open another workspace."""
    user = _user(request)
    form = WorkspaceForm(request.POST or None, initial={"time_zone": user.time_zone or "UTC"})
    if request.method == "POST" and form.is_valid():
        workspace = workspaces.create_workspace(by=user, **form.cleaned_data)
        choose_workspace(request, membership=workspace.memberships.get())
        messages.success(request, f"{workspace} is ready.")
        return redirect("dashboard")
    return render(
        request,
        "accounts/workspace_new.html",
        {"form": form, "time_zones": time_zone_options()},
    )


@require_POST
@login_required
def workspace_switch(request: HttpRequest) -> HttpResponse:
    """Make another of the person's workspaces the current one."""
    for membership in selectors.memberships_of(_user(request)):
        if str(membership.workspace_id) == request.POST.get("workspace"):
            choose_workspace(request, membership=membership)
            return redirect("dashboard")
    raise Http404


@require_POST
@member_view(Role.OWNER)
def member_role(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    membership = _get_member(request, membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles in the list.")
        return redirect("workspace")
    try:
        workspaces.change_role(membership=membership, role=form.cleaned_data["role"])
    except LastOwner as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{membership.user}’s role is {membership.role} now.")
    return redirect("workspace")


@require_POST
@member_view()
def member_remove(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Take a member out (owners), or leave (anybody, themselves)."""
    membership = _get_member(request, membership_id)
    is_self = membership.user_id == request.user.pk
    if not is_self and not role_allows(request.membership.role, needed=Role.OWNER):
        raise PermissionDenied("Only an owner can remove somebody else.")
    try:
        workspaces.remove_member(membership=membership)
    except LastOwner as error:
        messages.error(request, str(error))
        return redirect("workspace")
    if is_self:
        messages.success(request, f"You have left {membership.workspace}.")
        return redirect("dashboard")
    messages.success(request, f"{membership.user} is no longer a member.")
    return redirect("workspace")


@require_POST
@member_view(Role.OWNER)
def invitation_send(request: MemberRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitations.invite(
                workspace=request.workspace,
                by=request.user,
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                now=timezone.now(),
            )
        except InvitationRefused as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, f"An invitation is on its way to {form.data['email']}.")
            return redirect("workspace")
    return _render_page(request, invite_form=form)


@require_POST
@member_view(Role.OWNER)
def invitation_revoke(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation, pk=invitation_id, workspace=request.workspace)
    invitations.revoke(invitation=invitation, now=timezone.now())
    messages.success(request, f"The invitation to {invitation.email} no longer works.")
    return redirect("workspace")


@require_http_methods(["GET", "POST"])
@login_required
def workspace_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation's link leads: join the workspace."""
    invitation = get_object_or_404(
        Invitation.objects.select_related("workspace", "invited_by"),
        token_hash=invitations.hash_token(token),
    )
    facts: dict[str, Any] = {
        "invitation": invitation,
        "by": _user(request),
        "now": timezone.now(),
    }
    try:
        if request.method == "POST":
            membership = invitations.accept(**facts)
            choose_workspace(request, membership=membership)
            messages.success(request, f"Welcome to {membership.workspace}.")
            return redirect("dashboard")
        invitations.refuse_unless_acceptable(**facts)
    except InvitationRefused as refused:
        context = {"invitation": invitation, "error": str(refused)}
        return render(request, "accounts/invitation.html", context, status=409)
    return render(request, "accounts/invitation.html", {"invitation": invitation, "error": ""})


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """A person's own name and time zone."""
    form = ProfileForm(request.POST or None, instance=_user(request))
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=["name", "time_zone"])
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    return render(
        request, "accounts/profile.html", {"form": form, "time_zones": time_zone_options()}
    )


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("login_required lets nobody else in")
    return request.user


def _get_member(request: MemberRequest, membership_id: int) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("user", "workspace"),
        pk=membership_id,
        workspace=request.workspace,
    )


def _render_page(request: MemberRequest, **forms: Any) -> HttpResponse:
    workspace = request.workspace
    is_owner = role_allows(request.membership.role, needed=Role.OWNER)
    context = {
        "settings_form": WorkspaceForm(instance=workspace),
        "invite_form": InviteForm(),
        **forms,
        "members": [_member_row(m, request=request) for m in selectors.members_of(workspace)],
        "invitations": [
            {
                "email": invitation.email,
                "role": invitation.get_role_display(),
                "expires_at": invitation.expires_at,
                "revoke_url": reverse("invitation_revoke", args=[invitation.pk]),
            }
            for invitation in selectors.open_invitations(workspace, now=timezone.now())
        ],
        "is_owner": is_owner,
        "time_zones": time_zone_options(),
        "update_url": reverse("workspace_update"),
        "invite_url": reverse("invitation_send"),
    }
    invalid = any(form.errors for form in forms.values())
    return render(request, "accounts/workspace.html", context, status=422 if invalid else 200)


def _member_row(membership: Membership, *, request: MemberRequest) -> dict[str, Any]:
    is_you = membership.user_id == request.user.pk
    is_owner = role_allows(request.membership.role, needed=Role.OWNER)
    return {
        "user": membership.user,
        "role": membership.get_role_display(),
        "is_you": is_you,
        "change_form": RoleForm(
            initial={"role": membership.role}, auto_id=f"role-{membership.pk}-%s"
        ),
        "role_url": reverse("member_role", args=[membership.pk]) if is_owner else None,
        "remove_url": reverse("member_remove", args=[membership.pk])
        if is_owner or is_you
        else None,
    }
