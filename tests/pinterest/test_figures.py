"""Figures by the client from the sandbox, which refuses what Pinterest refuses."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinterest.answers import RawAnswer
from pinterest.client import PinterestClient
from pinterest.decode import UnreadableAnswerError
from pinterest.errors import RefusalReason, Refused
from pinterest.figures import Filters, decode_figures, decode_top_pins, listed_figures
from pinterest.http import open_session
from pinterest.oauth import REQUIRED_SCOPES
from sandbox import Sandbox
from sandbox.adapter import SandboxAdapter
from sandbox.faults import Fault

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture
def sandbox():
    sandbox = Sandbox.empty(seed=11, frozen_at=NOON)
    sandbox.add_app(app_id="1234567", secret="s")
    sandbox.add_account("acme")
    return sandbox


@pytest.fixture
def client(sandbox):
    with open_session() as session:
        session.mount("http://sandbox.test", SandboxAdapter(sandbox))
        token = sandbox.issue_token("acme", REQUIRED_SCOPES).access_token
        yield PinterestClient(session=session, api_url="http://sandbox.test/v5", access_token=token)


def ask(client, *, first=29, last=0, filters=Filters()):  # noqa: B008 - it is frozen
    start, end = TODAY - timedelta(days=first), TODAY - timedelta(days=last)
    return client.get_account_figures(start=start, end=end, filters=filters)


def test_thirty_days_have_thirty_rows_and_sums_that_fit(client):
    figures = ask(client)
    assert [day.date for day in figures.days] == [
        TODAY - timedelta(days=number) for number in range(29, -1, -1)
    ]
    for name in ("IMPRESSION", "SAVE"):
        assert figures.summary[name] == sum(day.metrics[name] for day in figures.days)
    rate = figures.summary["SAVE"] / figures.summary["IMPRESSION"]
    assert figures.summary["SAVE_RATE"] == pytest.approx(rate)
    assert {day.status for day in figures.days[:-2]} == {"READY"}
    assert {day.status for day in figures.days[-2:]} == {"ESTIMATE"}


def test_settled_days_stay_and_today_grows(client, sandbox):
    before = ask(client)
    sandbox.clock.advance(timedelta(hours=3))
    after = ask(client)
    assert after.days[0] == before.days[0]
    assert after.days[-1].metrics["IMPRESSION"] > before.days[-1].metrics["IMPRESSION"]


def test_filters_show_parts_of_everything(client):
    every = ask(client).summary["IMPRESSION"]
    parts = [
        ask(client, filters=Filters(content_type=kind)).summary["IMPRESSION"]
        for kind in ("ORGANIC", "PAID")
    ]
    assert sum(parts) == pytest.approx(every, rel=0.01)
    assert parts[0] > parts[1] > 0


@pytest.mark.parametrize(
    ("first", "last"), [(91, 0), (0, 1)], ids=["older than ninety days", "the wrong way round"]
)
def test_what_pinterest_refuses_is_refused(client, first, last):
    with pytest.raises(Refused) as caught:
        ask(client, first=first, last=last)
    assert (caught.value.reason, caught.value.status) == (RefusalReason.INVALID, 400)


def test_the_best_pins_come_the_best_first(client):
    found = client.get_top_pins(
        start=TODAY - timedelta(days=29), end=TODAY, filters=Filters(), sort_by="SAVE"
    )
    assert (found.pins, found.counted_until) == (
        (),
        datetime(2026, 3, 9, 23, 59, 59, 999000, tzinfo=UTC),
    )
    with pytest.raises(Refused):
        client.get_top_pins(start=TODAY, end=TODAY, filters=Filters(), sort_by="LIKES")


def test_a_pin_that_is_not_there_is_refused(client):
    with pytest.raises(Refused) as caught:
        client.get_pin_figures("123456", start=TODAY, end=TODAY)
    assert caught.value.reason is RefusalReason.PIN_GONE


def test_missing_figures_are_none_and_not_zero(client, sandbox):
    sandbox.arm(Fault(route="GET /v5/user_account/analytics", kind="sparse_metrics"))
    day = ask(client).days[0]
    assert (day.metrics.get("SAVE"), "PIN_CLICK" in day.metrics) == (None, False)


def answer(body):
    return RawAnswer(status=200, headers={}, body=body)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"all": {}}', b'{"all": {"daily_metrics": [{"date": "soon"}]}}'],
)
def test_what_is_no_answer_is_unreadable(body):
    with pytest.raises(UnreadableAnswerError):
        decode_figures(answer(body))


def test_odd_values_are_read_as_far_as_they_go():
    figures = decode_figures(
        answer(
            b'{"all": {"daily_metrics": [{"date": "2026-03-01T00:00:00", "data_status": "NEW",'
            b' "metrics": {"SAVE": "3", "IMPRESSION": true, "PIN_CLICK": "many"}}],'
            b' "summary_metrics": null, "lifetime_metrics": {"TOTAL_COMMENTS": 2}}}'
        )
    )
    (day,) = figures.days
    assert (day.status, day.metrics["SAVE"], day.metrics["IMPRESSION"]) == ("NEW", 3.0, None)
    assert (day.metrics["PIN_CLICK"], figures.summary) == (None, {})
    assert figures.lifetime == {"TOTAL_COMMENTS": 2.0}


def test_a_best_pin_without_an_id_is_unreadable():
    with pytest.raises(UnreadableAnswerError):
        decode_top_pins(answer(b'{"pins": [{"metrics": {}}]}'))


_NUMBERS = st.floats() | st.integers() | st.just(10**400)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=12) | _NUMBERS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["SAVE", "date", "metrics", "pin_id"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def _objects(*names: str) -> st.SearchStrategy[object]:
    """Pinterest's shape with anything in its places, or anything in its place."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, _VALUES)) | _VALUES


_DAYS = st.lists(
    st.fixed_dictionaries(
        {"date": st.just("2026-03-01") | _VALUES},
        optional={"metrics": _objects("SAVE", "IMPRESSION"), "data_status": _VALUES},
    )
    | _VALUES,
    max_size=2,
)
_FIGURES = st.fixed_dictionaries(
    {"all": st.fixed_dictionaries({"daily_metrics": _DAYS, "summary_metrics": _objects("SAVE")})}
)
_BEST = st.fixed_dictionaries(
    {
        "pins": st.lists(_objects("pin_id", "metrics"), max_size=2),
        "date_availability": _objects("latest_available_timestamp"),
    }
)


@given(figures=_FIGURES, best=_BEST, listed=_objects("90d", "lifetime_metrics"))
def test_whatever_pinterest_says_is_read_or_unreadable(figures, best, listed):
    """No answer ends a visit in a way that nobody has thought of."""
    for decode, body in ((decode_figures, figures), (decode_top_pins, best)):
        with contextlib.suppress(UnreadableAnswerError):
            decode(answer(json.dumps(body).encode()))
    listed_figures(listed, "90d")
