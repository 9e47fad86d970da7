"""The question whether two accounts' figures are read as one, on the page that shows them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html import unescape

import pytest

from accounts.models import Connection, ConnectionStatus, Succession
from analytics.models import DayRow, Series
from tests.analytics.conftest import NOON, keep, lost_account
from tests.analytics.test_page import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(workspace, connection, series):
    """An account that published nothing, of which figures are kept, is gone; another came."""
    earlier = lost_account(workspace)
    put(keep(workspace, "42", "old-studio"), 6, impression=10)
    put(series, 1, impression=5)
    asked_at = NOON - timedelta(days=4)
    return Succession.objects.create(
        workspace=workspace, earlier=earlier, later=connection, asked_at=asked_at
    )


def ask(visitor, question):
    return visitor.get(f"/analytics/?account={question.later.pinterest_id}")


def test_it_is_asked_and_answered_once(sign_in, editor, question):
    visitor = sign_in(editor)
    page = ask(visitor, question)
    (asked,) = page.context["merges"]
    text = unescape(page.content.decode())
    assert "Did @clay-studio take the place of @old-studio?" in text
    assert page.context["figures"][0]["value"] == "5"
    answer = visitor.post(asked["answer_url"], {"answer": "merge"}, follow=True)
    assert answer.context["figures"][0]["value"] == "15"
    assert "The figures of @old-studio and @clay-studio are read as one." in unescape(
        answer.content.decode()
    )
    assert answer.context["merges"] == []
    question.refresh_from_db()
    assert (question.history_decided_by, question.history_decided_at) == (editor, NOON)
    again = visitor.post(asked["answer_url"], {"answer": "apart"}, follow=True)
    assert "answered already" in again.content.decode()
    question.refresh_from_db()
    assert question.merges_history is True


def test_kept_apart_stays_apart(sign_in, editor, question):
    visitor = sign_in(editor)
    url = f"/analytics/merges/{question.pk}/"
    assert "Choose whether" in visitor.post(url, {}, follow=True).content.decode()
    page = visitor.post(url, {"answer": "apart"}, follow=True)
    assert (page.context["figures"][0]["value"], page.context["merges"]) == ("5", [])


def test_who_may_not_answer_is_not_asked(sign_in, viewer, stranger, question):
    visitor = sign_in(viewer)
    assert ask(visitor, question).context["merges"] == []
    url = f"/analytics/merges/{question.pk}/"
    assert visitor.post(url, {"answer": "merge"}).status_code == 403
    assert sign_in(stranger).post(url, {"answer": "merge"}).status_code == 404
    question.refresh_from_db()
    assert question.merges_history is None


def test_it_is_no_question_while_the_account_is_lost_too_or_the_earlier_one_told_nothing(
    sign_in, editor, question
):
    visitor = sign_in(editor)
    later = Connection.objects.filter(pk=question.later_id)
    later.update(status=ConnectionStatus.NEEDS_RECONNECTING, lost_reason="Gone.")
    assert ask(visitor, question).context["merges"] == []
    later.update(status=ConnectionStatus.ACTIVE, lost_reason="")
    assert len(ask(visitor, question).context["merges"]) == 1
    DayRow.objects.filter(series__account_id="42").delete()
    assert ask(visitor, question).context["merges"] == []


def test_an_account_made_anew_under_its_old_name_is_told_apart_by_its_number(
    sign_in, editor, question, connection
):
    Connection.objects.filter(pk=question.earlier.pk).update(username=connection.username)
    Series.objects.update(username=connection.username)
    visitor = sign_in(editor)
    old, new = "@clay-studio (account 42)", f"@clay-studio (account {connection.pinterest_id})"
    page = ask(visitor, question)
    assert sorted(each["label"] for each in page.context["accounts"]) == [old, new]
    (asked,) = page.context["merges"]
    assert (asked["earlier"], asked["later"]) == (old, new)
    page = visitor.post(asked["answer_url"], {"answer": "merge"}, follow=True)
    (seam,) = page.context["seams"]
    assert (seam["earlier"], seam["later"]) == (old, new)
    bars = page.context["charts"][0]["chart"].bars
    assert sum(bar.has_seam for bar in bars) == 1
    query = f"?account={connection.pinterest_id}"
    days = visitor.get(f"/analytics/report.json{query}").json()["analytics"]["daily"]
    told = [(each["account_id"], each["metrics"]["IMPRESSION"]) for each in days]
    assert told == [("42", 10), (connection.pinterest_id, 5)]
    text = visitor.get(f"/analytics/report.csv{query}").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["account_id"] for row in rows] == ["42", connection.pinterest_id]
