"""What is sent, and what a published Pin keeps."""

import base64
import hashlib

import pytest
import requests

from pinterest.http import open_session
from publishing.choices.statuses import PinStatus
from publishing.delivery.services import engine
from publishing.media.services.media import store_picture
from tests import factories
from tests.conftest import SANDBOX
from tests.pinterest.loopback import free_port
from tests.publishing.rounds import publish_due

pytestmark = pytest.mark.django_db


def test_a_published_pin_keeps_pinterests_id_and_link(write_pin, glazed, sandbox, now):
    pin = write_pin(
        title="Vase 🏺",
        description="d" * 799 + "🏺",
        link="https://example.com/vase?a=b",
        alt_text="A blue vase",
        section=glazed,
    )
    publish_due(now=now, worker="studio:1")
    (there,) = sandbox.pins(glazed.board.pinterest_id)
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id, pin.published_at) == ("published", there.id, now)
    assert pin.pinterest_url == f"{SANDBOX}/pin/{there.id}/"
    assert (pin.due_at, pin.sending_since, pin.claimed_at, pin.problem) == (None, None, None, "")
    assert (there.title, there.description, there.link, there.alt_text, there.section_id) == (
        "Vase 🏺",
        "d" * 799 + "🏺",
        "https://example.com/vase?a=b",
        "A blue vase",
        glazed.pinterest_id,
    )
    attempt = pin.attempts.get()
    assert (attempt.number, attempt.worker, attempt.outcome, attempt.finished_at) == (
        1,
        "studio:1",
        "published",
        now,
    )
    assert (attempt.board_id, attempt.section_id) == (
        glazed.board.pinterest_id,
        glazed.pinterest_id,
    )


def test_what_is_sent_is_what_pinterests_description_asks_for(write_pin, record, media, now):
    recorder = record()
    pin = write_pin(title="", description="Only words", link="", alt_text="")
    publish_due(now=now)
    (body,) = recorder.bodies
    data = body["media_source"].pop("data")
    assert body == {
        "board_id": pin.board.pinterest_id,
        "description": "Only words",
        "dominant_color": media.dominant_color,
        "media_source": {"source_type": "image_base64", "content_type": "image/jpeg"},
    }
    picture = base64.b64decode(data, validate=True)
    assert hashlib.sha256(picture).hexdigest() == media.sha256
    assert pin.board.pinterest_id.isascii()
    assert pin.board.pinterest_id.isdigit()


def test_a_png_is_sent_as_what_it_is(write_pin, record, workspace, owner, now):
    recorder = record()
    png = store_picture(workspace=workspace, by=owner, data=factories.picture(kind="PNG"))
    publish_due(now=write_pin(media=png).scheduled_at)
    assert recorder.bodies[0]["media_source"]["content_type"] == "image/png"


@pytest.mark.parametrize("status", [s for s in PinStatus if s is not PinStatus.CLAIMED])
def test_a_pin_that_is_not_claimed_is_not_sent(put, sent, now, status):
    pin = put(status)
    engine.publish(pin_id=str(pin.pk), worker="w", clock=lambda: now)
    pin.refresh_from_db()
    assert (pin.status, sent(), pin.attempts.count()) == (status, [], 0)


def test_a_pin_that_was_deleted_meanwhile_is_no_error(write_pin, sent, now):
    pin = write_pin()
    pin_id = str(pin.pk)
    pin.delete()
    engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    assert sent() == []


def test_a_picture_missing_on_disk_fails_the_pin_without_an_attempt(
    write_pin, media, sent, tmp_path, now
):
    pin = write_pin()
    (tmp_path / "media" / media.file_name).unlink()
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem, pin.remedy) == (
        "failed",
        "The picture of this Pin can't be read from PinApp's storage.",
        "Add the picture again, then schedule the Pin.",
    )
    assert (pin.attempts.count(), sent()) == (0, [])


def test_our_session_without_the_sandbox_leads_nowhere():
    with open_session() as session, pytest.raises(requests.ConnectionError):
        session.get(f"http://127.0.0.1:{free_port()}/")
