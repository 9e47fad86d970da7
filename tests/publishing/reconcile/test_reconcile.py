"""A Pin whose answer was lost is looked for on its board, and goes out exactly once."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from publishing.delivery.services import recovery
from publishing.models import Look, Pin
from publishing.pins.policy.leases import LOOK_DELAYS, SENDING_LEASE
from publishing.reconcile.services import reconcile
from sandbox.faults import Fault
from tests.publishing.rounds import look_at_boards, publish_due

pytestmark = pytest.mark.django_db

CREATE = "POST /v5/pins"
LIST = "GET /v5/boards/*"


def look_until(pin, *, now, hours=20):
    """Let time pass until nothing more happens to the Pin by itself; returns when that was."""
    moment, end = now, now + timedelta(hours=hours)
    while moment <= end:
        look_at_boards(now=moment)
        publish_due(now=moment)
        pin.refresh_from_db()
        if pin.due_at is None:
            break
        moment = max(pin.due_at, moment + timedelta(seconds=1))
    return moment


def looks_of(pin):
    return list(
        Look.objects.filter(attempt__pin=pin).order_by("looked_at").values_list("result", flat=True)
    )


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "when": "after"},
        {"kind": "status", "status": 504, "when": "after", "body": "html"},
        {"kind": "drop", "when": "after"},
        {"kind": "latency", "when": "after", "seconds": 600},
    ],
    ids=["500", "504 page", "dropped", "timed out"],
)
def test_a_pin_that_was_made_is_found_and_adopted(write_pin, sandbox, sent, now, fault):
    sandbox.arm(Fault(route=CREATE, **fault))
    pin = write_pin(description="One of a kind", link="https://example.com/bowl")
    publish_due(now=now)
    settled_at = look_until(pin, now=now)
    made = sandbox.pins()
    assert (pin.status, [pin.pinterest_id], len(sent())) == ("published", [p.id for p in made], 1)
    assert looks_of(pin) == ["match"]
    assert settled_at - now <= LOOK_DELAYS[0] + timedelta(seconds=1)
    assert pin.attempts.get().outcome == "uncertain"


def test_a_pin_that_was_not_made_is_sent_once_more_after_the_look_out(
    write_pin, sandbox, sent, now
):
    sandbox.arm(Fault(route=CREATE, kind="drop", when="before"))
    pin = write_pin()
    publish_due(now=now)
    settled_at = look_until(pin, now=now)
    assert (pin.status, len(sandbox.pins())) == ("published", 1)
    assert settled_at - now >= timedelta(minutes=15)
    assert set(looks_of(pin)) == {"nothing"}
    assert pin.attempts.count() == 2


def test_a_pin_is_never_sent_a_third_time_but_a_person_is_asked(write_pin, sandbox, sent, now):
    sandbox.arm(Fault(route=CREATE, kind="drop", when="before", times=None))
    pin = write_pin()
    publish_due(now=now)
    look_until(pin, now=now)
    assert (pin.status, pin.question, sandbox.pins()) == ("uncertain", "sent_twice", [])
    assert pin.attempts.count() == 2


def test_a_fault_of_pinterests_own_is_tried_again_over_hours(write_pin, sandbox, sent, now):
    fault = {"status": 400, "message": "Something went wrong on our end. Sorry about that!"}
    sandbox.arm(Fault(route=CREATE, kind="status", times=None, **fault))
    pin = write_pin()
    publish_due(now=now)
    look_until(pin, now=now)
    assert (pin.status, pin.question, sent()) == ("uncertain", "sent_twice", [400] * 4)
    times = list(pin.attempts.order_by("number").values_list("started_at", flat=True))
    waits = [(later - earlier).total_seconds() / 60 for earlier, later in pairwise(times)]
    assert [round(wait) for wait in waits] == [15, 60, 240]


def test_a_fault_of_pinterests_own_that_heals_costs_nobody_a_thought(write_pin, sandbox, now):
    fault = {"status": 400, "message": "Something went wrong on our end. Sorry about that!"}
    sandbox.arm(Fault(route=CREATE, kind="status", times=3, **fault))
    pin = write_pin()
    publish_due(now=now)
    settled_at = look_until(pin, now=now)
    assert (pin.status, len(sandbox.pins()), pin.attempts.count()) == ("published", 1, 4)
    assert settled_at - now >= timedelta(minutes=315)


def test_a_list_that_fails_proves_nothing(write_pin, sandbox, now):
    sandbox.arm(Fault(route=CREATE, kind="drop", when="after"))
    sandbox.arm(Fault(route=LIST, kind="status", status=503, times=4))
    pin = write_pin(description="One of a kind", link="https://example.com/bowl")
    publish_due(now=now)
    look_until(pin, now=now)
    assert (pin.status, len(sandbox.pins())) == ("published", 1)
    assert looks_of(pin) == ["inconclusive"] * 4 + ["match"]


def test_a_board_that_shows_a_new_pin_late_does_not_make_a_second_one(write_pin, sandbox, now):
    sandbox.arm(Fault(route=CREATE, kind="listing_lag", seconds=5, times=None))
    sandbox.arm(Fault(route=CREATE, kind="drop", when="after"))
    pin = write_pin(description="One of a kind", link="https://example.com/bowl")
    publish_due(now=now)
    for delay in LOOK_DELAYS[:3]:
        look_at_boards(now=now + delay)
    assert set(looks_of(pin)) == {"nothing"}
    sandbox.clock.advance(6)
    look_until(pin, now=now + LOOK_DELAYS[3])
    assert (pin.status, len(sandbox.pins())) == ("published", 1)


def test_two_pins_meant_to_be_the_same_find_one_each(write_pin, sandbox, now):
    sandbox.arm(Fault(route=CREATE, kind="drop", when="after", times=2))
    pins = [write_pin(link="https://example.com/twin") for _ in range(2)]
    publish_due(now=now)
    look_until(pins[0], now=now)
    look_until(pins[1], now=now)
    assert sorted(p.pinterest_id for p in pins) == sorted(p.id for p in sandbox.pins())
    assert {p.status for p in pins} == {"published"}


def test_a_send_whose_worker_died_after_the_answer_is_found(write_pin, sandbox, now):
    pin = write_pin(description="One of a kind", link="https://example.com/bowl")
    publish_due(now=now)
    pin.refresh_from_db()
    made = pin.pinterest_id
    # The row as a kill between the answer and its commit leaves it.
    Pin.objects.filter(pk=pin.pk).delete()
    again = write_pin(description="One of a kind", link="https://example.com/bowl")
    Pin.objects.filter(pk=again.pk).update(status="claimed", claimed_at=now)
    Pin.objects.filter(pk=again.pk).update(status="sending", sending_since=now, claimed_at=None)
    again.attempts.create(
        number=1, worker="w", fingerprint="f", board_id=again.board.pinterest_id, started_at=now
    )
    later = now + SENDING_LEASE + timedelta(seconds=1)
    assert recovery.recover_abandoned_sends(now=later).uncertain == 1
    look_until(again, now=later)
    assert (again.status, again.pinterest_id, len(sandbox.pins())) == ("published", made, 1)


def test_somebody_elses_pin_of_the_same_link_is_left_alone(write_pin, sandbox, connection, now):
    sandbox.arm(Fault(route=CREATE, kind="drop", when="before"))
    pin = write_pin(title="Our bowl", description="Ours", link="https://example.com/bowl")
    publish_due(now=now)
    other = write_pin(title="A saved page", description="Theirs", link="https://example.com/bowl")
    publish_due(now=now)
    other.refresh_from_db()
    look_until(pin, now=now)
    assert (pin.status, pin.pinterest_id != other.pinterest_id) == ("published", True)
    assert len(sandbox.pins()) == 2


def test_one_worker_looks_at_a_board_at_a_time(write_pin, sandbox, now):
    sandbox.arm(Fault(route=CREATE, kind="drop", when="before"))
    write_pin()
    publish_due(now=now)
    moment = now + LOOK_DELAYS[0]
    [board] = reconcile.boards_to_settle(now=moment)
    assert len(reconcile._take_turn(board.connection_id, board.board_id, now=moment)) == 1
    assert reconcile._take_turn(board.connection_id, board.board_id, now=moment) == set()
    assert reconcile.boards_to_settle(now=moment) == []


# When a person must say


@pytest.fixture
def asking(write_pin, sandbox, now):
    """A Pin that was sent twice without an answer."""
    sandbox.arm(Fault(route=CREATE, kind="drop", when="before", times=None))
    pin = write_pin()
    publish_due(now=now)
    look_until(pin, now=now)
    sandbox.faults.clear()
    return pin


def test_the_pins_page_asks_and_says_why(asking, sign_in, editor, viewer):
    text = sign_in(editor).get(f"/pins/{asking.pk}/").content.decode()
    assert "Is this Pin on Pinterest?" in text
    assert "It was sent again, and Pinterest never said whether it was created." in text
    assert f'action="/pins/{asking.pk}/answer/"' in text
    seen = sign_in(viewer).get(f"/pins/{asking.pk}/").content.decode()
    assert "An editor of the workspace can answer." in seen
    assert f'action="/pins/{asking.pk}/answer/"' not in seen


def test_somebody_finds_the_pin_and_gives_its_address(asking, sign_in, editor, sandbox):
    board = asking.board.pinterest_id
    response = sign_in(editor).post(
        f"/pins/{asking.pk}/answer/",
        {"answer": "found", "address": "https://www.pinterest.com/pin/1099000000000000001/"},
    )
    asking.refresh_from_db()
    assert (response.status_code, asking.status, asking.pinterest_id) == (
        302,
        "published",
        "1099000000000000001",
    )
    assert asking.board.pinterest_id == board


def test_somebody_says_it_is_not_there_and_has_it_sent_again(asking, sign_in, editor, sandbox):
    sign_in(editor).post(f"/pins/{asking.pk}/answer/", {"answer": "send"})
    asking.refresh_from_db()
    assert (asking.status, asking.question) == ("scheduled", "")
    publish_due(now=asking.due_at)
    asking.refresh_from_db()
    assert (asking.status, len(sandbox.pins())) == ("published", 1)


def test_somebody_says_it_is_not_there_and_takes_it_back(asking, sign_in, editor):
    sign_in(editor).post(f"/pins/{asking.pk}/answer/", {"answer": "draft"})
    asking.refresh_from_db()
    assert (asking.status, asking.scheduled_at) == ("draft", None)


@pytest.mark.parametrize("address", ["", "somewhere", "https://www.pinterest.com/board/1/"])
def test_an_address_that_is_no_pin_is_refused(asking, sign_in, editor, address):
    page = sign_in(editor).post(
        f"/pins/{asking.pk}/answer/", {"answer": "found", "address": address}, follow=True
    )
    asking.refresh_from_db()
    assert asking.status == "uncertain"
    assert "https://www.pinterest.com/pin/123456789/" in page.content.decode()


def test_a_pin_that_another_row_owns_is_not_adopted_twice(asking, put, sign_in, editor):
    owner_of_it = put("published", pinterest_id="987")
    sign_in(editor).post(f"/pins/{asking.pk}/answer/", {"answer": "found", "address": "987"})
    asking.refresh_from_db()
    assert (asking.status, owner_of_it.pinterest_id) == ("uncertain", "987")


def test_an_answer_to_a_pin_that_asks_nothing_changes_nothing(put, sign_in, editor):
    pin = put("published")
    sign_in(editor).post(f"/pins/{pin.pk}/answer/", {"answer": "send"})
    pin.refresh_from_db()
    assert pin.status == "published"


def test_who_may_not_edit_may_not_answer(asking, sign_in, viewer, stranger):
    url = f"/pins/{asking.pk}/answer/"
    assert sign_in(viewer).post(url, {"answer": "send"}).status_code == 403
    assert sign_in(stranger).post(url, {"answer": "send"}).status_code == 404


# When Pinterest refuses this server's app


@pytest.fixture
def stopped(write_pin, sandbox, now):
    sandbox.set_tier("trial")
    pin = write_pin()
    publish_due(now=now)
    return pin


def test_one_banner_says_that_publishing_is_stopped(stopped, sign_in, owner, staff):
    text = sign_in(staff).get("/").content.decode()
    assert "Publishing is stopped" in text
    assert "Ask an administrator to request Standard access on Pinterest" in text
    assert 'action="/pins/resume/"' in text
    text = sign_in(owner).get("/").content.decode()
    assert 'action="/pins/resume/"' not in text
    assert "Only an administrator of this server can go on" in text


@pytest.fixture
def staff(viewer):
    """Whoever runs the server, in whatever role."""
    viewer.is_staff = True
    viewer.save()
    return viewer


def test_an_administrator_goes_on_and_the_pin_goes_out(
    stopped, sandbox, sign_in, owner, staff, now
):
    """Anybody may own a workspace, and the stop is the whole server's."""
    refused = sign_in(owner).post("/pins/resume/")
    assert refused.status_code == 403
    assert "only an administrator of the server can go on" in refused.content.decode()
    sandbox.set_tier("standard")
    assert sign_in(staff).post("/pins/resume/").status_code == 302
    publish_due(now=now)
    stopped.refresh_from_db()
    assert stopped.status == "published"


