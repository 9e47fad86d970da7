"""When a Pin is looked at before it goes out, and what counts as wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from publishing.choices.warnings import WarningKind
from publishing.pins.policy import preflight
from publishing.pins.policy.preflight import WORDS, judge_page

DUE = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("checked_before", "looked_at_before", "due"),
    [
        (None, 60 * 24, True),
        (None, 1, True),
        (60 * 24, 31, False),
        (60 * 24, 30, True),
        (60 * 24, 5, True),
        (30, 29, False),
        (30, 11, False),
        (30, 10, True),
        (31, 20, True),
        (10, 9, False),
        (9, 1, False),
    ],
)
def test_a_pin_is_looked_at_when_planned_and_30_and_10_minutes_before(
    checked_before, looked_at_before, due
):
    checked_at = None if checked_before is None else DUE - timedelta(minutes=checked_before)
    now = DUE - timedelta(minutes=looked_at_before)
    assert preflight.check_is_due(checked_at=checked_at, due_at=DUE, now=now) is due


@pytest.mark.parametrize(
    ("link", "shortened"),
    [
        ("https://bit.ly/3abc", True),
        ("https://BIT.LY./3abc", True),
        ("http://www.tinyurl.com/x", True),
        ("https://t.co/x", True),
        ("https://example.com/bit.ly", False),
        ("https://notbit.ly/x", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_known_shorteners_are_known_by_their_host(link, shortened):
    assert preflight.is_shortened(link) is shortened


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"status": 200}, None),
        ({"status": 200, "forbids_pins": True}, WarningKind.LINK_FORBIDS),
        ({"status": 302, "left_for": "https://other.example/"}, WarningKind.LINK_LEAVES),
        ({"status": 302, "left_for": "https://bit.ly/x"}, WarningKind.LINK_SHORTENED),
        ({"status": 404}, WarningKind.LINK_MISSING),
        ({"status": 410}, WarningKind.LINK_MISSING),
        ({"status": 500}, WarningKind.LINK_FAILS),
        # Shops turn programs away that they let people and Pinterest in for: that does not tell.
        ({"status": 401}, WarningKind.LINK_UNTOLD),
        ({"status": 403}, WarningKind.LINK_UNTOLD),
        ({"status": 429}, WarningKind.LINK_UNTOLD),
        ({"status": 503}, WarningKind.LINK_UNTOLD),
    ],
)
def test_a_page_is_judged_by_its_answer(answer, wrong):
    assert judge_page(**{"left_for": "", "forbids_pins": False, **answer}) == wrong


@pytest.mark.parametrize(
    ("owner", "wrong"),
    [("clay", None), ("Clay", None), (None, None), ("anna", WarningKind.BOARD_OF_OTHERS)],
)
def test_a_board_of_somebody_else_is_doubtful(owner, wrong):
    assert preflight.judge_board_owner(owner=owner, account="clay") == wrong


@pytest.mark.parametrize(
    ("minute", "before", "left", "wrong"),
    [
        (100, 0, None, []),
        (101, 0, None, [WarningKind.MINUTE_FULL]),
        (1, 9, 10, []),
        (1, 10, 10, [WarningKind.DAY_FULL]),
        (1, 0, 0, [WarningKind.DAY_FULL]),
    ],
)
def test_a_plan_beyond_pinterests_limits_is_told(minute, before, left, wrong):
    found = preflight.judge_limits(in_its_minute=minute, before_it_today=before, left_today=left)
    assert list(found) == wrong


def test_every_warning_has_words_in_whole_sentences():
    assert set(WORDS) == set(WarningKind)
    for message, remedy in WORDS.values():
        assert message.endswith(".")
        assert remedy.endswith(".")
