"""A text means exactly one board, or a person is asked; nothing is ever guessed."""

import unicodedata

import pytest

from publishing.boards.policy.board_names import (
    BoardBook,
    BoardProblem,
    KnownBoard,
    KnownSection,
    Place,
)
from publishing.boards.selectors.board_book import boards_by_name

GLAZED = KnownSection("71", "Glazed")
BOWLS = KnownBoard("1", "Bowls", "clay", (GLAZED, KnownSection("72", "Raw & plain")))
SOUP = KnownBoard("2", "Bowls 🍲", "clay")
CAFE = KnownBoard("3", "Café ideas", "clay")
RECIPES, RECIPES_LOW = KnownBoard("4", "Recipes", "clay"), KnownBoard("5", "recipes", "friend")
TWIN_A = KnownBoard("6", "Gifts", "clay", (KnownSection("73", "Her"),))
TWIN_B = KnownBoard("7", "Gifts", "friend", (KnownSection("74", "Him"),))
SLASH = KnownBoard("8", "Before/After", "clay", (KnownSection("75", "2026"),))
DIGITS = KnownBoard("9", "2026", "clay")
HEART = KnownBoard("10", "I ❤️ clay", "clay")
LONG = KnownBoard("11", "Easy Dinner Ideas", "clay")
BOOK = BoardBook.of(
    [BOWLS, SOUP, CAFE, RECIPES, RECIPES_LOW, TWIN_A, TWIN_B, SLASH, DIGITS, HEART, LONG]
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", Place(BOWLS)),
        ("1/71", Place(BOWLS, GLAZED)),
        ("2026", Place(DIGITS)),
        ("Bowls", Place(BOWLS)),
        ("  bOWLS ", Place(BOWLS)),
        ("Bowls 🍲", Place(SOUP)),
        ("BOWLS  🍲", Place(SOUP)),
        (unicodedata.normalize("NFD", "Café ideas"), Place(CAFE)),
        ("CAFÉ IDEAS", Place(CAFE)),
        ("Ｃａｆé ideas", Place(CAFE)),
        ("café-ideas", Place(CAFE)),
        ("easy-dinner-ideas", Place(LONG)),
        ("Recipes", Place(RECIPES)),
        ("recipes", Place(RECIPES_LOW)),
        ("I ❤ clay", Place(HEART)),
        ("Bowls / Glazed", Place(BOWLS, GLAZED)),
        ("bowls/glazed", Place(BOWLS, GLAZED)),
        ("Bowls > Raw & Plain", Place(BOWLS, BOWLS.sections[1])),
        ("Before/After", Place(SLASH)),
        ("Before/After/2026", Place(SLASH, SLASH.sections[0])),
        ("Gifts / Him", Place(TWIN_B, TWIN_B.sections[0])),
        ("https://www.pinterest.com/clay/before-after/", Place(SLASH)),
        ("https://www.pinterest.de/Clay/Bowls/glazed/?x=1", Place(BOWLS, GLAZED)),
        ("pinterest.co.uk/clay/i-clay", Place(HEART)),
        ("https://pin.pinterest.com/clay/caf%C3%A9-ideas/", Place(CAFE)),
        ("https://www.pinterest.com/clay/recipes/", Place(RECIPES)),
        ("https://www.pinterest.com/friend/recipes/", Place(RECIPES_LOW)),
        ("https://www.pinterest.com/friend/gifts/", Place(TWIN_B)),
        ("https://www.pinterest.com/clay/easy-dinner-ideas-2/", Place(LONG)),
    ],
)
def test_a_text_means_one_board(text, place):
    resolution = BOOK.resolve(text)
    assert (resolution.place, resolution.problem) == (place, None)


@pytest.mark.parametrize(
    ("text", "problem", "candidates"),
    [
        ("", BoardProblem.MISSING, []),
        (" \t\n", BoardProblem.MISSING, []),
        ("RECIPES", BoardProblem.AMBIGUOUS, ["4", "5"]),
        ("Gifts", BoardProblem.AMBIGUOUS, ["6", "7"]),
        ("gifts", BoardProblem.AMBIGUOUS, ["6", "7"]),
        ("Gifts / Nobody", BoardProblem.SECTION_UNKNOWN, ["6", "6/73"]),
        ("https://www.pinterest.com/clay/bowls/", BoardProblem.AMBIGUOUS, ["1", "2"]),
        ("1/99", BoardProblem.SECTION_UNKNOWN, ["1", "1/71", "1/72"]),
        ("1/73", BoardProblem.SECTION_UNKNOWN, ["1", "1/71", "1/72"]),
        ("Bowls / Nothing", BoardProblem.SECTION_UNKNOWN, ["1", "1/71", "1/72"]),
        ("Bowl", BoardProblem.UNKNOWN, ["1", "2"]),
        ("Cafe ideas", BoardProblem.UNKNOWN, ["3"]),
        ("Esay diner ideas", BoardProblem.UNKNOWN, ["11", "3"]),
        ("Something else", BoardProblem.UNKNOWN, []),
        ("424242", BoardProblem.UNKNOWN, []),
        ("https://www.pinterest.com/stranger/bowls/", BoardProblem.UNKNOWN, ["1", "2"]),
        ("https://www.pinterest.com/pin/1234/", BoardProblem.NOT_A_BOARD, []),
        ("https://www.pinterest.com/clay/", BoardProblem.NOT_A_BOARD, []),
        ("https://pin.it/abc", BoardProblem.NOT_A_BOARD, []),
        ("https://evil-pinterest.com/clay/bowls", BoardProblem.NOT_A_BOARD, []),
        ("http://[bad", BoardProblem.UNKNOWN, []),
    ],
)
def test_what_is_not_one_board_is_never_guessed(text, problem, candidates):
    resolution = BOOK.resolve(text)
    assert (resolution.place, resolution.problem) == (None, problem)
    assert [place.key for place in resolution.candidates] == candidates
    assert resolution.message


def test_a_board_and_a_section_that_read_alike_are_both_offered():
    book = BoardBook.of(
        [KnownBoard("1", "A/B"), KnownBoard("2", "A", "", (KnownSection("3", "B"),))]
    )
    resolution = book.resolve("A/B")
    assert (resolution.problem, [p.key for p in resolution.candidates]) == (
        BoardProblem.AMBIGUOUS,
        ["1", "2/3"],
    )


def test_an_account_without_boards_has_nothing_to_offer():
    resolution = BoardBook.of([]).resolve("Bowls")
    assert (resolution.place, resolution.problem, resolution.candidates) == (
        None,
        BoardProblem.UNKNOWN,
        (),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("more", [0, 100])
def test_rows_are_found_in_two_queries(
    connection, boards, glazed, sandbox, studio, now, more, django_assert_num_queries
):
    for number in range(more):
        connection.boards.create(pinterest_id=str(5000 + number), name=f"Board {number}")
    with django_assert_num_queries(2):
        account = boards_by_name(connection)
        place = account.resolve("bowls / glazed").place
        assert account.rows(place) == (boards["Bowls"], glazed)
        assert account.rows(account.resolve("Vases").place) == (boards["Vases"], None)


@pytest.mark.django_db
def test_gone_boards_and_gone_sections_are_not_meant(connection, boards, glazed, now):
    glazed.gone_at = boards["Vases"].gone_at = now
    glazed.save()
    boards["Vases"].save()
    account = boards_by_name(connection)
    assert account.resolve("Vases").problem == BoardProblem.UNKNOWN
    assert account.resolve("Bowls / Glazed").problem == BoardProblem.SECTION_UNKNOWN
