"""A host is known by its name and its port, exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks

from pinapp.hosts import ExactHosts, exact_hosts

ROOT = Path(__file__).resolve().parents[2]
LOCAL = exact_hosts([], public_url="http://127.0.0.1:8000")
SHOP = exact_hosts(["10.0.0.5:8000", "Intern.Example"], public_url="https://pins.example")
ODD = exact_hosts([], public_url="https://pins.example:8443")
SIX = exact_hosts([], public_url="http://[::1]:8000")


@pytest.mark.parametrize(
    ("hosts", "asked", "known"),
    [
        (LOCAL, "127.0.0.1:8000", True),
        (LOCAL, "localhost:8000", True),
        (LOCAL, "localhost:6666", False),
        (LOCAL, "localhost", False),
        (LOCAL, "evil.example:8000", False),
        (LOCAL, "", False),
        (LOCAL, "localhost:8000@evil.example", False),
        (LOCAL, "evil.example#localhost:8000", False),
        (LOCAL, "localhost:99999", False),
        (LOCAL, "localhost:eight", False),
        (SHOP, "pins.example", True),
        (SHOP, "PINS.example", True),
        (SHOP, "pins.example:443", True),
        (SHOP, "pins.example:8000", False),
        (SHOP, "localhost", False),
        (SHOP, "127.0.0.1:8000", False),
        (SHOP, "10.0.0.5:8000", True),
        (SHOP, "10.0.0.5", False),
        (SHOP, "intern.example", True),
        (SHOP, "www.pins.example", False),
        (ODD, "pins.example:8443", True),
        (ODD, "pins.example", False),
        (SIX, "[::1]:8000", True),
        (SIX, "[::1]:8001", False),
    ],
)
def test_a_host_is_ours_or_nobodys(hosts, asked: str, known: object) -> None:
    seen = []

    def inside(environ, _start_response):
        seen.append(environ["HTTP_HOST"])
        return []

    ExactHosts(inside, hosts)({"HTTP_HOST": asked, "wsgi.url_scheme": "http"}, lambda *_: None)
    assert seen == [asked if known else "host.invalid"]


def test_a_pattern_of_hosts_is_refused_before_anything_starts(settings) -> None:
    settings.ALLOWED_HOSTS = ["pins.example", "*"]
    assert "pinapp.E003" in {each.id for each in run_checks()}
    settings.ALLOWED_HOSTS = [".pins.example"]
    assert "pinapp.E003" in {each.id for each in run_checks()}


@pytest.mark.parametrize(
    ("public_url", "hosts"),
    [
        ("https://pins.example", ["pins.example"]),
        ("http://localhost:8000", ["127.0.0.1", "localhost"]),
        ("https://straße.example/", ["xn--strae-oqa.example"]),
    ],
)
def test_in_production_this_machines_own_names_are_not_ours(public_url: str, hosts) -> None:
    script = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    environment = {
        **os.environ,
        "PUBLIC_URL": public_url,
        "DJANGO_SETTINGS_MODULE": "pinapp.settings",
    }
    environment.pop("ALLOWED_HOSTS")
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(hosts)
