"""Who may open a page: signed in, a member of the current workspace, with enough of a role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.models import Membership, User, Workspace
from accounts.policy import Role, role_allows
from accounts.selectors import memberships_of
from accounts.services.workspaces import ensure_membership

P = ParamSpec("P")
_SESSION_KEY = "workspace_id"
_SIGN_IN = {
    "code": "sign_in_needed",
    "message": "You are signed out. Sign in in another tab, then try again: nothing is lost.",
}


class MemberRequest(HttpRequest):
    """A request of a signed-in member; `membership` says where and in which role."""

    user: User
    membership: Membership

    @property
    def workspace(self) -> Workspace:
        return self.membership.workspace


def member_view(
    role: Role = Role.VIEWER,
) -> Callable[
    [Callable[Concatenate[Any, P], HttpResponse]], Callable[Concatenate[Any, P], HttpResponse]
]:
    """Let in members with at least `role`; others are told who can help."""

    def decorate(
        view: Callable[Concatenate[Any, P], HttpResponse],
    ) -> Callable[Concatenate[Any, P], HttpResponse]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            membership = current_membership(request)
            if role_allows(membership.role, needed=role):
                return view(request, *args, **kwargs)
            reason = (
                f"This takes the role of {role.value} in {membership.workspace}; yours is "
                f"{membership.role}. Ask an owner of the workspace to change it."
            )
            if _wants_json(request):
                return JsonResponse({"code": "role_too_low", "message": reason}, status=403)
            raise PermissionDenied(reason)

        page = login_required(guarded)

        @wraps(view)
        def entrance(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated and _is_a_script(request):
                return JsonResponse(_SIGN_IN, status=401)
            return page(request, *args, **kwargs)

        return cast("Callable[Concatenate[Any, P], HttpResponse]", entrance)

    return decorate


def _is_a_script(request: HttpRequest) -> bool:
    """Whether the answer would land inside a page, where a sign-in page makes no sense."""
    return _wants_json(request) or "HX-Request" in request.headers


def _wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which can do nothing with a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def current_membership(request: Any) -> Membership:
    """The signed-in person's place in the workspace they have chosen, or their first one."""
    return known_membership(request) or _remember(request, ensure_membership(user=request.user))


def known_membership(request: Any) -> Membership | None:
    """The same, but None for who has no workspace: an invited newcomer needs none of their own."""
    known: Membership | None = getattr(request, "membership", None)
    if known is None and (found := _find_membership(request)) is not None:
        known = _remember(request, found)
    return known


def choose_workspace(request: HttpRequest, *, membership: Membership) -> None:
    """Make a workspace the current one of this session."""
    request.session[_SESSION_KEY] = str(membership.workspace_id)


def _remember(request: Any, membership: Membership) -> Membership:
    request.membership = membership
    request.workspace = membership.workspace
    return membership


def _find_membership(request: Any) -> Membership | None:
    chosen = request.session.get(_SESSION_KEY)
    memberships = list(memberships_of(request.user))
    for membership in memberships:
        if str(membership.workspace_id) == chosen:
            return membership
    return memberships[0] if memberships else None
