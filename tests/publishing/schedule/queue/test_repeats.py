"""The same link or picture again too soon is noticed, wherever and by whomever it was planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publishing.media.services.media import store_picture
from publishing.models import Media, Pin, PublishingPreferences
from publishing.pins.policy.normalise import link_key
from publishing.pins.services.pins import PinContent, Plan, duplicate_pin, publish_now, rewrite_pin
from publishing.schedule.policy.repeats import (
    Distance,
    Sameness,
    Shelf,
    Shown,
    distance_for,
    pictures_look_same,
)
from publishing.schedule.selectors.repeats import (
    Candidate,
    find_repeats,
    nearest_repeat,
    repeating_keys,
)
from tests import factories

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LINK = "https://shop.example/bowl"


def hashed(bits: int) -> str:
    return f"{bits:064x}"


FULL = int("5a" * 32, 16)


# The rule


@pytest.mark.parametrize(
    "same",
    [
        "http://www.shop.example/bowl/",
        "HTTPS://SHOP.example/bowl?utm_source=pinterest&epik=1",
        "https://shop.example/bowl#reviews",
    ],
)
def test_links_to_the_same_page_share_their_key(same):
    assert link_key(same) == link_key(LINK)
    assert len(link_key(same)) == 64


@pytest.mark.parametrize(
    "other",
    [
        "https://shop.example/vase",
        "https://shop.example/bowl?colour=blue",
        "https://shop.example/bowl#/vase",
        "https://other.example/bowl",
    ],
)
def test_links_to_other_pages_do_not(other):
    assert link_key(other) != link_key(LINK)


def test_no_link_has_no_key():
    assert link_key("") == ""


@pytest.mark.parametrize(("flipped", "same"), [(0, True), (10, True), (11, False)])
def test_pictures_look_the_same_up_to_ten_bits(flipped, same):
    other = FULL ^ ((1 << flipped) - 1)
    assert pictures_look_same(hashed(FULL), hashed(other)) is same


def test_even_surfaces_and_pictures_without_a_hash_resemble_nothing():
    assert pictures_look_same(hashed(0), hashed(0)) is False
    assert pictures_look_same(hashed((1 << 256) - 1), hashed((1 << 256) - 1)) is False
    assert pictures_look_same("", "") is False
    assert pictures_look_same("z" * 64, "z" * 64) is False


@given(
    base=some.integers(min_value=0, max_value=(1 << 256) - 1),
    flips=some.sets(some.integers(min_value=0, max_value=255), max_size=14),
)
def test_the_shelf_finds_what_a_comparison_one_by_one_would(base, flips):
    other = base
    for bit in flips:
        other ^= 1 << bit
    shelf = Shelf([Shown("there", NOW, likeness=hashed(other))])
    found = shelf.same_as(Shown("new", NOW, likeness=hashed(base)))
    assert bool(found) is pictures_look_same(hashed(base), hashed(other))


@given(
    days=some.lists(some.integers(min_value=-60, max_value=60), max_size=12),
    distance=some.integers(min_value=1, max_value=20),
)
def test_the_first_clear_moment_keeps_its_distance_and_none_before_does(days, distance):
    apart = Distance(timedelta(days=distance), timedelta())
    shelf = Shelf(
        Shown(str(number), NOW + timedelta(days=day), link_key="k")
        for number, day in enumerate(days)
    )
    wanted = Shown("new", NOW, link_key="k")
    found = shelf.first_clear(wanted, since=NOW, distance=apart)
    assert shelf.is_clear(wanted, at=found, distance=apart)
    for day in range((found - NOW).days):
        assert not shelf.is_clear(wanted, at=NOW + timedelta(days=day), distance=apart)


def test_a_distance_kept_to_the_second_is_enough():
    shelf = Shelf([Shown("there", NOW, link_key="k")])
    near = [
        shelf.too_near(Shown("new", NOW + apart, link_key="k"), distance=Distance(WEEK, WEEK))
        for apart in (WEEK, WEEK - timedelta(seconds=1), timedelta(seconds=1) - WEEK, -WEEK)
    ]
    assert [len(found) for found in near] == [0, 1, 1, 0]


def test_siblings_keep_the_distance_between_boards_and_others_that_between_repeats():
    distance = distance_for(repeat_days=7, board_interval_hours=5)
    shelf = Shelf(
        [
            Shown("sibling", NOW, link_key="k", series="s"),
            Shown("other", NOW + 9 * DAY, link_key="k", series="t"),
        ]
    )
    wanted = Shown("new", NOW, link_key="k", series="s")
    near = {
        hours: [pin.id for pin, _ in shelf.too_near(at(wanted, hours), distance=distance)]
        for hours in (4, 5, 2 * 24, 3 * 24)
    }
    assert near == {4: ["sibling"], 5: [], 48: [], 72: ["other"]}
    assert shelf.first_clear(wanted, since=NOW, distance=distance) == NOW + timedelta(hours=5)
    single = Shown("single", NOW, link_key="k")
    assert shelf.first_clear(single, since=NOW, distance=distance) == NOW + 16 * DAY


def at(shown, hours):
    return replace(shown, at=NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("days", "hours", "siblings"),
    [
        (7, 5, timedelta(hours=5)),
        (7, 24, timedelta(hours=23)),  # a day on which the clocks go forward
        (1, 72, timedelta(days=1)),
        (7, 0, timedelta(0)),
        (0, 24, timedelta(0)),
    ],
)
def test_the_preferences_say_how_far_apart(days, hours, siblings):
    distance = distance_for(repeat_days=days, board_interval_hours=hours)
    assert distance == Distance(timedelta(days=days), siblings)
    assert bool(distance) is (days > 0)


# In a workspace

pytest_db = pytest.mark.django_db


@pytest.fixture
def vase(workspace, owner):
    """A picture that is not the one of `media`."""
    return store_picture(workspace=workspace, by=owner, data=factories.picture(color="#123456"))


def wanted(now, **facts):
    return Candidate(**{"key": "a", "at": now, "link": LINK, **facts})


def found(workspace, *candidates):
    return {
        key: [(each.same, each.pin or each.other_key) for each in repeats]
        for key, repeats in find_repeats(workspace, candidates).items()
    }


@pytest_db
def test_the_link_is_found_on_another_board_of_another_member(
    workspace, write_pin, boards, now, vase
):
    there = write_pin(link="http://www.shop.example/bowl?utm_campaign=x", board=boards["Vases"])
    assert found(workspace, wanted(now + timedelta(days=6))) == {"a": [(Sameness.LINK, there)]}
    assert found(workspace, wanted(now + WEEK)) == {}
    assert found(workspace, wanted(now, link="https://shop.example/vase")) == {}
    assert found(workspace, wanted(now, link="", media=vase)) == {}


@pytest_db
def test_the_picture_is_found_even_where_it_was_stored_twice(workspace, owner, write_pin, now):
    there = write_pin()
    twin = store_picture(
        workspace=workspace, by=owner, data=factories.picture(), origin_url="https://x.example/a"
    )
    assert found(workspace, wanted(now, media=twin)) == {"a": [(Sameness.PICTURE, there)]}


@pytest_db
def test_a_picture_that_looks_the_same_is_found(workspace, write_pin, media, vase, now):
    Media.objects.filter(pk=media.pk).update(likeness=hashed(FULL))
    Media.objects.filter(pk=vase.pk).update(likeness=hashed(FULL ^ 0b1111))
    vase.refresh_from_db()
    there = write_pin(link=LINK)
    assert found(workspace, wanted(now, media=vase)) == {"a": [(Sameness.BOTH, there)]}


@pytest_db
@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("draft", False),
        ("scheduled", True),
        ("claimed", True),
        ("sending", True),
        ("uncertain", True),
        ("held", True),
        ("failed", False),
        ("published", True),
    ],
)
def test_what_goes_out_or_went_out_counts(workspace, put, now, status, counts):
    put(status, content={"link": LINK})
    assert bool(found(workspace, wanted(now))) is counts


@pytest_db
def test_a_published_pin_counts_from_when_it_went_out_and_not_once_it_is_gone(workspace, put, now):
    pin = put("published", content={"link": LINK}, scheduled_at=now - timedelta(days=30))
    assert found(workspace, wanted(now)) == {"a": [(Sameness.LINK, pin)]}
    Pin.objects.update(removed_at=now)
    assert found(workspace, wanted(now)) == {}


@pytest_db
def test_a_pin_does_not_repeat_itself(workspace, write_pin, now):
    pin = write_pin(link=LINK)
    assert found(workspace, wanted(now, pin_id=pin.pk)) == {}


@pytest_db
def test_of_several_new_ones_the_later_repeats_the_earlier(workspace, connection, now):
    hour = timedelta(hours=1)
    many = [wanted(now + hour, key="late"), wanted(now, key="early"), wanted(now, key="twin")]
    assert found(workspace, *many) == {
        "late": [(Sameness.LINK, "early"), (Sameness.LINK, "twin")],
        "twin": [(Sameness.LINK, "early")],
    }


@pytest_db
def test_what_is_meant_is_not_asked_about_but_counts_for_others(workspace, connection, now):
    meant = wanted(now, key="meant", on_purpose=True)
    late = wanted(now + timedelta(hours=1), key="late")
    assert found(workspace, meant, late) == {"late": [(Sameness.LINK, "meant")]}


@pytest_db
def test_the_workspace_says_how_far_apart_and_others_do_not_matter(
    workspace, stranger, write_pin, now
):
    write_pin(link=LINK)
    elsewhere = stranger.memberships.get().workspace
    assert found(elsewhere, wanted(now)) == {}
    PublishingPreferences.objects.create(workspace=workspace, repeat_days=0)
    assert found(workspace, wanted(now)) == {}
    PublishingPreferences.objects.update(repeat_days=2)
    assert list(found(workspace, wanted(now + timedelta(days=1)))) == ["a"]
    assert found(workspace, wanted(now + timedelta(days=2))) == {}


@pytest_db
@pytest.mark.parametrize("many", [1, 200])
def test_many_candidates_cost_what_one_does(
    workspace, write_pin, media, now, many, django_assert_num_queries
):
    for number in range(3):
        write_pin(link=f"{LINK}/{number}")
    candidates = [
        wanted(now, key=str(number), link=f"{LINK}/{number}", media=media) for number in range(many)
    ]
    with django_assert_num_queries(3):
        assert len(find_repeats(workspace, candidates)) == many


@pytest_db
def test_siblings_count_only_within_the_workspaces_interval(workspace, write_pin, now):
    there, series = write_pin(link=LINK), uuid4()
    Pin.objects.filter(pk=there.pk).update(series=series)
    sibling = {"series": str(series)}
    assert found(workspace, wanted(now + DAY, **sibling)) == {}
    assert found(workspace, wanted(now + timedelta(hours=3), **sibling)) == {
        "a": [(Sameness.LINK, there)]
    }
    assert found(workspace, wanted(now + DAY, series=str(uuid4()))) == {
        "a": [(Sameness.LINK, there)]
    }


@pytest_db
@pytest.mark.parametrize("many", [1, 40])
def test_the_nearest_repeat_of_a_pin_costs_the_same_among_many(
    write_pin, now, many, django_assert_num_queries
):
    others = [write_pin(at=now + timedelta(hours=2 + number)) for number in range(many)]
    pin = write_pin()
    with django_assert_num_queries(3):
        repeat = nearest_repeat(pin)
    assert (repeat.pin, repeat.same) == (others[0], Sameness.PICTURE)
    pin.repeats = True
    assert nearest_repeat(pin) is None


@pytest_db
@pytest.mark.parametrize("many", [1, 300])
def test_who_repeats_among_many_is_found_in_two_queries(
    workspace, write_pin, media, now, many, django_assert_num_queries
):
    write_pin()
    alike = [wanted(now, key=str(number), link="", media=media) for number in range(many)]
    rest = [
        wanted(now, key="other", link="https://shop.example/vase"),
        wanted(now, key="meant", media=media, on_purpose=True),
    ]
    with django_assert_num_queries(2):
        assert repeating_keys(workspace, [*alike, *rest]) == [each.key for each in alike]


# Every write keeps the key


@pytest_db
def test_every_write_keeps_the_links_key(write_pin, owner, connection, bowls, media, now):
    pin = write_pin(link=LINK)
    assert pin.link_key == link_key(LINK)
    content = PinContent(connection, bowls, None, media, link="https://shop.example/vase")
    rewrite_pin(pin=pin, by=owner, content=content, plan=Plan(now, "UTC", repeats=True), now=now)
    assert (pin.link_key, pin.repeats) == (link_key("https://shop.example/vase"), True)
    publish_now(pin=pin, by=owner, now=now)
    assert pin.repeats is True
    copy = duplicate_pin(pin=pin, by=owner, now=now)
    assert (copy.link_key, copy.repeats) == (pin.link_key, False)
