"""The parts of our scripts that decide something, run by Node."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pinterest.media.videos import VIDEO_BYTES_LIMIT
from publishing.pins.policy.carousels import CarouselRejected, check_carousel

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


@pytest.mark.parametrize(
    ("key", "index", "found"),
    [
        ("ArrowRight", 3, 4),
        ("ArrowLeft", 3, 2),
        ("ArrowLeft", 0, 0),
        ("ArrowRight", 29, 29),
        ("PageUp", 3, 10),
        ("PageDown", 3, 0),
        ("Home", 7, 0),
        ("End", 7, 29),
        ("ArrowLeft", -1, 29),
        ("Home", -1, 0),
        ("a", 7, None),
        ("Tab", 7, None),
    ],
)
def test_keys_move_a_chart_s_cursor(key: str, index: int, found: int | None) -> None:
    assert run_script("charts.js", "movedBy(...values, 30)", key, index) == found


def test_a_place_of_a_chart_is_one_of_its_points() -> None:
    shares = [-0.1, 0, 0.0333, 0.0334, 0.5, 0.999, 1, 1.2]
    found = run_script("charts.js", "values.map((share) => pointAt(share, 30))", *shares)
    assert found == [0, 0, 0, 1, 15, 29, 29, 29]


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
        *("admin.css", "admin.css.map", "admin.js", "admin.js.map"),
        *("theme.js", "theme.js.map", "icons.svg", "fonts", "licences.txt"),
        "pinit.js",
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


@pytest.mark.parametrize(
    ("sizes", "odd"),
    [
        ([], []),
        (["a"], []),
        (["a", "a", "a"], []),
        (["a", "b"], [1]),
        (["a", "b", "b"], [0]),
        (["a", "b", "a", "c"], [1, 3]),
    ],
)
def test_the_browser_marks_the_pictures_that_the_server_refuses(sizes, odd) -> None:
    assert run_script("carousel.js", "oddOnes(values)", *sizes) == odd
    if odd:
        with pytest.raises(CarouselRejected) as rejected:
            check_carousel([(ord(size), 200) for size in sizes])
        assert list(rejected.value.odd) == odd


@pytest.mark.parametrize(
    ("there", "chosen", "fitting", "text"),
    [
        (0, 5, 5, ""),
        (3, 2, 2, ""),
        (3, 3, 2, "A carousel shows up to 5 pictures, so 1 picture was left out."),
        (5, 4, 0, "A carousel shows up to 5 pictures, so 4 pictures were left out."),
        (6, 1, 0, "A carousel shows up to 5 pictures, so 1 picture was left out."),
    ],
)
def test_what_does_not_fit_into_a_carousel_is_said(there, chosen, fitting, text) -> None:
    found = run_script("carousel.js", "roomFor(...values)", there, chosen, 5)
    assert found == {"fitting": fitting, "text": text}


def test_a_picture_is_moved_among_the_others() -> None:
    moves = [(0, 2), (2, 0), (1, 1)]
    moved = run_script(
        "carousel.js", "values.map(([a, b]) => moved(['x', 'y', 'z'], a, b).join(''))", *moves
    )
    assert moved == ["yzx", "zxy", "xyz"]


@pytest.mark.parametrize(
    ("size", "seconds", "text"),
    [
        (1000, 60, ""),
        (1000, None, ""),
        (2 * 1024**3, 900, ""),
        (0, None, "The file is empty. Choose a video."),
        (
            2 * 1024**3 + 1,
            60,
            (
                "This video has 2.0 GB; Pinterest takes up to 2 GB. "
                "Save it at a lower quality or resolution."
            ),
        ),
        (1000, 3, ""),
        (1000, 960, "The video is longer than 15 minutes, the most Pinterest takes. Trim it."),
    ],
)
def test_a_video_that_cannot_be_used_is_refused_before_it_is_sent(size, seconds, text) -> None:
    call = "problemOf({ size: values[0], seconds: values[1] }, values[2])"
    assert run_script("video.js", call, size, seconds, VIDEO_BYTES_LIMIT) == text


@pytest.mark.parametrize(
    ("name", "kind", "is_video"),
    [
        ("film.mp4", "video/mp4", True),
        ("film.MOV", "", True),
        ("film.m4v", "", True),
        ("film.mkv", "", True),
        ("mp4.jpg", "image/jpeg", False),
        ("film.mp4.png", "image/png", False),
    ],
)
def test_a_video_is_told_from_a_picture_by_its_type_and_its_ending(name, kind, is_video) -> None:
    assert run_script("video.js", "isVideo(values[0])", {"name": name, "type": kind}) is is_video
