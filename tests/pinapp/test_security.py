"""Headers on every page, no markup that the policy must excuse, checks before going live."""

import re
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation
from accounts.policy import Role
from accounts.services.invitations import hash_token
from foundation.security_headers import FOR_OTHER_SITES, PERMISSIONS_POLICY
from publishing.media.services.media import store_picture
from tests import factories
from tests.interactions.asking import DoorClient

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob: https://i.pinimg.com https://s.pinimg.com http://127.0.0.1:9",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "form-action 'self' http://127.0.0.1:9",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
OPEN = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/made-up/",
    "/accounts/inactive/",
    "/nothing/here/",
]
FOR_MEMBERS = [
    "/",
    "/connections/",
    "/workspace/",
    "/workspace/new/",
    "/accounts/profile/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/reauthenticate/",
    "/pins/",
    "/pins/new",
    "/nothing/here/",
    "/admin/",
    "/admin/accounts/connection/",
    "/admin/accounts/user/",
]
_TAG = re.compile(r"<(?!!)[a-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)


def excused(markup: str) -> list[str]:
    """What a page has that the policy forbids: inline scripts, styles and handlers."""
    tags = _TAG.findall(markup)
    return [
        tag
        for tag in tags
        if re.search(r"\s(style|on[a-z]+|hx-on\S*)\s*=", tag)
        or re.match(r"<style\b", tag, re.IGNORECASE)
        or re.match(r"<script(?![^>]*\ssrc=)(?![^>]*\stype=\"application/json\")", tag)
        or "javascript:" in tag.lower()
    ]


@pytest.fixture
def ada(db, workspace, sign_in, settings) -> Client:
    """An owner who may use the admin pages too, and has just confirmed that it is her."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = factories.member(workspace, "ada", Role.OWNER)
    person.is_staff = person.is_superuser = True
    person.set_password("four-unrelated-words")
    person.save()
    browser = sign_in(person)
    browser.post("/accounts/reauthenticate/", {"password": "four-unrelated-words"})
    return browser


def inspect(response) -> None:
    policy = response["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";")} == POLICY
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert "no-store" in response["Cache-Control"]
    assert excused(response.content.decode()) == []


@pytest.mark.parametrize("path", OPEN)
def test_an_open_page_is_within_the_policy(db, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == (404 if path == "/nothing/here/" else 200)
    inspect(response)


@pytest.mark.parametrize("path", FOR_MEMBERS)
def test_a_members_page_is_within_the_policy(ada, connection, path: str) -> None:
    response = ada.get(path)
    assert response.status_code == (404 if path == "/nothing/here/" else 200)
    inspect(response)


def test_pages_that_refuse_are_within_the_policy(viewer, sign_in, db) -> None:
    refused = sign_in(viewer).post("/connections/connect/")
    assert refused.status_code == 403
    inspect(refused)
    strict = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert strict.status_code == 403
    inspect(strict)
    bad = Client().get("/", headers={"host": "evil.example"})
    assert bad.status_code == 400
    assert excused(bad.content.decode()) == []


def test_what_other_sites_show_is_theirs_to_show(db) -> None:
    """The doors of the button; everything else is for our own pages."""
    browser = DoorClient(headers={"origin": "https://shop.example"})
    may = {name: text for name, text in FOR_OTHER_SITES.items() if name != "Cache-Control"}
    for path in ("/pinit.js", "/interactions/verify/pinit/x.jpg", "/interactions/pictures/x.jpg"):
        for answer in (browser.get(path), browser.head(path)):
            assert answer.status_code == 200
            assert {name: answer[name] for name in may} == may, path
    for answer in (
        browser.get("/interactions/offer?site=x&entity=y"),
        browser.post("/interactions", "{}", content_type="text/plain"),
        browser.delete("/interactions/verify/pinit/x.jpg"),
    ):
        assert answer.status_code in (403, 405, 422)
        assert {name: answer[name] for name in FOR_OTHER_SITES} == FOR_OTHER_SITES
    for path in ("/healthz", "/readyz", "/metrics", "/static/img/nothing.svg", "/favicon.ico"):
        assert browser.get(path)["Cross-Origin-Resource-Policy"] == "same-origin", path


def test_a_members_picture_stays_in_their_own_browser(owner, sign_in, workspace) -> None:
    media = store_picture(workspace=workspace, by=owner, data=factories.picture())
    answer = sign_in(owner).get(f"/pins/media/{media.pk}/")
    assert "private" in answer["Cache-Control"]
    assert "no-store" in Client().get(f"/pins/media/{media.pk}/")["Cache-Control"]


def test_an_invitation_is_within_the_policy(workspace, owner, sign_in) -> None:
    Invitation.objects.create(
        workspace=workspace,
        email="olga@example.com",
        role=Role.EDITOR,
        token_hash=hash_token("made-up"),
        invited_by=owner,
        expires_at=timezone.now() + timedelta(days=1),
    )
    response = sign_in(owner).get("/workspace/invitations/made-up/")
    assert response.status_code == 200
    inspect(response)


def test_the_inspection_sees_what_it_is_for() -> None:
    markup = '<p style="x"><a onclick="x"><script>x</script><style>x</style><a href="javascript:x">'
    assert len(excused(markup)) == 5
    allowed = '<script src="/static/app.js" defer></script><p class="style" data-online="1">'
    assert excused(allowed) == []


def test_a_host_that_is_not_ours_is_refused(db) -> None:
    assert Client().get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(owner) -> None:
    owner.set_password("four-unrelated-words")
    owner.save()
    browser = Client()
    browser.get("/accounts/login/")
    data = {"login": "olga@example.com", "password": "four-unrelated-words"}
    assert browser.post("/accounts/login/", data).status_code == 302
    found = {
        name: (cookie["httponly"], cookie["samesite"]) for name, cookie in browser.cookies.items()
    }
    assert found == {"csrftoken": (True, "Lax"), "sessionid": (True, "Lax")}


# Before going live


def problems(check_id: str) -> list[str]:
    found = run_checks(include_deployment_checks=True)
    return [str(message.msg) for message in found if message.id == check_id]


def test_the_demo_must_be_off_in_production(settings) -> None:
    settings.DEMO = True
    assert problems("pinapp.E001") == ["DEMO is on: sent mail can be read at /demo/mail/."]
    settings.DEMO = False
    assert problems("pinapp.E001") == []


@pytest.mark.parametrize("missing", ["PINTEREST_APP_ID", "PINTEREST_APP_SECRET"])
def test_a_server_without_a_pinterest_app_is_warned(settings, missing: str) -> None:
    assert problems("accounts.W001") == []
    setattr(settings, missing, "")
    assert problems("accounts.W001") == [
        "No Pinterest app is configured, so nobody can connect an account."
    ]
