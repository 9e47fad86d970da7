"""A Pin's timeline: one list of all that happened, on its page and as files, without secrets."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from accounts import wire
from publishing.choices.events import EventKind
from publishing.choices.statuses import HoldReason
from publishing.delivery.services import claims
from publishing.models import Attempt, Look, Pin, PinEvent, PinWarning
from publishing.pages.views.timeline_text import _EVENTS, _LOOKS
from publishing.pins.policy.redaction import redact
from tests.publishing.rounds import publish_due

pytestmark = pytest.mark.django_db

TOKEN = "pina_AAAbbbCCC-123.x_y=="
SIGNED = "https://uploads.pinterest.test/v/1.mp4?X-Amz-Signature=abc123&Policy=eyJ0"


@pytest.fixture
def edda(editor, sign_in):
    return sign_in(editor)


def fetch(browser, pin, kind):
    return browser.get(reverse(f"pin_timeline_{kind}", args=[pin.pk]))


def rows(answer):
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def eventful(put, owner, now):
    """A Pin that was written, tried, looked for and answered about; 10 seconds between each."""
    pin = put("uncertain", title="A bowl")
    PinEvent.objects.filter(pin=pin).update(at=now)
    attempt = Attempt.objects.create(
        pin=pin,
        number=1,
        worker="host:1",
        fingerprint="f" * 64,
        board_id="11",
        section_id="22",
        started_at=now + timedelta(seconds=10),
        finished_at=now + timedelta(seconds=12, milliseconds=500),
        outcome="uncertain",
        http_status=502,
        code=12,
        rid="4711",
        message="Pinterest has trouble right now.",
    )
    Look.objects.create(attempt=attempt, looked_at=now + timedelta(seconds=20), result="nothing")
    Look.objects.create(
        attempt=attempt,
        looked_at=now + timedelta(seconds=30),
        result="several",
        candidates=["91", "92"],
    )
    PinEvent.objects.create(
        pin=pin,
        at=now + timedelta(seconds=40),
        actor=owner,
        kind=EventKind.SAID_ABSENT,
        note="draft",
    )
    PinWarning.objects.create(
        pin=pin,
        kind="link",
        message="The link leads nowhere.",
        remedy="Mend it.",
        found_at=now + timedelta(seconds=5),
    )
    return pin


# The list


def test_the_page_tells_all_of_it_newest_first_to_the_second(edda, eventful, owner, now):
    page = edda.get(reverse("pin_detail", args=[eventful.pk]))
    told = [
        (line["title"], line["text"], line["facts"], line["who"])
        for line in page.context["timeline"]
    ]
    assert told == [
        ("Said that it is not on Pinterest", "Make it a draft.", "", "Olga"),
        (
            "Looked at the board: something may be it",
            "",
            "Pins that may be it: 91, 92",
            "PinApp",
        ),
        ("Looked at the board: it is not there", "", "", "PinApp"),
        (
            "Attempt 1: no answer that says what became of it",
            "Pinterest has trouble right now.",
            "HTTP 502 · code 12 · request 4711 · took 2.5 s",
            "PinApp",
        ),
        ("Noticed ahead of time", "The link leads nowhere. Mend it.", "", "PinApp"),
        ("Written", "", "", "Olga"),
    ]
    seconds = (now + timedelta(seconds=40)).strftime(":%M:%S")
    assert page.context["timeline"][0]["at_text"].endswith(seconds)


def test_it_is_kept_up_to_date_with_the_status(edda, eventful):
    fragment = edda.get(reverse("pin_status", args=[eventful.pk])).content.decode()
    assert '<div id="pin-timeline" hx-swap-oob="innerHTML">' in fragment
    assert "Looked at the board: it is not there" in fragment
    page = edda.get(reverse("pin_detail", args=[eventful.pk])).content.decode()
    assert page.count('id="pin-timeline"') == 1
    assert page.count('id="timeline-title"') == 1


def test_each_kind_of_event_and_look_has_words():
    assert set(_EVENTS) == set(EventKind)
    results = {value for value, _ in Look._meta.get_field("result").choices}
    assert {str(result) for result in _LOOKS} == results


def test_what_shares_a_moment_comes_in_the_order_in_which_it_comes_about(edda, put, now):
    pin = put("uncertain")
    PinEvent.objects.filter(pin=pin).update(at=now)
    attempt = Attempt.objects.create(
        pin=pin, number=1, worker="w", fingerprint="f", board_id="1", started_at=now
    )
    Look.objects.create(attempt=attempt, looked_at=now, result="inconclusive", note="Busy.")
    kinds = [line["kind"] for line in fetch(edda, pin, "json").json()["timeline"]]
    assert kinds == ["written", "attempt", "look"]


def test_a_pin_that_waits_for_its_account_says_so_in_its_timeline(edda, write_pin, sandbox, now):
    pin = write_pin()
    sandbox.kill_tokens(pin.connection.pinterest_id)
    type(pin.connection).objects.filter(pk=pin.connection_id).update(access_expires_at=now)
    publish_due(now=now)
    second = write_pin()
    claims.hold_due_without_connection(now=now)
    for each in (pin, second):
        titles = [line["title"] for line in fetch(edda, each, "json").json()["timeline"]]
        assert titles == ["Written", "Put on hold"]
        assert Pin.objects.get(pk=each.pk).held_reason == HoldReason.ACCOUNT


def test_a_real_pin_tells_when_and_with_what_answer_it_went_out(edda, write_pin, sandbox, now):
    pin = write_pin()
    publish_due(now=now)
    found = fetch(edda, pin, "json").json()
    assert found["pin"]["status"] == "published"
    assert found["time_zone"] == "Europe/Berlin"
    assert [line["title"] for line in found["timeline"]] == ["Written", "Attempt 1: published"]
    attempt = found["timeline"][1]
    assert attempt["at"] == now.isoformat().replace("+00:00", "Z")
    assert attempt["board_id"] == pin.board.pinterest_id


# The files


def test_the_files_hold_the_same_oldest_first(edda, eventful, now):
    found = fetch(edda, eventful, "json").json()["timeline"]
    assert [line["kind"] for line in found] == [
        "written",
        "warning",
        "attempt",
        "look",
        "look",
        "said_absent",
    ]
    assert found[2] == {
        "at": (now + timedelta(seconds=10)).isoformat().replace("+00:00", "Z"),
        "local_time": found[2]["local_time"],
        "who": "PinApp",
        "kind": "attempt",
        "title": "Attempt 1: no answer that says what became of it",
        "text": "Pinterest has trouble right now.",
        "attempt": 1,
        "outcome": "uncertain",
        "http_status": 502,
        "code": 12,
        "request_id": "4711",
        "finished_at": (now + timedelta(seconds=12.5)).isoformat().replace("+00:00", "Z"),
        "board_id": "11",
        "section_id": "22",
        "candidates": None,
        "fingerprint": "f" * 64,
    }
    table = rows(fetch(edda, eventful, "csv"))
    assert [row["kind"] for row in table] == [line["kind"] for line in found]
    assert table[4]["candidates"] == "91 92"
    assert table[2]["at"] == found[2]["at"]
    answer = fetch(edda, eventful, "csv")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="pin-{eventful.pk}-timeline.csv"'
    )
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(edda, eventful, owner, start):
    owner.name = f'{start}HYPERLINK("https://evil.example")'
    owner.save()
    Attempt.objects.update(message=f"{start}1+1", rid=f"{start}2")
    cells = [cell for row in rows(fetch(edda, eventful, "csv")) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(start)] == []


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_no_token_no_signed_address_and_no_key_ever_appears(
    edda, eventful, connection, settings, kind
):
    access = wire.sealer().open(
        connection.access_token_sealed, place=connection.token_place("access_token")
    )
    nasty = (
        f"Bearer {access} {TOKEN} {SIGNED} refresh_token={access} "
        f"https://user:hunter2@host.example/x client_secret: s3cr3t!"
    )
    Attempt.objects.update(message=nasty, rid=f"rid {TOKEN}")
    Look.objects.update(note=nasty)
    PinEvent.objects.update(note=nasty)
    PinWarning.objects.update(message=f"{TOKEN} {SIGNED}", remedy="password=hunter2")
    answer = fetch(edda, eventful, kind)
    text = answer.content if kind == "json" else b"".join(answer.streaming_content)
    page = edda.get(reverse("pin_detail", args=[eventful.pk])).content
    for shown in (text.decode(), page.decode()):
        for secret in (access, TOKEN, "abc123", "eyJ0", "hunter2", "s3cr3t"):
            assert secret not in shown
        assert connection.access_token_sealed not in shown
        assert "uploads.pinterest.test/v/1.mp4" in shown


@given(some.text(max_size=80))
def test_ordinary_words_stay_as_they_are_or_get_shorter(text):
    assert redact(redact(text)) == redact(text)


def test_ordinary_sentences_are_left_alone():
    for text in (
        "The board no longer exists on Pinterest. Refresh the boards and choose another one.",
        "From @clay-studio to @glass-house",
        "It is Pin 123456789.",
        "See https://www.pinterest.com/pin/1/ for it.",
    ):
        assert redact(text) == text


# Who may, and what it costs


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_members_may_take_it_away_and_strangers_do_not_find_it(
    sign_in, viewer, stranger, client, eventful, kind
):
    assert fetch(sign_in(viewer), eventful, kind).status_code == 200
    assert fetch(sign_in(stranger), eventful, kind).status_code == 404
    assert fetch(client, eventful, kind).status_code == 302
    url = reverse(f"pin_timeline_{kind}", args=[eventful.pk])
    assert sign_in(viewer).post(url).status_code == 405


@pytest.mark.parametrize("many", [1, 100])
def test_it_costs_the_same_for_little_and_for_much(
    edda, eventful, owner, now, many, django_assert_num_queries
):
    attempt = Attempt.objects.get()
    for _ in range(many):
        Look.objects.create(attempt=attempt, looked_at=now, result="nothing")
        PinEvent.objects.create(pin=eventful, at=now, actor=owner, kind="changed")
    with django_assert_num_queries(8):
        found = fetch(edda, eventful, "json").json()
    assert len(found["timeline"]) == 6 + 2 * many
