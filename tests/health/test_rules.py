"""The rules of health, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from health.policy import Turns, alarm_is_over, is_silent, loop_runs, worker_lives

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "silent"),
    [(None, True), (NOW, False), (NOW - timedelta(seconds=60), False)],
)
def test_a_process_is_silent_after_a_minute(last, silent):
    assert is_silent(last, now=NOW) is silent
    assert is_silent(NOW - timedelta(seconds=60, microseconds=1), now=NOW)


def test_a_loop_that_has_not_turned_for_half_a_minute_does_not_run():
    assert (loop_runs(30), loop_runs(30.1)) == (True, False)


@pytest.mark.parametrize(
    ("turns", "lives"),
    [
        ({"busy": 0, "since_task": 9999}, True),
        ({"busy": 8, "since_task": 599}, True),
        ({"busy": 8, "since_task": 601}, False),
        ({"busy": 7, "since_task": 9999}, True),
        ({"busy": 0, "since_task": 0, "since_loop": 31}, False),
    ],
    ids=["nothing to do", "slow uploads", "stuck", "a place is free", "the loop stands"],
)
def test_a_slow_upload_does_not_make_a_worker_look_dead(turns, lives):
    usual = {"since_loop": 1, "places": 8, "longest_task": 600}
    assert worker_lives(Turns(**{**usual, **turns})) is lives


def test_an_alarm_is_over_when_its_trouble_has_been_gone_for_two_minutes():
    assert alarm_is_over(NOW, now=NOW + timedelta(minutes=2))
    assert not alarm_is_over(NOW, now=NOW + timedelta(seconds=119))
