"""Links that lead here and nowhere else, guesses slowed down, the administration kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import User
from accounts.services.ways_in import mail_way_in
from pinapp.celery import app
from tests.accounts.test_people import PASSWORD, attempt, code_of, is_signed_in, nina, sign_up

__all__ = ["nina"]
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _tasks_at_once() -> Iterator[None]:
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


# Links in mails


@pytest.mark.parametrize("host", ["localhost:6666", "127.0.0.1:8000", "testserver"])
def test_links_in_mails_are_made_from_our_public_address_alone(
    settings, nina, mailoutbox, host: str, django_capture_on_commit_callbacks
) -> None:
    settings.PUBLIC_URL = "https://pins.example"
    browser = Client(headers={"host": host})
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(browser)  # she is known already
        sign_up(Client(headers={"host": host}), email="new@example.com")
        browser.post("/accounts/password/reset/", {"email": nina.email})
        browser.post("/accounts/password/reset/", {"email": "unknown@example.com"})
    assert len(mailoutbox) == 4
    for mail in mailoutbox:
        links = re.findall(r"https?://[^/\s]+", mail.body)
        assert set(links) == {"https://pins.example"}, mail.subject
        assert mail.body.rstrip().endswith("pins.example")
        assert host.split(":", maxsplit=1)[0] not in mail.body


# Guessing


def guess(browser: Client, times: int, **more) -> None:
    for number in range(times):
        attempt(browser, password=f"guess-{number}", **more)


def test_who_guesses_elsewhere_does_not_lock_the_owner_out(client, nina) -> None:
    stranger = Client(**ELSEWHERE)
    guess(stranger, 5)
    attempt(stranger)
    assert not is_signed_in(stranger)
    attempt(client)
    assert is_signed_in(client)


def test_the_owner_is_mailed_a_way_in_once_a_day(
    client, nina, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        guess(client, 9)
    (mail,) = mailoutbox
    assert mail.to == [nina.email]
    assert mail.subject == "Too many wrong passwords for your PinApp account"
    (link,) = re.findall(r"^http://testserver(/accounts/password/reset/key/\S+)$", mail.body, re.M)
    form = client.get(link)["Location"]
    new = "another-four-words"
    client.post(form, {"password1": new, "password2": new})
    attempt(client, password=new)
    assert is_signed_in(client)


def test_nobody_else_is_mailed(
    client, nina, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        guess(client, 9, email="nobody@example.com")
    User.objects.update(is_active=False)
    mail_way_in(email=nina.email)
    assert mailoutbox == []


def test_a_mail_that_the_server_did_not_take_is_not_counted(settings, nina, mailoutbox) -> None:
    taking = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        mail_way_in(email=nina.email)
    settings.EMAIL_BACKEND = taking
    mail_way_in(email=nina.email)
    assert len(mailoutbox) == 1


# The administration


@pytest.fixture
def staff(settings, nina) -> User:
    settings.ADMIN_SECOND_STEP = True
    nina.is_staff = nina.is_superuser = True
    nina.save()
    return nina


def test_a_password_alone_does_not_open_the_administration(client, staff) -> None:
    attempt(client)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/2fa/totp/activate/") or (
        page.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
    )
    assert client.get("/admin/accounts/user/").status_code == 302


def test_the_second_step_opens_it(client, staff) -> None:
    secret = generate_totp_secret()
    attempt(client)
    TOTP.activate(staff, secret)  # in another window
    asked = client.get("/admin/accounts/user/", follow=True)
    url, _ = asked.redirect_chain[-1]
    assert url.startswith("/accounts/2fa/reauthenticate/?next=")
    entered = client.post(url, {"code": code_of(secret)})
    assert entered["Location"] == "/admin/accounts/user/"
    assert client.get("/admin/accounts/user/").status_code == 200


def test_who_passed_it_at_sign_in_is_not_asked_again(client, staff) -> None:
    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    attempt(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200


def test_an_installation_may_do_without(settings, client, staff) -> None:
    settings.ADMIN_SECOND_STEP = False
    attempt(client)
    assert client.get("/admin/").status_code == 200


def test_no_page_of_the_administration_takes_a_password(client, staff) -> None:
    """Django's own form would let the second step be passed over."""
    page = client.post("/admin/login/", {"username": staff.email, "password": PASSWORD})
    assert page.status_code == 302
    assert not is_signed_in(client)
