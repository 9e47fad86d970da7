"""Codes into tokens, refresh tokens into new ones."""

import pytest

from tests.sandbox.test_consent import decide, landing
from tests.sandbox.visitor import CALLBACK, ORIGIN, Visitor, failure

APP = ("1500000", "sandbox-secret")
DAY = 86_400


def token_call(session, auth=APP, **form):
    return session.post(f"{ORIGIN}/v5/oauth/token", auth=auth, data=form)


@pytest.fixture
def code(session, acme):
    return landing(decide(session, "allow", acme.id))[1]["code"]


def redeem(session, code, **changes):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return token_call(session, **(form | changes))


def refresh(session, token, **changes):
    return token_call(
        session, **({"grant_type": "refresh_token", "refresh_token": token} | changes)
    )


def bearer(session, token):
    return Visitor(session, f"Bearer {token}")


def test_a_code_becomes_a_pair_of_tokens(session, sandbox, code):
    response = redeem(session, code)
    assert response.status_code == 200
    answer = response.json()
    assert answer.pop("access_token").startswith("pina_")
    assert answer.pop("refresh_token").startswith("pinr_")
    expires_at = answer.pop("refresh_token_expires_at")
    assert expires_at == pytest.approx(sandbox.clock.now().timestamp() + 60 * DAY, abs=5)
    assert answer == {
        "response_type": "authorization_code",
        "token_type": "bearer",
        "expires_in": 30 * DAY,
        "refresh_token_expires_in": 60 * DAY,
        "scope": "boards:read pins:read",
    }


def test_the_token_opens_what_was_allowed_and_no_more(session, code, board):
    visitor = bearer(session, redeem(session, code).json()["access_token"])
    assert visitor.get("/boards").status_code == 200
    assert failure(visitor.get("/user_account")) == (401, 3)


def test_scopes_allowed_earlier_come_along(session, acme, code):
    redeem(session, code)
    later = landing(decide(session, "allow", acme.id, scope="user_accounts:read"))[1]["code"]
    scope = redeem(session, later).json()["scope"]
    assert scope == "boards:read pins:read user_accounts:read"


def test_a_code_works_once(session, code):
    assert redeem(session, code).status_code == 200
    assert failure(redeem(session, code)) == (401, 283)


def test_a_code_expires_after_ten_minutes(session, sandbox, code):
    sandbox.clock.advance(600)
    assert failure(redeem(session, code)) == (401, 283)


def test_a_code_is_good_until_its_tenth_minute(session, sandbox, code):
    sandbox.clock.advance(595)
    assert redeem(session, code).status_code == 200


def test_a_code_belongs_to_its_app(session, sandbox, code):
    sandbox.add_app(app_id="1600000", secret="other", redirect_uris=[CALLBACK])
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert failure(token_call(session, auth=("1600000", "other"), **form)) == (401, 283)


def test_a_code_is_bound_to_its_redirect_address_and_survives_the_mistake(session, code):
    assert failure(redeem(session, code, redirect_uri=CALLBACK + "x")) == (400, 1)
    assert redeem(session, code).status_code == 200


def test_an_unknown_code_is_an_invalid_grant(session, acme):
    assert failure(redeem(session, "code_made_up")) == (401, 283)


@pytest.mark.parametrize(
    "auth", [("1500000", "wrong"), ("999", "sandbox-secret"), ("", ""), None], ids=str
)
def test_the_app_must_authenticate(session, code, auth):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert failure(token_call(session, auth=auth, **form)) == (401, 2)


@pytest.mark.parametrize(
    "header", ["Basic 1500000:sandbox-secret", "Basic !!!", "Bearer x", "Basic"]
)
def test_a_basic_header_must_be_base64(session, sandbox, header):
    response = session.post(
        f"{ORIGIN}/v5/oauth/token",
        headers={"Authorization": header},
        data={"grant_type": "refresh_token", "refresh_token": "x"},
    )
    assert failure(response) == (401, 2)


def test_credentials_in_the_body_do_not_count(session, code):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": APP[0],
        "client_secret": APP[1],
    }
    assert failure(token_call(session, auth=None, **form)) == (401, 2)


