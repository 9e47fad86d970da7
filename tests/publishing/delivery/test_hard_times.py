"""Frozen workers, stops, outages and dying looks: still each Pin once, and none is forgotten."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection as database

from accounts.limits import counters
from accounts.limits.counters import Wait
from accounts.models import Connection
from accounts.policy import Role
from pinterest.client import PinterestClient
from pinterest.errors import RefusalReason, Refused
from publishing.boards.services.boards import sync_boards
from publishing.delivery.services import claims, engine, payload, recovery
from publishing.media.services.media import store_picture
from publishing.models import AppStop, Board, Look, Pin
from publishing.pins.services.pins import PinContent, Plan, create_pin
from publishing.reconcile.services import reconcile
from publishing.reconcile.services.answers import AnswerRefused, say_found
from sandbox.faults import Fault
from tests import factories
from tests.publishing.rounds import look_at_boards, publish_due

pytestmark = pytest.mark.django_db

CREATE = "POST /v5/pins"
LIST = "GET /v5/boards/*"


@pytest.fixture
def in_doubt(write_pin, sandbox, now):
    """A Pin that was not made, and nobody knows."""
    sandbox.arm(Fault(route=CREATE, kind="drop", when="before"))
    pin = write_pin()
    publish_due(now=now)
    return pin


def hold_back(monkeypatch, seconds, reason=counters.WaitReason.LIMIT):
    for ask in ("take", "take_in_turn"):
        monkeypatch.setattr(counters, ask, lambda **_: Wait(seconds, reason))


def test_a_worker_that_stood_still_past_its_lease_sends_nothing_more(
    write_pin, sandbox, now, monkeypatch
):
    pin = write_pin(description="One of a kind", link="https://example.com/bowl")
    real, clock = engine.call_pinterest, [now]

    def frozen(**call):
        monkeypatch.setattr(engine, "call_pinterest", real)
        later = now + timedelta(minutes=4)
        cache.clear()  # its turn at the board has ended as well
        recovery.recover_abandoned_sends(now=later)
        for minute in range(20):
            look_at_boards(now=later + timedelta(minutes=minute))
        clock[0] = later + timedelta(minutes=20)
        publish_due(now=clock[0])
        return real(**call)

    monkeypatch.setattr(engine, "call_pinterest", frozen)
    (claimed,) = claims.claim_due(now=now, limit=100)
    engine.publish(pin_id=claimed, worker="frozen", clock=lambda: clock[0])
    pin.refresh_from_db()
    assert (pin.status, len(sandbox.pins())) == ("published", 1)


def test_a_busy_minute_after_a_day_away_is_no_reason_to_give_up(write_pin, connection, sent, now):
    pin = write_pin(at=now - timedelta(hours=25))
    while not isinstance(
        counters.take(account_id=connection.pinterest_id, category="org_write"), Wait
    ):
        pass
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, sent()) == ("scheduled", [])


def test_being_held_back_is_no_try_at_fetching_the_picture(write_pin, sandbox, now, monkeypatch):
    pin = write_pin()
    with monkeypatch.context() as patch:
        hold_back(patch, 5.0)
        for round_ in range(3):
            publish_due(now=now + timedelta(seconds=6 * round_))

    def refuse(self, draft):
        raise Refused("No.", remedy="Look.", reason=RefusalReason.IMAGE_UNREACHABLE)

    monkeypatch.setattr(PinterestClient, "create_pin", refuse)
    publish_due(now=now + timedelta(minutes=1))
    pin.refresh_from_db()
    assert pin.status == "scheduled"


def test_wrong_credentials_at_a_renewal_stop_publishing_after_one_request(
    write_pin, sandbox, settings, connection, renewals, now
):
    Connection.objects.filter(pk=connection.pk).update(access_expires_at=now)
    settings.PINTEREST_APP_SECRET = "wrong"
    write_pin()
    for second in range(3):
        publish_due(now=now + timedelta(seconds=second))
    assert (AppStop.objects.count(), len(renewals())) == (1, 1)


def test_pins_in_hand_are_not_sent_once_publishing_has_stopped(write_pin, sandbox, sent, now):
    sandbox.set_tier("trial")
    for number in range(5):
        write_pin(link=f"https://example.com/{number}")
    publish_due(now=now)
    assert (len(sent()), Pin.objects.filter(status="scheduled").count()) == (1, 5)


def test_a_look_that_always_dies_ends_in_a_question(in_doubt, monkeypatch, now):
    def die(self, *_args, **_kwargs):
        raise SystemExit

    monkeypatch.setattr(PinterestClient, "iter_board_pins", die)
    for round_ in range(80):
        with contextlib.suppress(SystemExit):
            look_at_boards(now=now + timedelta(minutes=10 * round_))
    in_doubt.refresh_from_db()
    assert (in_doubt.status, in_doubt.question) == ("uncertain", "no_answer")


def test_being_held_back_is_no_look(in_doubt, now, monkeypatch):
    with monkeypatch.context() as patch:
        hold_back(patch, 30.0, counters.WaitReason.CACHE_AWAY)
        for minute in range(1, 100):
            look_at_boards(now=now + timedelta(minutes=minute))
    in_doubt.refresh_from_db()
    assert (in_doubt.question, Look.objects.count()) == ("", 0)


def test_a_look_counts_from_when_its_list_was_begun(in_doubt, now):
    for seconds in (10, 30, 60, 120, 240):
        look_at_boards(now=now + timedelta(seconds=seconds))
    begun = now + timedelta(minutes=8)
    times = iter([begun, begun, begun + timedelta(minutes=8), begun + timedelta(minutes=8)])
    [board] = reconcile.boards_to_settle(now=begun)
    reconcile.settle_board(
        connection_id=board.connection_id, board_id=board.board_id, clock=lambda: next(times)
    )
    in_doubt.refresh_from_db()
    assert in_doubt.status == "uncertain"


def test_a_slow_look_leaves_the_question_that_another_has_asked(
    in_doubt, sandbox, monkeypatch, now
):
    attempt = in_doubt.attempts.get()
    for number in range(59):
        Look.objects.create(
            attempt=attempt,
            looked_at=now + timedelta(minutes=15 * number),
            result="nothing" if number < 2 else "inconclusive",
        )
    later, real = now + timedelta(hours=15), reconcile._list_pins

    def slow(*args, **kwargs):
        listing = real(*args, **kwargs)
        monkeypatch.setattr(reconcile, "_list_pins", real)
        Pin.objects.filter(pk=in_doubt.pk).update(due_at=None, question="no_answer")
        return listing

    monkeypatch.setattr(reconcile, "_list_pins", slow)
    look_at_boards(now=later)
    in_doubt.refresh_from_db()
    assert (in_doubt.status, in_doubt.question) == ("uncertain", "no_answer")


def test_a_picture_that_cannot_be_read_fails_the_pin_with_words(write_pin, now, monkeypatch):
    def broken(_media):
        raise PermissionError

    monkeypatch.setattr(payload, "read_picture", broken)
    pin = write_pin()
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == (
        "failed",
        "The picture of this Pin can't be read from PinApp's storage.",
    )


def test_a_pin_of_another_workspace_on_the_same_account_is_not_taken_for_ours(
    put, connect, studio, editor, now
):
    other = factories.WorkspaceFactory(name="Two")
    zed = factories.member(other, "zed", Role.OWNER)
    theirs = connect(other, studio, by=zed)
    sync_boards(connection_id=theirs.pk, now=now)
    create_pin(
        workspace=other,
        by=zed,
        content=PinContent(
            connection=theirs,
            board=Board.objects.get(connection=theirs, name="Bowls"),
            section=None,
            media=store_picture(workspace=other, by=zed, data=factories.picture()),
            title="A bowl",
        ),
        plan=Plan(at=now, time_zone="UTC"),
        now=now,
    )
    publish_due(now=now)
    made = Pin.objects.get(workspace=other).pinterest_id
    pin = put("uncertain", question="several")
    with pytest.raises(AnswerRefused, match="another Pin"):
        say_found(pin=pin, by=editor, address=made, now=now)


@pytest.mark.django_db(transaction=True)
def test_the_app_can_be_migrated_back_and_forth() -> None:
    try:
        call_command("migrate", "publishing", "zero", verbosity=0)
        assert "publishing_pin" not in database.introspection.table_names()
    finally:
        call_command("migrate", verbosity=0)
    assert "publishing_pin" in database.introspection.table_names()
