"""Pictures that go together, and those that do not."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publishing.delivery.services import video_upload
from publishing.media.selectors.videos import videos_to_prepare
from publishing.media.services.media import store_picture
from publishing.media.services.videos import store_video
from publishing.models import Media, Video
from publishing.pins.services.slides import SlideContent
from tests import factories
from tests.pinterest.films import film

COLOURS = ["#c96f4a", "#4a6fc9", "#6fc94a", "#c94a6f", "#4ac96f", "#222222"]


@pytest.fixture
def pictures(workspace, owner):
    """Stores pictures of the given sizes, each in a colour of its own."""

    def stored(*sizes: tuple[int, int]) -> list[Media]:
        return [
            store_picture(
                workspace=workspace,
                by=owner,
                data=factories.picture(size, color=COLOURS[number]),
            )
            for number, size in enumerate(sizes)
        ]

    return stored


@pytest.fixture
def slides(pictures):
    """So many slides of one size, with words of their own."""

    def made(count: int) -> tuple[SlideContent, ...]:
        return tuple(
            SlideContent(
                media=media,
                title=f"Title {number}",
                description=f"Description {number}",
                link=f"https://example.com/{number}",
            )
            for number, media in enumerate(pictures(*[(600, 900)] * count), start=1)
        )

    return made


@pytest.fixture
def video(workspace, owner) -> Video:
    """A film of twelve seconds, upright."""
    return store_video(
        workspace=workspace, by=owner, file=SimpleUploadedFile("film.mp4", film(12, 1080, 1920))
    )


@pytest.fixture
def write_film(write_pin, video):
    """Writes a Pin of the video, with its first frame as the cover unless another is given."""

    def written(**content):
        return write_pin(**{"video": video, "media": None, "cover_second": 0, **content})

    return written


def prepare_videos(now: datetime) -> None:
    """One round of what the scheduler and its workers do for videos, at a moment of the test's."""
    for each in videos_to_prepare(now=now):
        video_upload.prepare_video(
            connection_id=each.connection_id, video_id=each.video_id, clock=lambda: now
        )
