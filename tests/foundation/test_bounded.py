"""Foreign input is read in a process of its own, which takes no more than it may."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from foundation.bounded import BoundedFailure, FailureReason, Limits, pool, run_bounded

ROOT = Path(__file__).resolve().parents[2]
JOBS = "tests.foundation.jobs"
MB = 1024 * 1024
USUAL = Limits(memory_bytes=512 * MB, cpu_s=20, wall_s=30, answer_bytes=64 * MB)


def _reason(job: str, request: bytes = b"", **changes: float) -> FailureReason:
    limits = Limits(**{**_as_dict(USUAL), **changes})
    with pytest.raises(BoundedFailure) as failure:
        run_bounded(f"{JOBS}:{job}", request, limits=limits)
    return failure.value.reason


def _as_dict(limits: Limits) -> dict[str, float]:
    return {name: getattr(limits, name) for name in limits.__slots__}


def _child() -> int:
    return int(run_bounded(f"{JOBS}:process_id", b"", limits=USUAL))


@pytest.mark.parametrize("size", [0, 1, 20 * MB])
def test_it_answers_with_what_the_function_makes_of_the_bytes(size: int) -> None:
    request = os.urandom(size)
    assert run_bounded(f"{JOBS}:double", request, limits=USUAL) == request * 2


def test_a_child_serves_many_jobs_but_not_for_ever() -> None:
    assert _child() == _child() != os.getpid()
    children = {_child() for _ in range(70)}
    assert 2 <= len(children) <= 3


def test_memory_is_bounded() -> None:
    assert _reason("eat_memory", memory_bytes=256 * MB) is FailureReason.MEMORY
    assert _reason("eat_memory") is FailureReason.MEMORY


def test_an_answer_that_comes_before_all_is_sent_is_not_lost() -> None:
    """A busy parent is slower than a job of a millisecond, whose child is gone by then."""
    ended = threading.Event()

    def keep_busy() -> None:
        while not ended.is_set():
            pass

    thread = threading.Thread(target=keep_busy)
    thread.start()
    try:
        found = {_reason("eat_memory", memory_bytes=256 * MB) for _ in range(40)}
    finally:
        ended.set()
        thread.join()
    assert found == {FailureReason.MEMORY}


def test_processor_time_is_bounded_for_each_job_anew() -> None:
    run_bounded(f"{JOBS}:double", b"x", limits=USUAL)
    begun = time.monotonic()
    assert _reason("spin", cpu_s=1, wall_s=300) is FailureReason.TIME
    assert time.monotonic() - begun < 250, "it was the processor time that ended it"
    used, limit = map(float, run_bounded(f"{JOBS}:spent", b"", limits=USUAL).split())
    assert 20 <= limit - used <= 22


def test_time_is_bounded_also_for_one_that_only_waits() -> None:
    begun = time.monotonic()
    assert _reason("sleep", b"60", wall_s=0.5) is FailureReason.TIME
    assert time.monotonic() - begun < 10


def test_an_answer_is_bounded() -> None:
    assert _reason("double", bytes(100), answer_bytes=199) is FailureReason.ANSWER
    limits = Limits(**{**_as_dict(USUAL), "answer_bytes": 200})
    assert len(run_bounded(f"{JOBS}:double", bytes(100), limits=limits)) == 200


def test_a_crash_is_an_error_of_the_job_alone() -> None:
    assert _reason("die") is FailureReason.CRASHED
    assert run_bounded(f"{JOBS}:double", b"on", limits=USUAL) == b"onon"


def test_an_exception_is_told_without_its_text() -> None:
    with pytest.raises(BoundedFailure) as failure:
        run_bounded(f"{JOBS}:fail", b"a secret of the document", limits=USUAL)
    assert failure.value.reason is FailureReason.CRASHED
    assert "ValueError at jobs.py:" in str(failure.value)
    assert "secret" not in str(failure.value)


def test_a_job_that_does_not_exist_is_told_too() -> None:
    with pytest.raises(BoundedFailure, match="AttributeError"):
        run_bounded(f"{JOBS}:nothing", b"", limits=USUAL)


def test_the_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "ours")
    pool._end_idle()
    names = run_bounded(f"{JOBS}:environment", b"", limits=USUAL).decode().split()
    assert {"SECRET_KEY", "TOKEN_KEYS", "DATABASE_URL"}.isdisjoint(names)


def test_others_go_first() -> None:
    assert int(run_bounded(f"{JOBS}:priority", b"", limits=USUAL)) >= 10


def test_two_of_a_job_run_at_once_and_others_wait_for_their_place() -> None:
    def run() -> None:
        run_bounded(f"{JOBS}:sleep", b"0.5", limits=USUAL)

    _child()
    begun = time.monotonic()
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert time.monotonic() - begun >= 1.0


def test_a_child_that_died_while_it_waited_is_replaced() -> None:
    os.kill(_child(), signal.SIGKILL)
    assert run_bounded(f"{JOBS}:double", b"on", limits=USUAL) == b"onon"


def test_no_child_outlives_the_process_that_asked() -> None:
    script = (
        "from foundation.bounded import Limits, run_bounded\n"
        "limits = Limits(memory_bytes=2**29, cpu_s=5, wall_s=5, answer_bytes=99)\n"
        f"print(run_bounded('{JOBS}:process_id', b'', limits=limits).decode(), flush=True)\n"
        "import sys; sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as asking:
        assert asking.stdout is not None
        child = int(asking.stdout.readline())
        asking.kill()
    _wait_until_gone(child)


def _wait_until_gone(process_id: int) -> None:
    for _ in range(100):
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{process_id}/stat").read_text().split()[2] == "Z":
            return  # its new parent has not looked yet
        time.sleep(0.1)
    pytest.fail("the child outlived its parent")
