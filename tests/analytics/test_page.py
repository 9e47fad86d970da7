"""The page of analytics: what a member sees, takes away, and never sees of others."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html import unescape

import pytest

from accounts.models import Succession
from accounts.policy import Role
from analytics.models import DayRow
from tests import factories
from tests.analytics.conftest import NOON, TODAY, keep, lost_account, read

pytestmark = pytest.mark.django_db
PAGE = "/analytics/"


def put(series, ago, **counts):
    return DayRow.objects.create(
        series=series,
        date=TODAY - timedelta(days=ago),
        status=counts.pop("status", "READY"),
        read_at=NOON,
        **counts,
    )


def test_without_an_account_it_says_what_to_do(visitor):
    page = visitor.get(PAGE)
    assert "Connect a Pinterest account" in page.content.decode()


def test_thirty_days_beside_the_thirty_before(visitor, series):
    put(series, 33, impression=100, save_count=2)
    put(series, 3, impression=150, save_count=3)
    put(series, 2, status="PROCESSING")
    page = visitor.get(PAGE)
    figures = {each["label"]: each for each in page.context["figures"]}
    assert (figures["Impressions"]["value"], figures["Impressions"]["note"]) == (
        "150",
        "+50% to the 30 days before, by 1 settled day.",
    )
    assert (
        figures["Saves"]["note"]
        == "2.00% of impressions. +50% to the 30 days before, by 1 settled day."
    )
    assert figures["Pin clicks"]["value"] == "–"
    reasons = [(gap["first"], gap["last"], gap["reason"]) for gap in page.context["gaps"]]
    assert reasons[1] == (
        TODAY - timedelta(days=2),
        TODAY - timedelta(days=2),
        "Pinterest is still counting this day.",
    )
    text = unescape(page.content.decode())
    assert "Pinterest counts ads and other people's Pins" in text


def test_days_before_that_are_known_in_part_count_where_both_are_known(visitor, series):
    """An account that was connected last month has not doubled since."""
    put(series, 40, impression=9_999)
    put(series, 34, impression=80)
    for ago in (3, 4):
        put(series, ago, impression=100)
    note = visitor.get(PAGE).context["figures"][0]["note"]
    assert note == "+25% to the 30 days before, by 1 settled day."


def test_steady_figures_have_not_fallen_because_the_last_days_are_not_there_yet(visitor, series):
    for ago in range(14):
        moving = {"status": "PROCESSING"} if ago < 1 else {"impression": 100}
        put(series, ago, **({"status": "ESTIMATE", "impression": 20} if ago == 1 else moving))
    note = visitor.get(PAGE + "?days=7").context["figures"][0]["note"]
    assert note == "+0% to the 7 days before, by 5 settled days."


def test_before_nothing_there_is_no_rate(visitor, series):
    put(series, 33, impression=0)
    put(series, 3, impression=100)
    assert visitor.get(PAGE).context["figures"][0]["note"] == ""


def test_whole_spans_are_compared_whole(visitor, series):
    for ago in range(2, 16):
        put(series, ago, impression=100 if ago < 9 else 50)
    page = visitor.get(PAGE + "?from=2026-03-02&to=2026-03-08")
    assert page.context["figures"][0]["note"] == "+100% to the 7 days before (350)."


def test_it_shows_what_was_read(visitor, series, sandbox):
    read(series)
    page = visitor.get(PAGE + "?days=90")
    assert len(page.context["charts"][0]["chart"].bars) == 90
    assert page.context["gaps"] == []
    assert page.context["kept_since"] == TODAY - timedelta(days=89)
    assert page.context["growing"] == "2 of these days still grow, and so will the sums."
    settled = visitor.get(PAGE + "?from=2026-02-01&to=2026-03-01")
    assert settled.context["growing"] == ""


def test_other_filters_days_and_orders_are_kept_apart_in_every_link(visitor, series, pins):
    """Who changes one of them finds the others as they were."""
    read(series)
    page = visitor.get(PAGE + "?days=90&compare=1&best=SAVE").context
    assert page["range"]["tabs"][0]["url"] == (
        f"?account={series.account_id}&compare=1&best=SAVE&days=7"
    )
    assert page["best_pins"]["orders"][2]["url"] == (
        f"?account={series.account_id}&compare=1&best=PIN_CLICK&days=90#best-pins"
    )
    assert [each["active"] for each in page["best_pins"]["orders"]] == [
        each == 1 for each in range(5)
    ]
    assert page["days_asked"] == [{"name": "days", "value": "90"}]
    own = visitor.get(PAGE + "?from=2026-03-01&to=2026-03-05").context
    assert own["days_asked"] == [
        {"name": "from", "value": "2026-03-01"},
        {"name": "to", "value": "2026-03-05"},
    ]


def test_the_best_pins_stand_in_the_order_that_is_asked_for(visitor, series, pins):
    read(series)
    for order, label in (("SAVE", "Saves"), ("ENGAGEMENT", "Engagements")):
        best = visitor.get(f"{PAGE}?best={order}").context["best_pins"]
        assert best["columns"][0] == {"label": label, "is_order": True}
        shown = [int(row["counts"][0].replace(",", "")) for row in best["rows"]]
        assert shown == sorted(shown, reverse=True)
        assert [row["value"] for row in best["rows"]] == shown


def test_a_year_is_drawn_by_weeks_and_told_by_days(visitor, series):
    for ago in range(300):
        put(series, ago, impression=2)
    page = visitor.get(PAGE + "?days=365").context
    bars = page["charts"][0]["chart"].bars
    assert (len(bars), page["step_note"], len(page["rows"])) == (53, "Each bar is a week.", 365)
    assert bars[-1].title == "4 Mar to 10 Mar 2026: 14 impressions."
    assert page["charts"][0]["chart"].before == []
    years = visitor.get(PAGE + "?from=2020-01-01&to=2026-03-10").context
    assert (len(years["rows"]), len(years["charts"][0]["chart"].bars)) == (81, 81)
    assert years["rows"][0]["when"] == "11 Feb to 10 Mar 2026"
    assert years["rows"][0]["counts"][0] == "56"
    compared = visitor.get(PAGE + "?days=90&compare=1").context["charts"][0]["chart"]
    assert len(compared.before) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?from=x", 422),
        ("?from=2026-03-09&to=2026-03-01", 422),
        ("?from=0001-01-01&to=0001-01-05", 422),
        ("?from=2009-12-31&to=2010-01-05&compare=1", 422),
        ("?from=9999-12-31&to=9999-12-31", 422),
        ("?account=999&days=8", 200),
        ("?content=%01", 200),
    ],
)
def test_odd_questions_get_an_answer(visitor, series, query, status):
    put(series, 1, impression=5)
    assert visitor.get(PAGE + query).status_code == status


def test_less_by_next_to_nothing_is_no_minus_zero(visitor, series):
    put(series, 40, impression=1_000)
    put(series, 10, impression=999)
    note = visitor.get(PAGE + "?days=30").context["figures"][0]["note"]
    assert note == "+0% to the 30 days before, by 1 settled day."


def test_files_hold_the_days_and_leave_empty_what_is_missing(visitor, series):
    put(series, 2, impression=200, save_count=3)
    put(series, 1, status="PROCESSING")
    text = visitor.get(PAGE + "report.csv?days=7").getvalue().decode("utf-8-sig")
    header, first, second = list(csv.reader(io.StringIO(text)))
    row = dict(zip(header, first, strict=True))
    assert (row["date"], row["impression"], row["save"], row["save_rate"], row["pin_click"]) == (
        "2026-03-08",
        "200",
        "3",
        "0.015",
        "",
    )
    assert second[-1] == "PROCESSING"
    body = visitor.get(PAGE + "report.json?days=7").json()
    assert (body["analytics"]["saveRate"], body["analytics"]["pinClick"]) == (0.015, None)
    assert body["filters"]["content_type"] == "ALL"
    assert body["before"]["impression"] is None


def test_two_members_see_one_set_of_numbers_and_another_workspace_its_own(
    sign_in, owner, viewer, series, connect, studio
):
    put(series, 1, impression=77)
    other = factories.WorkspaceFactory(name="Other")
    stranger = factories.member(other, "oskar", Role.OWNER)
    connect(other, studio, by=stranger)
    for person, value in ((owner, "77"), (viewer, "77")):
        page = sign_in(person).get(PAGE)
        assert page.context["figures"][0]["value"] == value
    theirs = sign_in(stranger).get(f"{PAGE}?account={series.account_id}")
    assert [each["value"] for each in theirs.context["figures"]] == ["–"] * 5
    assert theirs.context["has_any"] is False


def test_a_merged_history_is_one_series_with_its_seam(visitor, workspace, series, connection):
    """The later account was connected four days ago: what was before is the earlier one's."""
    earlier = lost_account(workspace)
    before = keep(workspace, "42", "old-studio")
    put(before, 6, impression=10)
    put(before, 5, impression=20)
    put(series, 5, impression=300)
    put(series, 4, impression=30)
    asked = Succession.objects.create(
        workspace=workspace, earlier=earlier, later=connection, asked_at=NOON - timedelta(days=4)
    )
    path = f"{PAGE}?account={series.account_id}&days=7"
    assert visitor.get(path).context["figures"][0]["value"] == "330"
    asked.merges_history, asked.history_decided_at = True, NOON
    asked.save()
    page = visitor.get(path)
    assert page.context["figures"][0]["value"] == "60"
    assert page.context["seams"] == [
        {
            "date": TODAY - timedelta(days=4),
            "earlier": "@old-studio",
            "later": "@clay-studio",
        }
    ]
    assert DayRow.objects.count() == 4, "nothing is written over"
    own = visitor.get(f"{PAGE}?account=42&days=7")
    assert own.context["figures"][0]["value"] == "30", "the earlier account's own page stays"


@pytest.mark.parametrize("many", [1, 90])
def test_the_page_takes_a_fixed_number_of_queries(visitor, series, many, django_assert_num_queries):
    for ago in range(many):
        put(series, ago, impression=5)
    visitor.get(PAGE)
    with django_assert_num_queries(20):
        visitor.get(PAGE + "?days=90")
