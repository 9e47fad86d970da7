"""`manage.py up` keeps its processes running, and leaves none behind, however it is stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
import requests

from health.troubles import read_troubles
from pinapp.supervisor.postgres import CannotRun, Server
from pinapp.supervisor.spawn import spawn
from tests import application
from tests.application import ROOT
from tests.processes import environment_of, left_behind, process_id, processes_of

pytestmark = pytest.mark.slow

STAYS = "import time; print('ready'); time.sleep(600)"
IGNORES_STOPPING = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"


@pytest.fixture
def var(tmp_path: Path):
    """A folder of state of its own; whatever a failed test left running in it is ended."""
    folder = tmp_path / "var with space"
    folder.mkdir()
    yield folder
    for number in processes_of(folder):
        os.kill(number, signal.SIGKILL)


@pytest.fixture
def embedded(var: Path) -> dict[str, str]:
    """An environment in which nothing is configured but ports and secrets."""
    environment = application.private_environment(var, PYTHON=sys.executable)
    del environment["DATABASE_URL"]
    return environment


@pytest.fixture
def supervise(var: Path):
    """Start the real supervisor over stand-ins, given as the Python that each runs."""

    def start(**scripts: str) -> subprocess.Popen[str]:
        with (var / "console.log").open("w") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.stand_ins", str(var), json.dumps(scripts)],
                cwd=ROOT,
                env={**os.environ, "PINAPP_VAR": str(var)},
                stdout=output,
                text=True,
                preexec_fn=heed_signals,
            )

    return start


def heed_signals() -> None:
    """As at a terminal: in a shell's background, and under nohup, signals are ignored, and so they
    are by what is started there."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def launch_make(var: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    with (var / "console.log").open("w") as output:
        return subprocess.Popen(
            [str(shutil.which("make")), "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            start_new_session=True,
            preexec_fn=heed_signals,
        )


def start_in_vain(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py up` where it is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def console(var: Path) -> str:
    return (var / "console.log").read_text()


def wait_for(condition: Callable[[], object], *, seconds: float = 20) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def wait_for_end(process: "subprocess.Popen[bytes]", var: Path, *, seconds: float) -> None:
    """Wait until it has ended. Says what it was at, if it does not in time."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pytest.fail(f"still running: {processes_of(var)}\nconsole: {console(var)}")


## The real thing


@pytest.mark.skipif(shutil.which("make") is None, reason="make: this machine has none")
def test_make_run_starts_everything_recovers_and_stops_without_a_trace(var, embedded):
    make = launch_make(var, embedded)
    last_line = application.wait_until_up(make, var, seconds=180).strip().splitlines()[-1]
    url = f"http://127.0.0.1:{embedded['PORT']}"
    assert last_line.split() == [
        *("Demo", "login", "demo@pinapp.example", embedded["DEMO_PASSWORD"])
    ]
    assert f"{url}/\n" in console(var)
    assert f"http://127.0.0.1:{embedded['SANDBOX_PORT']}/\n" in console(var)
    assert answers(f"{url}/healthz")

    second = start_in_vain(embedded)
    assert second.returncode == 1
    assert f"already running here (process {process_id(var, 'manage.py up')})" in second.stderr

    os.kill(process_id(var, "celery -A pinapp worker"), signal.SIGKILL)
    wait_for(lambda: "worker ended (code -9) and is started again" in console(var))
    wait_for(lambda: console(var).count("worker ready") == 2, seconds=60)

    # Only make is told, as a script would do it; a terminal tells everybody.
    make.send_signal(signal.SIGINT)
    wait_for_end(make, var, seconds=30)
    assert left_behind(var, within=2) == {}
    assert not answers(f"{url}/healthz")


def test_a_kill_of_the_supervisor_takes_everything_and_the_next_start_keeps_the_data(var, embedded):
    process = application.launch(var, embedded)
    application.wait_until_up(process, var)
    # The web server has a worker of its own, which nobody but it knows.
    assert len(processes_of(var)) >= 7

    process.kill()
    process.wait()
    assert left_behind(var, within=15) == {}

    static_files = (var / "static.stamp").stat().st_mtime_ns
    again = application.launch(var, embedded)
    application.wait_until_up(again, var)
    assert (var / "static.stamp").stat().st_mtime_ns == static_files
    assert "No migrations to apply." in (var / "log" / "prepare.log").read_text()
    assert application.stop(again) == 0
    assert left_behind(var) == {}


def database_log(var: Path) -> str:
    return (var / "log" / "postgres.log").read_text()


def test_the_database_takes_no_address_and_lets_in_this_account_alone(var, embedded):
    process = application.launch(var, embedded)
    application.wait_until_up(process, var)
    sockets = (var / "postgres.socket").readlink()
    assert sockets.stat().st_mode & 0o077 == 0
    assert "TCP" not in database_log(var)
    assert "listening on" in database_log(var)
    assert (var / "postgres" / "pg_hba.conf").read_text() == "local all all peer map=pinapp\n"
    with psycopg.connect(host=str(sockets), user="pinapp", dbname="pinapp") as database:
        (row,) = database.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert row == (False,)
        database.execute("CREATE EXTENSION pg_trgm")
    assert (var / "postgres").stat().st_uid != 0
    assert embedded["SECRET_KEY"].encode() not in environment_of(var, "postgres -D")
    assert application.stop(process) == 0
    assert "database system is shut down" in database_log(var)
    assert not sockets.exists()
    assert left_behind(var) == {}


def test_a_server_left_over_and_a_number_of_another_process_are_no_hindrance(var, embedded):
    server = Server(data=var / "postgres")
    server.prepare()
    left_over = spawn(
        server.command(),
        log=var / "left-over.log",
        environment=server.environment(),
        directory=server.data,
        account=server.account,
    )
    wait_for(server.has_database)
    again = Server(data=var / "postgres")
    again.prepare()
    assert left_over.wait(5) == 0
    (var / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n")
    again.prepare()
    assert not (var / "postgres" / "postmaster.pid").exists()
    for each in (server, again):
        each.remove_sockets()


def test_data_of_another_major_version_are_refused_with_the_way_over(var, embedded):
    server = Server(data=var / "postgres")
    server.prepare()
    server.remove_sockets()
    (var / "postgres" / "PG_VERSION").write_text("17\n")
    done = start_in_vain(embedded)
    assert done.returncode == 1
    assert "are PostgreSQL 17's, and this is PostgreSQL 18." in done.stdout
    assert "PG_BIN=/folder/of/17/bin make run" in done.stdout
    assert "pg_dump -h" in done.stdout
    assert left_behind(var) == {}


def test_a_start_that_was_interrupted_leaves_no_half_of_a_database(var):
    (var / "postgres.fresh").mkdir()
    (var / "postgres.fresh" / "PG_VERSION").write_text("18\n")
    server = Server(data=var / "postgres")
    server.prepare()
    server.remove_sockets()
    assert (var / "postgres" / "global").is_dir()
    assert not (var / "postgres.fresh").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    server = Server(data=tmp_path / "file" / "postgres")
    with pytest.raises(CannotRun, match=r"cannot be kept in .*Make its folder writable"):
        server.prepare()
    server.remove_sockets()


def test_an_address_of_another_database_is_refused_in_words(var, embedded):
    done = start_in_vain({**embedded, "DATABASE_URL": f"sqlite:///{var}/db.sqlite3"})
    assert done.returncode == 1
    assert "DATABASE_URL begins with 'sqlite', but PinApp keeps its data in" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_named_with_the_way_out(var, embedded):
    with application.held_port() as port:
        done = start_in_vain({**embedded, "PORT": str(port)})
    assert done.returncode == 1
    assert f"Port {port} is taken by another program." in done.stdout
    assert f"PORT={port + 1} make run" in done.stdout
    assert left_behind(var) == {}


## The supervisor over stand-ins


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_to_stop_ends_everything_with_success(var, supervise, number):
    process = supervise(web=STAYS, worker=STAYS)
    wait_for(lambda: "Stop  " in console(var))

    process.send_signal(number)

    assert process.wait(10) == 0
    assert left_behind(var) == {}


def test_the_web_server_stops_before_the_worker_and_the_worker_may_finish(var, supervise):
    journal = var / "journal"
    says = (
        "import signal, sys, time\n"
        "def stop(*_):\n"
        "    time.sleep({pause})\n"
        f"    open({str(journal)!r}, 'a').write('{{name}} finished\\n')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "print('ready')\n"
        "time.sleep(600)\n"
    )
    process = supervise(
        worker=says.format(name="worker", pause=1), web=says.format(name="web", pause=0.3)
    )
    wait_for(lambda: "Stop  " in console(var))

    process.terminate()

    assert process.wait(10) == 0
    assert journal.read_text().splitlines() == ["web finished", "worker finished"]


def test_a_process_that_will_not_stop_is_ended_after_its_time(var, supervise):
    process = supervise(worker=IGNORES_STOPPING)
    wait_for(lambda: "Stop  " in console(var))
    asked_at = time.monotonic()

    process.terminate()

    assert process.wait(10) == 0
    assert 2.5 < time.monotonic() - asked_at < 6
    assert left_behind(var) == {}


def test_a_second_signal_hurries(var, supervise):
    process = supervise(web=IGNORES_STOPPING, worker=IGNORES_STOPPING)
    wait_for(lambda: "Stop  " in console(var))
    asked_at = time.monotonic()

    process.send_signal(signal.SIGINT)
    wait_for(lambda: "press Ctrl-C again" in console(var))
    process.send_signal(signal.SIGINT)

    assert process.wait(10) == 0
    assert time.monotonic() - asked_at < 2.5
    assert left_behind(var) == {}


def test_children_of_a_stopped_process_are_swept_up(var, supervise):
    with_child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STAYS!r}]); "
    process = supervise(web=with_child + STAYS)
    wait_for(lambda: "Stop  " in console(var) and len(processes_of(var)) == 3)

    process.terminate()

    assert process.wait(10) == 0
    assert left_behind(var) == {}


def test_a_process_that_never_comes_up_is_given_up_in_words(var, supervise):
    process = supervise(web=STAYS, worker="raise SystemExit('the worker has no hands')")

    assert process.wait(30) == 1
    assert "the worker has no hands" in console(var)
    assert "worker ended 4 times in a row, so all is stopped." in console(var)
    assert left_behind(var) == {}


def test_a_process_that_keeps_dying_later_takes_nobody_along(var, supervise):
    """It is started again after pauses that grow, and word is left of it meanwhile."""
    journal = var / "journal"
    dies = (
        "import os, signal, sys, time\n"
        f"file = open({str(journal)!r}, 'a'); file.write(f'{{time.time()}}\\n'); file.close()\n"
        f"print('ready', flush=True)\n"
        f"while not os.path.exists({str(var / 'doomed')!r}): time.sleep(0.05)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    process = supervise(web=STAYS, worker=dies)
    wait_for(lambda: "Stop  " in console(var))
    all_of_them = len(processes_of(var))
    assert read_troubles(var) == []

    (var / "doomed").touch()
    wait_for(lambda: len(journal.read_text().splitlines()) >= 6, seconds=40)

    assert process.poll() is None
    began = [float(line) for line in journal.read_text().splitlines()]
    pauses = [later - earlier for earlier, later in pairwise(began[1:])]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 4
    (trouble,) = read_troubles(var)
    assert (trouble.name, trouble.was_killed) == ("worker", True)
    assert trouble.deaths >= 5
    assert "worker ended (code -9) and is started again in 4 s" in console(var)
    assert len(processes_of(var)) >= all_of_them - 1

    process.terminate()
    assert process.wait(10) == 0
    assert left_behind(var) == {}
    assert read_troubles(var) == []


def test_a_failed_preparation_shows_its_last_words_and_stops(var, supervise):
    process = supervise(prepare="raise SystemExit('the disk is full')", web=STAYS)

    assert process.wait(30) == 1
    assert "The database could not be prepared." in console(var)
    assert "the disk is full" in console(var)
    assert "web ready" not in console(var)


def test_stopping_while_still_starting_leaves_nothing(var, supervise):
    process = supervise(prepare="import time; time.sleep(600)", web=STAYS)
    wait_for(lambda: len(processes_of(var)) == 2)

    process.terminate()

    assert process.wait(10) == 0
    assert left_behind(var) == {}
