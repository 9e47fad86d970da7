"""The demo: a mailbox for this machine only, and a person to sign in as."""

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage, get_connection
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, User, Workspace
from pinapp.demo.mailbox import read_mailbox


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    """The demo's mail folder, with the demo switched on."""
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.ALLOWED_HOSTS = ["*"]
    return tmp_path / "mail"


def post(folder: Path, subject: str, body: str = "Hello.", to: str = "nina@example.com") -> None:
    """Send a mail the way the demo does."""
    backend = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(folder)
    )
    EmailMessage(subject, body, "PinApp <no-reply@x.example>", [to], connection=backend).send()


def visit(path: str = "/demo/mail/", host: str = "127.0.0.1:8000", peer: str = "127.0.0.1"):
    return Client().get(path, headers={"host": host}, REMOTE_ADDR=peer)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "[::1]:8000", "[::1]"]
)
def test_the_mailbox_opens_on_the_machine_itself(folder, db, host: str) -> None:
    post(folder, "Welcome")
    assert [mail.subject for mail in visit(host=host).context["mails"]] == ["Welcome"]


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("pins.example", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7"),
        ("127.0.0.1", ""),
        ("127.0.0.1.evil.example", "127.0.0.1"),
        ("localhost.evil.example:8000", "127.0.0.1"),
    ],
    ids=["a rebound name", "another machine", "unknown", "a look-alike", "another look-alike"],
)
def test_the_mailbox_is_not_there_for_others(folder, db, host: str, peer: str) -> None:
    post(folder, "Welcome")
    assert visit(host=host, peer=peer).status_code == 404
    mail_id = read_mailbox(folder)[0].id
    assert visit(f"/demo/mail/{mail_id}/", host=host, peer=peer).status_code == 404


def test_the_mailbox_is_not_there_outside_the_demo(folder, db, settings) -> None:
    settings.DEMO = False
    assert visit().status_code == 404


def test_the_mailbox_is_not_there_behind_a_proxy(folder, db, settings) -> None:
    """A proxy on this machine makes everybody's address this machine's."""
    settings.TRUSTED_PROXIES = 1
    assert visit().status_code == 404


def test_the_mailbox_is_not_there_where_mail_is_really_sent(folder, db, settings) -> None:
    del settings.EMAIL_FILE_PATH
    settings.EMAIL_FILE_PATH = None
    assert visit().status_code == 404


def test_an_empty_mailbox_says_so(folder, db) -> None:
    assert "No mail yet" in visit().content.decode()


def test_a_mail_is_shown_with_its_links_and_nothing_of_it_is_markup(folder, db) -> None:
    link = "http://127.0.0.1:8000/accounts/confirm-email/a:b_c-1/?x=1&y=2"
    post(folder, "Grüße <b>", f"Öffne das:\n\n{link}\n\n<script>alert(1)</script>\n")
    (mail,) = read_mailbox(folder)
    assert mail.subject == "Grüße <b>"
    assert mail.to == "nina@example.com"
    assert mail.links == [link]
    page = visit(f"/demo/mail/{mail.id}/").content.decode()
    assert "<script>alert" not in page
    assert f'href="{link.replace("&", "&amp;")}"' in page


def test_mails_of_one_process_are_told_apart_newest_first(folder, db) -> None:
    backend = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(folder)
    )
    for number, date in enumerate(["Sun, 22 Nov 2026 10:00:00 +0000", "garbage", ""]):
        headers = {"Date": date} if date else {}
        message = EmailMessage(
            f"Mail {number}", "x", "a@x.example", ["b@x.example"], headers=headers
        )
        backend.send_messages([message])
    mails = read_mailbox(folder)
    assert len({mail.id for mail in mails}) == 3
    assert sorted(mail.subject for mail in mails) == ["Mail 0", "Mail 1", "Mail 2"]
    assert mails[-1].sent_at is None
    assert visit().status_code == 200


def test_a_mail_that_is_not_there_is_not_found(folder, db) -> None:
    assert visit("/demo/mail/none-0/").status_code == 404


def test_the_demo_person_is_made_once(db, settings) -> None:
    settings.DEMO_PASSWORD = "four-unrelated-words"
    call_command("demo")
    first = User.objects.get()
    call_command("demo")
    person = User.objects.get()
    assert person.pk == first.pk
    assert person.email == "demo@pinapp.example"
    assert person.password == first.password
    assert person.check_password("four-unrelated-words")
    assert EmailAddress.objects.get().verified
    assert Membership.objects.get().role == "owner"
    assert Workspace.objects.get().name == "Demo workspace"


def test_the_demo_person_signs_in_with_what_the_terminal_printed(db, settings) -> None:
    settings.DEMO_PASSWORD = "an-older-password"
    call_command("demo")
    settings.DEMO_PASSWORD = "four-unrelated-words"
    call_command("demo")
    browser = Client()
    data = {"login": "demo@pinapp.example", "password": "four-unrelated-words"}
    assert browser.post("/accounts/login/", data)["Location"] == "/"


def test_the_demo_needs_a_password(db, settings) -> None:
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match=r"^DEMO_PASSWORD is not set; `make run` sets it\.$"):
        call_command("demo")
    assert User.objects.count() == 0
