"""Documentation can't drift: commands, picture, settings and links are held against the project."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from pinapp.celery import app as celery_app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()

# Read by pinapp/settings.py, but made up by `make run` or by the tests, never by a person.
_INTERNAL = {
    "PUBLISHING_PACE",
    "DEMO",
    "DEMO_PASSWORD",
    "PINAPP_VAR",
    "STATIC_MANIFEST",
    "SHOP_URL",
}
# Read by the supervisor of `make run`.
_OF_THE_SUPERVISOR = {"HOST", "SANDBOX_PORT", "SHOP_PORT"}


def _commands(text: str) -> list[str]:
    """Targets of make, where a document shows them as code."""
    return re.findall(r"(?:`|^)make ([a-z]+)", text, re.M)


def test_every_command_the_documents_name_exists() -> None:
    targets = set(re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.M)[1].split())
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(_commands((ROOT / document).read_text()))
        assert named - targets == set(), document
    assert targets <= set(_commands(README))


def test_the_two_commands_stand_at_the_top_of_the_readme() -> None:
    block = re.search(r"```sh\n(.+?)```", README, re.S)[1]
    assert [line.split("#")[0].strip() for line in block.strip().splitlines()] == [
        "make run",
        "make test",
    ]


def test_ci_runs_the_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert re.findall(r"dev\.py (\w+)", script) == ["check", "test"]


_INTERFACES = {"apps | admin | urls", "tasks | receivers"}


def test_the_picture_of_the_house_is_the_one_that_is_enforced() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = configuration["tool"]["importlinter"]["contracts"][0]["layers"]
    picture = re.search(r"## The house\n\n```\n(.+?)```", ARCHITECTURE, re.S)[1]
    storeys = [line.split("  ")[0] for line in picture.splitlines() if line[:1].isalpha()]
    assert storeys.pop() == "sandbox", "it stands beside the house"
    assert storeys == layers


def test_the_picture_of_publishing_is_the_one_that_is_enforced() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (layers,) = [
        contract["layers"]
        for contract in configuration["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == ["publishing"]
    ]
    picture = re.search(r"Topics import downwards only:\n\n```\n(.+?)```", ARCHITECTURE, re.S)[1]
    topics = [line.split("  ")[0] for line in picture.splitlines() if line[:1].isalpha()]
    assert topics == [layer for layer in layers if layer not in _INTERFACES]


def test_every_app_of_ours_has_its_line_in_the_readme() -> None:
    apps = {app.split(".")[0] for app in settings.INSTALLED_APPS}
    ours = {app for app in apps if (ROOT / app).is_dir()}
    listed = re.search(r"## Where things are\n\n```\n(.+?)```", README, re.S)[1]
    for app in ours | {"pinterest"}:
        assert re.search(rf"^{app}\b", listed, re.M), app


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    source = (ROOT / "pinapp" / "settings.py").read_text()
    read = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", source)) - _INTERNAL
    listed = set(re.findall(r"^([A-Z_]+)=", ENV_EXAMPLE, re.M))
    assert listed == read | _OF_THE_SUPERVISOR


def test_every_setting_in_the_example_is_explained() -> None:
    lines = ENV_EXAMPLE.splitlines()
    explained_together = {"SANDBOX_PORT", "PORT", "DEFAULT_FROM_EMAIL"}
    explained_together.update(re.findall(r"^(PINTEREST_\w+)=", ENV_EXAMPLE, re.M))
    for number, line in enumerate(lines):
        name = line.partition("=")[0]
        if name.isupper() and not line.startswith("#") and name not in explained_together:
            assert lines[number - 1].startswith("# "), name


@pytest.mark.parametrize("entry", celery_app.conf.beat_schedule.values(), ids=lambda e: e["task"])
def test_every_line_of_the_beat_table_names_a_real_task(entry: dict[str, str]) -> None:
    celery_app.loader.import_default_modules()
    assert entry["task"] in celery_app.tasks


DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_no_lock_file_names_a_registry() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json", ROOT / ".npmrc"]
    assert [lock.name for lock in locks if re.search(r"https?://", lock.read_text())] == []


def test_decisions_are_numbered_once_and_listed_in_order() -> None:
    files = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    numbers = [int(name[:4]) for name in files]
    assert numbers == list(range(1, len(numbers) + 1))
    listing = (ROOT / "docs" / "decisions" / "README.md").read_text()
    listed = re.findall(r"^(\d+)\. \[.+\]\((.+)\)$", listing, re.M)
    assert listed == [(str(int(name[:4])), name) for name in files]
    for name in files:
        first = (ROOT / "docs" / "decisions" / name).read_text().splitlines()[0]
        assert first.startswith(f"# {int(name[:4])}. ")
