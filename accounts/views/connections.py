"""The page of Pinterest accounts: connect, reconnect, refresh, disconnect."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import selectors
from accounts.access import MemberRequest, member_view
from accounts.models import Connection, ConnectionStatus
from accounts.policy import Role, role_allows
from accounts.services import connections
from accounts.services.tokens import ConnectionLost
from pinterest.errors import PinterestError
from pinterest.oauth import OPTIONAL_SCOPES, missing_scopes


@require_GET
@member_view()
def connection_list(request: MemberRequest) -> HttpResponse:
    """The workspace's Pinterest accounts."""
    rows = selectors.connections_of(request.workspace)
    context = {
        "connections": [_card(connection) for connection in rows],
        "connect_url": reverse("connection_connect"),
        "can_edit": role_allows(request.membership.role, needed=Role.EDITOR),
        "app_configured": bool(settings.PINTEREST_APP_ID),
    }
    return render(request, "accounts/connections.html", context)


@require_POST
@member_view(Role.EDITOR)
def connection_connect(request: MemberRequest, connection_id: UUID | None = None) -> HttpResponse:
    """Send the person to Pinterest's consent page, for a new account or to reconnect one."""
    if not settings.PINTEREST_APP_ID:
        messages.error(
            request,
            "No Pinterest app is configured. Whoever runs this server must set PINTEREST_APP_ID "
            "and PINTEREST_APP_SECRET first.",
        )
        return redirect("connections")
    data = {"workspace": str(request.workspace.pk)}
    if connection_id is not None:
        data["reconnect"] = str(_get(request, connection_id).pk)
    provider = get_adapter().get_provider(request, "pinterest")
    response: HttpResponse = provider.redirect(request, AuthProcess.CONNECT, data=data)
    return response


@require_POST
@member_view(Role.EDITOR)
def connection_refresh(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """Read the account's name and picture again."""
    connection = _get(request, connection_id)
    try:
        connections.refresh_profile(connection_id=connection.pk, now=timezone.now())
    except PinterestError as error:
        messages.error(request, f"{error.message} {error.remedy}")
    except ConnectionLost as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The account's name and picture are up to date.")
    return redirect("connections")


@require_POST
@member_view(Role.EDITOR)
def connection_disconnect(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """Wipe the account's tokens."""
    connection = _get(request, connection_id)
    told = connections.disconnect_account(connection=connection, by=request.user)
    sentences = [
        f"{connection} is disconnected and its tokens are deleted.",
        *told,
        "To withdraw the permission at Pinterest too, remove the app in your Pinterest settings.",
    ]
    messages.success(request, " ".join(sentences))
    return redirect("connections")


def _get(request: MemberRequest, connection_id: UUID) -> Connection:
    return get_object_or_404(Connection, pk=connection_id, workspace=request.workspace)


def _card(connection: Connection) -> dict[str, Any]:
    args = [connection.pk]
    status = ConnectionStatus(connection.status)
    connected = status is not ConnectionStatus.DISCONNECTED
    return {
        "id": str(connection.pk),
        "display_name": connection.title,
        "username": connection.username,
        "picture_url": connection.picture_url,
        "status": status.value,
        "status_text": status.label,
        "lost_reason": connection.lost_reason,
        "scopes": connection.scopes,
        "missing_optional_scopes": sorted(
            missing_scopes(granted=frozenset(connection.scopes), required=OPTIONAL_SCOPES)
        ),
        "connected_by": connection.connected_by,
        "connected_at": connection.connected_at,
        "refreshed_at": connection.profile_refreshed_at,
        "boards_count": None,
        "reconnect_url": reverse("connection_reconnect", args=args),
        "refresh_url": reverse("connection_refresh", args=args) if connection.is_active else None,
        "disconnect_url": reverse("connection_disconnect", args=args) if connected else None,
        "disconnect_question": f"Disconnect {connection}?",
    }
