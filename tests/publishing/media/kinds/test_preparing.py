"""Videos are at Pinterest before their Pins go out, once, whatever happens on the way."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.models import ConnectionStatus, Event
from pinterest import uploads
from publishing.delivery.services import claims, engine, recovery, video_upload
from publishing.media.policy.uploads import AHEAD
from publishing.media.selectors.videos import videos_to_prepare
from publishing.models import Pin, VideoUpload
from publishing.pins.services.pins import duplicate_pin, publish_now
from sandbox.faults import Fault
from tests.publishing.media.kinds.conftest import prepare_videos
from tests.publishing.rounds import look_at_boards, publish_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(sandbox):
    """How often each kind of call about videos and Pins was made."""

    def counts():
        calls = [(entry.method, entry.path) for entry in sandbox.requests]
        return {
            "register": calls.count(("POST", "/v5/media")),
            "upload": calls.count(("POST", "/s3/upload")),
            "create": calls.count(("POST", "/v5/pins")),
        }

    return counts


def states():
    return list(VideoUpload.objects.order_by("created_at").values_list("state", flat=True))


def run(sandbox, now, *, seconds=40, step=2):
    """Let time pass, with the scheduler's rounds in it."""
    for passed in range(0, seconds, step):
        moment = now + timedelta(seconds=passed)
        prepare_videos(moment)
        video_upload.put_off_unready(now=moment)
        publish_due(now=moment)
        sandbox.clock.advance(step)


def test_a_due_video_is_uploaded_and_waited_for_before_its_pin_is_claimed(
    write_film, sandbox, now, asked
):
    pin = write_film(title="Turning a bowl")
    prepare_videos(now)
    assert video_upload.put_off_unready(now=now) == 1
    assert claims.claim_due(now=now, limit=5) == []
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == ("scheduled", "The video is being prepared at Pinterest.")
    assert (pin.due_at - now, pin.attempts.count()) == (timedelta(seconds=15), 0)
    run(sandbox, now)
    pin.refresh_from_db()
    (there,) = sandbox.pins()
    assert (pin.status, pin.pinterest_id, pin.problem) == ("published", there.id, "")
    assert there.media_id == VideoUpload.objects.get().media_id
    assert asked() == {"register": 1, "upload": 1, "create": 1}


def test_a_planned_video_is_ready_when_its_time_comes(write_film, sandbox, now, asked):
    pin = write_film(at=now + AHEAD)
    run(sandbox, now, seconds=10)
    assert (states(), asked()["create"]) == (["ready"], 0)
    pin.refresh_from_db()
    assert (pin.status, pin.due_at, pin.problem) == ("scheduled", now + AHEAD, "")
    publish_due(now=now + AHEAD)
    pin.refresh_from_db()
    assert pin.status == "published"


def test_a_video_far_ahead_is_left_alone(write_film, sandbox, now):
    write_film(at=now + AHEAD + timedelta(seconds=1))
    write_film(at=None)
    assert videos_to_prepare(now=now) == []


def test_pins_of_one_video_and_account_share_its_upload(write_film, sandbox, now, asked):
    for _ in range(3):
        write_film()
    run(sandbox, now)
    assert asked() == {"register": 1, "upload": 1, "create": 3}
    assert Pin.objects.filter(status="published").count() == 3


# Covers


@pytest.mark.parametrize("second", [0, 5, 4000])
def test_a_frame_is_the_cover(write_film, sandbox, now, second):
    write_film(cover_second=second)
    run(sandbox, now)
    assert Pin.objects.get().status == "published"


def test_a_picture_is_the_cover_though_its_name_says_mp4(write_film, sandbox, pictures, now):
    (cover,) = pictures((1080, 1920))
    pin = write_film(media=cover, cover_second=3)
    assert (pin.media, pin.cover_second) == (cover, None)
    run(sandbox, now)
    assert Pin.objects.get().status == "published"


