"""One run: set the stage, publish while all of it is killed, wait for the end, count."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack

import redis

from pinapp.supervisor.valkey import broker_url
from sandbox.remote import SandboxControl
from tests.chaos.gates import Gates
from tests.chaos.killer import Killer, plan_kills
from tests.chaos.ledger import Ledger
from tests.chaos.options import Options
from tests.chaos.person import Person
from tests.chaos.report import Result, print_report, write_figures
from tests.chaos.stage import Stage, set_stage
from tests.chaos.verdict import judge
from tests.chaos.weather import WeatherMaker

_FIRST_SHARE = 0.1
"""Of the Pins, due at the start; the others become due in step with the kills."""

_LAST_KILL_AT_DEADLINE_S = 2_400.0
_SETTLING_S = 240.0


def play(options: Options) -> int:
    """Play a run and report it; returns the exit code."""
    print(
        f"Seed {options.seed}: {options.pins} Pins, {options.kills} kills, pace {options.pace:g}.",
        flush=True,
    )
    with set_stage(options) as stage, ExitStack() as stack:
        run = Run(stage, stack)
        run.prepare()
        run.kill_and_feed()
        run.settle()
        result = run.count()
    print_report(result)
    write_figures(result, options.folder / "chaos.json")
    return 0 if result.verdict.is_clean else 1


class Run:
    """The steps of a run, and what they share."""

    def __init__(self, stage: Stage, stack: ExitStack) -> None:
        self._stage = stage
        self._options = stage.options
        self._stack = stack
        self._chance = random.Random(stage.options.seed)  # noqa: S311 - repeatable chance, guards nothing
        self._ledger = Ledger(stage.url("ledger"))
        self._gates = Gates(stage.url("gates"))
        self._accidents: list[tuple[float, str, Callable[[], None]]] = []
        self._happened: list[str] = []
        self._waiting: list[str] = []
        self._released = 0

    def prepare(self) -> None:
        """Write the Pins and start everything."""
        stage, options = self._stage, self._options
        self._began = time.monotonic()
        self._control = self._stack.enter_context(SandboxControl(stage.sandbox_url))
        stage.run("manage.py", "migrate", "--verbosity", "0")
        written = json.loads(
            stage.run("-m", "tests.chaos.content", str(options.pins), str(options.seed))
        )
        self._stack.callback(self._ledger.close)
        self._stack.callback(self._gates.close)
        self._gates.build()
        self._waiting = written["planned"]
        self._chance.shuffle(self._waiting)
        self._person = Person(stage, session=written["session"], drafts=written["by_hand"])
        self._stack.callback(self._person.stop)
        self._weather = WeatherMaker(options, stage.sandbox_url)
        self._stack.callback(self._weather.close)
        self._killer = Killer(
            stage,
            gates=self._gates,
            ledger=self._ledger,
            person=self._person,
            chance=self._chance,
            pulse=self._pulse,
        )
        self._stack.callback(self._killer.close)
        self._plan_accidents()
        stage.start_actors()
        self._say("everything is up")
        self._weather.start()
        self._person.start()

    def kill_and_feed(self) -> None:
        """Kill at one moment after another, while Pins become due."""
        kills = self._options.kills
        todo = plan_kills(kills, chance=self._chance)
        give_up_at = time.monotonic() + _LAST_KILL_AT_DEADLINE_S
        while todo and time.monotonic() < give_up_at:
            share = self._killer.done / kills
            self._feed(_FIRST_SHARE + (1 - _FIRST_SHARE) * share)
            self._weather.keep_up(due=self._released, share=share)
            self._let_happen(share)
            moment = todo.pop(0)
            if not self._killer.kill_at(moment):
                # Nobody came by: at another time perhaps.
                todo.insert(self._chance.randint(0, len(todo)), moment)
            self._pulse()
            if self._killer.done % 20 == 0:
                self._say(f"{self._killer.done} kills")
        self._feed(1.0)
        self._let_happen(1.0)
        self._say(f"{self._killer.done} kills; now all is left alone")

    def settle(self) -> None:
        """Wait until every Pin is settled, or for too long."""
        self._person.publish_the_rest()
        self._weather.clear_up()
        self._control.release_held()
        give_up_at = time.monotonic() + _SETTLING_S + 3 * self._options.lookout_s
        said = time.monotonic()
        while time.monotonic() < give_up_at and not self._is_settled():
            self._pulse()
            time.sleep(0.25)
            if time.monotonic() - said > 15:
                said = time.monotonic()
                self._say(str(self._ledger.by_status()))

    def count(self) -> Result:
        """Hold our rows against the sandbox."""
        ours = self._ledger.pins()
        creations = [
            entry
            for entry in self._control.requests()
            if (entry.method, entry.path) == ("POST", "/v5/pins")
        ]
        return Result(
            options=self._options,
            verdict=judge(ours, self._control.pins()),
            kills={moment.words: count for moment, count in self._killer.kills.items()},
            weather=dict(self._weather.armed),
            accidents=self._happened,
            seconds=time.monotonic() - self._began,
            requests=len(creations),
            refused_for_rate=sum(entry.status == 429 for entry in creations),
            attempts=sum(row.attempts for row in ours),
            uncertain=sum(row.uncertain for row in ours),
            answers=sorted(self._person.answers.values()),
            clicks=self._person.clicks,
            lost_clicks=self._person.lost_clicks,
        )

    def _plan_accidents(self) -> None:
        stage = self._stage
        self._accidents = [
            (0.2, "broker flushed", self._flush_broker),
            (0.35, "database restarted", lambda: self._restart_database(signal.SIGINT)),
            (0.5, "broker killed and started, empty", stage.restart_broker),
            (0.65, "database killed, recovered", lambda: self._restart_database(signal.SIGQUIT)),
            (0.8, "broker flushed", self._flush_broker),
        ]

    def _let_happen(self, share: float) -> None:
        while self._accidents and self._accidents[0][0] <= share:
            _, words, accident = self._accidents.pop(0)
            self._say(words)
            accident()
            self._happened.append(words)

    def _restart_database(self, how: signal.Signals) -> None:
        self._gates.close()
        self._stage.restart_database(how)

    def _flush_broker(self) -> None:
        # Broker and cache: the rate limits' counts are gone too.
        address = broker_url(self._stage.sockets / "valkey.sock")
        path = address.removeprefix("redis+socket://").partition("?")[0]
        with redis.Redis(unix_socket_path=path) as server:
            server.flushall()

    def _feed(self, share: float) -> None:
        wanted = round(len(self._waiting) * min(share, 1.0))
        if wanted > self._released:
            self._ledger.make_due(self._waiting[self._released : wanted])
            self._released = wanted

    def _is_settled(self) -> bool:
        return self._ledger.by_status().get("published", 0) == self._options.pins

    def _pulse(self) -> None:
        self._stage.tend()

    def _say(self, words: str) -> None:
        print(f"{time.monotonic() - self._began:6.1f} s  {words}", flush=True)
