"""Due Pins are taken in hand, each once, and no account waits behind another's many."""

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.limits import counters
from accounts.limits.counters import Wait
from accounts.models import ConnectionStatus
from accounts.policy import Role
from publishing.boards.services.boards import sync_boards
from publishing.choices.statuses import PinStatus
from publishing.delivery.policy.fair_share import MOST_IN_HAND, MOST_IN_HAND_PER_ACCOUNT
from publishing.delivery.selectors import fair_share
from publishing.delivery.services import claims, engine
from publishing.models import Board, Pin
from publishing.pins.services.pins import rewrite_pin
from tests import factories
from tests.publishing.rounds import content_of, plan_at

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)
NOBODY = "redis://127.0.0.1:9/0"


def test_the_longest_due_pins_are_claimed_first_up_to_the_limit(crowd, now):
    late, later, latest = crowd(
        accounts=1, boards=3, at=[now - timedelta(minutes=n) for n in (1, 2, 3)]
    )
    assert claims.claim_due(now=now, limit=2) == [str(latest.pk), str(later.pk)]
    assert claims.claim_due(now=now, limit=2) == [str(late.pk)]
    assert claims.claim_due(now=now, limit=2) == []
    assert set(Pin.objects.values_list("status", "claimed_at")) == {("claimed", now)}


def test_a_pin_is_claimed_at_its_time_and_not_before(write_pin, now):
    pin = write_pin(at=now + timedelta(hours=1))
    assert claims.claim_due(now=pin.scheduled_at - MOMENT, limit=10) == []
    assert claims.claim_due(now=pin.scheduled_at, limit=10) == [str(pin.pk)]


@pytest.mark.parametrize("status", [s for s in PinStatus if s is not PinStatus.SCHEDULED])
def test_only_scheduled_pins_are_claimed(put, now, status):
    pin = put(status)
    assert claims.claim_due(now=now + timedelta(days=9), limit=10) == []
    pin.refresh_from_db()
    assert pin.status == status


def test_pins_of_a_lost_account_are_held_instead_of_claimed(write_pin, connection, now):
    due, future = write_pin(), write_pin(at=now + timedelta(hours=1))
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.save(update_fields=["status"])
    assert claims.claim_due(now=now, limit=10) == []
    assert claims.hold_due_without_connection(now=now) == 1
    due.refresh_from_db()
    future.refresh_from_db()
    assert (due.status, due.problem, due.remedy) == (
        "held",
        "The Pinterest account is not connected, so this Pin waits.",
        "Reconnect the account, then publish the Pin or give it a new time.",
    )
    assert future.status == "scheduled"


def test_pins_of_working_accounts_are_not_held(write_pin, now):
    write_pin()
    assert claims.hold_due_without_connection(now=now) == 0


# Sharing


def claimed_pins(*, now, limit=100):
    ids = claims.claim_due(now=now, limit=limit)
    rows = Pin.objects.select_related("board").in_bulk(ids)
    return [rows[UUID(each)] for each in ids]


def publish_all(pins, *, now):
    for pin in pins:
        engine.publish(pin_id=str(pin.pk), worker="w", clock=lambda: now)


@pytest.mark.parametrize("few", [True, False])
def test_a_board_has_one_pin_in_hand_and_its_pins_go_out_in_order(
    write_pin, sandbox, now, few, monkeypatch
):
    if not few:
        monkeypatch.setattr(fair_share, "FEW", 0)
    late = [write_pin(title=f"Bowl {n}", at=now - timedelta(minutes=n)) for n in range(3)]
    order = []
    while claimed := claimed_pins(now=now):
        assert claims.claim_due(now=now, limit=100) == []
        order += claimed
        publish_all(claimed, now=now)
    assert order == [late[2], late[1], late[0]]
    assert [there.title for there in reversed(sandbox.pins())] == ["Bowl 2", "Bowl 1", "Bowl 0"]


def test_a_board_that_two_workspaces_write_to_has_one_pin_in_hand(write_pin, connect, studio, now):
    other = factories.WorkspaceFactory(name="Two")
    theirs = connect(other, studio, by=factories.member(other, "zed", Role.OWNER))
    sync_boards(connection_id=theirs.pk, now=now)
    write_pin(at=now - timedelta(minutes=1))
    write_pin(connection=theirs, board=Board.objects.get(connection=theirs, name="Bowls"))
    assert len(claims.claim_due(now=now, limit=100)) == 1
    assert claims.claim_due(now=now, limit=100) == []


@pytest.mark.parametrize("few", [True, False])
def test_the_many_pins_of_one_account_do_not_delay_the_one_of_another(crowd, now, few, monkeypatch):
    if not few:
        monkeypatch.setattr(fair_share, "FEW", 50)
    many = crowd(accounts=1, boards=25, each=20, at=[now - timedelta(hours=1)] * 500)
    (one,) = crowd(accounts=1, boards=1)
    first = claimed_pins(now=now)
    assert len(first) == MOST_IN_HAND_PER_ACCOUNT + 1
    assert first.index(one) <= 1
    assert {pin.connection_id for pin in first} == {many[0].connection_id, one.connection_id}
    assert claims.claim_due(now=now, limit=100) == []


def test_no_more_is_claimed_than_workers_get_to_in_time(crowd, now):
    crowd(accounts=12, boards=10)
    assert len(claims.claim_due(now=now, limit=1000)) == MOST_IN_HAND
    assert claims.claim_due(now=now, limit=1000) == []


def test_an_account_at_its_limit_is_left_alone_and_the_others_go_on(crowd, connection, now):
    theirs = crowd(accounts=1, boards=5)
    account = theirs[0].connection.pinterest_id
    while not isinstance(counters.take(account_id=account, category="org_write"), Wait):
        pass
    (ours,) = crowd(accounts=1, boards=1)
    assert claimed_pins(now=now) == [ours]


def test_nothing_is_claimed_while_the_limits_cannot_be_asked(write_pin, settings, now):
    pin = write_pin()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY}}
    assert claims.claim_due(now=now, limit=100) == []
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == ("scheduled", "")


def test_a_pin_moved_since_it_was_read_is_not_claimed(write_pin, owner, now):
    pin = write_pin()
    tomorrow = now + timedelta(days=1)
    rewrite_pin(pin=pin, by=owner, content=content_of(pin), plan=plan_at(tomorrow), now=now)
    assert claims._take_in_hand([str(pin.pk)], now=now) == set()


# Two of them read whose accounts and which boards these are, once in the life of a process.
@pytest.mark.parametrize(("waiting", "queries"), [(1, 4), (60, 4)])
def test_claiming_takes_a_fixed_number_of_queries(
    crowd, now, waiting, queries, django_assert_num_queries
):
    crowd(accounts=6, boards=waiting // 6 or 1)
    with django_assert_num_queries(queries):
        assert claims.claim_due(now=now, limit=100)
