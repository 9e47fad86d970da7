"""A board's next Pin follows when one is done, and Pins are handed out at their second."""

from datetime import timedelta

import pytest

from accounts.limits import counters
from accounts.limits.counters import Wait
from accounts.models import ConnectionStatus
from accounts.policy import Role
from publishing.boards.services.boards import sync_boards
from publishing.delivery.policy.fair_share import MOST_FOLLOWING
from publishing.delivery.services import claims, dispatch
from publishing.models import AppStop, Board, HandOut, Pin
from publishing.pins.services.time_scale import GAP
from sandbox.faults import Fault
from tests import factories
from tests.publishing.rounds import in_threads

pytestmark = pytest.mark.django_db
CREATE = "POST /v5/pins"
MOMENT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def handed_out(now):
    """A tick has just handed Pins out."""
    return HandOut.objects.create(last_at=now)


def publish(pin_id, *, now):
    return dispatch.publish_and_take_next(pin_id=pin_id, worker="w", clock=lambda: now)


def follow(pin_id, *, now):
    """Publish a claimed Pin and all that follow it; returns their ids in order."""
    order = []
    while pin_id is not None:
        order.append(pin_id)
        pin_id = publish(pin_id, now=now)
    return order


def in_order(pins):
    return [str(pin.pk) for pin in sorted(pins, key=lambda pin: (pin.due_at, pin.pk))]


def test_a_boards_pins_follow_each_other_in_their_order(crowd, sandbox, now):
    pins = crowd(accounts=1, boards=1, each=50)
    (first,) = claims.claim_due(now=now, limit=100)
    assert follow(first, now=now) == in_order(pins)
    assert len(sandbox.pins()) == 50


def test_a_worker_goes_on_with_a_board_for_a_few_pins_and_hands_on_the_next(crowd, sandbox, now):
    pins = crowd(accounts=1, boards=1, each=dispatch.MOST_IN_A_ROW + 2)
    (first,) = claims.claim_due(now=now, limit=100)
    following = dispatch.publish_in_a_row(pin_id=first, worker="w", clock=lambda: now)
    assert following == in_order(pins)[dispatch.MOST_IN_A_ROW]
    assert len(sandbox.pins()) == dispatch.MOST_IN_A_ROW
    assert dispatch.publish_in_a_row(pin_id=following, worker="w", clock=lambda: now) is None
    assert len(sandbox.pins()) == len(pins)


def test_a_worker_goes_on_with_a_slow_board_no_longer_than_a_row_may_be(crowd, sandbox, now):
    crowd(accounts=1, boards=1, each=3)
    (first,) = claims.claim_due(now=now, limit=100)
    times = iter([now, now])  # the row begins, the first is sent
    dispatch.publish_in_a_row(
        pin_id=first, worker="w", clock=lambda: next(times, now + dispatch.LONGEST_ROW)
    )
    assert len(sandbox.pins()) == 1


def test_what_is_not_due_does_not_follow(write_pin, now):
    write_pin()
    write_pin(at=now + timedelta(minutes=1))
    (first,) = claims.claim_due(now=now, limit=100)
    assert publish(first, now=now) is None


def test_a_pin_of_another_workspace_follows_at_the_board_both_write_to(
    connect, studio, write_pin, bowls, now
):
    """Its account is the same, its rows are others."""
    room = factories.WorkspaceFactory(name="Another room")
    owner = factories.member(room, "oskar", Role.OWNER)
    other = connect(room, studio, by=owner)
    sync_boards(connection_id=other.pk, now=now)
    same = Board.objects.get(connection=other, pinterest_id=bowls.pinterest_id)
    first, last = write_pin(), write_pin(at=now + 2 * MOMENT)
    between = write_pin(at=now + MOMENT)
    Pin.objects.filter(pk=between.pk).update(workspace=room, connection=other, board=same)
    (claimed,) = claims.claim_due(now=now, limit=100)
    later = now + timedelta(seconds=1)
    assert follow(claimed, now=later) == [str(pin.pk) for pin in (first, between, last)]


@pytest.mark.parametrize(
    "fault",
    [{"kind": "status", "status": 400}, {"kind": "drop"}, {"kind": "status", "status": 503}],
)
def test_the_next_follows_whatever_came_of_the_one_before(write_pin, sandbox, now, fault):
    sandbox.arm(Fault(route=CREATE, **fault))
    write_pin()
    second = write_pin(at=now + MOMENT)
    (first,) = claims.claim_due(now=now, limit=100)
    assert publish(first, now=now + MOMENT) == str(second.pk)


def test_nothing_follows_a_pin_that_keeps_its_turn(write_pin, connection, now):
    first = write_pin()
    write_pin(at=now + MOMENT)
    claimed = claims.claim_due(now=now, limit=100)
    while not isinstance(
        counters.take(account_id=connection.pinterest_id, category="org_write"), Wait
    ):
        pass
    assert claimed == [str(first.pk)]
    assert publish(str(first.pk), now=now + MOMENT) is None
    assert set(Pin.objects.values_list("status", flat=True)) == {"scheduled"}


