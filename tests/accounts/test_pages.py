"""The pages of accounts and workspace: what they show, and how many queries that takes."""

import re

import pytest
from django.utils import timezone

from accounts.models import Connection, Membership
from accounts.policy import Role
from accounts.services.invitations import invite
from sandbox.faults import Fault
from tests import factories
from tests.accounts.consent import said
from tests.markup import squeezed

SECRETS = re.compile(r"pin[ar]_\w+|v1\.[0-9a-f]{8}\.")


@pytest.fixture
def olga(owner, sign_in):
    return sign_in(owner)


@pytest.fixture
def fill(connect, workspace, owner, sandbox):
    """Adds accounts, members and invitations to the workspace."""

    def filled(number: int) -> None:
        for each in range(number):
            connect(workspace, sandbox.add_account(f"account-{number}-{each}"), by=owner)
            factories.member(workspace, f"member-{number}-{each}", Role.VIEWER)
            invite(
                workspace=workspace,
                by=owner,
                email=f"guest-{number}-{each}@example.com",
                role=Role.VIEWER,
                now=timezone.now(),
            )
            other = factories.WorkspaceFactory()
            Membership.objects.create(workspace=other, user=owner, role=Role.VIEWER)

    return filled


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # session, user, memberships; then the frame's workspaces and banners; then the page's own.
        ("/connections/", 7),
        ("/workspace/", 8),
        ("/", 16),
    ],
)
def test_a_page_takes_as_many_queries_for_many_rows_as_for_one(
    olga, fill, django_assert_num_queries, path: str, queries: int
) -> None:
    fill(1)
    with django_assert_num_queries(queries):
        assert olga.get(path).status_code == 200
    fill(7)
    with django_assert_num_queries(queries):
        assert olga.get(path).status_code == 200


def test_the_page_shows_the_account_and_no_token(olga, connection, studio) -> None:
    page = squeezed(olga.get("/connections/").content.decode())
    assert re.findall(r"<h2>(.*?)</h2><p>(.*?)</p>", page) == [("Clay Studio", "@clay-studio")]
    assert SECRETS.findall(page) == []


def test_refreshing_shows_the_new_name(olga, connection, studio, sandbox) -> None:
    studio.username, studio.name = "clay-works", "Clay Works"
    assert said(olga.post(f"/connections/{connection.pk}/refresh/")) == [
        ("success", "The account's name and picture are up to date.")
    ]
    page = squeezed(olga.get("/connections/").content.decode())
    assert re.findall(r"<h2>(.*?)</h2><p>(.*?)</p>", page) == [("Clay Works", "@clay-works")]


def test_refreshing_during_an_outage_says_so(olga, connection, sandbox) -> None:
    sandbox.arm(Fault(route="GET /v5/user_account", kind="status", status=503))
    assert said(olga.post(f"/connections/{connection.pk}/refresh/")) == [
        (
            "error",
            (
                "Pinterest has a problem of its own. Try again later. If it lasts for hours, look "
                "at Pinterest's status page."
            ),
        )
    ]


def test_refreshing_a_lost_account_asks_to_reconnect_it(olga, connection, studio, sandbox) -> None:
    sandbox.kill_tokens(studio)
    assert said(olga.post(f"/connections/{connection.pk}/refresh/")) == [
        (
            "error",
            (
                "PinApp can no longer act for @clay-studio. Reconnect the account on the Pinterest "
                "accounts page; its Pins wait until then."
            ),
        )
    ]
    page = olga.get("/connections/").content.decode()
    assert "Pinterest did not renew the permission for this account." in page


def test_tokens_that_cannot_be_opened_are_told_with_the_way_out(olga, connection) -> None:
    Connection.objects.update(access_token_sealed="v1.00000000.lost")
    assert said(olga.post(f"/connections/{connection.pk}/refresh/")) == [
        (
            "error",
            (
                "The tokens stored for this account can't be opened. Reconnect the account, or ask "
                "whoever runs this server to put the missing key back into TOKEN_KEYS."
            ),
        )
    ]


def test_disconnecting_says_what_is_left_to_do(olga, connection) -> None:
    assert said(olga.post(f"/connections/{connection.pk}/disconnect/")) == [
        (
            "success",
            (
                "@clay-studio is disconnected and its tokens are deleted. To withdraw the "
                "permission at Pinterest too, remove the app in your Pinterest settings."
            ),
        )
    ]
    (card,) = olga.get("/connections/").context["connections"]
    assert card["status_text"] == "Disconnected"
    assert card["refresh_url"] is None
    assert card["disconnect_url"] is None


def test_a_viewer_sees_accounts_and_no_buttons(viewer, sign_in, connection) -> None:
    page = sign_in(viewer).get("/connections/").content.decode()
    assert "Clay Studio" in page
    assert re.findall(r'action="(/connections/[^"]*)"', page) == []


def test_a_viewer_sees_members_and_can_only_leave(viewer, owner, sign_in, workspace) -> None:
    page = sign_in(viewer).get("/workspace/").content.decode()
    hers = Membership.objects.get(user=viewer)
    assert re.findall(r'action="(/workspace/(?!switch)[^"]*)"', page) == [
        f"/workspace/members/{hers.pk}/remove/"
    ]


def test_an_account_without_the_secret_boards_says_what_to_do(olga, connection) -> None:
    (card,) = olga.get("/connections/").context["connections"]
    assert card["missing_optional_scopes"] == [
        "boards:read_secret",
        "boards:write_secret",
        "pins:read_secret",
        "pins:write_secret",
    ]
    assert "Secret boards are out of reach" in olga.get("/connections/").content.decode()
