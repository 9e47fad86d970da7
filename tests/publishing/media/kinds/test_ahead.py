"""What is looked at before the time covers every picture and the video."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from publishing.models import Pin, PinWarning
from publishing.preflight.services.preflight import Preflight

pytestmark = pytest.mark.django_db


@pytest.fixture
def warnings(now):
    def found(pin):
        Preflight(clock=lambda: now).check(Pin.objects.get(pk=pin.pk))
        return list(PinWarning.objects.filter(pin=pin).values_list("kind", flat=True))

    return found


def test_a_video_with_a_frame_as_its_cover_lacks_nothing(write_film, video, warnings, now):
    pin = write_film(at=now + timedelta(days=1))
    assert warnings(pin) == []
    default_storage.delete(video.file_name)
    assert warnings(pin) == ["picture_missing"]


def test_each_picture_of_a_carousel_is_looked_at(write_pin, slides, warnings, now):
    unlinked = tuple(replace(slide, link="") for slide in slides(3))
    pin = write_pin(slides=unlinked, at=now + timedelta(days=1))
    assert warnings(pin) == []
    default_storage.delete(slides(3)[2].media.file_name)
    assert warnings(pin) == ["picture_missing"]


def test_the_link_of_each_picture_is_looked_at(write_pin, slides, warnings, now):
    first, second = slides(2)
    pictures = (replace(first, link=""), replace(second, link="http://10.0.0.7/offer"))
    assert warnings(write_pin(slides=pictures, at=now + timedelta(days=1))) == ["link_private"]
