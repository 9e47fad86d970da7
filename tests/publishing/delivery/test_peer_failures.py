"""What other schedulers get wrong, number by number: which test shows that this one does not.

The scenarios that had no place elsewhere stand below the table.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from accounts.services.connections import disconnect_account
from accounts.services.tokens import call_pinterest, store_grant
from pinterest.client import PinterestClient
from pinterest.types import TokenGrant
from publishing.boards.tasks import read_boards
from publishing.delivery.services import recovery
from publishing.delivery.services.claims import hold_due_without_connection
from publishing.models import Pin
from publishing.pins.policy.leases import LOOK_DELAYS, SENDING_LEASE
from sandbox.faults import Fault
from tests.publishing.rounds import look_at_boards, publish_due

TABLE = {
    "T1 a 5xx after the Pin was stored": [
        "test_a_pin_that_was_made_is_found_and_adopted",
        "test_an_answer_that_proves_nothing_is_never_followed_by_a_second_request",
    ],
    "T2 a timeout or reset after everything was sent": [
        "test_a_pin_that_was_made_is_found_and_adopted",
        "test_a_connection_lost_after_sending_leaves_creates_uncertain",
    ],
    "T3 kill -9 at every boundary": [
        "test_a_short_run_publishes_every_pin_once_and_leaves_nothing_behind",
        "test_the_attempt_is_committed_before_the_request_leaves",
        "test_a_send_whose_worker_died_after_the_answer_is_found",
    ],
    "T4 two schedulers, a message delivered twice": [
        "test_two_schedulers_at_once_claim_each_pin_once",
        "test_two_workers_with_the_same_message_make_one_pin",
    ],
    "T5 what a dead worker held is taken up only after looking": [
        "test_a_claim_that_no_worker_began_on_is_due_again",
        "test_a_send_whose_worker_died_is_uncertain_and_never_sent_again",
    ],
    "T6 a token that died before the create": [
        "test_a_dead_token_is_renewed_once_and_one_pin_is_made"
    ],
    "T7 refresh tokens that rotate, callers at once, a crash before they are stored": [
        "test_the_rotated_refresh_token_works_next_time",
        "test_eight_callers_at_once_renew_once_and_all_get_the_new_token",
        "test_tokens_that_could_not_be_saved_leave_the_old_ones_in_place",
    ],
    "T8 a renewal that brings no new refresh token": [
        "test_a_renewal_without_a_new_refresh_token_keeps_the_old_one"
    ],
    "T9 a renewal that fails for now": [
        "test_an_outage_keeps_the_connection_for_later",
        "test_an_expired_token_that_cannot_be_renewed_now_costs_no_attempt",
    ],
    "T10 a refused grant holds Pins": [
        "test_a_pin_whose_account_refuses_renewal_is_held",
        "test_chosen_pins_are_published",
    ],
    "T11 reconnecting as another account": [
        "test_reconnecting_as_another_account_is_told",
        "test_a_recycled_username_is_another_account",
    ],
    "T12 changing a Pin while it is sent": [
        "test_a_claimed_pin_is_changed_or_sent_but_never_both",
        "test_a_pin_out_of_our_hands_is_left_alone_with_a_sentence",
    ],
    "T13 outages of an hour, days, a month": [
        "test_a_pin_each_hour_after_an_outage",
        "test_nothing_is_forgotten_nothing_is_blasted",
    ],
    "T14 no broker when a Pin is planned": [
        "test_pages_work_while_the_broker_is_away",
        "test_a_lost_message_costs_a_minute_and_no_pin",
    ],
    "T15 an error after publishing publishes nothing again": [
        "test_an_error_after_the_answer_never_sends_the_pin_again"
    ],
    "T16 160 Pins of one minute": [
        "test_160_pins_of_one_minute_all_go_out_in_order_and_under_the_limit"
    ],
    "T17 429 with and without a time, per account and per app": [
        "test_a_429_is_waited_for_by_the_whole_account_and_by_no_other",
        "test_refusals_that_name_no_time_are_answered_by_waiting_ever_longer",
        "test_a_refusal_for_a_day_is_the_whole_apps_in_that_category",
    ],
    "T18 many boards and sections, odd bookmarks": [
        "test_all_pages_of_boards_are_read",
        "test_a_bookmark_that_leads_in_a_circle_ends_the_listing_with_an_error",
        "test_260_boards_and_30_sections_are_read_and_offered",
    ],
    "T19 boards by name, deleted boards, sections of other boards": [
        "test_what_is_not_one_board_is_never_guessed",
        "test_a_board_deleted_meanwhile_fails_the_pin_with_words",
        "test_a_gone_section_and_one_of_another_board_are_refused",
    ],
    "T20 no board": [
        "test_what_goes_out_needs_an_account_a_board_and_a_picture",
        "test_a_pin_on_its_way_is_complete",
    ],
    "T25 pictures that are gone by their time": [
        "test_a_picture_that_is_gone_from_the_web_is_told",
        "test_what_pinterest_could_not_fetch_goes_along_as_our_own_copy",
    ],
    "T27 shorteners, redirects, pages that are missing": [
        "test_the_page_of_a_link_is_looked_at",
        "test_a_shortened_link_is_told_without_asking",
    ],
    "T28 Trial access is an instruction": [
        "test_trial_access_stops_all_publishing_until_a_person_says_to_go_on"
    ],
    "T34 an account that was disconnected publishes nothing later": [
        "test_a_disconnected_account_publishes_nothing_and_takes_no_new_plan"
    ],
    "T35 deleting a published Pin says what happens, and does it at Pinterest": [
        "test_deleting_removes_the_pin_at_pinterest_and_keeps_the_row",
        "test_deleting_what_is_gone_already_says_so",
        "test_the_page_offers_it_truthfully_and_tells_what_came_of_it",
    ],
    "T36 lists that lag, fail, have pages; twins; what people do to the Pin meanwhile": [
        "test_a_board_that_shows_a_new_pin_late_does_not_make_a_second_one",
        "test_a_list_that_fails_proves_nothing",
        "test_two_pins_meant_to_be_the_same_find_one_each",
        "test_a_pin_that_somebody_moved_out_of_its_section_is_still_ours",
        "test_somebody_elses_pin_of_the_same_link_is_left_alone",
        "test_a_pin_deep_in_a_busy_board_is_found",
    ],
    "T37 slow work is not dead work": [
        "test_an_answer_that_comes_after_the_lease_still_settles_the_pin",
        "test_a_slow_upload_is_not_taken_for_a_dead_worker",
    ],
    "T42 a deliberate repeat goes out": [
        "test_a_deliberate_repeat_is_not_taken_for_last_weeks_pin",
        "test_a_repeat_whose_answer_was_lost_is_not_taken_for_the_first",
    ],
    "T43 Pinterest rewrites what it was sent": [
        "test_what_pinterest_rewrote_is_still_ours",
        "test_a_pin_that_pinterest_rewrote_is_still_published",
    ],
}


@pytest.mark.parametrize("failure", TABLE)
def test_the_table_names_tests_that_exist(failure):
    assert set(TABLE[failure]) - _names_of_all_tests() == set()


@cache
def _names_of_all_tests() -> set[str]:
    files = Path("tests").rglob("test_*.py")
    return {
        name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.M)
    }


# T8


def test_a_renewal_without_a_new_refresh_token_keeps_the_old_one(connection, now):
    sealed = connection.refresh_token_sealed
    grant = TokenGrant(
        access_token="new",
        refresh_token=None,
        expires_in=60,
        refresh_token_expires_in=None,
        scopes=frozenset(),
    )
    store_grant(connection=connection, grant=grant, now=now)
    connection.save()
    connection.refresh_from_db()
    assert connection.refresh_token_sealed == sealed != ""
    # It is good: the dead access token is renewed with it, and the call is made.
    account = call_pinterest(connection_id=connection.pk, now=now, call=PinterestClient.get_account)
    assert account.id == connection.pinterest_id


# T15


@pytest.fixture
def _results_cannot_be_stored(transactional_db):
    """The database refuses to store that a Pin was published, as a full disk would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_result() RETURNS trigger AS $$"
            " BEGIN RAISE EXCEPTION 'no room'; END $$ LANGUAGE plpgsql;"
            "CREATE TRIGGER refuse_result BEFORE UPDATE ON publishing_attempt"
            " FOR EACH ROW WHEN (NEW.outcome = 'published') EXECUTE FUNCTION refuse_result();"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS refuse_result() CASCADE")


