"""Starts the plan, keeps it running, and stops it so that nothing is left behind."""

import shutil
import time
from collections.abc import Callable, Sequence

from health.troubles import Trouble, write_troubles
from pinapp.supervisor import postgres
from pinapp.supervisor.interrupts import Interrupts
from pinapp.supervisor.make import Make
from pinapp.supervisor.plan import DEMO_EMAIL, CannotStart, Plan
from pinapp.supervisor.ports import refuse_taken
from pinapp.supervisor.service import Running, Service

# More of a process that never was ready mean that another start will not mend what is wrong.
_MOST_EARLY_DEATHS = 4
_START_SECONDS = 60.0
# How often, without any signal, the state of things is looked at.
_TURN_SECONDS = 0.5
_STARTING_TURN_SECONDS = 0.1


class Asked(Exception):
    """A person asked to stop while something was being waited for."""


class Supervisor:
    """Everything of one installation, from the first process to the last."""

    def __init__(self, plan: Plan, *, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._say = say
        self._running: list[Running] = []
        self._interrupts = Interrupts()
        self._make = Make()
        self._is_up = False
        self._told: list[Trouble] = []

    def run(self) -> int:
        """Run until asked to stop (returns 0), or until it is clear that not all of it can be
        brought up (returns 1). What dies after that is started again, however often."""
        try:
            self._bring_up()
            self._is_up = True
            self._welcome()
            while True:
                self._turn(_TURN_SECONDS)
        except Asked:
            return 0
        except CannotStart as reason:
            self._say(f"\n{reason}")
            return 1
        finally:
            self._stop_all()

    def _bring_up(self) -> None:
        for port in self._plan.ports:
            refuse_taken(port)
        (self._plan.var / "log").mkdir(parents=True, exist_ok=True)
        self._prepare_postgres()
        self._start(self._plan.backends)
        self._wait_until_ready()
        self._prepare()
        self._start(self._plan.processes)
        self._wait_until_ready()

    def _prepare_postgres(self) -> None:
        if self._plan.postgres is None:
            return
        try:
            self._plan.postgres.prepare()
            postgres.publish_sockets(self._plan.postgres, self._plan.var)
        except postgres.CannotRun as reason:
            raise CannotStart(str(reason)) from None

    def _start(self, services: Sequence[Service]) -> None:
        for service in services:
            running = Running(
                service,
                log=self._plan.var / "log" / f"{service.name}.log",
                environment=self._plan.environment,
                root=self._plan.root,
            )
            self._running.append(running)
            running.start()

    def _wait_until_ready(self) -> None:
        give_up_at = time.monotonic() + _START_SECONDS
        while waiting := [each for each in self._running if not each.ready]:
            if time.monotonic() > give_up_at:
                names = " and ".join(each.service.name for each in waiting)
                raise CannotStart(
                    f"Not ready after {_START_SECONDS:.0f} s: {names}. {_see(waiting)}"
                )
            self._turn(_STARTING_TURN_SECONDS)

    def _prepare(self) -> None:
        """Bring the database, the static files and the demo in step, in a process of its own."""
        step = Running(
            Service(
                name="prepare",
                command=self._plan.preparation,
                is_ready=lambda _log: False,
                grace_seconds=10.0,
            ),
            log=self._plan.var / "log" / "prepare.log",
            environment=self._plan.environment,
            root=self._plan.root,
        )
        step.start()
        try:
            while step.is_alive():
                self._turn(_STARTING_TURN_SECONDS)
            if step.process and step.process.returncode:
                raise CannotStart(
                    f"The database could not be prepared. {_see([step])}\n{_end_of(step.said())}"
                )
        finally:
            step.kill()
        self._say("  database and demo data ready" if self._plan.with_demo else "  database ready")

    def _turn(self, seconds: float) -> None:
        """Wait a little; then see who got ready, who died and who may start again.

        Raises Asked when a person wants an end, CannotStart when a process will not stay up.
        """
        self._interrupts.wait(seconds)
        if self._interrupts.count or self._make.was_told_to_stop():
            raise Asked
        for running in self._running:
            if running.has_become_ready():
                self._say(f"  {running.service.name} ready")
            elif running.process is None:
                if time.monotonic() >= running.start_again_at:
                    running.start()
            elif not running.is_alive():
                self._note_death(running)
        self._leave_word()

    def _leave_word(self) -> None:
        """For `/readyz`: which processes will not stay up."""
        troubles = [trouble for each in self._running if (trouble := each.trouble())]
        if troubles != self._told:
            write_troubles(self._plan.var, troubles)
            self._told = troubles

    def _note_death(self, running: Running) -> None:
        """Start it again after a pause, which grows while it keeps dying.

        Raises CannotStart before all has been up once: then it is how it is set up. Later it is
        what happens to it, and the others go on.
        """
        code = running.process.returncode if running.process else None
        running.note_death()
        name = running.service.name
        if not self._is_up and running.early_deaths >= _MOST_EARLY_DEATHS:
            raise CannotStart(
                f"{name} ended {running.early_deaths} times in a row, so all is stopped. "
                f"{_see([running])}"
            )
        last_words = f":\n{_end_of(running.said())}" if running.early_deaths == 1 else ""
        pause = running.start_again_at - time.monotonic()
        when = f" in {pause:.0f} s" if pause > 1 else ""
        self._say(f"  {name} ended (code {code}) and is started again{when}{last_words}")

    def _welcome(self) -> None:
        self._say(f"\nPinApp             {self._plan.public_url}/")
        if self._plan.sandbox_url:
            self._say(f"Pinterest sandbox  {self._plan.sandbox_url}/")
        if self._plan.shop_url:
            self._say(f"Demo shop          {self._plan.shop_url}/")
        self._say(f"Logs               {self._plan.var / 'log'}")
        self._say("Stop               Ctrl-C")
        password = self._plan.environment.get("DEMO_PASSWORD")
        if self._plan.with_demo and password:
            self._say(f"Demo login         {DEMO_EMAIL}  {password}")

    def _stop_all(self) -> None:
        write_troubles(self._plan.var, [])
        if self._running:
            self._say("\nStopping; press Ctrl-C again to hurry.")
        asked_before = self._interrupts.count
        for stage in self._stages():
            for running in stage:
                running.ask_to_stop()
            give_up_at = time.monotonic() + max(each.service.grace_seconds for each in stage)
            while any(each.is_alive() for each in stage):
                hurried = self._interrupts.count > asked_before
                if hurried or time.monotonic() > give_up_at:
                    break
                self._interrupts.wait(_STARTING_TURN_SECONDS)
            for running in stage:
                running.kill()
        self._remove_socket_folder()

    def _stages(self) -> list[list[Running]]:
        """Nobody hands out new work, then nobody does it, then what they leant on goes."""
        by_name = {running.service.name: running for running in self._running}
        order = (("web", "scheduler", "shop"), ("worker",), ("sandbox",), ("valkey", "postgres"))
        stages = [[by_name[name] for name in names if name in by_name] for names in order]
        return [stage for stage in stages if stage]

    def _remove_socket_folder(self) -> None:
        """Remove the folders of sockets that stand outside var/."""
        if self._plan.postgres is not None:
            self._plan.postgres.remove_sockets()
            (self._plan.var / postgres.SOCKET_LINK).unlink(missing_ok=True)
        socket_path = self._plan.valkey_socket
        if socket_path is None:
            return
        if socket_path.parent == self._plan.var:
            socket_path.unlink(missing_ok=True)
        else:
            shutil.rmtree(socket_path.parent, ignore_errors=True)


def _end_of(log: str, lines: int = 12) -> str:
    return "\n".join(f"    {line}" for line in log.splitlines()[-lines:])


def _see(running: Sequence[Running]) -> str:
    return f"What it said stands in {', '.join(str(each.log) for each in running)}."
