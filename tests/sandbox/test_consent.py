"""The consent page: who may ask, what Allow and Deny lead to."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.sandbox.visitor import CALLBACK, ORIGIN

ASK = {
    "client_id": "1500000",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "boards:read,pins:read",
    "state": "s t&te",
}


def ask(session, **changes):
    parameters = {name: value for name, value in (ASK | changes).items() if value is not None}
    return session.get(f"{ORIGIN}/oauth/", params=parameters)


def decide(session, decision, account_id="", **changes):
    form = ASK | {"decision": decision, "account": account_id} | changes
    return session.post(f"{ORIGIN}/oauth/", data=form, allow_redirects=False)


def landing(response):
    parts = urlsplit(response.headers["location"])
    return parts._replace(query="").geturl(), dict(parse_qsl(parts.query))


def test_the_page_names_the_app_the_accounts_and_each_scope_in_words(session, sandbox, acme):
    sandbox.add_account("bella", name="Bella & Co")
    page = ask(session)
    assert page.status_code == 200
    text = html.unescape(re.sub(r"<[^>]+>", " ", page.text))
    for words in ("PinApp", "Acme", "Bella & Co", "@bella", "See your public Pins", "Allow"):
        assert words in text
    assert "Create, update" not in text


def test_the_page_carries_the_request_through_the_form(session, acme):
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', ask(session).text))
    assert {name: html.unescape(value) for name, value in hidden.items()} == ASK


def test_allowing_redirects_with_a_code_and_the_state(session, acme):
    response = decide(session, "allow", acme.id)
    assert response.status_code == 302
    place, answer = landing(response)
    assert place == CALLBACK
    assert answer.keys() == {"code", "state"}
    assert answer["state"] == ASK["state"]


def test_denying_redirects_with_access_denied_and_the_state(session, acme):
    place, answer = landing(decide(session, "deny"))
    assert (place, answer) == (CALLBACK, {"error": "access_denied", "state": ASK["state"]})


def test_an_existing_query_of_the_redirect_address_is_kept(session, sandbox, acme):
    address = "https://shop.test/back?tenant=4&x="
    sandbox.add_app(redirect_uris=[address])
    response = decide(session, "allow", acme.id, redirect_uri=address)
    assert response.headers["location"].startswith("https://shop.test/back?tenant=4&x=&code=")


def test_without_a_state_none_is_echoed(session, acme):
    form = {name: value for name, value in ASK.items() if name != "state"}
    response = session.post(
        f"{ORIGIN}/oauth/", data=form | {"decision": "deny"}, allow_redirects=False
    )
    assert landing(response)[1] == {"error": "access_denied"}


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "999"},
        {"client_id": None},
        {"redirect_uri": CALLBACK.rstrip("/")},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": None},
        {"response_type": "token"},
        {"response_type": None},
        {"scope": "boards:read,boards:everything"},
        {"scope": " , "},
        {"scope": None},
    ],
)
def test_a_wrong_request_is_answered_on_the_page_without_a_redirect(session, acme, changes):
    page = ask(session, **changes)
    assert page.status_code == 400
    assert "location" not in page.headers
    assert "does not work" in page.text
    form = {k: v for k, v in (ASK | changes).items() if v is not None}
    posted = session.post(
        f"{ORIGIN}/oauth/",
        data=form | {"decision": "allow", "account": acme.id},
        allow_redirects=False,
    )
    assert posted.status_code == 400


def test_a_wrong_redirect_address_is_shown_escaped(session):
    page = ask(session, redirect_uri="https://x.test/<script>alert(1)</script>")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_allowing_without_an_account_asks_again(session, acme):
    page = decide(session, "allow", "12345")
    assert page.status_code == 400
    assert "Choose the account" in page.text


def test_scopes_may_be_separated_by_commas_or_blanks(session, acme):
    assert ask(session, scope="boards:read pins:read").status_code == 200
    assert ask(session, scope="boards:read,pins:read").status_code == 200


def test_no_page_holds_script_or_inline_style(session, acme):
    page = ask(session)
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