@pytest.mark.usefixtures("_results_cannot_be_stored")
def test_an_error_after_the_answer_never_sends_the_pin_again(write_pin, sandbox, sent, now):
    pin = write_pin(link="https://shop.example/bowl")
    with pytest.raises(DatabaseError, match="no room"):
        publish_due(now=now)
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION refuse_result() CASCADE")
    later = now + SENDING_LEASE + timedelta(seconds=1)
    assert recovery.recover_abandoned_sends(now=later).uncertain == 1
    look_at_boards(now=later + LOOK_DELAYS[0])
    publish_due(now=later + LOOK_DELAYS[0])
    pin.refresh_from_db()
    [made] = sandbox.pins()
    assert (pin.status, pin.pinterest_id, sent()) == ("published", made.id, [201])


# T18


def test_260_boards_and_30_sections_are_read_and_offered(
    sign_in, editor, connection, sandbox, studio
):
    for number in range(258):
        sandbox.add_board(studio, f"Board {number:03}")
    wide = sandbox.add_board(studio, "Wide")
    for number in range(30):
        sandbox.add_section(wide, f"Section {number:02}")
    browser = sign_in(editor)
    browser.post(reverse("boards_refresh"))
    read_boards(connection_id=str(connection.pk))
    board = connection.boards.get(name="Wide")
    assert (connection.boards.count(), board.sections.count()) == (261, 30)
    found = browser.get(
        reverse("board_options"), {"connection": str(connection.pk), "q": "Board 257"}
    )
    assert "Board 257" in found.content.decode()


