"""Rate limits hold for all processes together, and Pinterest's own word about them leads."""

import logging
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
import time_machine
from django.conf import settings as project
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from accounts.limits import counters, policy, throttle
from accounts.limits.counters import (
    BoardTurn,
    Granted,
    Wait,
    WaitReason,
    board_turn,
    free_capacity,
    learn,
)
from accounts.services.tokens import call_pinterest
from pinapp.supervisor import valkey
from pinapp.supervisor.spawn import spawn
from pinterest.client import PinterestClient
from pinterest.errors import Trouble, Unavailable
from pinterest.operations import CREATE_PIN, GET_ACCOUNT
from pinterest.ratelimit import Answer, RateLimit
from sandbox.faults import Fault

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
A, B = "a" * 32, "b" * 32


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def take(account: str = A, category: str = "org_write", *, now: datetime | None = None):
    return counters.take(account_id=account, category=category, now=now)


def grants(count: int, connection: str = A, *, now: datetime, category: str = "org_write") -> int:
    """How many of `count` calls are let through at one moment."""
    return sum(isinstance(take(connection, category, now=now), Granted) for _ in range(count))


def answer(
    limit: int | None = None,
    remaining: int = 0,
    reset: int | None = None,
    *,
    status: int = 200,
    retry_after: float | None = None,
    category: str = "org_write",
    duration: float = 0.0,
) -> Answer:
    seen = None if limit is None else RateLimit(limit, remaining, reset, category)
    return Answer("create_pin", category, status, "1", seen, duration, retry_after)


def refusal(reset: int | None, *, limit: int | None = 100, **facts) -> Answer:
    """A 429 as the wire reports it: the reset is also what it asks us to wait."""
    return answer(limit, 0, reset, status=429, retry_after=reset, **facts)


# Our own count


def test_a_minute_has_a_hundred_writes_and_says_when_the_next_is_free():
    assert grants(100, now=at(0)) == 100
    assert take(now=at(0)) == Wait(60.0)
    assert take(now=at(59.999)) == Wait(0.001)
    assert take(now=at(60)) == Granted("org_write")


def test_a_second_has_a_hundred_calls_of_all_categories():
    assert grants(60, now=at(0), category="org_read") == 60
    assert grants(60, now=at(0.2), category="ads_read") == 40
    assert take(category="org_read", now=at(0.5)) == Wait(0.5)
    assert grants(60, now=at(1), category="org_read") == 60


def test_a_category_that_pinterest_gives_no_figure_for_has_the_lowest_limit():
    assert grants(100, now=at(0), category="brand_new") == 60


def test_a_call_that_has_to_wait_is_not_counted():
    grants(100, now=at(0))
    assert grants(50, now=at(30)) == 0
    assert grants(101, now=at(60)) == 100


def test_accounts_and_categories_have_limits_of_their_own():
    assert grants(101, A, now=at(0)) == 100
    assert grants(101, B, now=at(2)) == 100
    assert take(A, "org_read", now=at(2)) == Granted("org_read")


def test_another_app_has_limits_of_its_own(settings):
    grants(100, now=at(0))
    settings.PINTEREST_APP_ID = "7654321"
    assert grants(101, now=at(0)) == 100


@hypothesis_settings(max_examples=30, deadline=None)
@given(pauses=some.lists(some.integers(0, 9_000), min_size=1, max_size=300))
def test_no_stretch_of_a_minute_ever_has_more_calls_than_allowed(pauses):
    connection, clock, granted = uuid.uuid4().hex, 0, []
    for pause in pauses:
        clock += pause
        outcome = take(connection, "org_analytics", now=at(clock / 1000))
        in_last_minute = sum(time > clock - 60_000 for time in granted)
        if isinstance(outcome, Granted):
            granted.append(clock)
            assert in_last_minute < 60
        else:
            # It had to wait because it was full, and exactly until it is not.
            assert in_last_minute == 60
            assert outcome == Wait((granted[-60] + 60_000 - clock) / 1000)


def test_a_server_clock_that_is_set_back_shuts_nobody_out():
    grants(100, now=at(86_400))
    assert grants(101, now=at(0)) == 100


# All processes together


