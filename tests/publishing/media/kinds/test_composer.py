"""Composing carousels and videos: mistakes beside their picture, nothing lost, no script needed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from publishing.media.services.media import store_picture
from publishing.media.services.videos import store_video
from publishing.models import Media, Pin, Video
from publishing.pins.services.slides import SlideContent, slides_of
from tests import factories
from tests.pinterest.films import film

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(connection, bowls):
    return {
        "connection": str(connection.pk),
        "board": bowls.pinterest_id,
        "title": "Bowls",
        "link": "https://example.com/bowls",
        "when": "draft",
    }


@pytest.fixture
def compose(sign_in, editor, filled):
    browser = sign_in(editor)

    def posted(url=None, **changes):
        return browser.post(url or reverse("pin_new"), {**filled, **changes})

    return posted


def errors(page):
    assert page.status_code == 422
    return {name: list(texts) for name, texts in page.context["form"].errors.items()}


def of_slides(media, **words):
    """What the browser posts of slides; words by number of the slide."""
    return {
        "slide_media": [str(each.pk) for each in media],
        **{
            f"slide_{name}": [words.get(f"{name}{number}", "") for number in range(len(media))]
            for name in ("title", "description", "link")
        },
    }


def picture(name="bowl.jpg", size=(600, 900), color="#c96f4a"):
    return SimpleUploadedFile(name, factories.picture(size, color=color))


SAME = [(600, 900)]


def test_a_carousel_is_saved_in_the_order_it_stands_in(compose, pictures):
    media = pictures(*SAME * 3)[::-1]
    words = of_slides(media, title1="Second", link2="https://example.com/3")
    assert compose(**words).status_code == 302
    pin = Pin.objects.get()
    assert slides_of(pin) == (
        SlideContent(media[0]),
        SlideContent(media[1], title="Second"),
        SlideContent(media[2], link="https://example.com/3"),
    )
    assert (pin.kind, pin.slide_count, pin.media) == ("carousel", 3, media[0])


def test_a_mistake_of_a_picture_stands_beside_its_field(compose, pictures):
    media = pictures(*SAME * 3)
    words = of_slides(media, title0="x" * 101, link1="example.com", description2="fine")
    page = compose(**words)
    assert errors(page) == {
        "image": [
            "Look at the pictures of the carousel: something is said beside at least one of them."
        ]
    }
    said = [dict(slide["form"].errors) for slide in page.context["slides"]]
    assert said == [
        {"title": ["At most 100 characters; this has 101."]},
        {"link": ["Start the link with https:// (or http://), such as https://example.com/page."]},
        {},
    ]
    assert "fine" in page.content.decode()
    assert not Pin.objects.exists()


@pytest.mark.parametrize("when", ["draft", "now"])
def test_pictures_of_unequal_sizes_are_refused_before_the_time(compose, pictures, when):
    media = pictures((600, 900), (600, 900), (600, 600))
    page = compose(**of_slides(media), when=when)
    assert errors(page)["image"] == [
        (
            "Pinterest takes a carousel only when all pictures have the same size, here 600 by "
            "900 pixels. Crop or replace picture 3 (600 by 600)."
        )
    ]
    said = [slide["form"].non_field_errors() for slide in page.context["slides"]]
    assert said == [[], [], ["600 × 600 pixels: not the size of the others."]]


def test_six_pictures_are_refused_and_all_are_there_to_choose_from(compose, pictures):
    page = compose(**of_slides(pictures(*SAME * 6)))
    assert errors(page)["image"] == [
        "A carousel shows 2 to 5 pictures, and these are 6. Remove 1 of them."
    ]
    assert len(page.context["slides"]) == 6


def test_a_picture_of_another_workspace_is_no_slide(compose, pictures, stranger):
    theirs = store_picture(
        workspace=stranger.memberships.get().workspace, by=stranger, data=factories.picture()
    )
    page = compose(**of_slides([*pictures(*SAME), theirs]))
    assert page.context["slides"][1]["form"].non_field_errors() == [
        "This picture is no longer here. Please add it again."
    ]
    assert str(theirs.pk) not in page.content.decode()


@pytest.mark.parametrize("made_up", ["", "junk", "12345678-1234-1234-1234-123456789012"])
def test_a_made_up_slide_is_refused(compose, pictures, made_up):
    words = of_slides(pictures(*SAME * 2), title2="x")
    page = compose(
        **{**words, "slide_media": [*words["slide_media"], made_up], "slide_title": ["", "", "x"]}
    )
    assert page.status_code == 422


# Without scripts


def test_several_files_at_once_make_a_carousel(compose):
    files = [picture("a.jpg"), picture("b.mp4.jpg", color="#4a6fc9")]
    assert compose(image=files).status_code == 302
    assert [slide.media.width for slide in Pin.objects.get().slides.all()] == [600, 600]


def test_more_pictures_join_the_one_that_is_there(compose, pictures):
    (first,) = pictures(*SAME)
    compose(media=str(first.pk), more_images=[picture(color="#4a6fc9")])
    pin = Pin.objects.get()
    assert pin.slides.first().media == first
    assert pin.slide_count == 2


def test_a_broken_picture_among_several_is_named_and_the_others_are_kept(compose):
    files = [
        picture("a.jpg"),
        SimpleUploadedFile("broken.jpg", factories.picture()[:-2000]),
        picture("c.jpg", color="#4a6fc9"),
    ]
    page = compose(image=files)
    assert errors(page)["image"] == [
        "broken.jpg: The image is damaged or was cut off. Export or download it again."
    ]
    assert len(page.context["slides"]) == 2


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("down:0", [1, 0, 2]),
        ("up:2", [0, 2, 1]),
        ("up:0", [0, 1, 2]),
        ("down:2", [0, 1, 2]),
        ("remove:1", [0, 2]),
        ("remove:9", [0, 1, 2]),
        ("up:junk", [0, 1, 2]),
        ("remove:video", [0, 1, 2]),
    ],
)
def test_buttons_put_pictures_in_order_and_save_nothing(compose, pictures, order, expected):
    media = pictures(*SAME * 3)
    page = compose(**of_slides(media, title0="first"), arrange=order, when="now", board="")
    assert page.status_code == 200
    shown = [slide["media"]["id"] for slide in page.context["slides"]]
    assert shown == [str(media[number].pk) for number in expected]
    assert (page.context["form"].errors, Pin.objects.count()) == ({}, 0)


def test_removing_all_but_one_leaves_a_plain_picture(compose, pictures):
    media = pictures(*SAME * 2)
    page = compose(**of_slides(media), arrange="remove:0")
    assert (page.context["showing"], page.context["slides"]) == ("image", [])
    assert page.context["media"]["id"] == str(media[1].pk)


# Videos


def test_a_video_is_saved_with_a_frame_as_its_cover(compose, video):
    assert compose(video=str(video.pk), cover="frame", cover_second="7").status_code == 302
    pin = Pin.objects.get()
    assert (pin.kind, pin.video, pin.cover_second, pin.media) == ("video", video, 7, None)


def test_a_video_is_saved_with_a_picture_as_its_cover(compose, video, media):
    compose(video=str(video.pk), cover="picture", cover_second="7", media=str(media.pk))
    pin = Pin.objects.get()
    assert (pin.kind, pin.cover_second, pin.media) == ("video", None, media)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"cover": "frame", "cover_second": "13"},
            {"cover_second": ["The video ends at 0:12. Choose an earlier second."]},
        ),
        (
            {"cover": "frame", "cover_second": "-1"},
            {"cover_second": ["The video begins at second 0."]},
        ),
        (
            {"cover": "frame", "cover_second": "soon"},
            {"cover_second": ["Write the seconds as a whole number, such as 3."]},
        ),
        (
            {"cover": "frame", "cover_second": "", "when": "now"},
            {"cover_second": ["Say which second of the video the cover shows."]},
        ),
        (
            {"cover": "picture", "when": "now"},
            {"image": ["Add the cover picture, or let a frame of the video be the cover."]},
        ),
        (
            {"video": "12345678-1234-1234-1234-123456789012"},
            {"video": ["This video is no longer here. Please add it again."]},
        ),
        ({"video": "junk"}, {"video": ["This video is no longer here. Please add it again."]}),
    ],
)
def test_a_mistake_about_a_video_is_told_beside_its_field(compose, video, changes, expected):
    assert errors(compose(**{"video": str(video.pk), **changes})) == expected


def test_a_video_of_another_workspace_is_refused(compose, stranger):
    theirs = store_video(
        workspace=stranger.memberships.get().workspace,
        by=stranger,
        file=SimpleUploadedFile("film.mp4", film()),
    )
    page = compose(video=str(theirs.pk))
    assert list(errors(page)) == ["video"]
    assert page.context["video"] is None


def test_a_carousel_and_a_video_at_once_are_refused(compose, video, pictures):
    page = compose(video=str(video.pk), **of_slides(pictures(*SAME * 2)))
    assert errors(page)["image"] == [
        "A Pin shows either a carousel or a video. Remove the video or the pictures."
    ]


def test_a_video_chosen_without_scripts_is_known_by_its_content(compose):
    compose(image=[SimpleUploadedFile("holiday.jpg", film(), content_type="image/jpeg")])
    assert (Pin.objects.get().video, Media.objects.count()) == (Video.objects.get(), 0)


def test_a_video_that_cannot_be_used_is_told_without_scripts_too(compose):
    page = compose(image=[SimpleUploadedFile("film.mp4", film(3))])
    assert errors(page)["image"] == [
        "The video lasts 3.0 seconds; Pinterest takes 4 seconds and up. Choose a longer one."
    ]


def test_removing_a_video_saves_nothing(compose, video):
    page = compose(video=str(video.pk), arrange="remove:video")
    assert (page.status_code, page.context["showing"], Pin.objects.count()) == (200, "image", 0)


# Editing


def test_editing_a_carousel_starts_from_its_slides(sign_in, editor, write_pin, slides):
    pin = write_pin(slides=slides(3))
    page = sign_in(editor).get(reverse("pin_edit", args=[pin.pk]))
    html = page.content.decode()
    assert page.context["showing"] == "carousel"
    assert [slide["form"]["title"].value() for slide in page.context["slides"]] == [
        "Title 1",
        "Title 2",
        "Title 3",
    ]
    assert len(re.findall(r'name="slide_media" value="[0-9a-f-]{36}"', html)) == 3


def test_an_edit_turns_a_carousel_into_a_video_and_back(compose, write_pin, slides, video):
    pin = write_pin(slides=slides(2), at=None)
    url = reverse("pin_edit", args=[pin.pk])
    compose(url, video=str(video.pk), cover="frame", cover_second="1")
    pin.refresh_from_db()
    assert (pin.kind, pin.slide_count, pin.slides.count()) == ("video", 0, 0)
    compose(url, **of_slides([slide.media for slide in slides(2)]))
    pin.refresh_from_db()
    assert (pin.kind, pin.slide_count, pin.video) == ("carousel", 2, None)


def test_editing_a_video_starts_from_its_cover(sign_in, editor, write_film, media):
    browser = sign_in(editor)
    for content, cover in (({"cover_second": 4}, "frame"), ({"media": media}, "picture")):
        pin = write_film(**content)
        page = browser.get(reverse("pin_edit", args=[pin.pk]))
        assert page.context["showing"] == "video"
        assert page.context["form"]["cover"].value() == cover
    assert page.context["media"]["id"] == str(media.pk)


@pytest.mark.parametrize("count", [2, 5])
def test_the_composer_costs_the_same_for_any_number_of_slides(
    sign_in, editor, write_pin, slides, count, django_assert_num_queries
):
    pin = write_pin(slides=slides(count))
    browser = sign_in(editor)
    with django_assert_num_queries(COMPOSER_QUERIES):
        assert browser.get(reverse("pin_edit", args=[pin.pk])).status_code == 200


COMPOSER_QUERIES = 21
