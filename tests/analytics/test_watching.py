"""Filters that are kept because somebody asked, figures read now, and filters kept no more."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
import time_machine

from accounts.models import Connection, ConnectionStatus
from accounts.services.connections import disconnect_account
from analytics.models import DayRow, Series, Stage
from analytics.selectors.series import due_series
from analytics.services import leases
from analytics.services.watching import resume_lost
from tests.analytics.conftest import NOON, TODAY, read
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
ORGANIC = "content=ORGANIC&source=YOUR_PINS"


@pytest.fixture
def editing(sign_in, editor):
    return sign_in(editor)


@pytest.fixture(autouse=True)
def nudged(monkeypatch):
    found = []
    monkeypatch.setattr("analytics.views.watching.nudge", lambda _task, **more: found.append(more))
    return found


def test_looking_at_other_filters_keeps_nothing_until_somebody_says_so(editing, series, nudged):
    page = editing.get(f"/analytics/?{ORGANIC}&days=90&claimed=nonsense")
    assert (page.context["is_kept"], page.context["reading"]) == (False, None)
    assert "Keep these figures" in page.content.decode()
    assert Series.objects.get() == series
    answer = editing.post(page.context["watch_url"])
    kept = Series.objects.exclude(pk=series.pk).get()
    assert (kept.content_type, kept.source, kept.claimed) == ("ORGANIC", "YOUR_PINS", "BOTH")
    assert nudged == [{"series_id": str(kept.pk)}]
    again = editing.get(answer["Location"]).context
    assert again["reading"]["title"] == "Reading the last 90 days"
    chosen = [
        option["value"]
        for each in again["selects"]
        for option in each["options"]
        if option["selected"]
    ]
    assert chosen == ["ORGANIC", "YOUR_PINS", "BOTH"]
    assert [tab["active"] for tab in again["range"]["tabs"]] == [False, False, True, False]


def test_a_viewer_is_told_whom_to_ask_and_changes_nothing(visitor, series):
    page = visitor.get(f"/analytics/?{ORGANIC}")
    assert "Ask an editor or an owner" in page.content.decode()
    for path in ("watch", "read", "stop"):
        assert visitor.post(f"/analytics/{path}/?{ORGANIC}").status_code == 403
    assert Series.objects.count() == 1


def test_an_account_that_was_just_connected_is_about_to_be_read(visitor, connection, owner):
    page = visitor.get("/analytics/").context
    assert page["accounts"] == [
        {"value": connection.pinterest_id, "label": "@clay-studio", "selected": True}
    ]
    assert (page["is_kept"], page["reading"]["stage"]) == (True, "Waiting for a turn")
    assert "Waiting for a turn" in visitor.get(page["reading"]["url"]).content.decode()
    disconnect_account(connection=connection, by=owner)
    assert visitor.get("/analytics/").context["accounts"] == []
    assert visitor.get(page["reading"]["url"])["HX-Refresh"] == "true"


def test_how_far_a_reading_is_and_then_the_page_anew(visitor, series, sandbox):
    path = visitor.get("/analytics/").context["reading"]["url"]
    assert "Waiting for a turn" in visitor.get(path).content.decode()
    held = leases.take(series_id=series.pk, now=NOON)
    leases.go_on(held, stage=Stage.BEST_PINS, done=3, in_all=8, now=NOON)
    text = unescape(squeezed(visitor.get(path).content.decode()))
    assert 'max="8" value="3"' in text
    assert ("Step 4 of 8" in text, "Best Pins. You can close the page." in text) == (True, True)
    leases.let_go(held)
    read(series)
    assert visitor.get(path)["HX-Refresh"] == "true"


def test_a_reading_that_waits_for_pinterest_s_limit_says_until_when(visitor, series):
    Series.objects.update(next_pull_at=NOON + timedelta(minutes=1))
    text = unescape(squeezed(visitor.get("/analytics/").content.decode()))
    # The workspace's zone is Europe/Berlin.
    assert "Pinterest’s limit is reached for now. It goes on at 13:01:00." in text


def test_figures_are_read_now_for_the_asking_but_not_every_minute(editing, series, nudged):
    read(series)
    url = editing.get("/analytics/?days=7").context["read_url"]
    page = editing.post(url, follow=True)
    assert "Read less than five minutes ago" in unescape(page.content.decode())
    assert nudged == []
    later = NOON + timedelta(minutes=6)
    with time_machine.travel(later, tick=False):
        page = editing.post(url, follow=True)
        assert page.context["reading"]["title"] == "Reading new figures"
        assert page.request["QUERY_STRING"].endswith("days=7")
        assert nudged == [{"series_id": str(series.pk)}]
        assert read(series, later)
        assert editing.get("/analytics/").context["reading"] is None
    assert DayRow.objects.get(date=TODAY).read_at == later


def test_who_asks_for_an_account_that_is_lost_is_told_to_connect_it(editing, series):
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING, lost_reason="Gone.")
    read(series)
    for path in ("read", "watch"):
        page = editing.post(f"/analytics/{path}/?{ORGANIC if path == 'watch' else ''}", follow=True)
        assert "Connect it again" in unescape(page.content.decode())
    assert Series.objects.count() == 1


def test_filters_are_stopped_and_gone_on_with_and_the_usual_ones_never_stop(
    editing, series, connection
):
    editing.post("/analytics/stop/")
    series.refresh_from_db()
    assert series.stopped_at is None
    editing.post(f"/analytics/watch/?{ORGANIC}")
    kept = Series.objects.exclude(pk=series.pk).get()
    read(kept)
    editing.post(f"/analytics/stop/?{ORGANIC}")
    kept.refresh_from_db()
    assert kept.stopped_at == NOON
    later = NOON + timedelta(days=1)
    assert kept not in due_series(now=later)
    assert resume_lost(now=NOON) == 0
    page = editing.get(f"/analytics/?{ORGANIC}&days=90")
    assert "These filters are not read any more" in page.content.decode()
    assert page.context["has_any"], "what was read stays"
    editing.post(page.context["watch_url"])
    kept.refresh_from_db()
    assert (kept.stopped_at, kept.asked_at) == (None, NOON)
    assert kept in due_series(now=later)


def test_stopping_while_a_worker_reads_holds(editing, series, sandbox):
    """The worker that has it in hand writes when it is due next, and nobody takes it."""
    editing.post(f"/analytics/watch/?{ORGANIC}")
    kept = Series.objects.exclude(pk=series.pk).get()
    held = leases.take(series_id=kept.pk, now=NOON)
    editing.post(f"/analytics/stop/?{ORGANIC}")
    leases.let_go(held, next_pull_at=NOON)
    assert kept not in due_series(now=NOON + timedelta(days=1))


def test_what_could_not_be_read_is_told_in_its_place(visitor, series):
    read(series)
    Series.objects.update(part_problems={"best_pins": "Pinterest refused. Ask again."})
    text = unescape(squeezed(visitor.get("/analytics/").content.decode()))
    assert "Best Pins: Pinterest refused. Ask again." in text
    assert "The latest figures could not be read" not in text