def test_threads_share_one_limit():
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: take(category="org_analytics"), range(400)))
    assert Counter(type(each) for each in outcomes) == {Granted: 60, Wait: 340}


PROCESS = """
import sys, time, django
django.setup()
from accounts.limits.counters import Granted, take
print("ready", flush=True)
sys.stdin.readline()
grants, until = [], time.monotonic() + 2.5
while time.monotonic() < until:
    before = time.time()
    if isinstance(take(account_id="shared", category="org_read"), Granted):
        print(before, time.time())
"""


@pytest.mark.slow
def test_four_processes_never_make_more_calls_than_a_limit_has():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "pinapp.settings"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for _ in range(4)
    ]
    assert [each.stdout.readline() for each in processes] == ["ready\n"] * 4
    with ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(lambda each: each.communicate("go\n", timeout=60)[0], processes))
    spans = sorted(tuple(map(float, line.split())) for out in outputs for line in out.splitlines())
    assert [each.returncode for each in processes] == [0, 0, 0, 0]
    assert sum(bool(out) for out in outputs) >= 2  # they did compete
    assert len(spans) >= 200  # and used what there was: two seconds' worth at the least
    for began, _ in spans:
        # Calls wholly inside one second; a call is counted somewhere between its two times.
        assert sum(began <= start and end < began + 0.999 for start, end in spans) <= 100
    key = counters._key("shared", "org_read")
    assert counters._client().llen(key) == len(spans)


@pytest.mark.parametrize("year", [2001, 2096])
def test_a_machine_whose_clock_is_wrong_sees_the_same_limits(year):
    assert [type(take(category="org_analytics")) for _ in range(60)] == [Granted] * 60
    learn(A, refusal(45))
    with time_machine.travel(datetime(year, 1, 1, tzinfo=UTC)):
        full, refused = take(category="org_analytics"), take()
    assert 50 < full.seconds <= 60
    assert 40 < refused.seconds <= 45


# Pinterest's word


def test_what_pinterest_says_remains_is_all_that_is_left():
    grants(1, now=at(0))
    learn(A, answer(100, 3, 45), now=at(0.1))
    assert grants(10, now=at(1)) == 3
    assert take(now=at(1)) == Wait(44.1)


def test_a_higher_limit_of_pinterests_is_used():
    grants(1, now=at(0))
    learn(A, answer(250, 249, 60), now=at(0))
    assert sum(grants(100, now=at(second)) for second in range(1, 5)) == 249


def test_a_lower_limit_of_pinterests_holds_in_the_windows_after_it_too():
    grants(1, now=at(0))
    learn(A, answer(20, 19, 30), now=at(0))
    assert grants(50, now=at(1)) == 19
    assert grants(50, now=at(31)) == 20
    assert grants(50, now=at(60)) == 0


def test_calls_still_on_their_way_are_taken_off_what_remains():
    grants(10, now=at(0))
    grants(5, now=at(3))
    # Sent at 1 s, before the last five; Pinterest has counted ten.
    learn(A, answer(100, 90, 50, duration=2.5), now=at(3.5))
    assert grants(100, now=at(4)) == 85


def test_a_call_answered_within_a_millisecond_is_not_taken_for_one_on_its_way():
    grants(1, now=at(0))
    learn(A, answer(100, 99, 50, duration=0.0006), now=at(0))
    assert grants(100, now=at(1)) == 99


def test_also_when_others_have_used_most_of_what_pinterest_counts():
    grants(3, now=at(0))
    grants(5, now=at(3))
    learn(A, answer(100, 9, 50, duration=2.5), now=at(3.5))
    assert grants(100, now=at(4)) == 4


def test_an_answer_that_comes_late_does_not_give_calls_back():
    grants(10, now=at(0))
    learn(A, answer(100, 90, 50), now=at(0.5))
    grants(10, now=at(1))
    learn(A, answer(100, 99, 49, duration=1.9), now=at(1.9))
    assert grants(100, now=at(2)) == 80


def test_when_pinterests_window_ends_the_next_one_is_whole():
    grants(100, now=at(0))
    learn(A, answer(100, 0, 10), now=at(0))
    assert take(now=at(5)) == Wait(5.0)
    assert grants(150, now=at(10)) == 100


