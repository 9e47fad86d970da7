"""The database refuses rows that must not be, whoever writes them."""

import pytest
from django.db import IntegrityError, transaction

from publishing.models import Attempt, Board, BoardSection, Media, Pin

pytestmark = pytest.mark.django_db


def refuses(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.parametrize("status", ["scheduled", "claimed", "sending"])
@pytest.mark.parametrize("lacking", ["scheduled_at", "due_at", "connection", "board", "media"])
def test_a_pin_on_its_way_is_complete(put, status, lacking):
    pin = put(status)
    refuses(lambda: Pin.objects.filter(pk=pin.pk).update(**{lacking: None}))


@pytest.mark.parametrize(
    ("status", "columns"),
    [
        ("scheduled", {"status": "lost"}),
        ("claimed", {"claimed_at": None}),
        ("sending", {"sending_since": None}),
        ("published", {"pinterest_id": ""}),
        ("published", {"published_at": None}),
        ("failed", {"pinterest_id": "123"}),
        ("uncertain", {"pinterest_id": "123"}),
    ],
)
def test_a_pin_has_what_its_status_says(put, status, columns):
    pin = put(status)
    refuses(lambda: Pin.objects.filter(pk=pin.pk).update(**columns))


def test_a_pin_of_pinterest_is_known_once(put):
    put("published", pinterest_id="5")
    refuses(lambda: put("published", pinterest_id="5"))


def test_a_draft_may_lack_everything(put):
    pin = put("draft")
    Pin.objects.filter(pk=pin.pk).update(connection=None, board=None, media=None)


@pytest.fixture
def attempt(put, now):
    pin = put("sending")

    def made(number, **columns):
        facts = {"worker": "w", "fingerprint": "f", "board_id": "1", "started_at": now}
        return Attempt.objects.create(pin=pin, number=number, **{**facts, **columns})

    return made


def test_a_pin_has_one_open_attempt(attempt):
    attempt(1)
    refuses(lambda: attempt(2))


def test_attempts_are_numbered(attempt, now):
    attempt(1, outcome="refused", finished_at=now)
    refuses(lambda: attempt(1))


@pytest.mark.parametrize("outcome", ["published", "refused", "unavailable", "uncertain"])
def test_a_finished_attempt_has_its_time_and_an_open_one_has_none(attempt, now, outcome):
    refuses(lambda: attempt(1, outcome=outcome))
    refuses(lambda: attempt(1, outcome="open", finished_at=now))


def test_boards_sections_and_pictures_are_kept_once(connection, bowls, glazed, media):
    refuses(lambda: Board.objects.create(connection=connection, pinterest_id=bowls.pinterest_id))
    refuses(lambda: BoardSection.objects.create(board=bowls, pinterest_id=glazed.pinterest_id))
    refuses(
        lambda: Media.objects.create(
            workspace=media.workspace, sha256=media.sha256, size=1, width=1, height=1
        )
    )