@pytest.mark.parametrize("missing", ["grant_type", "code", "redirect_uri"])
def test_a_missing_field_is_named(session, code, missing):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    del form[missing]
    response = token_call(session, **form)
    assert failure(response) == (400, 1)
    assert missing in response.json()["message"]


def test_json_is_not_a_form(session, code):
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    response = session.post(f"{ORIGIN}/v5/oauth/token", auth=APP, json=body)
    assert failure(response) == (400, 1)


def test_an_unknown_grant_is_refused(session, sandbox):
    assert failure(token_call(session, grant_type="password")) == (400, 1)


def test_a_trailing_slash_is_not_found(session, sandbox):
    response = session.post(f"{ORIGIN}/v5/oauth/token/", auth=APP, data={"grant_type": "x"})
    assert failure(response) == (404, 404)


def test_only_post_gets_tokens(session, sandbox):
    assert failure(session.get(f"{ORIGIN}/v5/oauth/token", auth=APP)) == (405, 5)


def test_refreshing_gives_a_new_pair_and_kills_the_old_refresh_token(session, sandbox, acme):
    old = sandbox.issue_token(acme)
    answer = refresh(session, old.refresh_token).json()
    assert answer["response_type"] == "refresh_token"
    assert answer["refresh_token"] != old.refresh_token
    assert answer["scope"] == " ".join(old.scopes)
    assert failure(refresh(session, old.refresh_token)) == (401, 283)
    assert refresh(session, answer["refresh_token"]).status_code == 200


def test_refreshing_leaves_the_old_access_token_alive(session, sandbox, acme):
    old = sandbox.issue_token(acme)
    refresh(session, old.refresh_token)
    assert Visitor(session, old.authorization).get("/user_account").status_code == 200


def test_lenient_rotation_spares_the_old_refresh_token(session, sandbox, acme):
    sandbox.settings.rotation = "lenient"
    old = sandbox.issue_token(acme)
    assert refresh(session, old.refresh_token).status_code == 200
    assert refresh(session, old.refresh_token).status_code == 200


def test_refreshing_may_narrow_scopes_but_not_widen_them(session, sandbox, acme):
    wide = sandbox.issue_token(acme, ["boards:read", "pins:read"])
    assert failure(refresh(session, wide.refresh_token, scope="pins:write")) == (400, 1)
    narrow = refresh(session, wide.refresh_token, scope="boards:read").json()
    assert narrow["scope"] == "boards:read"


def test_access_dies_after_thirty_days_and_refresh_after_sixty(session, sandbox, acme):
    token = sandbox.issue_token(acme)
    visitor = Visitor(session, token.authorization)
    sandbox.clock.advance(30 * DAY - 10)
    assert visitor.get("/user_account").status_code == 200
    sandbox.clock.advance(10)
    assert failure(visitor.get("/user_account")) == (401, 2)
    sandbox.clock.advance(30 * DAY)
    assert failure(refresh(session, token.refresh_token)) == (401, 283)


def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(session, sandbox, acme):
    token = sandbox.issue_token(acme)
    assert failure(refresh(session, token.access_token)) == (401, 283)
    assert failure(bearer(session, token.refresh_token).get("/user_account")) == (401, 2)


def test_revoking_is_for_system_users_only(session, sandbox, acme):
    token = sandbox.issue_token(acme)
    address = f"{ORIGIN}/v5/oauth/token/revoke"
    response = session.post(address, auth=APP, data={"token": token.access_token})
    assert failure(response) == (403, 29)
    assert failure(session.post(address, data={"token": "x"})) == (401, 2)
    assert failure(session.post(address, auth=APP, data={"x": "y"})) == (400, 1)


def test_secrets_stay_out_of_reprs_and_records(session, sandbox, acme, code):
    token = sandbox.issue_token(acme)
    redeem(session, code)
    known = repr(token) + repr(sandbox.records) + repr(list(sandbox.requests))
    for secret in (token.access_token, token.refresh_token, code, "sandbox-secret"):
        assert secret not in known
