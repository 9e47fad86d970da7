"""Runs the real supervisor over small stand-ins: `python -m tests.stand_ins VAR SCRIPTS`.

SCRIPTS is JSON: the name of each service and the Python that it runs instead of the real one.
Each stand-in is ready once it has logged "ready".
"""

import json
import os
import sys
from pathlib import Path

from pinapp.supervisor.plan import Plan
from pinapp.supervisor.service import Service
from pinapp.supervisor.supervisor import Supervisor


def plan_of_stand_ins(var: Path, scripts: dict[str, str]) -> Plan:
    return Plan(
        root=var,
        var=var,
        environment={**os.environ, "PUBLIC_URL": "http://127.0.0.1:1", "DEMO": "false"},
        backends=(),
        preparation=(sys.executable, "-c", scripts.pop("prepare", "")),
        processes=tuple(
            Service(
                name=name,
                command=(sys.executable, "-u", "-c", script),
                is_ready=lambda log: "ready" in log,
                grace_seconds=3.0,
            )
            for name, script in scripts.items()
        ),
        ports=(),
        postgres=None,
        sandbox_url=None,
        shop_url=None,
        valkey_socket=None,
        with_demo=False,
    )


if __name__ == "__main__":
    plan = plan_of_stand_ins(Path(sys.argv[1]), json.loads(sys.argv[2]))
    sys.exit(Supervisor(plan, say=lambda text: print(text, flush=True)).run())
