"""Numbers of single Pins: from the lists for all, from Pinterest itself for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Connection, ConnectionStatus
from analytics.models import PinRow, TopPin
from analytics.policy.hours import Hour, hours_of
from analytics.services.pins import exact_figures
from pinterest.figures import Figures
from sandbox.faults import Fault
from tests.analytics.conftest import NOON, read

pytestmark = pytest.mark.django_db


def test_all_pins_come_with_the_lists_and_cost_nothing_of_the_limit(series, sandbox, pins):
    read(series)
    rows = {row.pin_id: row for row in PinRow.objects.all()}
    assert set(rows) == {pin.id for pin in pins}
    row = rows[pins[0].id]
    assert (row.title, row.board_id) == ("Pin on Bowls", pins[0].board_id)
    assert row.picture_url.startswith("http")
    assert row.impression == row.ever_impression > 0
    spent = {each["category"]: each["used"] for each in sandbox.quotas.counters()}
    assert spent["org_analytics"] == 6, "one for the days, five for the best Pins"


def test_they_are_read_once_a_day_and_never_twice_there(series, sandbox, pins):
    read(series)
    for hours in (6, 12, 24):
        later = NOON + timedelta(hours=hours)
        with time_machine.travel(later, tick=False):
            read(series, later)
    series.refresh_from_db()
    read_at = {row.read_at for row in PinRow.objects.all()}
    assert (PinRow.objects.count(), read_at) == (3, {NOON + timedelta(hours=24)})


def test_the_best_ones_are_shown_with_pictures_and_boards(visitor, series, sandbox, pins):
    read(series)
    page = visitor.get("/analytics/")
    best = page.context["best_pins"]["rows"]
    assert {each["title"] for each in best} == {"Pin on Bowls", "Pin on Vases"}
    assert all(each["picture_url"] for each in best)
    assert TopPin.objects.filter(sort_by="SAVE").count() == 3
    assert sum(int(each["pins"]) for each in page.context["boards"]) == 3


def test_exact_figures_take_each_number_from_where_it_stands(connection, pins):
    """Comments and reactions are counted for ever only, all else in the sums only."""
    exact = exact_figures(connection=connection, pin_id=pins[0].id, now=NOON)
    assert exact.merged["IMPRESSION"] == exact.figures.summary["IMPRESSION"] > 0
    assert exact.merged["TOTAL_REACTIONS"] == exact.figures.lifetime["TOTAL_REACTIONS"] > 0
    assert "TOTAL_REACTIONS" not in exact.figures.summary


def test_what_is_counted_for_ever_never_stands_for_the_days(connection, pins, monkeypatch):
    """Should Pinterest tell more of its lifetime one day, the days stay the days."""

    def tell(*args, **more):
        ever = {"TOTAL_REACTIONS": 7.0, "TOTAL_COMMENTS": None, "IMPRESSION": 90_000.0}
        return Figures({"IMPRESSION": 12.0, "TOTAL_COMMENTS": 2.0}, (), lifetime=ever)

    monkeypatch.setattr("pinterest.client.PinterestClient.get_pin_figures", tell)
    exact = exact_figures(connection=connection, pin_id=pins[0].id, now=NOON)
    assert exact.merged == {"IMPRESSION": 12.0, "TOTAL_COMMENTS": 2.0, "TOTAL_REACTIONS": 7.0}


def test_the_list_and_the_pin_itself_say_the_same(series, connection, pins):
    read(series)
    row = PinRow.objects.get(pin_id=pins[0].id)
    exact = exact_figures(connection=connection, pin_id=pins[0].id, now=NOON).merged
    assert (row.impression, row.outbound_click) == (exact["IMPRESSION"], exact["OUTBOUND_CLICK"])
    assert (row.reactions, row.comments) == (exact["TOTAL_REACTIONS"], exact["TOTAL_COMMENTS"])


def test_a_pin_s_page_shows_both_kinds_of_numbers(visitor, series, pins):
    read(series)
    page = visitor.get(f"/analytics/accounts/{series.account_id}/pins/{pins[0].id}/")
    labels = [each["label"] for each in page.context["exact"]]
    assert labels[:2] == ["Impressions", "Saves"]
    assert "Reactions, ever" in labels
    row = PinRow.objects.get(pin_id=pins[0].id)
    assert page.context["listed"][0] == {
        "label": "Impressions",
        "recent": f"{row.impression:,}",
        "ever": f"{row.ever_impression:,}",
    }


def test_what_pinterest_refuses_is_told_and_the_list_still_shown(visitor, series, sandbox, pins):
    read(series)
    sandbox.arm(Fault(route="GET /v5/pins/*/analytics", kind="status", status=500, times=None))
    path = f"/analytics/accounts/{series.account_id}/pins/{pins[0].id}/"
    page = visitor.get(path)
    assert (page.context["exact"], bool(page.context["problem"])) == ([], True)
    assert page.context["listed"]
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING)
    text = unescape(visitor.get(path).content.decode())
    assert "The account is not connected" in text


def test_digits_of_other_scripts_are_no_id(visitor, series):
    odd = "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO}"
    assert visitor.get(f"/analytics/accounts/{series.account_id}/pins/{odd}/").status_code == 404


def test_others_accounts_have_no_pages_here(sign_in, stranger, series, pins):
    path = f"/analytics/accounts/{series.account_id}/pins/{pins[0].id}/"
    assert sign_in(stranger).get(path).status_code == 404


def test_an_hour_needs_three_pins_to_be_told_and_luck_does_not_count():
    nine = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    seen = [(nine + timedelta(days=n), count) for n, count in enumerate((10, 20, 90_000))]
    hours = hours_of([*seen, (nine + timedelta(hours=3), 5)], zone=ZoneInfo("Europe/Berlin"))
    assert hours[9] == Hour(9, 3, 20)
    assert hours[12] == Hour(12, 1, None)
    assert (len(hours), hours[0]) == (24, Hour(0, 0, None))
