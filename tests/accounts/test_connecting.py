"""Connecting an account through the real pages, to the consent page and back."""

import base64
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.db import connection as database
from django.utils import timezone

from accounts import wire
from accounts.models import Connection, Membership, Workspace
from accounts.policy import Role
from sandbox.faults import Fault
from sandbox.sandbox import DEFAULT_APP_ID
from sandbox.scopes import PUBLISHING, SECRET
from tests import factories
from tests.accounts.consent import allow, begin, come_back, connect_through_pages, deny, question
from tests.accounts.consent import said as _said
from tests.conftest import CALLBACK

NOT_VALID = (
    "error",
    (
        "That answer from Pinterest was not valid any more: it was used before, took too long "
        "or began in another browser. Nothing was changed; please connect again."
    ),
)
ALL_SCOPES = sorted([*PUBLISHING, *SECRET])
SIGN_IN_AGAIN = ("error", "Sign in as an editor of the workspace, then connect again.")


def said(response) -> list[tuple[str, str]]:
    assert response.status_code == 302
    assert response["Location"] == "/connections/"
    return _said(response)


@pytest.fixture
def edda(editor, sign_in):
    return sign_in(editor)


# The question


def test_the_consent_page_is_asked_for_exactly_what_pinterest_registers(edda, sandbox) -> None:
    url = begin(edda)
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://pinterest.test/oauth/"
    asked = question(url)
    state = asked.pop("state")
    assert sorted(asked.pop("scope").split(",")) == ALL_SCOPES
    assert asked == {
        "client_id": DEFAULT_APP_ID,
        "redirect_uri": CALLBACK,
        "response_type": "code",
    }
    assert len(base64.urlsafe_b64decode(f"{state}=")) == 32


def test_every_question_has_a_state_of_its_own(edda, sandbox) -> None:
    states = {question(begin(edda))["state"] for _ in range(5)}
    assert len(states) == 5


def test_scopes_in_the_address_are_not_a_visitors_choice(edda, sandbox) -> None:
    url = begin(edda, "/connections/connect/?scope=ads:write&auth_params=x%3Dy")
    assert sorted(question(url)) == ["client_id", "redirect_uri", "response_type", "scope", "state"]
    assert sorted(question(url)["scope"].split(",")) == ALL_SCOPES


def test_connecting_is_never_begun_by_a_link(edda, sandbox) -> None:
    assert edda.get("/connections/connect/").status_code == 405


def test_without_an_app_the_page_says_who_can_help(edda, sandbox, settings) -> None:
    settings.PINTEREST_APP_ID = ""
    assert said(edda.post("/connections/connect/")) == [
        (
            "error",
            (
                "No Pinterest app is configured. Whoever runs this server must set "
                "PINTEREST_APP_ID and PINTEREST_APP_SECRET first."
            ),
        )
    ]


# The answer


def test_an_allowed_account_is_connected(edda, sandbox, studio, workspace, editor) -> None:
    assert said(connect_through_pages(edda, studio)) == [("success", "@clay-studio is connected.")]
    connection = Connection.objects.get()
    assert connection.workspace == workspace
    assert connection.pinterest_id == studio.id
    assert connection.username == "clay-studio"
    assert connection.display_name == "Clay Studio"
    assert connection.account_type == "BUSINESS"
    assert connection.status == "active"
    assert connection.scopes == ALL_SCOPES
    assert connection.connected_by == editor
    lifetime = connection.access_expires_at - connection.tokens_renewed_at
    assert lifetime == timedelta(days=30)
    assert connection.refresh_expires_at - connection.tokens_renewed_at == timedelta(days=60)


def test_tokens_are_sealed_in_the_database_and_allauth_keeps_none(edda, sandbox, studio) -> None:
    said(connect_through_pages(edda, studio))
    rows = []
    for table in database.introspection.table_names():
        with database.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - Django's own names
            rows += [str(value) for row in cursor.fetchall() for value in row]
    assert [value for value in rows if re.search(r"pin[ar]_", value)] == []
    assert SocialToken.objects.count() == 0
    assert SocialAccount.objects.count() == 0
    assert SocialApp.objects.count() == 0


