"""What the page shows below the days, as files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine

from analytics.models import PinRow, TopPin
from tests.analytics.conftest import NOON, read

pytestmark = pytest.mark.django_db


def table(visitor, name, query=""):
    answer = visitor.get(f"/analytics/{name}.csv{query}")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_pins_whole_with_their_boards_and_the_gone_left_out(visitor, series, pins, connection):
    read(series)
    PinRow.objects.filter(pin_id=pins[2].id).update(gone_at=NOON)
    PinRow.objects.filter(pin_id=pins[1].id).update(impression=None, title="=1+1")
    rows = {row["pin_id"]: row for row in table(visitor, "pins")}
    assert set(rows) == {pins[0].id, pins[1].id}
    known = PinRow.objects.get(pin_id=pins[0].id)
    assert rows[pins[0].id]["impression_90_days"] == str(known.impression)
    assert (rows[pins[1].id]["impression_90_days"], rows[pins[1].id]["title"]) == ("", "'=1+1")
    told = {row["pin_id"]: row for row in visitor.get("/analytics/pins.json").json()}
    assert (told[pins[1].id]["impression_90_days"], told[pins[1].id]["title"]) == (None, "=1+1")


def test_best_pins_in_the_order_that_is_asked_for(visitor, series, pins):
    read(series)
    rows = table(visitor, "best-pins", "?best=SAVE")
    saves = [row.save_count for row in TopPin.objects.filter(sort_by="SAVE").order_by("rank")]
    assert [(row["rank"], row["by"], int(row["save"])) for row in rows] == [
        (str(rank), "save", value) for rank, value in enumerate(saves, start=1)
    ]
    assert {row["by"] for row in table(visitor, "best-pins", "?best=NONSENSE")} == {"impression"}


def test_boards_hours_and_followers(visitor, series, pins):
    read(series)
    boards = table(visitor, "boards")
    assert sum(int(row["pins"]) for row in boards) == 3
    hours = table(visitor, "hours")
    # The Pins went out at 12:00 UTC; the workspace's zone is Europe/Berlin.
    assert [row["pins"] for row in hours if row["hour"] == "13"] == ["3"]
    assert (len(hours), {row["time_zone"] for row in hours}) == (24, {"Europe/Berlin"})
    assert visitor.get("/analytics/followers.json").json() == [
        {"date": "2026-03-10", "followers": 0, "monthly_views": 0, "pins": 3, "boards": 2}
    ]


def test_files_without_anything_and_names_that_are_none(visitor, series):
    assert table(visitor, "pins") == []
    assert visitor.get("/analytics/boards.json").json() == []
    assert visitor.get("/analytics/secrets.csv").status_code == 404


NAMES = ("pins", "best-pins", "boards", "hours", "followers", "report")


@pytest.mark.parametrize("name", NAMES)
def test_there_are_no_files_of_others_accounts(sign_in, stranger, series, pins, name):
    read(series)
    theirs = sign_in(stranger)
    for query in (f"?account={series.account_id}", "?account=999"):
        for kind in ("csv", "json"):
            assert theirs.get(f"/analytics/{name}.{kind}{query}").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_an_account_that_is_not_kept_is_not_another_s(visitor, series, pins, name):
    read(series)
    assert visitor.get(f"/analytics/{name}.json?account=999").status_code == 404
    assert visitor.get(f"/analytics/{name}.json?account={series.account_id}").status_code == 200


def test_pins_that_are_gone_leave_the_boards_and_come_back(visitor, series, sandbox, pins):
    """Whoever deletes a Pin at Pinterest does not want its board judged by it."""
    read(series)
    kept = sandbox.records.pins.pop(pins[2].id)
    later = NOON + timedelta(hours=24)
    pull_at(series, later)
    assert PinRow.objects.get(pin_id=pins[2].id).gone_at == later
    assert sum(int(row["pins"]) for row in table(visitor, "boards")) == 2
    sandbox.records.pins[pins[2].id] = kept
    pull_at(series, later + timedelta(hours=24))
    assert PinRow.objects.get(pin_id=pins[2].id).gone_at is None


def test_pins_older_than_the_list_was_read_are_not_taken_for_gone(
    series, sandbox, pins, monkeypatch
):
    read(series)
    PinRow.objects.filter(pin_id=pins[0].id).update(published_at=NOON - timedelta(days=900))
    monkeypatch.setattr("analytics.services.pins.MOST_PINS", 2)
    sandbox.records.pins[pins[0].id].created_at = NOON - timedelta(days=900)
    pull_at(series, NOON + timedelta(hours=24))
    assert not PinRow.objects.exclude(gone_at=None).exists()


def test_an_old_pin_among_the_newest_takes_no_other_for_gone(series, sandbox, pins, monkeypatch):
    """In which order Pinterest lists is nowhere promised."""
    sandbox.records.pins[pins[2].id].created_at = NOON - timedelta(days=900)
    read(series)
    monkeypatch.setattr("analytics.services.pins.MOST_PINS", 2)
    pull_at(series, NOON + timedelta(hours=24))
    assert not PinRow.objects.exclude(gone_at=None).exists()


def pull_at(series, at):
    with time_machine.travel(at, tick=False):
        assert read(series, at)


@pytest.mark.parametrize(
    "name",
    ["report.csv", "report.json", "pins.csv", "best-pins.json", "boards.csv", "followers.json"],
)
def test_a_span_that_is_none_gets_the_reason_and_no_other_days(visitor, series, name):
    answer = visitor.get(f"/analytics/{name}?from=2026-03-08&to=2026-02-01")
    page = visitor.get("/analytics/?from=2026-03-08&to=2026-02-01")
    reason = page.context["range"]["problem"]
    assert reason
    assert (answer.status_code, answer.content.decode()) == (422, f"{reason}\n")
