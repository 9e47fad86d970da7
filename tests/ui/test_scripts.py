"""The parts of our scripts that decide something, run by Node."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_script(module: str, expression: str, *values: Any) -> Any:
    """Evaluate an expression over `values` with everything that a module of ours exports."""
    node = os.environ.get("PLAYWRIGHT_NODEJS_PATH") or shutil.which("node")
    assert node, "dev.py installs Node for the tests"
    address = (ROOT / "static" / "js" / module).as_uri()
    program = (
        f"Object.assign(globalThis, await import({json.dumps(address)}));"
        f"const values = {json.dumps(values)};"
        f"console.log(JSON.stringify({expression}));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "--eval", program],
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    )
    return json.loads(done.stdout)


TEXTS = ["", "Pins", "😀" * 100, "👩‍👩‍👧", "e\u0301", "Ü", "a\nb", "  edges  ", "日本語", "🏳️‍🌈 ok"]


def test_the_browser_counts_as_python_does() -> None:
    counted = run_script("counters.js", "values.map(countCodePoints)", *TEXTS)
    assert counted == [len(text.strip()) for text in TEXTS]


def test_a_line_break_counts_once_however_it_is_written() -> None:
    assert (
        run_script("counters.js", "values.map(countCodePoints)", "a\r\nb", "a\rb", "a\nb")
        == [3] * 3
    )


@pytest.mark.parametrize(
    ("count", "state", "text"),
    [
        (0, "", "0 / 100"),
        (89, "", "89 / 100"),
        (90, "near", "90 / 100"),
        (100, "near", "100 / 100"),
        (101, "over", "1 over the limit of 100"),
    ],
)
def test_a_counter_warns_near_the_limit_and_says_how_many_are_over(
    count: int, state: str, text: str
) -> None:
    said = run_script("counters.js", "describeCount(values[0], 100)", count)
    assert said == {"state": state, "text": text}


def test_the_preview_shows_the_host_of_a_whole_link_only() -> None:
    links = [
        "https://www.example.com/a?b=c",
        "http://shop.example.co.uk",
        "example.com",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "",
    ]
    hosts = run_script("preview.js", "values.map(hostOf)", *links)
    assert hosts == ["example.com", "shop.example.co.uk", "", "", "", ""]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "now"),
        (42, "in 42 s"),
        (-3, "just now"),
        (-42, "42 s ago"),
        (60, "in 1 min"),
        (125, "in 2 min 5 s"),
        (3599, "in 59 min"),
        (3600, "in 1 h"),
        (5400, "in 1 h 30 min"),
        (86400, "in 1 day"),
        (-3 * 86400, "3 days ago"),
    ],
)
def test_a_distance_in_time_is_told_in_two_units_at_most(seconds: int, text: str) -> None:
    assert run_script("times.js", "describeDistance(values[0] * 1000, 0)", seconds) == text


def test_the_assets_are_built_into_the_folder_that_is_asked_for(tmp_path: Path) -> None:
    node = os.environ.get("PLAYWRIGHT_NODEJS_PATH") or shutil.which("node")
    assert node
    subprocess.run(
        [node, "static/build.mjs"],
        cwd=ROOT,
        env={**os.environ, "PINAPP_VAR": str(tmp_path)},
        check=True,
        capture_output=True,
        timeout=60,
    )
    built = {path.name for path in (tmp_path / "build").iterdir()}
    assert built == {
        *("app.css", "app.css.map", "app.js", "app.js.map"),
        *("theme.js", "theme.js.map", "icons.svg", "fonts", "licences.txt"),
    }
    fonts = sorted(path.name.rsplit("-", 1)[0] for path in (tmp_path / "build" / "fonts").iterdir())
    assert fonts == [
        "bricolage-grotesque-latin-ext-wght-normal",
        "bricolage-grotesque-latin-wght-normal",
        "figtree-latin-ext-wght-normal",
        "figtree-latin-wght-normal",
    ]


@pytest.mark.parametrize(
    ("date", "days", "then"),
    [
        ("2026-11-30", 1, "2026-12-01"),
        ("2027-03-28", -7, "2027-03-21"),
        ("2028-02-28", 1, "2028-02-29"),
    ],
)
def test_days_are_counted_without_clocks(date: str, days: int, then: str) -> None:
    assert run_script("calendar-grid.js", "addDays(...values)", date, days) == then


def test_an_hour_after_eleven_at_night_is_another_day() -> None:
    later = run_script("calendar-grid.js", "addHours(...values)", "2026-12-31", "23:15", 1)
    assert later == {"date": "2027-01-01", "clock": "00:15"}


@pytest.mark.parametrize(
    ("cell", "clock", "target"),
    [
        ({"dropDate": "2026-12-01"}, "09:15", {"date": "2026-12-01"}),
        ({"dropDraft": ""}, "09:15", {"draft": "1"}),
        (
            {"dropDate": "2026-12-01", "dropClock": "14:00"},
            "09:15",
            {"date": "2026-12-01", "clock": "14:15", "again": ""},
        ),
        (
            {"dropDate": "2026-10-25", "dropClock": "02:00", "dropAgain": "1"},
            "",
            {"date": "2026-10-25", "clock": "02:00", "again": "1"},
        ),
        # A row that a change of the clocks has cut short begins at its half hour.
        (
            {"dropDate": "2026-10-04", "dropClock": "02:30"},
            "09:15",
            {"date": "2026-10-04", "clock": "02:30", "again": ""},
        ),
    ],
)
def test_a_dropped_pin_keeps_its_time_on_a_day_and_its_minutes_in_an_hour(
    cell: dict[str, str], clock: str, target: dict[str, str]
) -> None:
    assert run_script("calendar-drag.js", "targetOf(...values)", cell, clock) == target
