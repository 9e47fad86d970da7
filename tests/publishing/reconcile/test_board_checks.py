"""Looks for an uncertain Pin: how often, until when, and what absence allows."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publishing.choices.board_checks import AskReason, LookResult
from publishing.pins.policy.leases import LOOK_DELAYS
from publishing.reconcile.policy.board_checks import (
    LONGEST_RETRY,
    LOOKOUT,
    LOOKS_NEEDED,
    MOST_LOOKS,
    AskPerson,
    Look,
    LookAt,
    ResendAllowed,
    foresee,
    next_look,
)
from publishing.reconcile.policy.matching import CLOCK_SKEW, LATEST_APPLICATION

SINCE = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NOTHING, SEVERAL, FAILED = LookResult.NOTHING, LookResult.SEVERAL, LookResult.INCONCLUSIVE


def at(**offset: float) -> datetime:
    return SINCE + timedelta(**offset)


def step(*looks: Look, now: datetime | None = None, **sent):
    moment = now or (looks[-1].looked_at if looks else SINCE)
    return next_look(looks, first_uncertain_at=SINCE, now=moment, **sent)


def live_through(results, *, away: timedelta = timedelta(), **sent):
    """Look whenever told to, first after `away`; the looks made, and how the search ended."""
    looks: list[Look] = []
    now = SINCE + away
    remaining = iter(results)
    while isinstance(after := step(*looks, now=now, **sent), LookAt):
        now = after.when
        looks.append(Look(now, next(remaining)))
    return [look.looked_at - SINCE for look in looks], after


def always(result: LookResult):
    while True:
        yield result


def test_a_pin_is_looked_for_seven_times_in_a_quarter_of_an_hour_and_then_sent_once_more():
    assert live_through(always(NOTHING)) == (list(LOOK_DELAYS), ResendAllowed())
    assert LOOK_DELAYS[-1] == LOOKOUT == timedelta(minutes=15)


def test_a_pin_is_never_sent_a_third_time():
    made, end = live_through(always(NOTHING), resends=1)
    assert (made, end) == (list(LOOK_DELAYS), AskPerson(AskReason.SENT_TWICE))


@pytest.mark.parametrize(
    ("resends", "after", "end"),
    [
        (0, [], ResendAllowed()),
        (1, [timedelta(minutes=60)], ResendAllowed()),
        (2, [timedelta(minutes=240)], ResendAllowed()),
        (3, [], AskPerson(AskReason.SENT_TWICE)),
    ],
)
def test_a_fault_of_pinterests_own_is_sent_three_more_times_over_hours(resends, after, end):
    made = live_through(always(NOTHING), resends=resends, was_fault=True)
    assert made == ([*LOOK_DELAYS, *after], end)


def test_old_proof_of_absence_is_proven_anew_before_a_late_send():
    made, end = live_through([*[NOTHING] * 7, FAILED, FAILED, NOTHING], resends=1, was_fault=True)
    minutes = [offset.total_seconds() / 60 for offset in made[6:]]
    assert (minutes, end) == ([15, 60, 60.5, 61.5], ResendAllowed())


def test_a_pin_that_turns_up_during_a_long_wait_is_asked_about():
    made, end = live_through([*[NOTHING] * 7, SEVERAL], resends=2, was_fault=True)
    assert (made[-1], end) == (timedelta(hours=4), AskPerson(AskReason.SEVERAL))


def test_a_board_that_cannot_be_read_at_the_end_of_a_long_wait_is_asked_about():
    made, end = live_through([*[NOTHING] * 7, *[FAILED] * MOST_LOOKS], resends=1, was_fault=True)
    assert (len(made), end) == (MOST_LOOKS, AskPerson(AskReason.NO_ANSWER))


def test_the_look_out_outlasts_what_pinterest_may_still_do():
    assert LOOKOUT >= LATEST_APPLICATION + CLOCK_SKEW


def test_a_look_that_failed_proves_nothing_however_often():
    made, end = live_through(always(FAILED))
    assert end == AskPerson(AskReason.NO_ANSWER)
    assert len(made) == MOST_LOOKS
    assert timedelta(hours=13) < made[-1] < timedelta(hours=14)


def test_failed_looks_are_repeated_at_growing_intervals():
    made, _ = live_through(always(FAILED))
    waits = [later - earlier for earlier, later in pairwise(made)]
    assert waits[:6] == [timedelta(minutes=m) for m in (0.5, 1, 2, 4, 8, 15)]
    assert set(waits[5:]) == {LONGEST_RETRY}


def test_after_an_outage_of_the_list_absence_is_proven_anew():
    hour_of_failures = [FAILED] * 8
    made, end = live_through([*hour_of_failures, *[NOTHING] * LOOKS_NEEDED])
    assert end == ResendAllowed()
    assert len(made) == 8 + LOOKS_NEEDED


def test_a_failed_look_at_the_end_delays_the_verdict_and_does_not_change_it():
    made, end = live_through([NOTHING] * 6 + [FAILED, NOTHING])
    assert made == [*LOOK_DELAYS, LOOK_DELAYS[-1] + timedelta(seconds=30)]
    assert end == ResendAllowed()


def test_a_server_that_was_off_for_days_still_looks_more_than_once():
    made, end = live_through(always(NOTHING), away=timedelta(days=3))
    minutes = [offset - timedelta(days=3) for offset in made]
    assert minutes == [timedelta(minutes=count) for count in range(LOOKS_NEEDED)]
    assert end == ResendAllowed()


def test_a_look_that_is_overdue_is_due_now():
    assert step(now=at(hours=2)) == LookAt(at(hours=2))
    assert step(now=at(seconds=3)) == LookAt(at(seconds=10))


def test_several_candidates_are_given_two_minutes_and_then_a_person_is_asked():
    assert live_through(always(SEVERAL)) == (
        [timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)],
        AskPerson(AskReason.SEVERAL),
    )


def test_several_candidates_late_in_the_search_are_asked_about_at_once():
    made, end = live_through([NOTHING] * 5 + [SEVERAL])
    assert (made, end) == (list(LOOK_DELAYS[:6]), AskPerson(AskReason.SEVERAL))


def test_a_candidate_that_is_gone_again_is_asked_about_instead_of_sent_again():
    made, end = live_through([SEVERAL] + [NOTHING] * 6)
    assert (made, end) == (list(LOOK_DELAYS), AskPerson(AskReason.VANISHED))


@pytest.mark.parametrize("count", range(len(LOOK_DELAYS)))
def test_before_the_look_out_ends_nothing_is_sent(count):
    looks = [Look(SINCE + delay, NOTHING) for delay in LOOK_DELAYS[:count]]
    assert step(*looks, now=at(days=1)) == LookAt(at(days=1))


@given(
    results=some.lists(some.sampled_from(list(LookResult)), max_size=MOST_LOOKS),
    away=some.timedeltas(timedelta(), timedelta(days=30)),
    resends=some.integers(0, 4),
    was_fault=some.booleans(),
)
def test_every_search_ends_and_sends_again_only_on_proof(results, away, resends, was_fault):
    told: list[LookResult] = []

    def tell():
        for result in [*results, *[NOTHING] * (MOST_LOOKS + LOOKS_NEEDED)]:
            told.append(result)
            yield result

    made, end = live_through(tell(), away=away, resends=resends, was_fault=was_fault)
    assert made == sorted(made)
    if end == ResendAllowed():
        assert resends < (3 if was_fault else 1)
        assert SEVERAL not in told
        assert told.count(NOTHING) >= LOOKS_NEEDED
        assert told[-1] is NOTHING
        assert made[-1] >= LOOKOUT


@pytest.mark.parametrize(
    ("looks", "sent", "minutes", "follows"),
    [
        ([], {}, 15, ResendAllowed()),
        ([Look(at(seconds=10), NOTHING)], {}, 15, ResendAllowed()),
        ([], {"resends": 1}, 15, AskPerson(AskReason.SENT_TWICE)),
        ([], {"was_fault": True}, 15, ResendAllowed()),
        ([], {"was_fault": True, "resends": 1}, 60, ResendAllowed()),
        ([], {"was_fault": True, "resends": 2}, 240, ResendAllowed()),
        ([], {"was_fault": True, "resends": 3}, 15, AskPerson(AskReason.SENT_TWICE)),
        ([Look(at(minutes=1), SEVERAL)], {}, 15, AskPerson(AskReason.VANISHED)),
        ([Look(at(minutes=3), SEVERAL)], {}, 3, AskPerson(AskReason.SEVERAL)),
    ],
)
def test_it_is_foreseen_when_the_search_ends(looks, sent, minutes, follows):
    now = looks[-1].looked_at if looks else SINCE
    foreseen = foresee(looks, first_uncertain_at=SINCE, now=now, **sent)
    assert foreseen == (at(minutes=minutes), follows)


@given(some.lists(some.sampled_from([NOTHING, FAILED]), max_size=8), some.booleans())
def test_what_is_foreseen_comes_true_when_all_looks_succeed(before, was_fault):
    looks: list[Look] = []
    now = SINCE
    for result in before:
        if not isinstance(after := step(*looks, now=now, was_fault=was_fault), LookAt):
            return
        now = after.when
        looks.append(Look(now, result))
    foreseen = foresee(looks, first_uncertain_at=SINCE, now=now, was_fault=was_fault)
    while isinstance(after := step(*looks, now=now, was_fault=was_fault), LookAt):
        now = after.when
        looks.append(Look(now, NOTHING))
    assert foreseen == (now, after)
