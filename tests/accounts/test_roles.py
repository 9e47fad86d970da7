"""Who may do what: each address of the app, for each role, as a status."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from accounts import urls
from accounts.models import Connection, Invitation, Mailing, Membership, Notification, Workspace
from accounts.policy import Role
from accounts.services.invitations import hash_token
from accounts.services.notifications import stop_token
from tests import factories

ANONYMOUS, STRANGER, VIEWER, EDITOR, OWNER = "anonymous", "stranger", "viewer", "editor", "owner"
ROLES = [ANONYMOUS, STRANGER, VIEWER, EDITOR, OWNER]

# Address by name, method: status for anonymous, stranger, viewer, editor, owner. The stranger is
# an owner elsewhere: the pages of their own workspace open, what belongs to others is not found.
TABLE: dict[tuple[str, str], tuple[int, int, int, int, int]] = {
    ("connections", "GET"): (302, 200, 200, 200, 200),
    ("connections", "POST"): (405, 405, 405, 405, 405),
    ("connection_connect", "POST"): (302, 302, 403, 302, 302),
    ("connection_connect", "GET"): (405, 405, 405, 405, 405),
    ("connection_reconnect", "POST"): (302, 404, 403, 302, 302),
    ("connection_reconnect", "GET"): (405, 405, 405, 405, 405),
    ("connection_refresh", "POST"): (302, 404, 403, 302, 302),
    ("connection_refresh", "GET"): (405, 405, 405, 405, 405),
    ("connection_disconnect", "POST"): (302, 404, 403, 302, 302),
    ("connection_disconnect", "GET"): (405, 405, 405, 405, 405),
    ("pinterest_callback", "GET"): (302, 302, 302, 302, 302),
    ("workspace", "GET"): (302, 200, 200, 200, 200),
    ("workspace_update", "POST"): (302, 302, 403, 403, 302),
    ("workspace_update", "GET"): (405, 405, 405, 405, 405),
    ("workspace_new", "GET"): (302, 200, 200, 200, 200),
    ("workspace_switch", "POST"): (302, 404, 302, 302, 302),
    ("workspace_switch", "GET"): (405, 405, 405, 405, 405),
    ("member_role", "POST"): (302, 404, 403, 403, 302),
    ("member_role", "GET"): (405, 405, 405, 405, 405),
    ("member_remove", "POST"): (302, 404, 403, 403, 302),
    ("member_remove", "GET"): (405, 405, 405, 405, 405),
    ("invitation_send", "POST"): (302, 302, 403, 403, 302),
    ("invitation_send", "GET"): (405, 405, 405, 405, 405),
    ("invitation_revoke", "POST"): (302, 404, 403, 403, 302),
    ("invitation_revoke", "GET"): (405, 405, 405, 405, 405),
    # Their own address was not invited.
    ("workspace_invitation", "GET"): (302, 409, 409, 409, 409),
    # Everybody has an inbox of their own; the entry is the viewer's.
    ("notifications", "GET"): (302, 200, 200, 200, 200),
    ("notifications", "POST"): (405, 405, 405, 405, 405),
    ("notifications_read", "POST"): (302, 302, 302, 302, 302),
    ("notifications_read", "GET"): (405, 405, 405, 405, 405),
    ("notification_open", "GET"): (302, 404, 302, 404, 404),
    ("notification_open", "POST"): (405, 405, 405, 405, 405),
    ("notification_read", "POST"): (302, 404, 302, 404, 404),
    ("notification_read", "GET"): (405, 405, 405, 405, 405),
    ("notification_settings", "GET"): (302, 404, 200, 200, 200),
    ("notification_settings", "POST"): (302, 404, 302, 302, 302),
    # Whoever has the mail.
    ("notifications_stop", "GET"): (200, 200, 200, 200, 200),
    ("notifications_stop", "POST"): (200, 200, 200, 200, 200),
    ("profile", "GET"): (302, 200, 200, 200, 200),
    ("profile", "POST"): (302, 302, 302, 302, 302),
}
CASES = [
    pytest.param(name, method, role, status, id=f"{method} {name} by {role}")
    for (name, method), statuses in TABLE.items()
    for role, status in zip(ROLES, statuses, strict=True)
]


@pytest.fixture
def colleague(workspace: Workspace) -> Membership:
    return factories.member(workspace, "carl", Role.VIEWER).memberships.get()


@pytest.fixture
def visit(
    connection: Connection,
    colleague: Membership,
    workspace: Workspace,
    owner,
    viewer,
    request,
    sign_in,
) -> Callable[[str, str, str], int]:
    """Asks for an address with what it would really be sent; returns the status."""
    invitation = Invitation.objects.create(
        workspace=workspace,
        email="ina@example.com",
        role=Role.VIEWER,
        token_hash=hash_token("a-token-of-ours"),
        invited_by=owner,
        expires_at=timezone.now() + timedelta(days=1),
    )
    mailing = Mailing.objects.create(user=viewer, workspace=workspace)
    entry = Notification.objects.create(
        user=viewer,
        workspace=workspace,
        kind="account_lost",
        count=1,
        first_at=timezone.now(),
        last_at=timezone.now(),
    )
    arguments = {
        "notification": {"notification_id": entry.pk},
        "notification_settings": {"workspace_id": workspace.pk},
        "notifications_stop": {"token": stop_token(mailing)},
        "connection": {"connection_id": connection.pk},
        "member": {"membership_id": colleague.pk},
        "invitation_revoke": {"invitation_id": invitation.pk},
        "workspace_invitation": {"token": "a-token-of-ours"},
    }
    data = {
        "workspace_update": {"name": "Clay & Co", "time_zone": "Europe/Paris"},
        "workspace_switch": {"workspace": workspace.pk},
        "member_role": {"role": "editor"},
        "invitation_send": {"email": "ivo@example.com", "role": "viewer"},
        "profile": {"name": "A new name", "time_zone": ""},
    }

    def visited(name: str, method: str, role: str) -> int:
        browser = Client() if role == ANONYMOUS else sign_in(request.getfixturevalue(role))
        try:
            path = reverse(name)
        except NoReverseMatch:
            path = reverse(name, kwargs=arguments.get(name) or arguments[name.partition("_")[0]])
        sent = data.get(name, {}) if method == "POST" else {}
        return getattr(browser, method.lower())(path, sent).status_code

    return visited


@pytest.mark.parametrize(("name", "method", "role", "status"), CASES)
def test_each_address_answers_each_role_with_its_status(
    visit, name: str, method: str, role: str, status: int
) -> None:
    assert visit(name, method, role) == status


def test_the_table_holds_every_address_of_the_app() -> None:
    assert {name for name, _ in TABLE} == {pattern.name for pattern in urls.urlpatterns}


def test_no_other_address_leads_to_allauths_own_pinterest_pages() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    theirs = {name for name in names if name.startswith(("pinterest", "socialaccount"))}
    assert theirs == {"pinterest_callback"}


@pytest.mark.parametrize("path", ["/connections/", "/workspace/", "/accounts/profile/"])
def test_a_visitor_signs_in_first_and_comes_back(db, path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


def test_every_form_needs_its_csrf_token(owner, workspace) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = browser.post("/workspace/settings/", {"name": "Stolen", "time_zone": "UTC"})
    assert response.status_code == 403
    workspace.refresh_from_db()
    assert workspace.name == "Clay"
