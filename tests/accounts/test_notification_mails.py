"""Mails about what happened: bundled, each event at most once, and only what is wanted."""

from __future__ import annotations

import re
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts.models import Mailing, MailState, Membership, Notification, NotificationItem, User
from accounts.notifications.own_kinds import ACCOUNT_LOST
from accounts.notifications.policy import MOST_TRIES
from accounts.services.notification_mails import send_due
from accounts.services.notifications import choose_mails, mark_read
from publishing.pins.notifications import PIN_GONE, PIN_HELD
from tests.accounts.notices import NOW, happen

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=20)


def state() -> list[str]:
    return list(NotificationItem.objects.order_by("pk").values_list("mail", flat=True))


# Bundled


def test_six_hundred_pins_are_one_mail_to_each(workspace, owner, editor) -> None:
    happen(workspace, kind=PIN_HELD, count=620, concerns=editor)
    assert send_due(now=NOW) == 0
    assert send_due(now=SOON) == 2
    assert sorted(message.to[0] for message in mail.outbox) == [
        "edda@example.com",
        "olga@example.com",
    ]
    assert {message.subject for message in mail.outbox} == {"620 Pins were put on hold: Clay"}
    assert send_due(now=SOON + timedelta(days=1)) == 0


def test_what_follows_waits_for_the_next_mail(workspace, owner) -> None:
    happen(workspace)
    assert send_due(now=SOON) == 1
    for minute in range(1, 15):
        at = NOW + timedelta(minutes=minute)
        happen(workspace, at=at)
        assert send_due(now=at) == 0
    happen(workspace, kind=ACCOUNT_LOST, at=NOW + timedelta(minutes=14))
    assert send_due(now=SOON + timedelta(minutes=15)) == 1
    assert [message.subject for message in mail.outbox] == [
        "A Pin was not published: Clay",
        "A Pinterest account needs reconnecting, and 1 more: Clay",
    ]
    assert "14 Pins were not published." in mail.outbox[1].body


def test_each_workspace_has_its_own_mail(workspace, owner, stranger) -> None:
    other = stranger.memberships.get().workspace
    Membership.objects.create(workspace=other, user=owner, role="owner")
    happen(workspace)
    happen(other)
    assert send_due(now=SOON) == 3


# The words


def test_a_mail_says_what_happened_what_to_do_and_where(workspace, owner, editor) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="America/New_York")
    happen(workspace, concerns=editor, count=7)
    send_due(now=SOON)
    body = {message.to[0]: message.body for message in mail.outbox}["olga@example.com"]
    assert body.startswith(
        "Hello,\n\nthis happened in “Clay”:\n\n7 Pins were not published.\n"
        "- A bowl (@clay, Bowls, planned for Mon 16 Mar 2026, 05:30)\n"
    )
    assert body.count("- A bowl") == 5
    assert (
        "- and 2 more\nOf each: Pinterest said no. Change it.\nSee what to do: http://testserver/"
        in body
    )
    assert "Times are on the clock of America/New_York." in body
    others = {message.to[0]: message.body for message in mail.outbox}["edda@example.com"]
    assert "planned for Mon 16 Mar 2026, 10:30)" in others, "the workspace's clock, of Berlin"


def test_a_mail_has_two_ways_to_be_shown_and_one_to_be_stopped(workspace, owner) -> None:
    happen(workspace, name="<b>Bowl</b> https://evil.example")
    send_due(now=SOON)
    (message,) = mail.outbox
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert "&lt;b&gt;Bowl&lt;" in html
    for text in (message.body, html):
        links = set(re.findall(r"https?://[^\s\"<]+", text))
        assert links
        assert {link.split("/")[2] for link in links} == {"testserver"}
    (stop,) = re.findall(
        r"^<(http://testserver/notifications/stop/\S+)>$", message.extra_headers["List-Unsubscribe"]
    )
    assert stop in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.message()["Subject"]


def test_the_button_of_a_mail_leads_to_the_pin_in_its_workspace(
    workspace, owner, stranger, sign_in
) -> None:
    other = stranger.memberships.get().workspace
    Membership.objects.create(workspace=other, user=owner, role="viewer")
    happen(other, concerns=owner)
    send_due(now=SOON)
    browser = sign_in(owner)
    assert browser.get("/workspace/").context["workspace"] == workspace
    body = {message.to[0]: message.body for message in mail.outbox}[owner.email]
    (path,) = re.findall(r"See what to do: http://testserver(\S+)", body)
    answer = browser.get(path)
    assert answer["Location"] == "/pins/00000000-0000-0000-0000-000000000000/"
    assert browser.get("/workspace/").context["workspace"] == other
    assert Notification.objects.get(user=owner).read_at is not None


# Only what is wanted


def test_what_was_read_in_the_inbox_is_not_mailed(workspace, owner) -> None:
    happen(workspace)
    mark_read(notification=Notification.objects.get(), now=NOW)
    assert (send_due(now=SOON), mail.outbox, state()) == (0, [], [MailState.NONE])
    happen(workspace, at=NOW + timedelta(minutes=1))
    assert send_due(now=NOW + timedelta(minutes=2)) == 1, "no mail went, so none is waited for"


def test_a_kind_that_is_switched_off_is_not_mailed(workspace, owner) -> None:
    choose_mails(user=owner, workspace=workspace, wanted=True, kinds={"pin_failed": False})
    happen(workspace)
    happen(workspace, kind=PIN_HELD)
    send_due(now=SOON)
    assert [message.subject for message in mail.outbox] == ["A Pin was put on hold: Clay"]