def test_nothing_follows_while_a_pin_of_the_board_is_in_hand(write_pin, bowls, now):
    write_pin()
    write_pin()
    assert len(claims.claim_due(now=now, limit=100)) == 1
    assert claims.claim_next(bowls, now=now) is None


def test_nothing_follows_while_the_app_is_refused(write_pin, bowls, settings, now):
    write_pin()
    AppStop.objects.create(app_id=settings.PINTEREST_APP_ID, since=now, reason="trial_access")
    assert claims.claim_next(bowls, now=now) is None


def test_nothing_follows_from_a_lost_account(write_pin, bowls, connection, now):
    write_pin()
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.save(update_fields=["status"])
    assert claims.claim_next(bowls, now=now) is None


def test_after_an_outage_a_tick_comes_first(write_pin, bowls, handed_out, now):
    """A worker that is up before the scheduler must not send what waits to be asked about."""
    pin = write_pin()
    handed_out.last_at = now - GAP
    handed_out.save()
    assert claims.claim_next(bowls, now=now) is None
    HandOut.objects.all().delete()
    assert claims.claim_next(bowls, now=now) is None
    HandOut.objects.create(last_at=now - GAP + MOMENT)
    assert claims.claim_next(bowls, now=now) == str(pin.pk)


def test_while_many_are_in_hand_it_is_left_to_the_sharing_out(crowd, write_pin, bowls, now):
    others = crowd(accounts=1, boards=MOST_FOLLOWING)
    pin = write_pin()
    busy = Pin.objects.filter(pk__in=[other.pk for other in others])
    busy.update(status="claimed", claimed_at=now)
    assert claims.claim_next(bowls, now=now) is None
    claims.give_back(Pin.objects.filter(pk=others[0].pk))
    assert claims.claim_next(bowls, now=now) == str(pin.pk)


@pytest.mark.django_db(transaction=True)
def test_a_tick_and_a_follower_take_a_pin_once(write_pin, bowls, now):
    for _ in range(10):
        pin = write_pin()
        ticked, followed = in_threads(
            lambda: ("tick", claims.claim_due(now=now, limit=100)),
            lambda: ("next", claims.claim_next(bowls, now=now)),
        )
        found = dict([ticked, followed])
        assert [*found["tick"], *filter(None, [found["next"]])] == [str(pin.pk)]
        pin.delete()


# At their second


class Clockwork:
    """A clock that goes on only while somebody pauses."""

    def __init__(self, now, *, looks_take=0.0):
        self.now, self.pauses, self.looks_take = now, [], looks_take

    def __call__(self):
        moment = self.now
        self.now += timedelta(seconds=self.looks_take)
        return moment

    def pause(self, seconds):
        self.pauses.append(seconds)
        self.now += timedelta(seconds=seconds)

    def hand_out(self, span_s):
        span = timedelta(seconds=span_s)
        handed = dispatch.hand_out_due(clock=self, span=span, pause=self.pause)
        return [(pin_id, self.now) for pin_id in handed]


def test_a_tick_hands_out_at_its_second_what_becomes_due_before_the_next(crowd, now):
    after = [timedelta(seconds=each) for each in (0, 0.2, 0.21, 0.4, 0.5)]
    pins = crowd(accounts=1, boards=5, at=[now + each for each in after])
    clock = Clockwork(now)
    handed = clock.hand_out(0.5)
    assert [pin_id for pin_id, _ in handed] == [str(pin.pk) for pin in pins[:4]]
    late = [moment - now - each for (_, moment), each in zip(handed, after, strict=False)]
    assert all(timedelta(0) <= each <= dispatch.SHORTEST_PAUSE for each in late)
    assert len(clock.pauses) == 3


def test_a_tick_that_takes_long_leaves_the_rest_to_the_next(crowd, now):
    """A machine with more to do than it can must send, and not look again and again."""
    crowd(accounts=1, boards=5, at=[now + timedelta(seconds=each / 10) for each in range(5)])
    clock = Clockwork(now, looks_take=0.08)
    assert len(clock.hand_out(0.5)) == 5
    assert [round(each, 2) for each in clock.pauses] == [0.32]
    slow = Clockwork(now, looks_take=0.2)
    slow.hand_out(0.5)
    assert slow.pauses == []


def test_a_hint_hands_out_what_is_due_and_is_done(crowd, now):
    due, _soon = crowd(accounts=1, boards=2, at=[now, now + timedelta(seconds=0.1)])
    clock = Clockwork(now)
    assert clock.hand_out(0) == [(str(due.pk), now)]
    assert clock.pauses == []


def test_a_tick_with_nothing_to_come_is_over_at_once(write_pin, now):
    write_pin(at=now + timedelta(hours=1))
    clock = Clockwork(now)
    assert (clock.hand_out(0.5), clock.pauses) == ([], [])
