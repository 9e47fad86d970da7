"""Signing up, confirming an address, signing in, forgetting a password, and whose clock counts."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from accounts.models import Connection, Membership, User
from accounts.policy import Role, is_time_zone, time_zone_names
from tests import factories
from tests.accounts.test_workspaces import link_in, send
from tests.markup import squeezed

PASSWORD = "four-unrelated-words"


def sign_up(browser: Client, **more: str):
    data = {"email": "Nina@Example.com", "password1": PASSWORD, "password2": PASSWORD, **more}
    return browser.post("/accounts/signup/", data)


def attempt(browser: Client, email: str = "nina@example.com", password: str = PASSWORD, **more):
    return browser.post("/accounts/login/", {"login": email, "password": password, **more})


def path_in(mail, start: str) -> str:
    (path,) = re.findall(rf"^http://testserver({start}\S+)$", mail.body, re.MULTILINE)
    return path


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.fixture
def nina(db) -> User:
    person = factories.member(factories.WorkspaceFactory(name="Nina's"), "nina", Role.OWNER)
    person.password = make_password(PASSWORD)
    person.save()
    return person


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# Signing up


def test_sign_up_keeps_the_name_and_the_browsers_time_zone(client, db) -> None:
    response = sign_up(client, name="Nina Noor", time_zone="America/New_York")
    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    person = User.objects.get()
    assert (person.email, person.name) == ("nina@example.com", "Nina Noor")
    assert person.time_zone == "America/New_York"


def test_mails_go_to_the_domain_that_was_meant(client, db, mailoutbox) -> None:
    sign_up(client, email="Nina@Straße.example")
    assert User.objects.get().email == "nina@straße.example"
    (mail,) = mailoutbox
    assert mail.to == ["nina@xn--strae-oqa.example"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "x" * 65, "Europe/Berlin\x01", " "])
def test_a_junk_time_zone_of_the_browser_is_ignored(client, db, zone: str) -> None:
    assert sign_up(client, time_zone=zone)["Location"] == "/accounts/confirm-email/"
    assert User.objects.get().time_zone == ""


def test_without_a_script_there_is_no_time_zone_and_that_is_fine(client, db) -> None:
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    assert User.objects.get().time_zone == ""


def test_an_unconfirmed_address_does_not_sign_in(client, db, mailoutbox) -> None:
    sign_up(client)
    other = Client()
    response = attempt(other)
    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    assert not is_signed_in(client)
    assert not is_signed_in(other)


def test_the_link_in_the_mail_confirms_the_address_and_signs_in(client, db, mailoutbox) -> None:
    sign_up(client)
    (mail,) = mailoutbox
    assert mail.subject == "Welcome to PinApp: confirm your e-mail address"
    link = path_in(mail, "/accounts/confirm-email/")
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get().verified
    assert client.post(link)["Location"] == "/"
    assert EmailAddress.objects.get().verified
    assert is_signed_in(client)


def test_an_address_that_is_taken_is_not_betrayed(client, nina, mailoutbox) -> None:
    response = sign_up(client)
    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    assert User.objects.count() == 1
    assert mailoutbox[0].subject == "You already have an account"


def test_an_invited_newcomer_signs_up_and_lands_at_the_invitation(
    client, owner, workspace, sign_in, mailoutbox
) -> None:
    send(sign_in(owner))
    invitation = link_in(mailoutbox.pop())
    signing_in = client.get(invitation, follow=True)
    (sign_up_link,) = re.findall(r'href="(/accounts/signup/[^"]*)"', signing_in.content.decode())
    assert parse_qs(urlsplit(sign_up_link).query) == {"next": [invitation]}
    sign_up(client, next=invitation)
    response = client.post(path_in(mailoutbox[0], "/accounts/confirm-email/"))
    assert response["Location"] == invitation
    client.post(invitation)
    newcomer = User.objects.get(email="nina@example.com")
    assert [each.workspace for each in newcomer.memberships.all()] == [workspace]


# Signing in


def test_the_right_password_signs_in_in_any_case_of_the_address(client, nina) -> None:
    assert attempt(client, "NINA@example.com")["Location"] == "/"
    assert is_signed_in(client)


def test_a_sign_in_does_not_lead_to_another_site(client, nina) -> None:
    assert attempt(client, next="https://evil.example/")["Location"] == "/"


def test_a_switched_off_account_is_told_so(client, nina) -> None:
    User.objects.update(is_active=False)
    assert attempt(client)["Location"] == "/accounts/inactive/"
    assert not is_signed_in(client)


def test_guessing_passwords_is_stopped_even_for_the_right_one(client, nina) -> None:
    for number in range(5):
        attempt(client, password=f"guess-{number}")
    response = attempt(client)
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        "Too many failed login attempts. Try again later."
    ]
    assert not is_signed_in(client)


def test_too_many_requests_get_a_page_that_says_what_to_do(client, db) -> None:
    for _ in range(30):
        attempt(client, "somebody@example.com")
    response = attempt(client, "somebody@example.com")
    assert response.status_code == 429
    page = response.content.decode()
    assert "Wait a few minutes, then try again." in page
    assert "app.css" in page


def test_a_forgotten_password_is_replaced_through_the_mail(client, nina, mailoutbox) -> None:
    response = client.post("/accounts/password/reset/", {"email": "nina@example.com"})
    assert response["Location"] == "/accounts/password/reset/done/"
    assert mailoutbox[0].subject == "Choose a new password"
    link = path_in(mailoutbox[0], "/accounts/password/reset/key/")
    form = client.get(link)["Location"]
    new = "another-four-words"
    response = client.post(form, {"password1": new, "password2": new})
    assert response["Location"] == "/accounts/password/reset/key/done/"
    assert not is_signed_in(client)
    assert attempt(client).status_code == 200
    assert attempt(client, password=new)["Location"] == "/"
    stale = Client()
    assert stale.get(link).context["token_fail"] is True


def test_a_reset_for_an_unknown_address_betrays_nothing(client, db, mailoutbox) -> None:
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert response["Location"] == "/accounts/password/reset/done/"


def test_two_step_sign_in_asks_for_a_code_from_then_on(client, nina) -> None:
    attempt(client)
    url = "/accounts/2fa/totp/activate/"
    # Who finds an open browser must not lock its owner out.
    again = client.get(url)["Location"]
    assert again.startswith("/accounts/reauthenticate/?next=")
    client.post(again, {"password": PASSWORD})
    page = client.get(url)
    assert page.status_code == 200
    assert "data:image/svg+xml;" in page.content.decode()
    secret = page.context["form"].secret
    client.post(url, {"code": code_of(secret)})
    client.post("/accounts/logout/")
    assert attempt(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


def test_the_admin_pages_use_our_sign_in(client, nina) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    attempt(client)
    assert client.get("/admin/", follow=True).status_code == 403


# Whose clock


@pytest.fixture
def seen_at(connection: Connection) -> Connection:
    Connection.objects.update(profile_refreshed_at=datetime(2026, 1, 15, 23, 30, tzinfo=UTC))
    return connection


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("", "16 January 2026, 00:30"),
        ("America/New_York", "15 January 2026, 18:30"),
        ("Asia/Kathmandu", "16 January 2026, 05:15"),
        ("Atlantis/Sunken", "15 January 2026, 23:30"),
    ],
    ids=["the workspace's (Berlin)", "their own", "a quarter of an hour", "gone from the data"],
)
def test_pages_show_times_on_the_clock_of_who_looks(
    seen_at, viewer, sign_in, zone: str, text: str
) -> None:
    User.objects.filter(pk=viewer.pk).update(time_zone=zone)
    page = squeezed(sign_in(viewer).get("/connections/").content.decode())
    (shown,) = re.findall(r"<time datetime=\"[^\"]+\" data-relative>([^<]+)</time>", page)
    assert shown == text


def test_one_persons_clock_does_not_leak_into_the_next_request(seen_at, viewer, sign_in) -> None:
    User.objects.filter(pk=viewer.pk).update(time_zone="Asia/Kathmandu")
    sign_in(viewer).get("/connections/")
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_person_sets_their_own_time_zone(viewer, sign_in) -> None:
    browser = sign_in(viewer)
    response = browser.post("/accounts/profile/", {"name": "Vera V", "time_zone": "Asia/Tokyo"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/profile/")
    viewer.refresh_from_db()
    assert (viewer.name, viewer.time_zone) == ("Vera V", "Asia/Tokyo")


def test_a_time_zone_that_does_not_exist_is_named(viewer, sign_in) -> None:
    data = {"name": "Vera V", "time_zone": "Tokyo"}
    response = sign_in(viewer).post("/accounts/profile/", data)
    assert response.context["form"].errors == {
        "time_zone": [
            "“Tokyo” is not a time zone. Choose one from the list, such as Europe/Berlin."
        ]
    }
    viewer.refresh_from_db()
    assert (viewer.name, viewer.time_zone) == ("Vera", "")


def test_the_zones_on_offer_are_places_and_utc() -> None:
    names = time_zone_names()
    assert names == sorted(set(names))
    assert [name for name in names if "/" not in name] == ["UTC"]
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires"} <= set(names)
    assert not is_time_zone("localtime")


def test_an_expired_session_state_leaves_the_chosen_workspace(nina, sign_in, workspace) -> None:
    """The chosen workspace is only followed while the person is in it."""
    Membership.objects.create(workspace=workspace, user=nina, role=Role.VIEWER)
    browser = sign_in(nina)
    browser.post("/workspace/switch/", {"workspace": workspace.pk})
    Membership.objects.filter(workspace=workspace, user=nina).delete()
    assert browser.get("/workspace/").context["workspace"].name == "Nina's"


def test_a_confirmation_link_does_not_work_for_ever(client, db, mailoutbox) -> None:
    sign_up(client)
    link = path_in(mailoutbox[0], "/accounts/confirm-email/")
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        Client().post(link)
    assert not EmailAddress.objects.get().verified