@pytest.mark.parametrize("reset", [0, 1])
def test_a_reset_that_is_always_near_does_not_open_the_gates(reset):
    granted = 0
    for step in range(1_700):
        now = at(step / 10)
        if isinstance(take(now=now), Granted):
            granted += 1
            learn(A, answer(100, 99, reset), now=now)
    # Believing each reset would grant all 1,700. A window is believed to end once in its length,
    # so that a minute has twice its calls at the worst.
    assert granted <= 200 * 3 + 10


def test_remaining_calls_without_a_reset_are_believed_too():
    grants(1, now=at(0))
    learn(A, answer(100, 2, None), now=at(0))
    assert grants(10, now=at(1)) == 2
    learn(A, answer(100, 50, None), now=at(2))
    assert grants(100, now=at(3)) == 50


@pytest.mark.parametrize(
    "garbled",
    [answer(0, 0, 60), answer(), answer(100, 99, 60, status=401), answer(status=500)],
    ids=["a limit of nothing", "no headers", "a refused token", "a fault without headers"],
)
def test_headers_that_say_nothing_change_nothing(garbled):
    grants(40, now=at(0))
    learn(A, garbled, now=at(0))
    assert grants(100, now=at(1)) == 60


def test_more_remaining_than_the_limit_is_read_as_the_limit():
    learn(A, answer(20, 999_999, 60), now=at(0))
    assert grants(50, now=at(1)) == 20


# Refusals


def test_a_refusal_empties_the_minute_until_its_reset():
    learn(A, refusal(45), now=at(0))
    assert take(now=at(0)) == Wait(45.0)
    assert take(now=at(44.999)) == Wait(0.001)
    assert grants(101, now=at(45)) == 100
    assert take(B, now=at(1)) == Granted("org_write")
    assert take(A, "org_read", now=at(1)) == Granted("org_read")


def test_a_refusal_for_a_day_is_the_whole_apps_in_that_category():
    learn(A, refusal(67_150, limit=300), now=at(0))
    assert take(A, now=at(0)) == Wait(67_150.0)
    assert take(B, now=at(150)) == Wait(67_000.0)
    assert take(B, "org_read", now=at(150)) == Granted("org_read")
    assert take(B, now=at(67_150)) == Granted("org_write")


def test_the_apps_thousand_calls_a_day_are_all_categories():
    learn(A, refusal(67_150, limit=1_000, category="org_read"), now=at(0))
    assert take(B, "org_write", now=at(0)) == Wait(67_150.0)
    assert take(B, "org_analytics", now=at(0)) == Wait(67_150.0)


def test_on_trial_access_all_accounts_share_what_is_left_of_the_day():
    learn(A, answer(300, 5, 40_000), now=at(0))
    assert grants(3, A, now=at(1)) == 3
    assert grants(9, B, now=at(2)) == 2
    assert take(A, now=at(2)) == Wait(39_998.0)


def test_writes_count_in_the_apps_day_although_readings_tell_of_it():
    learn(A, answer(1_000, 10, 40_000, category="org_read"), now=at(0))
    assert grants(8, now=at(1)) == 8
    # The figure is the readings' own; the day has less left.
    learn(A, answer(1_000, 9, 39_999, category="org_read"), now=at(1))
    assert grants(9, B, now=at(1), category="org_analytics") == 2


def test_an_app_that_gets_standard_access_need_not_wait_for_the_day_to_end():
    learn(A, refusal(67_150, limit=300), now=at(0))
    learn(A, answer(1_000, 0, 67_150, category="org_read"), now=at(0))
    assert isinstance(take(B, "ads_read", now=at(0)), Wait)
    # Only Standard access has windows of a minute.
    learn(A, answer(1_000, 999, 60, category="ads_read"), now=at(1))
    for category in ("org_write", "org_read", "ads_read"):
        assert take(B, category, now=at(2)) == Granted(category)


def test_an_answer_sent_before_a_refusal_does_not_lift_it():
    learn(A, refusal(45), now=at(0))
    learn(A, answer(100, 50, 45), now=at(0.1))
    assert take(now=at(1)) == Wait(44.0)