def test_a_kind_that_is_not_usual_is_mailed_to_who_wants_it(workspace, owner, editor) -> None:
    choose_mails(user=editor, workspace=workspace, wanted=True, kinds={"pin_gone": True})
    happen(workspace, kind=PIN_GONE, concerns=editor)
    send_due(now=SOON)
    assert [message.to for message in mail.outbox] == [["edda@example.com"]]


def test_what_is_switched_off_while_it_waits_is_not_mailed(workspace, owner) -> None:
    happen(workspace)
    choose_mails(user=owner, workspace=workspace, wanted=True, kinds={"pin_failed": False})
    assert (send_due(now=SOON), mail.outbox) == (0, [])


def test_the_two_times_of_the_night_the_clocks_go_back_are_told_apart(workspace, owner) -> None:
    for hour in (0, 1):
        at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        happen(workspace, planned_at=at.isoformat())
    send_due(now=SOON)
    shown = re.findall(r"planned for (.+)\)\n", mail.outbox[0].body)
    assert sorted(shown) == [
        "Sun 25 Oct 2026, 02:30 (first, CEST)",
        "Sun 25 Oct 2026, 02:30 (second, CET)",
    ]


@pytest.mark.parametrize("gone", ["left", "deactivated"])
def test_who_leaves_before_the_mail_goes_gets_none(workspace, owner, editor, gone: str) -> None:
    happen(workspace, concerns=editor)
    if gone == "left":
        Membership.objects.filter(user=editor).delete()
    else:
        User.objects.filter(pk=editor.pk).update(is_active=False)
    send_due(now=SOON)
    assert [message.to for message in mail.outbox] == [["olga@example.com"]]
    assert NotificationItem.objects.get(user=editor).mail == MailState.NONE


def test_one_click_of_the_mail_program_stops_the_mails_of_one_workspace(
    workspace, owner, stranger
) -> None:
    other = stranger.memberships.get().workspace
    Membership.objects.create(workspace=other, user=owner, role="owner")
    happen(workspace)
    send_due(now=SOON)
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    program = Client(enforce_csrf_checks=True)
    assert program.get(stop).status_code == 200
    assert Mailing.objects.get(user=owner, workspace=workspace).wanted, "looking changes nothing"
    assert program.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    later = NOW + timedelta(hours=2)
    happen(workspace, at=later)
    happen(other, at=later)
    mail.outbox.clear()
    send_due(now=later + timedelta(minutes=1))
    assert (
        sorted(message.subject for message in mail.outbox)
        == ["A Pin was not published: Elsewhere"] * 2
    )
    assert Notification.objects.filter(user=owner, workspace=workspace).count() == 2


@pytest.mark.parametrize("token", ["made-up", "WyJ4IiwieSJd:1abc:zzz"])
def test_a_made_up_link_to_stop_mails_is_not_found(db, token: str) -> None:
    assert Client().post(f"/notifications/stop/{token}/").status_code == 404


# At any point


def test_a_worker_that_dies_costs_a_mail_and_never_sends_two(workspace, owner, monkeypatch) -> None:
    class Killed(BaseException):
        pass

    def die(_self, _messages):
        raise Killed

    happen(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(Killed):
            send_due(now=SOON)
    for hour in range(1, 30):
        assert send_due(now=SOON + timedelta(hours=hour)) == 0
    assert Notification.objects.filter(read_at=None).count() == 1, "the inbox has it"
    happen(workspace, at=NOW + timedelta(hours=30))
    assert send_due(now=NOW + timedelta(hours=31)) == 1
    assert mail.outbox[0].subject == "A Pin was not published: Clay", "the new one alone"


def test_two_workers_at_once_send_one_mail(workspace, owner) -> None:
    happen(workspace)
    stale = Mailing.objects.get()
    assert send_due(now=SOON) == 1
    Mailing.objects.filter(pk=stale.pk).update(due_at=SOON + timedelta(minutes=1))
    assert send_due(now=SOON + timedelta(minutes=2)) == 0, "nothing is left to tell"
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_is_asked_again_and_gets_one_mail(
    workspace, owner, monkeypatch
) -> None:
    def away(_self):
        raise ConnectionRefusedError

    happen(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "open", away)
        assert send_due(now=SOON) == 0
        happen(workspace, at=NOW + timedelta(seconds=40))
        assert send_due(now=SOON + timedelta(seconds=59)) == 0
        assert send_due(now=SOON + timedelta(minutes=1)) == 0
    assert state() == [MailState.WAITING] * 2
    assert send_due(now=SOON + timedelta(minutes=3)) == 1
    assert mail.outbox[0].subject == "2 Pins were not published: Clay"
    assert Mailing.objects.get().tries == 0


def test_an_address_that_is_refused_is_given_up(workspace, owner, monkeypatch, caplog) -> None:
    calls = []

    def refuse(_self, messages):
        calls.append(messages)
        raise smtplib.SMTPRecipientsRefused({"olga@example.com": (550, b"no such user")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    happen(workspace)
    for minute in range(60 * 24):
        send_due(now=SOON + timedelta(minutes=minute))
    assert len(calls) == MOST_TRIES
    assert state() == [MailState.NONE]
    assert Mailing.objects.get().due_at is None
    assert "notifications_given_up" in caplog.text
    assert "olga@example.com" not in caplog.text


def test_a_mail_that_may_have_got_through_is_not_sent_again(
    workspace, owner, monkeypatch, caplog
) -> None:
    def hang(_self, _messages):
        raise TimeoutError

    happen(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", hang)
        assert send_due(now=SOON) == 0
    assert "notifications_perhaps_mailed" in caplog.text
    assert send_due(now=SOON + timedelta(days=1)) == 0