# T34


def test_a_disconnected_account_publishes_nothing_and_takes_no_new_plan(
    sign_in, editor, owner, write_pin, connection, sandbox, sent, now
):
    pin = write_pin()
    disconnect_account(connection=connection, by=owner)
    hold_due_without_connection(now=now)
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, sent(), sandbox.pins()) == ("held", [], [])
    browser = sign_in(editor)
    page = browser.post(reverse("pin_publish_now", args=[pin.pk]), follow=True)
    assert "to be connected" in page.content.decode()
    assert Pin.objects.get().status == "held"


# T36


def test_a_pin_deep_in_a_busy_board_is_found(write_pin, sandbox, bowls, connect, now):
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    pin = write_pin(title="The one", link="https://shop.example/the-one")
    publish_due(now=now)
    [ours] = sandbox.pins()
    for number in range(130):  # more than a page of the list, all newer
        busy = write_pin(title=f"Newer {number}", at=None)
        _pin_by_hand(sandbox, ours, busy.title, number)
    look_at_boards(now=now + LOOK_DELAYS[0])
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id) == ("published", ours.id)


def _pin_by_hand(sandbox, like, title, number):
    """Somebody pins something of their own on the same board."""
    copy = type(like)(
        **{
            **{name: getattr(like, name) for name in like.__dataclass_fields__},
            "id": str(int(like.id) + 1 + number),
            "title": title,
            "link": f"https://elsewhere.example/{number}",
            "description": None,
        }
    )
    sandbox.keep_pin(copy)


# T42


def test_a_repeat_whose_answer_was_lost_is_not_taken_for_the_first(
    write_pin, sandbox, sent, now, monkeypatch
):
    words = {"title": "Mugs are back", "link": "https://shop.example/mugs"}
    first = write_pin(**words)
    publish_due(now=now)
    sandbox.pins()[0].created_at -= timedelta(days=7)
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    again = write_pin(**words)
    publish_due(now=now)
    look_at_boards(now=now + LOOK_DELAYS[0])
    first.refresh_from_db()
    again.refresh_from_db()
    newest, oldest = sandbox.pins()
    assert (first.pinterest_id, again.pinterest_id) == (oldest.id, newest.id)
    assert len(sent()) == 2


# T43


@pytest.mark.parametrize("answer_lost", [False, True])
def test_a_pin_that_pinterest_rewrote_is_still_published(
    write_pin, sandbox, sent, now, answer_lost
):
    if answer_lost:
        sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    pin = write_pin(
        title="A bowl & its very long story, told to the end of the line",
        description="Hand-thrown.  Glazed   twice.",
        link="https://www.shop.example/bowl/?utm_source=pinterest&size=2",
    )
    publish_due(now=now)
    [made] = sandbox.pins()
    made.title = "A bowl &amp; its very long story, told to…"
    made.description = "Hand-thrown. Glazed twice."
    made.link = "http://shop.example/bowl?size=2"
    look_at_boards(now=now + LOOK_DELAYS[0])
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id, len(sent())) == ("published", made.id, 1)