def test_no_garbled_header_shuts_an_account_out_for_longer_than_a_day():
    learn(A, refusal(999_999_999), now=at(0))
    learn(B, answer(status=429, retry_after=1e12, category="ads_read"), now=at(0))
    assert take(A, now=at(0)) == Wait(90_000.0)
    assert take(B, "ads_read", now=at(0)) == Wait(90_000.0)


def test_a_bare_retry_after_of_minutes_is_this_accounts_alone():
    learn(A, answer(status=429, retry_after=200.0), now=at(0))
    assert take(A, now=at(0)) == Wait(200.0)
    assert take(B, now=at(0)) == Granted("org_write")


def test_refusals_that_name_no_time_are_answered_by_waiting_ever_longer():
    clock, pauses = 0.0, []
    for _ in range(9):
        learn(A, answer(status=429), now=at(clock))
        refused = take(now=at(clock))
        assert isinstance(refused, Wait)
        pauses.append(refused.seconds)
        clock += refused.seconds
    full = [15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert all(most / 2 <= pause <= most for pause, most in zip(pauses, full, strict=True))
    assert len(set(pauses)) == 9  # left to chance, so that workers do not come back as one


def test_many_refusals_at_once_are_one():
    for _ in range(8):
        learn(A, answer(status=429), now=at(0))
    assert take(now=at(0)).seconds <= 15


def test_after_a_call_that_got_through_the_waits_start_small_again():
    for moment in (0, 100, 200, 300):
        learn(A, answer(status=429), now=at(moment))
    learn(A, answer(status=400), now=at(1_000))
    learn(A, answer(status=429), now=at(1_001))
    assert take(now=at(1_001)).seconds <= 15


def test_a_refusal_is_logged_without_anything_secret(caplog):
    learn(A, refusal(45), now=at(0))
    assert caplog.messages == [
        f"rate_limited account={A} category=org_write daily=False pause_s=45"
    ]


# Fairness


def test_free_capacity_is_what_take_would_grant():
    grants(30, A, now=at(0))
    learn(B, answer(100, 7, 60), now=at(0))
    assert free_capacity([A, B], "org_write", now=at(2)) == {A: 70, B: 7}
    assert (grants(99, A, now=at(2)), grants(99, B, now=at(4))) == (70, 7)
    assert free_capacity([A, B], "org_write", now=at(5)) == {A: 0, B: 0}
    assert free_capacity([], "org_write", now=at(5)) == {}


def test_a_day_that_is_nearly_over_is_dealt_out_so_that_all_get_some():
    learn(A, answer(300, 9, 40_000), now=at(0))
    ids = [uuid.uuid4() for _ in range(3)]
    assert free_capacity(ids, "org_write", now=at(0)) == dict.fromkeys(ids, 3)


wishes = some.dictionaries(some.text(max_size=3), some.integers(0, 500), max_size=20)


@given(total=some.integers(0, 2_000), wanted=wishes)
def test_dealing_out_gives_all_there_is_and_nobody_more_than_wanted(total, wanted):
    dealt = policy.share(total, wanted)
    assert dealt.keys() == wanted.keys()
    assert all(0 <= dealt[name] <= wanted[name] for name in wanted)
    assert sum(dealt.values()) <= total


@given(total=some.integers(1, 2_000), wanted=wishes)
def test_a_short_queue_is_served_before_a_long_one_gets_more(total, wanted):
    dealt = policy.share(total, wanted)
    for name, calls in dealt.items():
        if calls < wanted[name]:
            # Who got less than wanted is at most one call behind everybody.
            assert calls >= max(dealt.values()) - 1


# Turns at a board


def test_one_write_to_a_board_at_a_time():
    with board_turn(connection_id=A, board_id="1", seconds=90) as turn:
        assert isinstance(turn, BoardTurn)
        refused = board_turn(connection_id=B, board_id="1", seconds=90)
        assert isinstance(refused, Wait)
        assert refused.reason is WaitReason.BOARD_BUSY
        assert 80 < refused.seconds <= 90
        assert isinstance(board_turn(connection_id=A, board_id="2", seconds=90), BoardTurn)
    assert isinstance(board_turn(connection_id=B, board_id="1", seconds=90), BoardTurn)


def in_turn(connection: str = A, *, board: str = "1") -> BoardTurn | Wait:
    return counters.take_in_turn(
        account_id=A, category="org_write", connection_id=connection, board_id=board, seconds=90
    )


def test_room_and_turn_are_had_together_or_not_at_all():
    turn = in_turn()
    assert isinstance(turn, BoardTurn)
    refused = in_turn(B)
    assert isinstance(refused, Wait)
    assert (refused.reason, 80 < refused.seconds <= 90) == (WaitReason.BOARD_BUSY, True)
    # Who had no turn has used up no room: one call of a hundred is counted.
    assert free_capacity([A], "org_write") == {A: 99}
    assert turn.release() is True
    for number in range(99):
        assert isinstance(in_turn(board=f"of-{number}"), BoardTurn)
    full = in_turn()
    assert isinstance(full, Wait)
    assert (full.reason, 0 < full.seconds <= 60) == (WaitReason.LIMIT, True)
    # And who had no room has no turn.
    assert isinstance(board_turn(connection_id=B, board_id="1", seconds=90), BoardTurn)


def test_of_many_workers_one_gets_the_turn():
    with ThreadPoolExecutor(8) as pool:
        turns = list(
            pool.map(lambda _: board_turn(connection_id=A, board_id="1", seconds=90), range(64))
        )
    assert Counter(type(each) for each in turns) == {BoardTurn: 1, Wait: 63}


def test_a_dead_workers_turn_ends_by_itself_and_is_nobody_elses_to_end():
    dead = board_turn(connection_id=A, board_id="1", seconds=0.05)
    time.sleep(0.1)
    alive = board_turn(connection_id=A, board_id="1", seconds=90)
    assert isinstance(alive, BoardTurn)
    assert dead.release() is False
    assert isinstance(board_turn(connection_id=A, board_id="1", seconds=90), Wait)
    assert (alive.release(), alive.release()) == (True, False)


# A cache that is away


@pytest.fixture
def own_valkey(settings, tmp_path: Path):
    """A Valkey of this test alone, as the cache."""
    path = tmp_path / "own.sock"
    process = spawn(
        valkey.command(valkey.find_binary(), socket_path=path, folder=tmp_path),
        log=tmp_path / "own.log",
        environment=os.environ,
        directory=tmp_path,
        death_signal=signal.SIGKILL,
    )
    assert valkey.wait_until_ready(path, seconds=20)
    place = {**project.CACHES["default"], "LOCATION": f"unix://{path}", "OPTIONS": {}}
    settings.CACHES = {"default": place}
    yield process
    process.kill()
    process.wait()


AWAY = Wait(5.0, WaitReason.CACHE_AWAY)


def test_while_the_cache_is_away_nothing_is_granted_and_nothing_breaks(own_valkey, caplog):
    assert take() == Granted("org_write")
    turn = board_turn(connection_id=A, board_id="1", seconds=90)
    own_valkey.kill()
    own_valkey.wait()
    with caplog.at_level(logging.WARNING):
        assert take() == AWAY
    assert caplog.messages == ["rate_limits_unreachable error=ConnectionError"]
    assert board_turn(connection_id=A, board_id="1", seconds=90) == AWAY
    assert in_turn() == AWAY
    assert turn.release() is False
    assert free_capacity([A, B], "org_write") == {A: 0, B: 0}
    learn(A, answer(100, 3, 45))


def test_a_cache_that_hangs_is_given_up_on(own_valkey):
    assert take() == Granted("org_write")
    own_valkey.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    assert take() == AWAY
    assert time.monotonic() - started < 4
    own_valkey.send_signal(signal.SIGCONT)
    assert take() == Granted("org_write")


def test_a_cache_that_has_forgotten_everything_starts_anew(own_valkey):
    take()
    with redis.Redis.from_url(project.CACHES["default"]["LOCATION"]) as client:
        client.flushall()
        client.script_flush()
    assert take() == Granted("org_write")


# Calls to Pinterest


def writes_left(connection) -> int:
    return free_capacity([connection.pinterest_id], "org_write")[connection.pinterest_id]


def create_board(client: PinterestClient) -> str:
    return client.create_board(name=uuid.uuid4().hex).name


def test_each_call_is_counted_once_and_signing_in_is_not(connection, sandbox):
    tokens = [entry for entry in sandbox.requests if entry.path == "/v5/oauth/token"]
    before = counters._client().llen(counters._key(connection.pinterest_id, "org_read"))
    call_pinterest(
        connection_id=connection.pk, now=timezone.now(), call=PinterestClient.get_account
    )
    assert counters._client().llen(counters._key(connection.pinterest_id, "org_read")) == before + 1
    assert [e for e in sandbox.requests if e.path == "/v5/oauth/token"] == tokens


def test_the_headers_of_a_real_answer_are_learned(connection, sandbox):
    sandbox.quotas.overrides["org_write"] = 7
    call_pinterest(connection_id=connection.pk, now=timezone.now(), call=create_board)
    assert writes_left(connection) == 6


def test_a_call_that_must_wait_is_not_sent(connection, sandbox):
    learn(connection.pinterest_id, refusal(45))
    sent = len(sandbox.requests)
    with pytest.raises(Unavailable) as refused:
        call_pinterest(connection_id=connection.pk, now=timezone.now(), call=create_board)
    assert len(sandbox.requests) == sent
    assert refused.value.reason is Trouble.RATE_LIMITED
    assert 44 < refused.value.retry_after <= 45
    assert str(refused.value) == (
        "This account has made as many calls as Pinterest allows for now. Nothing was sent. Wait "
        "for the limit to reset, then try again."
    )


def test_after_one_refusal_the_next_call_is_held_back_here(connection, sandbox):
    sandbox.arm(Fault(route="POST /v5/boards", kind="status", status=429))
    for _ in range(2):
        with pytest.raises(Unavailable):
            call_pinterest(connection_id=connection.pk, now=timezone.now(), call=create_board)
    assert [e.status for e in sandbox.requests if e.method == "POST"][-1:] == [429]
    assert sum(e.method == "POST" and e.path == "/v5/boards" for e in sandbox.requests) == 1


def test_a_call_taken_beforehand_is_not_counted_again(connection):
    granted = take(connection.pinterest_id)
    left = writes_left(connection)
    call_pinterest(
        connection_id=connection.pk, now=timezone.now(), call=create_board, granted=granted
    )
    assert writes_left(connection) == left


def test_two_workspaces_with_one_account_share_its_limits(connect, connection, stranger, studio):
    """Pinterest counts by user and app, whoever of us asks."""
    elsewhere = connect(stranger.memberships.get().workspace, studio, by=stranger)
    before = writes_left(connection)
    for each in (connection, elsewhere):
        call_pinterest(connection_id=each.pk, now=timezone.now(), call=create_board)
    assert (writes_left(connection), writes_left(elsewhere)) == (before - 2, before - 2)
    learn(connection.pinterest_id, refusal(45))
    with pytest.raises(Unavailable):
        call_pinterest(connection_id=elsewhere.pk, now=timezone.now(), call=create_board)


def test_a_reading_waits_a_moment_and_a_write_does_not(monkeypatch):
    outcomes = [Wait(0.4), Granted("org_read"), Wait(0.4), Wait(1.2)]
    naps = []
    monkeypatch.setattr(counters, "take", lambda **_: outcomes.pop(0))
    monkeypatch.setattr(throttle.time, "sleep", naps.append)
    pace = throttle.Pace(A)
    pace.before_call(GET_ACCOUNT)
    for operation, seconds in ((CREATE_PIN, 0.4), (GET_ACCOUNT, 1.2)):
        with pytest.raises(Unavailable) as refused:
            pace.before_call(operation)
        assert refused.value.retry_after == seconds
    assert naps == [0.4]


def test_a_page_is_told_when_the_limits_cannot_be_looked_up(connection, own_valkey, sandbox):
    own_valkey.kill()
    own_valkey.wait()
    sent = len(sandbox.requests)
    with pytest.raises(Unavailable) as refused:
        call_pinterest(
            connection_id=connection.pk, now=timezone.now(), call=PinterestClient.get_account
        )
    assert len(sandbox.requests) == sent
    assert refused.value.retry_after == 5.0
    assert str(refused.value) == (
        "PinApp can't look up Pinterest's rate limits right now. Nothing was sent. Try again in a "
        "moment; if it stays, check the server of CACHE_URL."
    )
