"""Room under the limits and the board's turn come before the attempt; who lacks one waits."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.limits import counters
from accounts.limits.counters import BoardTurn, Wait
from publishing.delivery.services import claims, engine
from publishing.models import Board, Pin
from sandbox.faults import Fault
from tests.publishing.rounds import attempt_facts, in_threads, publish_due

pytestmark = pytest.mark.django_db
CREATE = "POST /v5/pins"


def as_planned(pin):
    pin.refresh_from_db()
    return (pin.status, pin.due_at, pin.claimed_at, pin.problem, pin.attempts.count())


def take_board(pin):
    turn = counters.board_turn(
        connection_id="somebody-else", board_id=pin.board.pinterest_id, seconds=60
    )
    assert isinstance(turn, BoardTurn)
    return turn


def test_a_pin_whose_board_is_being_written_to_keeps_its_place(write_pin, sent, now):
    pin = write_pin()
    with take_board(pin):
        publish_due(now=now)
        assert as_planned(pin) == ("scheduled", now, None, "", 0)
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, sent()) == ("published", [201])


def test_a_pin_without_room_under_the_limit_keeps_its_place(write_pin, connection, sent, now):
    pin = write_pin()
    (pin_id,) = claims.claim_due(now=now, limit=10)
    while not isinstance(
        counters.take(account_id=connection.pinterest_id, category="org_write"), Wait
    ):
        pass
    engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    assert as_planned(pin) == ("scheduled", now, None, "", 0)
    assert (claims.claim_due(now=now, limit=10), sent()) == ([], [])
    take_board(pin).release()  # was not kept


@pytest.mark.parametrize("fault", [None, {"kind": "status", "status": 400}, {"kind": "drop"}])
def test_a_board_is_free_again_whatever_came_of_the_pin(write_pin, sandbox, now, fault):
    if fault:
        sandbox.arm(Fault(route=CREATE, **fault))
    pin = write_pin()
    publish_due(now=now)
    take_board(pin).release()


def test_a_send_is_counted_once(write_pin, connection, sandbox, now):
    publish_due(now=write_pin().due_at)
    (counted, _) = counters._minute(connection.pinterest_id, "org_write")
    assert counters._client().llen(counted) == 1


@pytest.mark.django_db(transaction=True)
def test_two_accounts_never_write_to_one_board_at_once(write_pin, record, sent, now):
    """The second worker got its Pin by a path that the sharing of turns knows nothing of."""
    first = write_pin()
    second = write_pin()
    Pin.objects.filter(pk=second.pk).update(status="claimed", claimed_at=now)
    (pin_id,) = [str(first.pk)]
    Pin.objects.filter(pk=first.pk).update(status="claimed", claimed_at=now)

    def meanwhile():
        in_threads(lambda: engine.publish(pin_id=str(second.pk), worker="b", clock=lambda: now))

    record(during=meanwhile)
    engine.publish(pin_id=pin_id, worker="a", clock=lambda: now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, sent()) == ("published", "scheduled", [201])


def test_160_pins_of_one_minute_all_go_out_in_order_and_under_the_limit(crowd, sandbox, sent, now):
    pins = crowd(accounts=1, boards=4, each=40)
    assert 100 <= len(publish_due(now=now)) < 160
    assert Pin.objects.filter(status="scheduled", due_at=now, problem="").count() == 160 - len(
        sent()
    )
    sandbox.clock.advance(60)
    cache.clear()  # limits end by the cache server's clock, which a test can't set
    publish_due(now=now + timedelta(minutes=1))
    assert sent() == [201] * 160
    for board in Board.objects.filter(pins__in=pins).distinct():
        planned = board.pins.order_by("due_at", "pk").values_list("pinterest_id", flat=True)
        made = sandbox.pins(board.pinterest_id)
        assert [pin.id for pin in reversed(made)] == list(planned)


@pytest.mark.parametrize("said", [{"Retry-After": "45"}, {"Retry-After": None}])
def test_a_429_is_waited_for_by_the_whole_account_and_by_no_other(
    write_pin, crowd, sandbox, studio, sent, now, said
):
    sandbox.arm(Fault(route=CREATE, kind="status", status=429, account=studio.id, headers=said))
    refused, behind = write_pin(), write_pin(at=now + timedelta(seconds=1))
    (other,) = crowd(accounts=1, boards=1)
    for second in range(5):
        publish_due(now=now + timedelta(seconds=second))
    for pin in (refused, behind, other):
        pin.refresh_from_db()
    assert (refused.status, behind.status, other.status) == ("scheduled", "scheduled", "published")
    assert sorted(sent()) == [201, 429]
    assert (behind.problem, behind.attempts.count()) == ("", 0)


def test_being_asked_to_slow_down_is_no_try(write_pin, sandbox, now):
    """Two of them, and a picture that can't be fetched still has its three tries."""
    sandbox.arm(Fault(route=CREATE, kind="status", status=429, times=2))
    unfetched = {"status": 400, "code": 1, "message": "Sorry! We could not fetch the image."}
    sandbox.arm(Fault(route=CREATE, kind="status", times=3, **unfetched))
    pin, waits = write_pin(), []
    for _ in range(6):
        cache.clear()
        moment = pin.due_at
        publish_due(now=moment)
        pin.refresh_from_db()
        waits.append((pin.status, pin.due_at and round((pin.due_at - moment).total_seconds())))
        if pin.status != "scheduled":
            break
    assert waits[2:] == [("scheduled", 300), ("scheduled", 600), ("failed", None)]
    assert [facts[2] for facts in attempt_facts(pin)] == [429, 429, 400, 400, 400]