def test_the_stored_token_is_the_one_that_pinterest_gave(edda, sandbox, studio) -> None:
    said(connect_through_pages(edda, studio))
    connection = Connection.objects.get()
    token = wire.sealer().open(
        connection.access_token_sealed, place=connection.token_place("access_token")
    )
    session = wire.pinterest_session()
    url = "http://pinterest.test/v5/user_account"
    answer = session.get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["id"] == studio.id


def test_connecting_does_not_sign_anybody_in(edda, sandbox, studio, editor) -> None:
    said(connect_through_pages(edda, studio))
    assert edda.get("/connections/").context["user"] == editor


def test_more_scopes_than_asked_for_are_fine(edda, sandbox, studio) -> None:
    studio.approved[DEFAULT_APP_ID] = ["ads:read"]
    assert said(connect_through_pages(edda, studio)) == [("success", "@clay-studio is connected.")]
    assert Connection.objects.get().scopes == sorted([*PUBLISHING, *SECRET, "ads:read"])


def test_a_missing_scope_is_named_and_nothing_is_stored(edda, sandbox, studio) -> None:
    callback = allow(begin(edda), studio)
    for code in sandbox.records.codes.values():
        code.scopes = ["user_accounts:read", "boards:read", "pins:read", "boards:write"]
    studio.approved.clear()
    assert said(come_back(edda, callback)) == [
        (
            "error",
            (
                "Pinterest did not grant everything PinApp needs to publish. Missing: pins:write. "
                "Connect again and allow all of it."
            ),
        )
    ]
    assert Connection.objects.count() == 0


def test_denied_consent_connects_nothing(edda, sandbox) -> None:
    assert said(come_back(edda, deny(begin(edda)))) == [
        (
            "warning",
            (
                "You did not allow access at Pinterest, so nothing was connected. "
                "You can try again at any time."
            ),
        )
    ]
    assert Connection.objects.count() == 0


def test_another_error_of_the_consent_page_is_not_blamed_on_the_person(edda, sandbox) -> None:
    state = question(begin(edda))["state"]
    response = edda.get(f"/connections/pinterest/callback/?error=server_error&state={state}")
    assert said(response) == [
        (
            "error",
            (
                "Pinterest could not ask for your permission, so nothing was changed. Try again "
                "in a moment. If it stays, ask whoever runs this server to check the app at "
                "Pinterest."
            ),
        )
    ]


def test_a_callback_without_a_code_changes_nothing(edda, sandbox) -> None:
    state = question(begin(edda))["state"]
    response = edda.get(f"/connections/pinterest/callback/?state={state}")
    assert [level for level, _ in said(response)] == ["error"]
    assert Connection.objects.count() == 0


# The state


@pytest.mark.parametrize("query", ["code=c", "code=c&state=", "code=c&state=wrong", "", "state=x"])
def test_an_answer_that_nobody_asked_for_is_refused(edda, sandbox, query: str) -> None:
    begin(edda)
    response = edda.get(f"/connections/pinterest/callback/?{query}")
    assert said(response) == [NOT_VALID]
    assert [entry.path for entry in sandbox.requests] == []


def test_a_state_works_once(edda, sandbox, studio) -> None:
    consent_url = begin(edda)
    said(come_back(edda, allow(consent_url, studio)))
    Connection.objects.all().delete()
    assert said(come_back(edda, allow(consent_url, studio))) == [NOT_VALID]
    assert Connection.objects.count() == 0


def test_a_failed_answer_uses_its_state_up_too(edda, sandbox, studio) -> None:
    consent_url = begin(edda)
    said(come_back(edda, deny(consent_url)))
    assert said(come_back(edda, allow(consent_url, studio))) == [NOT_VALID]


def test_somebody_elses_answer_is_refused(edda, sandbox, studio, owner, sign_in) -> None:
    """A planted callback would connect an attacker's account to the victim's workspace."""
    callback = allow(begin(sign_in(owner)), studio)
    assert said(come_back(edda, callback)) == [NOT_VALID]
    assert Connection.objects.count() == 0


def test_an_answer_after_ten_minutes_is_refused(edda, sandbox, studio) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        callback = allow(begin(edda), studio)
        clock.shift(timedelta(minutes=10, seconds=1))
        assert said(come_back(edda, callback)) == [NOT_VALID]
    assert Connection.objects.count() == 0


