"""Pictures that go together, and those that do not."""

import pytest

from publishing.models import Media
from publishing.services.media import store_picture
from publishing.services.slides import SlideContent
from tests import factories

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
