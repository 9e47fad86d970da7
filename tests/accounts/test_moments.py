"""Moments are told apart wherever a clock is shown, also on the night the clocks go back."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template import engines
from django.utils import timezone

from accounts.moments import TO_THE_SECOND, moment_words
from foundation.spans.clocks import which_of_two

FIRST = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.*"))


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        (FIRST, "Europe/Berlin", "Sun 25 Oct 2026, 02:30 (first, CEST)"),
        (SECOND, "Europe/Berlin", "Sun 25 Oct 2026, 02:30 (second, CET)"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "Europe/Berlin", "Sun 25 Oct 2026, 03:00"),
        (FIRST, "UTC", "Sun 25 Oct 2026, 00:30"),
        # The night the clocks go forward has no time twice.
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin", "Sun 29 Mar 2026, 03:30"),
        # A zone whose clocks go back by half an hour, and whose offset has no name.
        (
            datetime(2026, 4, 4, 14, 45, tzinfo=UTC),
            "Australia/Lord_Howe",
            "Sun 5 Apr 2026, 01:45 (first, UTC+11:00)",
        ),
        (None, "UTC", ""),
    ],
)
def test_a_moment_says_which_of_two_it_is_only_where_there_are_two(at, zone, words):
    assert moment_words(at, zone=zone) == words


def test_seconds_and_the_current_zone():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert moment_words(SECOND, TO_THE_SECOND) == "Sun 25 Oct 2026, 02:30:00 (second, CET)"


def test_the_hour_that_is_skipped_does_not_come_twice():
    wall = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert which_of_two(wall) == ""


def test_templates_tell_them_apart():
    page = engines["django"].from_string('{{ at|moment:"j F Y, H:i" }}')
    with timezone.override(ZoneInfo("Europe/Berlin")):
        shown = [page.render({"at": at}) for at in (FIRST, SECOND, None)]
    assert shown == [
        "25 October 2026, 02:30 (first, CEST)",
        "25 October 2026, 02:30 (second, CET)",
        "",
    ]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_shows_a_clock_otherwise(template: Path):
    clocks = re.findall(
        r"""\|\s*(?:date|time)\s*:\s*["'][^"']*[GHPfgi:][^"']*["']""", template.read_text()
    )
    assert clocks == []
