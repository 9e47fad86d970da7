"""The week's figures by mail, on Monday mornings, to who asked for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import Membership, Succession, User
from accounts.services.workspaces import update_workspace
from analytics.models import Digest
from analytics.policy.weeks import next_monday, week_before
from analytics.services.digests import send_due, subscribe
from tests.analytics.conftest import NOON, TODAY, keep, lost_account
from tests.analytics.test_page import put

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 16, 7, tzinfo=UTC)


@pytest.fixture
def digest(workspace, viewer):
    return subscribe(workspace=workspace, by=viewer, now=NOON)


def test_it_is_asked_for_and_switched_off_on_the_page(sign_in, viewer, series):
    visitor = sign_in(viewer)
    visitor.post("/analytics/digest/", {"wanted": "yes"})
    assert Digest.objects.get().next_at == MONDAY, "eight in Berlin"
    assert visitor.get("/analytics/").context["has_digest"]
    visitor.post("/analytics/digest/", {"wanted": "no"})
    assert not Digest.objects.exists()


def test_each_account_s_week_beside_the_week_before(digest, series):
    for ago in range(-4, 3):
        put(series, ago, impression=100, save_count=3)
    for ago in range(3, 10):
        put(series, ago, impression=50, save_count=3 if ago < 9 else None)
    assert send_due(now=MONDAY - timedelta(seconds=1)) == 0
    assert send_due(now=MONDAY) == 1
    (sent,) = mail.outbox
    assert sent.to == [digest.user.email]
    assert sent.subject == "Pinterest in Clay: 8 Mar to 14 Mar"
    assert "Impressions: 700 (+100%)" in sent.body
    assert "Saves: 21 (+0% on 6 of 7 days)\n" in sent.body
    assert "Pin clicks: not told" in sent.body
    assert "/analytics/?from=2026-03-08&to=2026-03-14" in sent.body


def test_nobody_gets_it_twice_or_after_leaving(digest, series):
    put(series, 0, impression=1)
    assert [send_due(now=MONDAY), send_due(now=MONDAY)] == [1, 0]
    digest.refresh_from_db()
    assert digest.next_at == MONDAY + timedelta(days=7)
    Membership.objects.filter(user=digest.user).delete()
    assert send_due(now=MONDAY + timedelta(days=7)) == 0


def test_without_figures_there_is_no_mail(digest):
    assert (send_due(now=MONDAY), mail.outbox) == (0, [])


def test_a_mail_server_that_is_away_is_asked_again_each_hour_for_a_day(
    digest, series, monkeypatch, caplog
):
    for ago in range(-4, 3):
        put(series, ago, impression=100)

    def refuse(*_args, **_kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
        assert send_due(now=MONDAY) == 0
        assert "digest_not_sent" in caplog.text
        digest.refresh_from_db()
        assert (digest.next_at, digest.sent_at) == (MONDAY + timedelta(hours=1), None)
    after = MONDAY + timedelta(hours=20)
    assert send_due(now=after) == 1
    assert mail.outbox[0].subject == "Pinterest in Clay: 8 Mar to 14 Mar", "Monday's week"
    digest.refresh_from_db()
    assert (digest.next_at, digest.sent_at) == (MONDAY + timedelta(days=7), after)


def test_an_address_that_is_refused_for_a_day_waits_for_the_next_week(digest, series, monkeypatch):
    put(series, 0, impression=1)

    def refuse(*_args, **_kwargs):
        raise SMTPRecipientsRefused({})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    moment, tries = MONDAY, 0
    while moment < MONDAY + timedelta(days=6):
        tries += 1
        send_due(now=moment)
        digest.refresh_from_db()
        moment = digest.next_at
    assert (tries, moment, digest.sent_at) == (25, MONDAY + timedelta(days=7), None)


def test_who_may_not_sign_in_any_more_gets_no_mail(digest, series):
    put(series, 0, impression=1)
    User.objects.filter(pk=digest.user.pk).update(is_active=False)
    assert (send_due(now=MONDAY), mail.outbox) == (0, [])


@pytest.mark.parametrize(
    ("before", "after", "changed", "weeks"),
    [
        # Sunday midnight in Los Angeles is when the next mail would have gone in Berlin.
        ("Europe/Berlin", "America/Los_Angeles", 1, ["8 Mar to 14 Mar", "15 Mar to 21 Mar"]),
        ("Europe/Berlin", "Asia/Tokyo", 1, ["8 Mar to 14 Mar", "14 Mar to 20 Mar"]),
        # It is still Sunday in Honolulu when Monday's mail of Tokyo is out: a Monday follows.
        ("Asia/Tokyo", "Pacific/Honolulu", 0.1, ["7 Mar to 13 Mar", "15 Mar to 21 Mar"]),
    ],
)
def test_a_week_is_mailed_once_though_the_workspace_moves(
    workspace, viewer, series, before, after, changed, weeks
):
    for ago in range(-15, 10):
        put(series, ago, impression=100)
    move(workspace, before)
    subscribe(workspace=workspace, by=viewer, now=NOON)
    start = next_monday(NOON, zone=ZoneInfo(before))
    for hour in range(8 * 24):
        if hour == int(changed * 24):
            move(workspace, after)
        send_due(now=start + timedelta(hours=hour))
    assert [each.subject.removeprefix("Pinterest in Clay: ") for each in mail.outbox] == weeks


def move(workspace, time_zone):
    update_workspace(workspace=workspace, name=workspace.name, time_zone=time_zone)


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 3, 16, 6, 59, tzinfo=UTC), datetime(2026, 3, 16, 7, tzinfo=UTC)),
        (datetime(2026, 3, 16, 7, tzinfo=UTC), datetime(2026, 3, 23, 7, tzinfo=UTC)),
        # The clocks go forward on the 29th: eight in Berlin is six in UTC from then on.
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, 6, tzinfo=UTC)),
    ],
)
def test_mondays_are_the_workspace_s(now, monday):
    assert next_monday(now, zone=ZoneInfo("Europe/Berlin")) == monday


def test_the_week_ends_where_pinterest_has_counted():
    assert week_before(MONDAY) == (date(2026, 3, 8), date(2026, 3, 14))
    assert week_before(NOON)[1] == TODAY - timedelta(days=2)


@pytest.mark.parametrize("word", ["ESTIMATE", "A_WORD_OF_TOMORROW"])
def test_a_day_that_is_not_there_yet_is_said_and_not_compared(digest, series, word):
    """It is Monday morning in Kolkata while Pinterest still counts Saturday."""
    for ago in range(-4, 3):
        if ago == -4:
            put(series, ago, status="PROCESSING")
        else:
            put(series, ago, impression=100, status=word if ago == -3 else "READY")
    for ago in range(3, 10):
        put(series, ago, impression=100)
    send_due(now=MONDAY)
    assert "Impressions: 600 in 6 of 7 days, still growing (+0% on 5 of 7 days)" in (
        mail.outbox[0].body
    )


def test_accounts_read_as_one_are_told_once(digest, series, connection, workspace):
    earlier, before = lost_account(workspace), keep(workspace, "42", "old-studio")
    for ago in range(-4, 3):
        put(before, ago, impression=10)
        put(series, ago, impression=100)
    Succession.objects.create(
        workspace=workspace,
        earlier=earlier,
        later=connection,
        asked_at=NOON,
        merges_history=True,
        history_decided_at=NOON,
    )
    send_due(now=MONDAY)
    body = mail.outbox[0].body
    assert "@old-studio" not in body
    assert "Impressions: 520" in body, "two days of the earlier account, five of the later one"


def test_accounts_of_one_name_are_told_apart(digest, series, workspace):
    other = keep(workspace, "42", series.username)
    for each in (series, other):
        put(each, 0, impression=10)
    send_due(now=MONDAY)
    named = [line for line in mail.outbox[0].body.splitlines() if line.startswith("@")]
    assert sorted(named) == [
        "@clay-studio (account 42)",
        f"@clay-studio (account {series.account_id})",
    ]
