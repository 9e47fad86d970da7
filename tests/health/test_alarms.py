"""Owners are mailed once when their Pins do not go out, and once when it is over."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Event, Mailing, Membership, Notification
from accounts.policy import Role
from accounts.services import telling
from health import alarms, views
from health.models import Alarm
from health.policy import Cause, Kind
from health.readiness import Check, Facts, Report
from publishing.delivery.selectors.lateness import missed_pins
from publishing.models import AppStop, PublishingPreferences
from tests import factories
from tests.publishing.rounds import in_threads

MINUTE = timedelta(minutes=1)
AFTER = 5 * MINUTE


@pytest.fixture
def report(db, now):
    """What a look finds at a moment; processes were seen so long before it."""

    def found(at=now, *, worker=timedelta(0), scheduler=timedelta(0), stop=None):
        beats = {Kind.WORKER: at - worker, Kind.SCHEDULER: at - scheduler}
        missed = missed_pins(now=at, after=AFTER)
        checks = [
            Check("database", ok=True, message="The database answers."),
            Check("worker", ok=worker <= MINUTE, message="A worker is away.", remedy="Start it."),
            Check("scheduler", ok=scheduler <= MINUTE, message="No ticks.", remedy="Start it."),
            Check("overdue", ok=not missed, message="1 Pin is overdue.", remedy="Look."),
        ]
        return Report(checks=checks, facts=Facts(beats=beats, missed=missed, stop=stop))

    return found


@pytest.fixture
def look(report, now):
    """A look at a moment so long after now."""

    def looked(after=timedelta(0), **facts):
        alarms.look(report(now + after, **facts), now=now + after)

    return looked


def subjects():
    return [message.subject for message in mail.outbox]


DOWN, UP = "Pins of Clay do not go out", "Pins of Clay go out again"


def test_a_missed_pin_is_one_mail_and_its_end_another(look, write_pin, owner, editor, put, now):
    pin = write_pin(at=now)
    look(4 * MINUTE)
    assert subjects() == []
    for minute in range(6, 20):
        look(minute * MINUTE)
    assert subjects() == [DOWN]
    assert mail.outbox[0].to == ["olga@example.com"]
    (event,) = Event.objects.all()
    assert (event.kind, event.workspace.name) == ("pins_missed", "Clay")
    telling.tell(now=now)
    entries = Notification.objects.values_list("user__email", "kind")
    assert list(entries) == [("olga@example.com", "pins_missed")]
    assert not Mailing.objects.exists(), "the alarm has mailed it already"
    pin.delete()
    look(20 * MINUTE)
    assert subjects() == [DOWN]  # it may be back in a moment
    look(22 * MINUTE)
    look(23 * MINUTE)
    assert subjects() == [DOWN, UP]
    alarm = Alarm.objects.get()
    assert (alarm.cause, alarm.began_at, alarm.over_at) == (
        Cause.UNKNOWN,
        now,
        now + 22 * MINUTE,
    )


def test_trouble_that_comes_and_goes_is_one_incident(look, write_pin, owner, now):
    write_pin(at=now)
    look(6 * MINUTE)
    missed = Alarm.objects.get()
    alarms._keep_and_end({}, now=now + 7 * MINUTE)
    look(7.5 * MINUTE)
    missed.refresh_from_db()
    assert (missed.over_at, subjects()) == (None, [DOWN])


@pytest.mark.parametrize("silent", ["worker", "scheduler"])
def test_a_silent_process_alarms_who_has_pins_soon(look, write_pin, owner, now, silent):
    write_pin(at=now + 30 * MINUTE)
    look(**{silent: 4 * MINUTE})
    assert subjects() == []
    look(**{silent: 5 * MINUTE})
    assert (subjects(), Alarm.objects.get().cause) == ([DOWN], silent)


def test_a_silent_process_does_not_wake_who_has_nothing_to_publish(look, write_pin, owner, now):
    write_pin(at=now + 90 * MINUTE)
    look(worker=60 * MINUTE)
    assert subjects() == []


def test_a_dead_scheduler_and_the_pins_it_misses_are_one_incident(look, write_pin, owner, now):
    write_pin(at=now)
    for minute in range(1, 60):
        look(minute * MINUTE, scheduler=minute * MINUTE, worker=minute * MINUTE)
    assert subjects() == [DOWN]


def test_each_workspace_hears_of_its_own_pins_only(look, write_pin, owner, stranger, now):
    write_pin(at=now)
    look(6 * MINUTE)
    assert [message.to for message in mail.outbox] == [["olga@example.com"]]


def test_who_wants_no_mail_gets_none(look, write_pin, owner, workspace, now):
    PublishingPreferences.objects.create(workspace=workspace, alarm_mails=False)
    write_pin(at=now)
    look(6 * MINUTE)
    assert (subjects(), Alarm.objects.filter(over_at=None).count()) == ([], 1)


def test_all_owners_are_told_and_nobody_who_left(look, write_pin, owner, workspace, now):
    second = factories.member(workspace, "otto", Role.OWNER)
    gone = factories.member(workspace, "gone", Role.OWNER)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    assert Membership.objects.filter(workspace=workspace).count() == 3
    write_pin(at=now)
    look(6 * MINUTE)
    assert mail.outbox[0].to == ["olga@example.com", second.email]


def test_a_mail_server_that_is_away_is_tried_again(look, write_pin, owner, now, settings):
    write_pin(at=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    look(6 * MINUTE)
    assert Alarm.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    look(7 * MINUTE)
    look(8 * MINUTE)
    assert subjects() == [DOWN]


def test_while_publishing_is_stopped_nothing_is_missed(look, write_pin, owner, now):
    write_pin(at=now)
    stop = AppStop(app_id="1", since=now, reason="x", message="No.", remedy="Ask.")
    look(60 * MINUTE, stop=stop, worker=60 * MINUTE)
    assert (subjects(), Alarm.objects.count()) == ([], 0)


def test_without_a_database_nobody_guesses(now):
    alarms.look(Report(checks=[], facts=None), now=now)


def test_the_mail_says_since_when_why_and_what_to_do(look, write_pin, owner, workspace, now):
    workspace.time_zone = "Asia/Tokyo"
    workspace.save(update_fields=["time_zone"])
    pin = write_pin(at=now)
    look(6 * MINUTE, worker=2 * MINUTE)
    text = mail.outbox[0].body
    since = timezone.localtime(pin.due_at, ZoneInfo("Asia/Tokyo"))
    assert f"do not go out, since {since:%-d %B %Y, %H:%M} (Asia/Tokyo)." in text
    assert "1 has missed its time so far." in text
    assert "- A worker is away. Start it.\n\n" in text
    assert "http://testserver/pins/preferences/" in text
    pin.delete()
    look(30 * MINUTE)
    assert "http://testserver/pins/held/" in mail.outbox[1].body
    assert "\n\n\n" not in text + mail.outbox[1].body


@pytest.mark.django_db(transaction=True)
def test_three_who_look_at_once_send_one_mail(report, write_pin, owner, now):
    write_pin(at=now)
    found = report(now + 6 * MINUTE)
    at_once = lambda: alarms.look(found, now=now + 6 * MINUTE)  # noqa: E731
    in_threads(at_once, at_once, at_once)
    assert (subjects(), Alarm.objects.count()) == ([DOWN], 1)


@pytest.mark.django_db(transaction=True)
def test_asking_readyz_raises_the_alarm_when_everybody_else_is_dead(alive, write_pin, owner, now):
    views._looked_at = 0.0
    alive(worker=10 * MINUTE, scheduler=10 * MINUTE)
    write_pin(at=now - 6 * MINUTE)
    assert Client().get("/readyz").status_code == 503
    assert views._looking.acquire(timeout=10)
    views._looking.release()
    assert subjects() == [DOWN]
    assert "A worker was last seen 10 min ago." in mail.outbox[0].body
