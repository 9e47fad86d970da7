"""What `make run` starts and tells its processes, decided from the environment alone."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from pinapp.supervisor.plan import CannotStart, Plan, Port, make_plan
from pinapp.supervisor.ports import refuse_taken
from tests.application import ROOT

# Nothing of these is reached: a plan starts nothing.
OWN_SERVERS = {
    "DATABASE_URL": "postgres://pinapp@database/pinapp",
    "CELERY_BROKER_URL": "redis://broker:6379",
    "CACHE_URL": "redis://cache:6379",
}
REAL_PINTEREST = {"PINTEREST_APP_ID": "1", "PINTEREST_APP_SECRET": "s"}


def plan(environment: Mapping[str, str], var: Path) -> Plan:
    return make_plan(root=ROOT, var=var, environment={**OWN_SERVERS, **environment})


def names(plan: Plan) -> list[str]:
    return [service.name for service in (*plan.backends, *plan.processes)]


def test_with_nothing_configured_a_sandbox_and_a_shop_come_along(tmp_path: Path) -> None:
    made = plan({}, tmp_path)
    assert names(made) == ["sandbox", "worker", "scheduler", "web", "shop"]
    assert made.ports == (
        Port("PORT", "127.0.0.1", 8000),
        Port("SANDBOX_PORT", "127.0.0.1", 8100),
        Port("SANDBOX_PORT", "127.0.0.1", 8101, is_udp=True),
        Port("SHOP_PORT", "127.0.0.1", 8200),
    )
    assert (made.shop_url, made.environment["SHOP_URL"]) == (
        "http://127.0.0.1:8200",
        "http://127.0.0.1:8200",
    )


def test_with_the_real_pinterest_there_is_neither(tmp_path: Path) -> None:
    made = plan(REAL_PINTEREST, tmp_path)
    assert names(made) == ["worker", "scheduler", "web"]
    assert made.ports == (Port("PORT", "127.0.0.1", 8000),)
    assert (made.sandbox_url, made.shop_url) == (None, None)
    told = {"DNS_RESOLVER", "CRAWLER_ALLOWED_NETWORKS", "SHOP_URL"} & made.environment.keys()
    assert told == set()


def test_the_sandboxs_crawler_is_looked_up_at_the_sandbox(tmp_path: Path) -> None:
    made = plan({"SANDBOX_PORT": "9100", "DNS_RESOLVER": ""}, tmp_path)
    assert made.environment["DNS_RESOLVER"] == "127.0.0.1:9101"
    assert made.environment["CRAWLER_ALLOWED_NETWORKS"] == "127.0.0.0/8"
    (sandbox,) = made.backends
    assert sandbox.command[sandbox.command.index("--dns-port") + 1] == "9101"


def test_a_resolver_that_is_configured_is_the_one_that_is_asked(tmp_path: Path) -> None:
    own = {"DNS_RESOLVER": "10.0.0.1:53", "CRAWLER_ALLOWED_NETWORKS": "10.0.0.0/8"}
    made = plan(own, tmp_path)
    assert {name: made.environment[name] for name in own} == own


def test_the_ports_that_move_along_stay_ports(tmp_path: Path) -> None:
    made = plan({"SANDBOX_PORT": "65535"}, tmp_path)
    assert [port.number for port in made.ports] == [8000, 65535, 65534, 65435]


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1"])
def test_a_shop_port_that_is_none_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(CannotStart, match=r"SHOP_PORT is .* It must be a number from 1 to 65535"):
        plan({"SHOP_PORT": text}, tmp_path)


def test_a_taken_udp_port_is_named_with_the_way_out() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        number = door.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"UDP port {number} is taken .* SANDBOX_PORT="):
            refuse_taken(Port("SANDBOX_PORT", "127.0.0.1", number, is_udp=True))
    refuse_taken(Port("SANDBOX_PORT", "127.0.0.1", number, is_udp=True))
