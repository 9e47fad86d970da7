"""The dashboard and the banners say whether Pins go out, which are late, and where to act."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.wire import pinterest_app
from health import heartbeats
from health.models import Alarm
from health.policy import Cause, Kind
from health.text import health_strip, length
from publishing.models import AppStop, Pin
from publishing.pins.selectors.waiting import Waiting, sum_of, waiting_by_account

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (1e6, "11 days"),
    ],
)
def test_a_length_of_time_in_words(seconds, words):
    assert length(seconds) == words


def strip(*, worker=0, scheduler=0, **facts):
    beats = {Kind.WORKER: NOW - worker * MINUTE, Kind.SCHEDULER: NOW - scheduler * MINUTE}
    usual = {"alarm": None, "stop": None, "late": 0, "beats": beats}
    line = health_strip(now=NOW, **{**usual, **facts})
    return line["tone"], f"{line['title']}: {line['text']}"


def test_the_strip_names_the_worst():
    alarm, stop = Alarm(began_at=NOW - HOUR, cause=Cause.UNKNOWN), AppStop(since=NOW - HOUR)
    assert strip() == ("good", "Publishing works: Last checked 0 s ago.")
    assert strip(late=3) == ("warn", "Publishing works: 3 late Pins go out in turn.")
    assert strip(late=1)[1] == "Publishing works: 1 late Pin goes out in turn."
    assert strip(alarm=alarm, late=3) == (
        "bad",
        (
            "Publishing does not get on: Since Wed 25 Nov, 11:00 Pins have missed their time. "
            "No Pin is lost. Ask whoever runs this server to look at it."
        ),
    )
    assert strip(stop=stop, alarm=alarm) == (
        "bad",
        "Publishing is stopped: Since Wed 25 Nov, 11:00: Pinterest refuses this server's app.",
    )
    assert strip(worker=5, stop=stop) == (
        "bad",
        (
            "Publishing stands still: The worker has been silent since Wed 25 Nov, 11:55. "
            "No Pin is lost. Ask whoever runs this server to look at it."
        ),
    )
    assert "The worker and the scheduler have been silent since" in strip(worker=5, scheduler=9)[1]
    assert "The worker and the scheduler have never been seen." in strip(beats={})[1]


def late(write_pin, now, *, due_in=MINUTE):
    pin = write_pin(at=now - HOUR)
    Pin.objects.filter(pk=pin.pk).update(due_at=now + due_in)


def banners(browser, path="/"):
    return [
        (b["tone"], b["title"], b["text"], b.get("action_url"), b.get("action_label"))
        for b in browser.get(path).context["banners"]
    ]


def test_the_dashboard_counts_late_and_held_pins(sign_in, owner, write_pin, put, now):
    heartbeats.beat(Kind.WORKER, now=now)
    heartbeats.beat(Kind.SCHEDULER, now=now)
    late(write_pin, now)
    put("held")
    page = sign_in(owner).get("/")
    assert page.context["counts"] == {
        "scheduled": 1,
        "published_7d": 0,
        "late": 1,
        "held": 1,
        "stopped": 1,
        "look": 0,
    }
    assert page.context["health"]["title"] == "Publishing works"
    assert "1 late Pin goes out in turn." in page.content.decode()


def test_late_pins_are_announced_with_what_happens_to_them(sign_in, editor, write_pin, now):
    browser = sign_in(editor)
    late(write_pin, now)
    assert banners(browser) == [
        ("warn", "1 Pin is late", "1 goes out by itself.", "/pins/?show=scheduled", "See them")
    ]
    late(write_pin, now)
    assert banners(browser)[0][1:3] == (
        "2 Pins are late",
        "2 go out by themselves, one after the other.",
    )


@pytest.mark.parametrize(("who", "label"), [("editor", "Decide"), ("viewer", "See them")])
def test_pins_held_as_late_lead_to_where_somebody_decides(
    sign_in, request, write_pin, put, now, who, label
):
    late(write_pin, now)
    put("held", held_reason="late")
    put("held", held_reason="late")
    browser = sign_in(request.getfixturevalue(who))
    assert banners(browser, "/workspace/") == [
        (
            "warn",
            "3 Pins are late",
            (
                "1 goes out by itself. 2 wait for somebody's approval, being later than this "
                "workspace publishes without asking."
            ),
            "/pins/held/?reason=late",
            label,
        )
    ]


def test_other_pins_on_hold_are_announced_except_where_one_decides(sign_in, editor, put):
    put("held", held_reason="spam")
    browser = sign_in(editor)
    assert banners(browser) == [
        (
            "calm",
            "1 Pin is on hold",
            "It waits until somebody publishes it, gives it a new time or drops it.",
            "/pins/held/",
            "Decide",
        )
    ]
    assert banners(browser, "/pins/held/") == []


def test_while_publishing_is_stopped_late_pins_wait(sign_in, editor, write_pin, now):
    late(write_pin, now)
    AppStop.objects.create(
        app_id=pinterest_app().app_id, since=now, reason="x", message="No.", remedy="Ask."
    )
    assert banners(sign_in(editor))[1][2] == "1 waits until publishing goes on."


def test_pins_of_another_workspace_are_not_counted(sign_in, stranger, write_pin, now):
    late(write_pin, now)
    assert banners(sign_in(stranger)) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_what_waits_is_one_query_however_many(
    workspace, write_pin, put, now, rows, django_assert_num_queries
):
    for _ in range(rows):
        late(write_pin, now)
        put("held", held_reason="late")
    with django_assert_num_queries(1):
        found = waiting_by_account(workspace, now=now)
    assert sum_of(found) == Waiting(late=rows, held_late=rows, stopped=rows)


def test_a_pin_is_late_five_minutes_after_its_time(workspace, write_pin, now):
    write_pin(at=now)
    assert sum_of(waiting_by_account(workspace, now=now + 5 * MINUTE)).late == 0
    assert sum_of(waiting_by_account(workspace, now=now + 5.01 * MINUTE)).late == 1
