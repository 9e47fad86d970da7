"""After an unclear answer: which Pin on the board is ours, which is not, and when to ask."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publishing.pins.policy.leases import SENDING_LEASE
from publishing.pins.policy.normalise import plain_link, plain_text
from publishing.reconcile.policy.matching import (
    CLOCK_SKEW,
    LATEST_APPLICATION,
    Found,
    Match,
    Nothing,
    Sent,
    Several,
    listing_is_conclusive,
    listing_reach,
    match_all,
)
from publishing.reconcile.policy.similarity import CLOSE_COLOUR, SHORTEST_CUT

START = datetime(2026, 6, 1, 12, 0, 0, 700_000, tzinfo=UTC)
TITLE = "Stoneware mug with a speckled glaze"
DESCRIPTION = "Thrown & glazed by hand in our Lisbon studio.\nHolds 300 ml; dishwasher safe."
LINK = "https://shop.example.com/mugs/speckled?size=m"
ALT_TEXT = "A speckled mug on an oak table"

OURS = Sent(
    attempt_id=1,
    board_id="77",
    section_id=None,
    title=TITLE,
    description=DESCRIPTION,
    link=LINK,
    alt_text=ALT_TEXT,
    width=1000,
    height=1500,
    dominant_color="#aa8866",
    started_at=START,
    finished_at=START + timedelta(seconds=60),
)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def listed(sent: Sent, pinterest_id: str = "900", *, after: float = 2, **changes) -> Found:
    """The Pin as Pinterest lists it `after` seconds, where it was not changed."""
    created_at = (sent.started_at + seconds(after)).replace(microsecond=0)
    pin = Found(
        pinterest_id=pinterest_id,
        board_id=sent.board_id,
        section_id=sent.section_id or None,
        title=sent.title,
        description=sent.description,
        link=sent.link,
        alt_text=sent.alt_text,
        sizes=((150, 150), (400, 300), (600, 900), (1000, 1500)),
        dominant_color=sent.dominant_color,
        created_at=created_at,
    )
    return replace(pin, **changes)


def find(sent: Sent, *found: Found, owned: set[str] | None = None):
    return match_all([sent], found, owned or set())[sent.attempt_id]


def test_the_pin_on_the_board_that_is_like_ours_is_ours():
    assert find(OURS, listed(OURS)) == Match("900")


def test_nothing_is_found_on_an_empty_board():
    assert find(OURS) == Nothing()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": TITLE[:25]},
        {"title": TITLE[:25] + "…"},
        {"title": "  Stoneware   mug with a speckled glaze "},
        {"title": TITLE.upper()},
        {"title": "Autumn sale"},
        {"title": None},
        {"description": DESCRIPTION.replace("&", "&amp;")},
        {"description": DESCRIPTION.replace("\n", " ")},
        {"description": DESCRIPTION[:60] + "..."},
        {"alt_text": None},
        {"alt_text": ""},
        {"link": "http://www.Shop.Example.com/mugs/speckled/?size=m"},
        {"link": "https://shop.example.com/mugs/speckled?utm_source=pinterest&size=m"},
        {"link": LINK.replace("?size=m", "?size=m#reviews")},
        {"link": None},
        {"link": "https://elsewhere.example.com/"},
        {"sizes": ()},
        {"sizes": ((150, 150),)},
        {"sizes": ((236, 354), (736, 1105))},
        {"dominant_color": None},
        {"dominant_color": "#102030"},
        {"dominant_color": "AA8967"},
        {"board_id": None},
        {"section_id": "5"},
        {"title": TITLE[:25], "description": DESCRIPTION[:40], "alt_text": None},
    ],
)
def test_what_pinterest_rewrote_is_still_ours(changes):
    assert find(OURS, listed(OURS, **changes)) == Match("900")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Café", "Cafe\u0301"),
        ("Tea &amp; biscuits", "Tea & biscuits"),
        ("Half\u200bhidden", "halfhidden"),
        ("Love \u2764\ufe0f", "Love \u2764"),
        ("Straße", "STRASSE"),
        ("", None),
        ("a\u00a0b", "a b"),
    ],
)
def test_two_ways_to_write_one_text_are_one(ours, theirs):
    assert plain_text(ours) == plain_text(theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("https://Example.com", "http://example.com/"),
        ("https://example.com:443/a", "https://www.example.com./a/"),
        ("https://example.com/a%20b", "https://example.com/a b"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://straße.example/x", "https://www.xn--strae-oqa.example/x"),
        ("https://ｓｈｏｐ。example/x", "https://shop.example/x"),
        ("https://example.com/?b=2&a=1", "https://example.com/?a=1&amp;b=2&epik=zz&UTM_Term=q"),
        ("https://example.com/?a=1&copy=2", "https://example.com/?a=1&amp;copy=2"),
        ("", None),
    ],
)
def test_two_ways_to_write_one_link_are_one(ours, theirs):
    assert plain_link(ours) == plain_link(theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/?id=1", "https://example.com/"),
        ("https://example.com:8443/", "https://example.com/"),
        ("https://example.com/#/mug", "https://example.com/#/bowl"),
        ("https://[bad", "https://[worse"),
        ("https://straße.example/x", "https://strasse.example/x"),
        ("https://faß.de/x", "https://fass.de/x"),
        ("https://a|b/x", "https://a|c/x"),
    ],
)
def test_links_to_two_places_stay_two(ours, theirs):
    assert plain_link(ours) != plain_link(theirs)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "My favourite mug", "description": "Want.", "alt_text": None},
        {"title": "My favourite mug", "description": None, "alt_text": None},
        {"title": None, "description": None, "alt_text": None, "sizes": ((736, 736),)},
        {"title": "Bowl", "description": "Bowl", "link": "https://shop.example.com/bowl"},
        {"description": "Want.", "alt_text": None, "sizes": ((736, 736),)},
    ],
)
def test_a_persons_own_pin_of_the_same_link_is_not_ours(changes):
    assert find(OURS, listed(OURS, **changes)) == Nothing()


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "Want.", "alt_text": None},
        {"sizes": ((736, 736),)},
        {"created_at": None},
        {"title": "Stoneware mug no. 18", "dominant_color": "#102030"},
    ],
)
def test_a_pin_alike_but_not_enough_is_asked_about(changes):
    assert find(OURS, listed(OURS, **changes)) == Several(("900",))


def test_a_title_and_a_link_alone_do_not_survive_another_title_unasked():
    plain = replace(OURS, description="", alt_text="")
    assert find(plain, listed(plain, title="Autumn sale")) == Several(("900",))
    assert find(plain, listed(plain, title=TITLE[:SHORTEST_CUT])) == Match("900")


def test_a_short_title_is_not_taken_for_a_cut_one():
    plain = replace(OURS, description="", alt_text="")
    assert find(plain, listed(plain, title=TITLE[: SHORTEST_CUT - 2])) == Several(("900",))


def test_a_picture_without_words_is_known_by_shape_and_colour_together():
    bare = replace(OURS, title="", description="", link="", alt_text="")
    assert find(bare, listed(bare)) == Match("900")
    assert find(bare, listed(bare, dominant_color=None)) == Several(("900",))
    assert find(bare, listed(bare, dominant_color="#102030")) == Several(("900",))
    assert find(bare, listed(bare, sizes=())) == Several(("900",))
    assert find(bare, listed(bare, sizes=((600, 600),))) == Nothing()
    assert find(bare, listed(bare, title="A holiday")) == Nothing()


def test_a_very_tall_picture_may_come_back_cropped():
    tall = replace(OURS, width=1000, height=3000)
    assert find(tall, listed(tall, sizes=((600, 1260),))) == Match("900")


def test_a_pin_on_another_board_is_not_ours():
    assert find(OURS, listed(OURS, board_id="78")) == Nothing()


def test_a_pin_the_ledger_owns_is_not_adopted_again():
    assert find(OURS, listed(OURS), owned={"900"}) == Nothing()


def test_a_deliberate_repeat_is_not_taken_for_last_weeks_pin():
    week = timedelta(days=7).total_seconds()
    assert find(OURS, listed(OURS, after=-week)) == Nothing()
    assert find(OURS, listed(OURS, "old", after=-week), listed(OURS, "new")) == Match("new")


@pytest.mark.parametrize(
    ("finished_at", "created_at", "finding"),
    [
        (START + seconds(60), START - CLOCK_SKEW, Match("900")),
        (START + seconds(60), START - CLOCK_SKEW - seconds(1), Nothing()),
        (
            START + seconds(60),
            START + seconds(60) + LATEST_APPLICATION + CLOCK_SKEW,
            Match("900"),
        ),
        (
            START + seconds(60),
            START + seconds(61) + LATEST_APPLICATION + CLOCK_SKEW,
            Nothing(),
        ),
        (None, START + SENDING_LEASE + LATEST_APPLICATION + CLOCK_SKEW, Match("900")),
        (None, START + SENDING_LEASE + LATEST_APPLICATION + CLOCK_SKEW + seconds(1), Nothing()),
    ],
)
def test_only_what_was_made_while_our_request_was_abroad_counts(finished_at, created_at, finding):
    sent = replace(OURS, finished_at=finished_at)
    assert find(sent, listed(sent, created_at=created_at)) == finding


def twin(attempt_id: int, *, after: float, **changes) -> Sent:
    started_at = START + seconds(after)
    times = {"started_at": started_at, "finished_at": started_at + seconds(60)}
    return replace(OURS, attempt_id=attempt_id, **times, **changes)


def test_two_pins_meant_to_be_the_same_are_paired_in_the_order_of_time():
    first, second = twin(1, after=0), twin(2, after=30)
    found = [listed(second, "902"), listed(first, "901")]
    assert match_all([second, first], found, set()) == {1: Match("901"), 2: Match("902")}


def test_of_two_the_same_the_earlier_gets_the_only_pin():
    found = [listed(twin(1, after=0), "901")]
    both = [twin(2, after=30), twin(1, after=0)]
    assert match_all(both, found, set()) == {1: Match("901"), 2: Nothing()}


def test_the_earlier_goes_without_when_the_only_pin_is_too_late_for_it():
    late = listed(twin(2, after=900), "902")
    both = [twin(1, after=0), twin(2, after=900)]
    assert match_all(both, [late], set()) == {1: Nothing(), 2: Match("902")}


def test_one_moves_over_so_that_both_have_a_pin():
    # The first may have made either Pin, the second only the later one.
    first, second = twin(1, after=0), twin(2, after=200)
    found = [listed(first, "901", after=60), listed(second, "902", after=2)]
    assert match_all([first, second], found, set()) == {1: Match("901"), 2: Match("902")}


def test_three_pins_for_two_the_same_are_asked_about():
    both = [twin(1, after=0), twin(2, after=30)]
    found = [listed(both[0], name, after=5) for name in ("901", "902", "903")]
    several = Several(("901", "902", "903"))
    assert match_all(both, found, set()) == {1: several, 2: several}


def test_a_pin_copied_by_hand_to_the_letter_is_asked_about():
    assert find(OURS, listed(OURS, "901"), listed(OURS, "902")) == Several(("901", "902"))


def test_the_untouched_one_of_two_is_ours():
    copy = listed(OURS, "901", title=TITLE.lower())
    assert find(OURS, copy, listed(OURS, "902")) == Match("902")


def test_the_colour_decides_between_two_that_are_else_the_same():
    other = listed(OURS, "901", dominant_color="#102030")
    assert find(OURS, other, listed(OURS, "902")) == Match("902")


def test_pins_of_a_series_each_find_their_own():
    series = [twin(n, after=n, title=f"Mug {n} of our autumn series") for n in range(1, 6)]
    found = [listed(sent, f"90{sent.attempt_id}") for sent in series]
    assert match_all(series, found, set()) == {n: Match(f"90{n}") for n in range(1, 6)}
    assert match_all(series, found[:3], set()) == {
        1: Match("901"),
        2: Match("902"),
        3: Match("903"),
        4: Nothing(),
        5: Nothing(),
    }


def test_one_pin_that_may_be_either_of_two_different_ones_is_asked_about():
    # Tracking apart they are the same, and Pinterest dropped the tracking.
    first = twin(1, after=0, link=LINK + "&utm_campaign=a")
    second = twin(2, after=30, link=LINK + "&utm_campaign=b")
    found = [listed(first, "901", link=LINK)]
    assert match_all([first, second], found, set()) == {
        1: Several(("901",)),
        2: Several(("901",)),
    }


def test_two_pins_that_may_be_either_of_two_different_ones_are_asked_about():
    first = twin(1, after=0, fingerprint="a")
    second = twin(2, after=30, fingerprint="b")
    found = [listed(first, "901"), listed(second, "902")]
    both = Several(("901", "902"))
    assert match_all([first, second], found, set()) == {1: both, 2: both}


def test_time_tells_two_different_ones_apart_where_it_can():
    first = twin(1, after=0, fingerprint="a")
    second = twin(2, after=150, fingerprint="b")
    found = [listed(first, "901"), listed(second, "902")]
    assert match_all([first, second], found, set()) == {1: Match("901"), 2: Match("902")}


def test_sections_tell_the_same_pin_apart():
    first, second = twin(1, after=0, section_id="5"), twin(2, after=1, section_id="6")
    found = [listed(second, "902"), listed(first, "901")]
    assert match_all([first, second], found, set()) == {1: Match("901"), 2: Match("902")}
    assert match_all([first, second], found[:1], set()) == {1: Nothing(), 2: Match("902")}


def test_a_pin_in_dispute_is_not_denied_to_a_third():
    first, second = twin(1, after=0, fingerprint="a"), twin(2, after=1, fingerprint="b")
    third = twin(3, after=2, title="Autumn sale")
    found = [listed(first, "901")]
    one = Several(("901",))
    assert match_all([first, second, third], found, set()) == {1: one, 2: one, 3: one}


TITLES = some.sampled_from([TITLE, TITLE.upper(), "Autumn sale at our studio", "", TITLE[:22]])
LINKS = some.sampled_from([LINK, LINK + "&utm_source=x", "https://elsewhere.example.com", ""])
DESCRIPTIONS = some.sampled_from([DESCRIPTION, "", "Another text altogether, by hand"])


@some.composite
def attempts(draw) -> list[Sent]:
    offsets = draw(some.lists(some.integers(0, 1200), max_size=5))
    return [
        twin(
            number,
            after=offset,
            title=draw(TITLES),
            link=draw(LINKS),
            description=draw(DESCRIPTIONS),
            fingerprint=draw(some.sampled_from(["", "x"])),
        )
        for number, offset in enumerate(offsets)
    ]


@some.composite
def boards(draw) -> list[Found]:
    offsets = draw(some.lists(some.integers(-300, 1800), max_size=6))
    return [
        listed(
            OURS,
            f"9{number}",
            after=offset,
            title=draw(TITLES),
            link=draw(LINKS),
            description=draw(DESCRIPTIONS),
            dominant_color=draw(some.sampled_from(["#aa8866", "#102030", None])),
        )
        for number, offset in enumerate(offsets)
    ]


@given(sent=attempts(), found=boards(), owned=some.sets(some.sampled_from(["90", "91", "92"])))
def test_every_attempt_is_answered_no_pin_is_given_twice_and_none_that_is_owned(sent, found, owned):
    findings = match_all(sent, found, owned)
    assert set(findings) == {one.attempt_id for one in sent}
    matched = [finding.pinterest_id for finding in findings.values() if isinstance(finding, Match)]
    doubtful = {
        pin
        for finding in findings.values()
        if isinstance(finding, Several)
        for pin in finding.pinterest_ids
    }
    assert len(matched) == len(set(matched))
    assert not (set(matched) | doubtful) & owned
    assert not set(matched) & doubtful
    assert Several(()) not in findings.values()


@given(sent=attempts(), found=boards(), data=some.data())
def test_the_order_of_lists_and_pins_read_twice_make_no_difference(sent, found, data):
    findings = match_all(sent, found, set())
    shuffled = data.draw(some.permutations(found + found[:2]))
    assert match_all(data.draw(some.permutations(sent)), shuffled, set()) == findings


@given(
    offsets=some.lists(some.integers(0, 100), min_size=1, max_size=6),
    there=some.integers(0, 6),
)
def test_of_pins_that_are_all_the_same_as_many_are_adopted_as_there_are(offsets, there):
    sent = [twin(number, after=offset) for number, offset in enumerate(sorted(offsets))]
    found = [listed(one, f"9{one.attempt_id}", after=1) for one in sent[:there]]
    findings = match_all(sent, found, set())
    assert findings == {
        one.attempt_id: Match(f"9{one.attempt_id}") if index < there else Nothing()
        for index, one in enumerate(sent)
    }


WORDS = some.text(some.characters(codec="utf-8", exclude_characters="&"), min_size=1, max_size=60)


@given(
    title=WORDS.filter(plain_text),
    padding=some.sampled_from([" ", "\n", "\t  ", "\u200b", "\u00a0"]),
    tracking=some.sampled_from(["", "&utm_medium=social", "&epik=dj0y", "&fbclid=1&pp=0"]),
    colour=some.tuples(*[some.integers(-13, 13)] * 3),
)
def test_spacing_entities_tracking_and_colour_coding_change_no_finding(
    title, padding, tracking, colour
):
    sent = replace(OURS, title=title)
    red, green, blue = (base + off for base, off in zip((0xAA, 0x88, 0x66), colour, strict=True))
    found = listed(
        sent,
        title=padding + title + padding,
        description=DESCRIPTION.replace("&", "&amp;").replace(" ", "  "),
        link=LINK.replace("https://shop", "HTTP://WWW.Shop") + tracking,
        dominant_color=f"{red:02X}{green:02X}{blue:02X}",
    )
    assert sum(part**2 for part in colour) ** 0.5 <= CLOSE_COLOUR
    assert find(sent, found) == Match("900")


@given(link=some.text(max_size=80), title=some.text(max_size=80))
def test_no_text_of_strangers_breaks_the_rule(link, title):
    sent = replace(OURS, link=link, title=title)
    assert find(sent, listed(sent)) == Match("900")


def at(*minutes: float) -> list[Found]:
    """Pins of other people, listed in this order, so many minutes from our start."""
    return [
        Found(pinterest_id=str(index), created_at=START + timedelta(minutes=offset))
        for index, offset in enumerate(minutes)
    ]


@pytest.mark.parametrize(
    ("pins", "end_reached", "conclusive"),
    [
        (at(), False, False),
        (at(), True, True),
        (at(5, 1, -1.9), False, False),
        (at(5, 1, -2), False, False),
        (at(5, 1, -2.1), False, True),
        (at(5, 5.9, -2.1), False, True),
        (at(5, -60, 3, -90), False, False),
        (at(5, -60, 3, -90), True, True),
        ([*at(5, 1, -5), Found(pinterest_id="undated")], False, False),
    ],
)
def test_a_list_proves_absence_only_when_it_goes_back_far_enough(pins, end_reached, conclusive):
    assert listing_is_conclusive(pins, end_reached=end_reached, sent=OURS) is conclusive


def test_a_list_must_reach_back_beyond_what_clocks_may_differ():
    assert listing_reach(OURS) == START - timedelta(minutes=2)