def test_the_account_goes_to_the_workspace_where_connecting_began(
    edda, sandbox, studio, workspace, editor
) -> None:
    elsewhere = factories.WorkspaceFactory(name="Tiles")
    Membership.objects.create(workspace=elsewhere, user=editor, role=Role.OWNER)
    callback = allow(begin(edda), studio)
    edda.post("/workspace/switch/", {"workspace": elsewhere.pk})
    assert said(come_back(edda, callback)) == [("success", "@clay-studio is connected.")]
    assert Connection.objects.get().workspace == workspace
    # The page that follows shows it: it is the page of that workspace.
    shown = edda.get("/connections/").context
    assert shown["workspace"] == workspace
    assert [card["username"] for card in shown["connections"]] == ["clay-studio"]


def test_who_signed_out_meanwhile_connects_nothing(edda, sandbox, studio) -> None:
    callback = allow(begin(edda), studio)
    edda.post("/accounts/logout/")
    assert said(come_back(edda, callback))[-1:] == [NOT_VALID]
    assert Connection.objects.count() == 0


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_lost_the_role_meanwhile_connects_nothing(
    edda, sandbox, studio, editor, role: Role | None
) -> None:
    callback = allow(begin(edda), studio)
    if role is None:
        Membership.objects.filter(user=editor).delete()
    else:
        Membership.objects.filter(user=editor).update(role=role)
    assert said(come_back(edda, callback)) == [SIGN_IN_AGAIN]
    assert Connection.objects.count() == 0


def test_a_deleted_workspace_gets_no_account(edda, sandbox, studio, workspace) -> None:
    callback = allow(begin(edda), studio)
    Workspace.objects.filter(pk=workspace.pk).delete()
    assert said(come_back(edda, callback)) == [SIGN_IN_AGAIN]


# Pinterest fails

UNREADABLE = (
    "Pinterest's answer could not be read. Try again later. If it stays, ask an administrator to "
    "check the Pinterest API URL."
)
ITS_OWN_PROBLEM = (
    "Pinterest has a problem of its own. Try again later. If it lasts for hours, look at "
    "Pinterest's status page."
)
FAILURES = {
    "an HTML page": ({"kind": "status", "status": 200, "body": "html"}, UNREADABLE),
    "an empty answer": ({"kind": "status", "status": 200, "body": "empty"}, UNREADABLE),
    "JSON without tokens": ({"kind": "status", "status": 200, "body": "json"}, UNREADABLE),
    "a fault of its own": ({"kind": "status", "status": 500}, ITS_OWN_PROBLEM),
    "a gateway's page": ({"kind": "status", "status": 502, "body": "html"}, ITS_OWN_PROBLEM),
    "too many requests": (
        {"kind": "status", "status": 429},
        "Pinterest asks us to slow down. Wait for the limit to reset, then try again.",
    ),
    "silence": (
        {"kind": "latency", "seconds": 3600},
        "Pinterest did not answer in time. Try again in a moment.",
    ),
    "a broken connection": (
        {"kind": "drop"},
        "The connection to Pinterest broke before it answered. Try again in a moment.",
    ),
}


@pytest.mark.parametrize("route", ["POST /v5/oauth/token", "GET /v5/user_account"])
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_pinterest_is_told_in_a_sentence_and_nothing_is_stored(
    edda, sandbox, studio, route: str, failure: str
) -> None:
    fault, sentence = FAILURES[failure]
    callback = allow(begin(edda), studio)
    sandbox.arm(Fault(route=route, **fault))
    assert said(come_back(edda, callback)) == [("error", sentence)]
    assert Connection.objects.count() == 0


def test_a_wrong_app_secret_is_the_administrators_business(edda, sandbox, studio, settings) -> None:
    settings.PINTEREST_APP_SECRET = "mistyped"
    assert said(connect_through_pages(edda, studio)) == [
        (
            "error",
            (
                "Pinterest does not recognise this server's app. "
                "Pinterest says: “Authentication failed.” Ask an administrator to check the "
                "Pinterest app ID and app secret in the settings."
            ),
        )
    ]


def test_a_code_that_expired_at_pinterest_is_told_as_such(edda, sandbox, studio) -> None:
    callback = allow(begin(edda), studio)
    sandbox.clock.advance(timedelta(hours=1))
    assert said(come_back(edda, callback)) == [
        (
            "error",
            (
                "Pinterest no longer accepts this permission: it was used before or took too long. "
                "Nothing was changed; please connect again."
            ),
        )
    ]
    assert Connection.objects.count() == 0


