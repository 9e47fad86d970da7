"""Pins of videos show the frame that is their cover, wherever Pins are shown."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from publishing.media.selectors.videos import stills_to_draw
from publishing.media.services.videos import draw_wanted_still, store_video
from publishing.media.tasks import draw_stills
from publishing.models import VideoStill
from tests.pinterest.films import film

pytestmark = pytest.mark.django_db

RED, BLUE = (200, 20, 30), (20, 30, 200)


@pytest.fixture
def video(workspace, owner):
    """Red for six seconds, then blue."""
    content = film(12, 720, 1280, colours=(RED, BLUE))
    return store_video(workspace=workspace, by=owner, file=SimpleUploadedFile("film.mp4", content))


@pytest.fixture
def member(sign_in, viewer):
    return sign_in(viewer)


def still_url(video, second):
    return reverse("video_still", args=[video.pk, second])


def colour_of(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (600, 1067)
    return "red" if picture.getpixel((99, 99))[0] > 150 else "blue"


def test_the_first_frame_is_there_as_soon_as_the_video_is(member, video):
    assert colour_of(member.get(still_url(video, 0))) == "red"
    assert stills_to_draw(limit=9) == []


def test_a_frame_that_was_chosen_is_drawn_by_a_worker_once(member, video, write_film):
    for _ in range(2):
        write_film(cover_second=8)
    assert member.get(still_url(video, 8)).status_code == 404
    assert [each.second for each in stills_to_draw(limit=9)] == [8]
    draw_stills()
    assert colour_of(member.get(still_url(video, 8))) == "blue"
    assert stills_to_draw(limit=9) == []


def test_a_video_of_before_there_were_stills_gets_its_own(member, video, write_film):
    write_film(cover_second=0)
    default_storage.delete(video.still_name(0))
    VideoStill.objects.all().delete()
    draw_stills()
    assert colour_of(member.get(still_url(video, 0))) == "red"


def test_a_video_that_is_lost_is_not_tried_again_and_keeps_no_other_waiting(video, write_film):
    write_film(cover_second=3)
    default_storage.delete(video.file_name)
    (wanted,) = stills_to_draw(limit=9)
    draw_wanted_still(wanted)
    assert not VideoStill.objects.get(second=3).is_drawn
    assert stills_to_draw(limit=9) == []


def test_a_cover_picture_needs_no_frame(video, write_film, media):
    write_film(media=media, cover_second=3)
    assert stills_to_draw(limit=9) == []


def test_strangers_do_not_find_a_still(sign_in, stranger, video):
    assert sign_in(stranger).get(still_url(video, 0)).status_code == 404


@pytest.mark.parametrize("name", ["pin_list", "pin_calendar", "dashboard", "pin_detail"])
def test_every_page_shows_the_frame(member, video, write_film, name, now):
    pin = write_film(cover_second=8, at=now + timedelta(hours=1))
    url = reverse(name, args=[pin.pk] if name == "pin_detail" else [])
    assert still_url(video, 8) in member.get(url, follow=True).content.decode()
