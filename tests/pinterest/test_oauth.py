"""Codes and refresh tokens at the token endpoint."""

import base64
import logging
from urllib.parse import parse_qs

import pytest

from pinterest.config import PinterestApp
from pinterest.errors import RefusalReason, Refused, Trouble, Unavailable
from pinterest.http import open_session
from pinterest.oauth import (
    OPTIONAL_SCOPES,
    REQUIRED_SCOPES,
    exchange_code,
    missing_scopes,
    refresh,
)
from tests.pinterest.loopback import drop, respond, respond_json, serve

GRANT = {
    "access_token": "pina_NEW",
    "refresh_token": "pinr_NEW",
    "response_type": "authorization_code",
    "token_type": "bearer",
    "expires_in": 2592000,
    "refresh_token_expires_in": 5184000,
    "scope": "boards:read boards:write,pins:read  pins:write user_accounts:read ads:read",
}


def app_at(url):
    return PinterestApp("1234567", "app-SECRET", f"{url}/v5", "https://www.pinterest.com/oauth/")


def exchange_at(url):
    return exchange_code(
        session=open_session(),
        app=app_at(url),
        code="code-SECRET",
        redirect_uri="http://127.0.0.1:8000/connections/pinterest/callback/",
    )


def refresh_at(url):
    return refresh(session=open_session(), app=app_at(url), refresh_token="pinr_SECRET")


def parts_of(request):
    head, _, body = request.decode().partition("\r\n\r\n")
    return head.split("\r\n"), {name: values[0] for name, values in parse_qs(body).items()}


def test_a_code_is_exchanged_with_basic_auth_and_a_form():
    with serve(respond_json(200, GRANT)) as server:
        grant = exchange_at(server.url)
    head, form = parts_of(server.requests[0])
    basic = base64.b64encode(b"1234567:app-SECRET").decode()
    assert head[0] == "POST /v5/oauth/token HTTP/1.1"
    assert f"Authorization: Basic {basic}" in head
    assert "Content-Type: application/x-www-form-urlencoded" in head
    assert form == {
        "grant_type": "authorization_code",
        "code": "code-SECRET",
        "redirect_uri": "http://127.0.0.1:8000/connections/pinterest/callback/",
        "continuous_refresh": "true",
    }
    assert (grant.access_token, grant.refresh_token) == ("pina_NEW", "pinr_NEW")
    assert (grant.expires_in, grant.refresh_token_expires_in) == (2592000, 5184000)
    assert grant.scopes == {*REQUIRED_SCOPES, "ads:read"}


def test_a_refresh_sends_the_old_token_and_returns_both_new_ones():
    with serve(respond_json(200, GRANT)) as server:
        grant = refresh_at(server.url)
    _, form = parts_of(server.requests[0])
    assert form == {"grant_type": "refresh_token", "refresh_token": "pinr_SECRET"}
    assert (grant.access_token, grant.refresh_token) == ("pina_NEW", "pinr_NEW")


def test_a_grant_without_a_refresh_token_is_still_a_grant():
    said = {"access_token": "pina_NEW", "expires_in": 60, "scope": "", "token_type": "bearer"}
    with serve(respond_json(200, said)) as server:
        grant = exchange_at(server.url)
    assert (grant.refresh_token, grant.refresh_token_expires_in) == (None, None)
    assert grant.scopes == frozenset()


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (401, {"code": 283, "message": "authorization grant is invalid"}, "grant_refused"),
        (400, {"error": "invalid_grant"}, "grant_refused"),
        (401, {"code": 2, "message": "Authentication failed."}, "app_credentials_wrong"),
        (400, {"code": 1, "message": "redirect_uri does not match"}, "invalid"),
    ],
)
@pytest.mark.parametrize("ask", [exchange_at, refresh_at])
def test_a_refusal_tells_a_dead_grant_from_wrong_app_credentials(ask, status, said, reason):
    with serve(respond_json(status, said)) as server, pytest.raises(Refused) as caught:
        ask(server.url)
    assert caught.value.reason is RefusalReason(reason)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (respond(200, b"<html>Log in</html>"), Trouble.BAD_ANSWER),
        (respond(200, b""), Trouble.BAD_ANSWER),
        (respond_json(200, {"access_token": "pina_x"}), Trouble.BAD_ANSWER),
        (respond_json(200, {**GRANT, "access_token": ""}), Trouble.BAD_ANSWER),
        (respond_json(200, {**GRANT, "expires_in": 0}), Trouble.BAD_ANSWER),
        (respond_json(200, [GRANT]), Trouble.BAD_ANSWER),
        (respond(500, b"<h1>Oops</h1>"), Trouble.SERVER_ERROR),
        (respond_json(429, {"code": 8, "message": "slow down"}), Trouble.RATE_LIMITED),
        (respond(302, Location="https://www.pinterest.com/"), Trouble.REDIRECTED),
        (drop, Trouble.DROPPED),
    ],
)
@pytest.mark.parametrize("ask", [exchange_at, refresh_at])
def test_an_endpoint_out_of_order_keeps_the_connection_and_says_try_later(ask, script, reason):
    with serve(script) as server, pytest.raises(Unavailable) as caught:
        ask(server.url)
    assert caught.value.reason is reason


def test_no_secret_shows_anywhere(caplog):
    caplog.set_level(logging.DEBUG)
    echo = {"code": 283, "message": "bad refresh_token=pinr_SECRET and code=code-SECRET"}
    with serve(respond_json(401, echo)) as server:
        with pytest.raises(Refused) as caught:
            refresh_at(server.url)
        shown = [caplog.text, repr(caught.value), str(caught.value), repr(app_at(server.url))]
    with serve(respond_json(200, {**GRANT, "access_token": "pina_SECRET"})) as server:
        shown.append(repr(refresh_at(server.url)))
    assert "SECRET" not in "\n".join(shown)
    assert "pinr_NEW" not in "\n".join(shown)


def test_scopes_are_complete_when_more_was_granted_than_asked_for():
    assert missing_scopes({*REQUIRED_SCOPES, "ads:read"}, REQUIRED_SCOPES) == frozenset()
    assert missing_scopes(["pins:read"], ["pins:read", "pins:write"]) == {"pins:write"}
    assert not set(REQUIRED_SCOPES) & set(OPTIONAL_SCOPES)