# Who may


def test_a_viewer_cannot_connect(viewer, sign_in, sandbox) -> None:
    response = sign_in(viewer).post("/connections/connect/")
    assert response.status_code == 403
    assert "This takes the role of editor in Clay; yours is viewer." in response.content.decode()


@pytest.mark.parametrize("action", ["reconnect", "refresh", "disconnect"])
def test_a_stranger_finds_no_accounts_of_others(
    stranger, sign_in, connection, sandbox, action: str
) -> None:
    before = len(sandbox.requests)
    url = f"/connections/{connection.pk}/{action}/"
    assert sign_in(stranger).post(url).status_code == 404
    connection.refresh_from_db()
    assert connection.status == "active"
    assert len(sandbox.requests) == before


# Identity


def test_the_same_account_under_a_new_username_is_the_same_connection(
    edda, sandbox, studio
) -> None:
    said(connect_through_pages(edda, studio))
    first = Connection.objects.get()
    sandbox.rename_account(studio, "clay-works")
    studio.name = "Clay Works"
    assert said(connect_through_pages(edda, studio)) == [("success", "@clay-works is reconnected.")]
    again = Connection.objects.get()
    assert again.pk == first.pk
    assert (again.username, again.display_name) == ("clay-works", "Clay Works")
    assert again.access_token_sealed != first.access_token_sealed


def test_a_recycled_username_is_another_account(edda, sandbox, studio) -> None:
    said(connect_through_pages(edda, studio))
    first = Connection.objects.get()
    sandbox.rename_account(studio, "clay-works")
    newcomer = sandbox.add_account("clay-studio", name="Somebody else")
    assert said(connect_through_pages(edda, newcomer)) == [
        ("success", "@clay-studio is connected.")
    ]
    kept = Connection.objects.get(pinterest_id=studio.id)
    second = Connection.objects.get(pinterest_id=newcomer.id)
    assert kept.access_token_sealed == first.access_token_sealed
    assert (kept.pk, kept.display_name) == (first.pk, "Clay Studio")
    assert second.pk != first.pk


def test_an_account_that_was_never_lost_does_not_need_reconnecting(
    edda, sandbox, studio, connection
) -> None:
    tiles = sandbox.add_account("tile-house")
    url = f"/connections/{connection.pk}/reconnect/"
    ((_, text),) = said(connect_through_pages(edda, tiles, url))
    assert text.endswith(
        "It is connected now. Nothing changed for @clay-studio, which is connected."
    )


def test_reconnecting_as_another_account_is_told(edda, sandbox, studio, connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    tiles = sandbox.add_account("tile-house")
    url = f"/connections/{connection.pk}/reconnect/"
    assert said(connect_through_pages(edda, tiles, url)) == [
        (
            "warning",
            (
                "You signed in to Pinterest as @tile-house, which is another account. "
                "It is connected now. @clay-studio, which you meant to reconnect, is still not "
                "connected."
            ),
        )
    ]
    connection.refresh_from_db()
    assert connection.status == "needs_reconnecting"
    assert Connection.objects.get(pinterest_id=tiles.id).status == "active"


def test_reconnecting_makes_a_lost_connection_work_again(edda, sandbox, studio, connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(
        status="needs_reconnecting", lost_reason="Pinterest said so."
    )
    url = f"/connections/{connection.pk}/reconnect/"
    assert said(connect_through_pages(edda, studio, url)) == [
        ("success", "@clay-studio is reconnected.")
    ]
    connection.refresh_from_db()
    assert (connection.status, connection.lost_reason) == ("active", "")


def test_two_workspaces_connect_the_same_account_without_seeing_each_other(
    edda, sandbox, studio, stranger, sign_in
) -> None:
    said(connect_through_pages(edda, studio))
    stan = sign_in(stranger)
    assert stan.get("/connections/").context["connections"] == []
    assert said(connect_through_pages(stan, studio)) == [("success", "@clay-studio is connected.")]
    ours, theirs = Connection.objects.order_by("connected_at")
    assert ours.access_token_sealed != theirs.access_token_sealed
    assert [card["id"] for card in edda.get("/connections/").context["connections"]] == [
        str(ours.pk)
    ]
    assert [card["id"] for card in stan.get("/connections/").context["connections"]] == [
        str(theirs.pk)
    ]
