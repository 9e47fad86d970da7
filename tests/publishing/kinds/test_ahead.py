"""What is looked at before the time covers every picture and the video."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from publishing.models import Pin, PinWarning
from publishing.services.preflight import Preflight

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
    pin = write_pin(slides=slides(3), at=now + timedelta(days=1))
    assert warnings(pin) == []
    default_storage.delete(slides(3)[2].media.file_name)
    assert warnings(pin) == ["picture_missing"]