# What the database refuses


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("published", "scheduled"), ("uncertain", "sending"), ("sending", "draft"), ("draft", "held")],
)
def test_the_database_refuses_a_way_that_no_pin_goes(put, was, becomes, now):
    pin = put(was)
    needed = {"scheduled_at": now, "due_at": now, "sending_since": now}
    if was == "published":
        needed |= {"pinterest_id": "", "published_at": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Pin.objects.filter(pk=pin.pk).update(status=becomes, **needed)
    pin.refresh_from_db()
    assert pin.status == was


def test_a_pin_that_somebody_moved_out_of_its_section_is_still_ours(
    write_pin, glazed, sandbox, now
):
    sandbox.arm(Fault(route=CREATE, kind="drop", when="after"))
    pin = write_pin(
        section=glazed, description="One of a kind", link="https://example.com/bowl", alt_text="B"
    )
    publish_due(now=now)
    [made] = sandbox.pins()
    made.section_id = None
    look_until(pin, now=now)
    assert (pin.status, pin.pinterest_id, len(sandbox.pins())) == ("published", made.id, 1)


def test_the_pins_page_tells_of_each_look_at_the_board(asking, sign_in, viewer):
    text = sign_in(viewer).get(f"/pins/{asking.pk}/").content.decode()
    assert text.count("Looked at the board: it is not there") == 14


def test_a_pin_in_doubt_without_a_time_is_looked_for_too(put, sandbox, now):
    pin = put("uncertain", due_at=None)
    pin.attempts.create(
        number=1,
        worker="w",
        fingerprint="f",
        board_id=pin.board.pinterest_id,
        started_at=now,
        finished_at=now,
        outcome="uncertain",
    )
    assert [board.board_id for board in reconcile.boards_to_settle(now=now)] == [
        pin.board.pinterest_id
    ]
    look_at_boards(now=now)
    pin.refresh_from_db()
    assert (looks_of(pin), pin.due_at) == (["nothing"], now + LOOK_DELAYS[0])
