"""Carousels: 2 to 5 pictures of one size, sent together, each with its words."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from publishing.media.services.media import store_picture_from_url
from publishing.models import Pin, Slide
from publishing.pins.policy.carousels import CarouselRejected, check_carousel
from publishing.pins.services.pins import duplicate_pin, rewrite_pin
from publishing.pins.services.slides import SlideContent, slides_of
from sandbox.faults import Fault
from tests import factories
from tests.pinterest.loopback import respond, serve
from tests.publishing.rounds import content_of, look_at_boards, plan_at, publish_due

pytestmark = pytest.mark.django_db

A, B = (1000, 1500), (800, 800)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_two_to_five_pictures_of_one_size_make_a_carousel(count):
    check_carousel([A] * count)


@pytest.mark.parametrize(
    ("sizes", "message", "odd"),
    [
        ([], "A carousel shows 2 to 5 pictures. Add another one.", ()),
        ([A], "A carousel shows 2 to 5 pictures. Add another one.", ()),
        (
            [A] * 6,
            "A carousel shows 2 to 5 pictures, and these are 6. Remove 1 of them.",
            (),
        ),
        (
            [A, B],
            (
                "Pinterest takes a carousel only when all pictures have the same size, here 1000 "
                "by 1500 pixels. Crop or replace picture 2 (800 by 800)."
            ),
            (1,),
        ),
        (
            [B, A, (999, 1500), A],
            (
                "Pinterest takes a carousel only when all pictures have the same size, here 1000 "
                "by 1500 pixels. Crop or replace picture 1 (800 by 800), picture 3 (999 by 1500)."
            ),
            (0, 2),
        ),
    ],
)
def test_other_pictures_are_refused_with_what_to_do(sizes, message, odd):
    with pytest.raises(CarouselRejected) as refused:
        check_carousel(sizes)
    assert (str(refused.value), refused.value.odd) == (message, odd)


def shown(pin):
    return [(slide.title, slide.description, slide.link) for slide in pin.slides]


WORDS = [(f"Title {n}", f"Description {n}", f"https://example.com/{n}") for n in (1, 2, 3)]


def test_a_carousel_goes_out_as_bytes_with_the_words_of_each_picture(
    write_pin, slides, sandbox, now
):
    pin = write_pin(slides=slides(3), media=None)
    assert (pin.kind, pin.slide_count, pin.media_id) == ("carousel", 3, slides(3)[0].media.pk)
    publish_due(now=now)
    pin.refresh_from_db()
    (there,) = sandbox.pins()
    assert (pin.status, pin.pinterest_id, shown(there)) == ("published", there.id, WORDS)
    assert list(sandbox.fetches) == []


def test_a_carousel_whose_pictures_are_all_on_the_web_is_fetched_there(
    workspace, owner, write_pin, sandbox, now, settings
):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with serve(respond(200, factories.picture((600, 900)), Content_Type="image/jpeg")) as site:
        media = [
            store_picture_from_url(workspace=workspace, by=owner, url=f"{site.url}/{name}.jpg")
            for name in ("mp4", "b")
        ]
        write_pin(slides=tuple(SlideContent(each) for each in media))
        publish_due(now=now)
        assert [fetch.url for fetch in sandbox.fetches] == [
            f"{site.url}/mp4.jpg",
            f"{site.url}/b.jpg",
        ]
    assert len(sandbox.pins()[0].slides) == 2


def test_one_own_picture_among_those_on_the_web_sends_all_as_bytes(
    workspace, owner, write_pin, pictures, sandbox, now, settings
):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with serve(respond(200, factories.picture((600, 900)), Content_Type="image/jpeg")) as site:
        web = store_picture_from_url(workspace=workspace, by=owner, url=f"{site.url}/a.jpg")
        (own,) = pictures((600, 900))
        write_pin(slides=(SlideContent(web), SlideContent(own)))
        publish_due(now=now)
        assert list(sandbox.fetches) == []
    assert len(sandbox.pins()[0].slides) == 2


def test_slides_that_make_no_carousel_are_not_even_written(write_pin, slides, pictures):
    unequal = tuple(SlideContent(each) for each in pictures((600, 900), (600, 600)))
    for wrong in (slides(1), slides(6), unequal):
        with pytest.raises(CarouselRejected):
            write_pin(slides=wrong)
    pin = write_pin(slides=slides(2))
    with pytest.raises(CarouselRejected):
        rewrite_pin(
            pin=pin,
            by=pin.created_by,
            content=content_of(pin, slides=unequal),
            plan=plan_at(pin.scheduled_at),
            now=pin.created_at,
        )
    assert Pin.objects.count() == 1
    assert slides_of(Pin.objects.get()) == slides(2)


def test_rewriting_replaces_the_pictures_and_can_make_it_a_plain_pin_again(
    write_pin, slides, media, owner, now
):
    pin = write_pin(slides=slides(3))
    turned = tuple(reversed(slides(3)))
    for content, kind in ((turned, "carousel"), (slides(2), "carousel"), ((), "image")):
        rewrite_pin(
            pin=pin,
            by=owner,
            content=content_of(pin, slides=content, media=media),
            plan=plan_at(now),
            now=now,
        )
        assert (pin.kind, pin.slide_count, slides_of(pin)) == (kind, len(content), content)
        assert pin.media == (content[0].media if content else media)


def test_a_copy_has_the_same_slides(write_pin, slides, owner, now):
    copy = duplicate_pin(pin=write_pin(slides=slides(5)), by=owner, now=now)
    assert (copy.kind, copy.slide_count, slides_of(copy)) == ("carousel", 5, slides(5))
    assert Slide.objects.count() == 10


def test_a_carousel_whose_answer_was_lost_is_found_on_its_board(
    write_pin, slides, sandbox, sent, now
):
    pin = write_pin(slides=slides(2))
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    publish_due(now=now)
    pin.refresh_from_db()
    assert pin.status == "uncertain"
    look_at_boards(now=now + timedelta(seconds=11))
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id, len(sent())) == ("published", sandbox.pins()[0].id, 1)


def test_a_lost_picture_fails_the_carousel_with_what_to_do(
    write_pin, slides, sandbox, tmp_path, now
):
    pin = write_pin(slides=slides(3))
    (tmp_path / "media" / slides(3)[1].media.file_name).unlink()
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == (
        "failed",
        "The picture of this Pin can't be read from PinApp's storage.",
    )
    assert sandbox.pins() == []


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "carousel"},
        {"slide_count": 2},
        {"kind": "carousel", "slide_count": 1},
        {"kind": "carousel", "slide_count": 6},
        {"kind": "carousel", "slide_count": 2, "media": None},
    ],
)
def test_the_database_refuses_what_is_no_carousel(write_pin, columns):
    pin = write_pin(at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pin.objects.filter(pk=pin.pk).update(**columns)


def test_the_database_refuses_a_sixth_slide_and_two_in_one_place(write_pin, slides):
    pin = write_pin(slides=slides(2))
    for position in (1, 5):
        with pytest.raises(IntegrityError), transaction.atomic():
            Slide.objects.create(pin=pin, position=position, media=pin.media)
