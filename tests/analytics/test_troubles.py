"""Figures of a connected account that do not come for days: who is told of it, when, and how."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.db import connection as database

from accounts.models import Connection, ConnectionStatus, Event, Mailing, Notification
from accounts.services.notification_mails import send_due
from accounts.services.telling import tell
from analytics.models import Series
from analytics.services import leases, watching
from analytics.services.watching import watch
from pinterest.figures import Filters
from sandbox.faults import Fault
from tests.analytics.conftest import NOON, read

pytestmark = pytest.mark.django_db
FIGURES = "GET /v5/user_account/analytics"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def away(sandbox):
    """Pinterest answers all questions about days with this status, until told otherwise."""

    def arm(status=500, **more):
        sandbox.arm(Fault(route=FIGURES, kind="status", status=status, times=None, **more))

    arm()
    return arm


def visit(series, at):
    """A worker comes by at that time, whenever the series would be due."""
    Series.objects.filter(pk=series.pk).update(next_pull_at=at)
    with time_machine.travel(at, tick=False):
        return read(series, at)


def events():
    return list(Event.objects.order_by("created_at").values_list("kind", "subject", "subject_id"))


def mailed(at):
    """What the mail says that is sent at that time; empty where none is."""
    mail.outbox.clear()
    with time_machine.travel(at, tick=False):
        while tell(now=at):
            pass
        Mailing.objects.update(due_at=at)
        send_due(now=at)
    return " ".join(mail.outbox[0].body.split()) if mail.outbox else ""


def test_three_days_in_vain_are_told_once(series, away):
    for hours in (0, 6, 48, 71):
        assert not visit(series, NOON + hours * HOUR)
    assert events() == []
    for hours in (72, 78, 24 * 9):
        assert not visit(series, NOON + hours * HOUR)
    assert events() == [("figures_missing", "figures", str(series.pk))]


def test_the_time_before_the_first_attempt_does_not_count(series, away):
    """A server that was off for a week has not tried."""
    visit(series, NOON + 7 * DAY)
    assert events() == []


def test_once_they_come_that_is_told_and_the_next_trouble_is_a_new_one(series, sandbox, away):
    for days in (0, 3):
        visit(series, NOON + days * DAY)
    sandbox.faults.clear()
    for days in (4, 5):
        assert visit(series, NOON + days * DAY)
    assert [kind for kind, *_ in events()] == ["figures_missing", "figures_come_again"]
    away()
    for days in (6, 8, 9):
        visit(series, NOON + days * DAY)
    assert [kind for kind, *_ in events()][2:] == ["figures_missing"]


def test_what_is_over_within_three_days_is_no_news(series, sandbox, away):
    for days in (0, 2):
        visit(series, NOON + days * DAY)
    sandbox.faults.clear()
    assert visit(series, NOON + 2 * DAY + HOUR)
    away()
    for days in (3, 5):
        visit(series, NOON + days * DAY)
    assert events() == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "code": 8, "headers": {"x-ratelimit-reset": "64800"}},
        {"status": 403, "code": 29},
        {"status": 400, "code": 1, "message": "No"},
    ],
)
def test_whatever_pinterest_says_instead_counts(series, sandbox, away, fault):
    sandbox.faults.clear()
    away(**fault)
    for days in range(5):
        visit(series, NOON + days * DAY)
    assert [kind for kind, *_ in events()] == ["figures_missing"]


def test_other_filters_of_the_account_do_not_tell_it_again(connection, owner, away):
    paid = Filters(content_type="PAID")
    narrow = watch(connection=connection, filters=paid, by=owner, now=NOON)
    for days in range(5):
        visit(narrow, NOON + days * DAY)
    assert events() == []


def test_a_part_beside_the_days_is_no_trouble_of_theirs(series, sandbox):
    route = "GET /v5/user_account/analytics/top_pins"
    sandbox.arm(Fault(route=route, kind="status", status=500, times=None))
    for days in range(5):
        visit(series, NOON + days * DAY)
    assert events() == []


def test_of_a_lost_account_another_kind_tells(series, away):
    visit(series, NOON)
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING)
    visit(series, NOON + 3 * DAY)
    Connection.objects.update(status=ConnectionStatus.ACTIVE)
    watching.resume_lost(now=NOON + 4 * DAY)
    visit(series, NOON + 4 * DAY)
    assert events() == [], "connected again, three days begin anew"
    visit(series, NOON + 7 * DAY)
    assert [kind for kind, *_ in events()] == ["figures_missing"]


def test_the_note_and_the_event_are_one_transaction(series, away):
    visit(series, NOON)
    refuse = "ALTER TABLE accounts_event ADD CONSTRAINT full_up CHECK (kind <> 'figures_missing')"
    with database.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(refuse)
    with pytest.raises(IntegrityError):
        visit(series, NOON + 3 * DAY)
    series.refresh_from_db()
    assert (series.failing_told_at, events()) == (None, [])
    with database.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_event DROP CONSTRAINT full_up")
    visit(series, NOON + 3 * DAY + leases.LEASE + HOUR)
    assert len(events()) == 1


def test_the_mail_says_since_when_and_why_at_the_moment_it_goes(series, away, owner, editor):
    for days in (0, 3):
        visit(series, NOON + days * DAY)
    told = mailed(NOON + 3 * DAY + HOUR)
    assert "The figures of an account have not come for three days" in told
    assert "@clay-studio" in told
    series.refresh_from_db()
    assert series.problem
    assert f"They can’t be read since 10 March, though it is connected. {series.problem}" in told
    assert "90 days" in told
    told_to = set(Notification.objects.values_list("user__email", flat=True))
    assert told_to == {owner.email}, "who connected the account, and owners"


def test_what_is_over_when_the_mail_goes_is_not_mailed_as_if_it_were_not(series, sandbox, away):
    for days in (0, 3):
        visit(series, NOON + days * DAY)
    sandbox.faults.clear()
    visit(series, NOON + 4 * DAY)
    told = mailed(NOON + 4 * DAY + HOUR)
    assert "The figures of an account come again" in told
    assert "They were read last on 14 March." in told
    assert "have not come for three days" not in told


def test_an_account_that_was_lost_since_is_not_said_to_be_connected(series, away, sign_in, owner):
    for days in (0, 3):
        visit(series, NOON + days * DAY)
    with time_machine.travel(NOON + 3 * DAY, tick=False):
        tell(now=NOON + 3 * DAY)
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING)
    html = sign_in(owner).get("/notifications/").content.decode()
    assert "The account is not connected." in html
    assert "though it is connected" not in html
    assert mailed(NOON + 3 * DAY + HOUR) == ""