def test_a_video_without_a_cover_does_not_go_out(write_film):
    with pytest.raises(IntegrityError), transaction.atomic():
        write_film(cover_second=None)
    pin = write_film(cover_second=None, at=None)
    assert pin.has_picture is False


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "image"},
        {"kind": "video", "video": None},
        {"cover_second": None, "video": None},
    ],
)
def test_the_database_refuses_what_is_no_video(write_film, columns):
    pin = write_film()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pin.objects.filter(pk=pin.pk).update(**columns)


# Workers that die


class Killed(BaseException):
    """As SIGKILL: no handler of ours runs."""


def test_a_worker_that_dies_during_the_upload_leaves_its_media_id_to_the_next(
    write_film, sandbox, now, asked, monkeypatch
):
    write_film()
    with monkeypatch.context() as patched:
        patched.setattr(video_upload._MovingFile, "read", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            prepare_videos(now)
    left = VideoUpload.objects.get()
    assert (left.state, left.media_id != "") == ("registered", True)
    prepare_videos(now + timedelta(seconds=89))
    assert asked()["upload"] == 0
    run(sandbox, now + timedelta(seconds=90))
    assert asked() == {"register": 1, "upload": 1, "create": 1}
    assert sandbox.pins()[0].media_id == left.media_id


def test_a_worker_that_dies_after_the_upload_is_found_out_by_asking(
    write_film, sandbox, now, asked
):
    write_film()
    sandbox.arm(Fault(route="POST /s3/upload", kind="drop", when="after"))
    prepare_videos(now)
    assert states() == ["registered"]
    run(sandbox, now + timedelta(seconds=20))
    assert asked() == {"register": 1, "upload": 1, "create": 1}


def test_a_place_that_ran_out_is_asked_for_anew(write_film, sandbox, now, asked):
    write_film()
    sandbox.arm(Fault(route="POST /s3/upload", kind="drop", when="before"))
    prepare_videos(now)
    sandbox.clock.advance(2 * 3600)
    run(sandbox, now + timedelta(minutes=5))
    assert states() == ["expired", "ready"]
    assert asked() == {"register": 2, "upload": 3, "create": 1}


def test_a_form_that_cannot_be_opened_counts_as_run_out(write_film, sandbox, now, asked):
    write_film()
    sandbox.arm(Fault(route="POST /s3/upload", kind="drop", when="before"))
    prepare_videos(now)
    VideoUpload.objects.update(form_sealed="v1.none.x")
    run(sandbox, now + timedelta(minutes=5))
    assert (states(), asked()["register"]) == (["expired", "ready"], 2)


def test_a_worker_at_it_keeps_others_away(write_film, video, connection, now, asked):
    write_film()
    VideoUpload.objects.create(
        connection=connection, video=video, next_at=now + timedelta(seconds=30), taken_at=now
    )
    assert videos_to_prepare(now=now) == []
    video_upload.prepare_video(connection_id=connection.pk, video_id=video.pk, clock=lambda: now)
    assert asked()["register"] == 0


def test_no_more_than_three_videos_travel_at_a_time(write_film, video, connect, sandbox, now):
    write_film()
    for number in range(3):
        other = connect(video.workspace, sandbox.add_account(f"other-{number}"))
        VideoUpload.objects.create(
            connection=other, video=video, next_at=now + timedelta(seconds=30), taken_at=now
        )
    assert videos_to_prepare(now=now) == []
    assert len(videos_to_prepare(now=now + timedelta(seconds=31))) == 1


class SlowClock:
    """Each look at it is ten seconds later: 100 kB take as long as 2 GB on a slow line."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        self.now += timedelta(seconds=10)
        return self.now


def test_a_slow_upload_is_not_taken_for_a_dead_worker(
    write_film, video, connection, now, asked, monkeypatch
):
    pin = write_film()
    monkeypatch.setattr(uploads, "_CHUNK_BYTES", 100)
    clock, seen = SlowClock(now), []
    really_read = video_upload._MovingFile.read

    def watched_read(self, size=-1, /):
        seen.append(videos_to_prepare(now=clock.now))
        claims.give_back_stale_claims(now=clock.now)
        recovery.recover_abandoned_sends(now=clock.now)
        return really_read(self, min(size, 100))

    monkeypatch.setattr(video_upload._MovingFile, "read", watched_read)
    video_upload.prepare_video(connection_id=connection.pk, video_id=video.pk, clock=clock)
    assert clock.now - now > timedelta(minutes=3)
    assert (any(seen), states(), asked()["upload"]) == (False, ["processing"], 1)
    pin.refresh_from_db()
    assert pin.status == "scheduled"


def test_a_worker_whose_lease_ran_out_stops_sending(
    write_film, video, connection, now, asked, monkeypatch
):
    write_film()
    monkeypatch.setattr(uploads, "_CHUNK_BYTES", 100)
    clock = SlowClock(now)
    really_read = video_upload._MovingFile.read

    def overtaken_read(self, size=-1, /):
        VideoUpload.objects.update(taken_at=clock.now)
        return really_read(self, min(size, 100))

    monkeypatch.setattr(video_upload._MovingFile, "read", overtaken_read)
    video_upload.prepare_video(connection_id=connection.pk, video_id=video.pk, clock=clock)
    assert (states(), asked()["upload"]) == (["registered"], 0)


# Outcomes


def failed_words(pin):
    pin.refresh_from_db()
    return pin.status, pin.problem, pin.remedy


def test_a_video_that_pinterest_cannot_process_fails_its_pin_before_the_time(
    write_film, sandbox, now, asked
):
    pin = write_film(at=now + timedelta(minutes=20))
    far = write_film(at=now + timedelta(days=3))
    sandbox.arm(Fault(route="POST /s3/upload", kind="media_failed"))
    run(sandbox, now, seconds=10)
    assert failed_words(pin) == (
        "failed",
        "Pinterest could not process this video.",
        "Save it again as MP4 with H.264, add it to the Pin anew, then publish.",
    )
    assert failed_words(far)[0] == "scheduled"
    assert (states(), asked()["create"]) == (["failed"], 0)
    assert [event.kind for event in pin.events.order_by("pk")] == ["written", "video_failed"]
    told = Event.objects.get()
    assert (told.kind, told.subject_id) == ("pin_failed", str(pin.pk))


def test_a_video_that_never_gets_ready_is_given_up_after_ten_minutes(write_film, sandbox, now):
    pin = write_film()
    sandbox.arm(Fault(route="POST /s3/upload", kind="media_stuck"))
    run(sandbox, now, seconds=590, step=10)
    assert failed_words(pin)[0] == "scheduled"
    run(sandbox, now + timedelta(seconds=590), seconds=60, step=10)
    assert failed_words(pin)[:2] == (
        "failed",
        "Pinterest did not finish processing this video within ten minutes.",
    )


def test_a_new_try_after_a_failure_is_a_new_upload(write_film, sandbox, owner, now, asked):
    pin = write_film()
    sandbox.arm(Fault(route="POST /s3/upload", kind="media_failed"))
    run(sandbox, now, seconds=10)
    publish_now(pin=pin, by=owner, now=now + timedelta(seconds=60))
    run(sandbox, now + timedelta(seconds=60))
    pin.refresh_from_db()
    assert (pin.status, states()) == ("published", ["failed", "ready"])
    assert asked() == {"register": 2, "upload": 2, "create": 1}


def test_a_store_that_refuses_three_places_is_not_asked_for_more(write_film, sandbox, now, asked):
    pin = write_film()
    sandbox.arm(Fault(route="POST /s3/upload", kind="status", status=403, times=None))
    run(sandbox, now)
    assert failed_words(pin) == (
        "failed",
        "Pinterest's storage did not accept the video.",
        "Upload it again. If it stays, save the video as a smaller MP4 file first.",
    )
    assert asked() == {"register": 3, "upload": 3, "create": 0}


def test_an_outage_is_waited_for(write_film, sandbox, now, asked):
    pin = write_film()
    sandbox.arm(Fault(route="POST /v5/media", kind="status", status=503, times=3))
    run(sandbox, now, seconds=30)
    assert (failed_words(pin)[0], states()) == ("scheduled", ["new"])
    run(sandbox, now + timedelta(seconds=30), seconds=180, step=5)
    assert failed_words(pin)[0] == "published"
    assert asked() == {"register": 4, "upload": 1, "create": 1}


def test_a_file_that_is_lost_fails_the_pin(write_film, video, sandbox, now):
    pin = write_film()
    default_storage.delete(video.file_name)
    run(sandbox, now, seconds=4)
    assert failed_words(pin)[:2] == (
        "failed",
        "The video of this Pin can't be read from PinApp's storage.",
    )


def test_a_lost_account_holds_the_pin_and_sends_nothing(
    write_film, connection, sandbox, now, asked
):
    pin = write_film()
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.save(update_fields=["status"])
    prepare_videos(now)
    claims.hold_due_without_connection(now=now)
    assert (failed_words(pin)[0], asked()["register"]) == ("held", 0)


def test_a_dead_token_is_noticed_and_the_pin_is_held(write_film, sandbox, studio, now):
    pin = write_film()
    sandbox.kill_tokens(studio)
    prepare_videos(now)
    claims.hold_due_without_connection(now=now)
    assert (failed_words(pin)[0], states()) == ("held", ["new"])


def test_a_pin_claimed_before_its_video_is_ready_is_planned_again(write_film, now):
    pin = write_film()
    (pin_id,) = claims.claim_due(now=now, limit=5)
    engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == ("scheduled", "The video is being prepared at Pinterest.")
    assert (pin.due_at, pin.attempts.count()) == (now + timedelta(seconds=15), 0)


def test_the_video_of_a_pin_that_failed_is_used_again(write_film, sandbox, owner, now, asked):
    pin = write_film()
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", status=400, code=1, message="No."))
    run(sandbox, now)
    assert failed_words(pin)[0] == "failed"
    later = now + timedelta(minutes=10)
    publish_now(pin=pin, by=owner, now=later)
    run(sandbox, later)
    assert failed_words(pin)[0] == "published"
    assert asked() == {"register": 1, "upload": 1, "create": 2}


def test_a_video_that_pinterest_no_longer_has_is_uploaded_again(write_film, sandbox, now, asked):
    pin = write_film(at=now + timedelta(minutes=20))
    run(sandbox, now, seconds=10)
    sandbox.records.media.clear()
    run(sandbox, now + timedelta(minutes=20))
    assert failed_words(pin)[0] == "published"
    assert states() == ["expired", "ready"]


def test_a_video_whose_answer_was_lost_is_found_though_pinterest_has_no_size_yet(
    write_film, sandbox, now, asked
):
    pin = write_film(title="Turning a bowl", description="On the wheel.")
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    run(sandbox, now, seconds=12)
    assert failed_words(pin)[0] == "uncertain"
    pin.refresh_from_db()
    look_at_boards(now=pin.due_at)
    assert (failed_words(pin)[0], asked()["create"]) == ("published", 1)


def test_the_signed_form_is_sealed_and_wiped_when_it_is_used_up(write_film, sandbox, now):
    write_film()
    sandbox.arm(Fault(route="POST /s3/upload", kind="drop", when="before"))
    prepare_videos(now)
    sealed = VideoUpload.objects.get().form_sealed
    assert sealed.startswith("v1.")
    assert "signature" not in sealed
    run(sandbox, now + timedelta(minutes=5))
    assert set(VideoUpload.objects.values_list("form_sealed", flat=True)) == {""}


def test_a_copy_of_a_video_has_the_same_cover(write_film, owner, media, now):
    for content in ({"cover_second": 4}, {"media": media}):
        pin = write_film(**content)
        copy = duplicate_pin(pin=pin, by=owner, now=now)
        assert (copy.kind, copy.video) == ("video", pin.video)
        assert (copy.cover_second, copy.media) == (pin.cover_second, pin.media)
