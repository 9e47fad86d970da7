"""Choosing how a button looks: the preview and what is copied are the same."""

from __future__ import annotations

from html import unescape

import pytest

from interactions.policy.button_styles import LOOKS, SHAPES, SIZES, ButtonStyle, stylesheet
from interactions.policy.snippets import Button, snippets_for

pytestmark = pytest.mark.django_db
BUTTON = Button(
    "site", "bowl", "Bowl", "https://shop.example/bowl", "", "https://shop.example/b.jpg"
)


@pytest.fixture
def visitor(sign_in, editor):
    return sign_in(editor)


def codes(style):
    return {
        each.id: each.code for each in snippets_for(BUTTON, host="https://x.example", style=style)
    }


def test_words_and_look_are_in_what_is_copied():
    found = codes(ButtonStyle(words='Save <b>"me"</b>', look="dark", shape="soft", size="large"))
    assert '<a class="pinapp-pin-it" href=' in found["link"]
    assert found["link"].endswith(">Save &lt;b&gt;&quot;me&quot;&lt;/b&gt;</a>")
    for part in ("background: #1b1b1b", "border-radius: 8px", "font-size: 1.1875rem"):
        assert part in found["style"]


def test_pinterests_script_leaves_the_plain_link_and_replaces_one_within_what_names_it():
    found = codes(ButtonStyle(look="own"))
    assert 'data-pin-do="none"' in found["link"]
    assert found["pinit-look"].startswith('<span data-pinapp-entity="bowl">\n<a href=')
    assert "data-pin-custom" not in found["pinit-look"]
    for each in ("link", "pinit", "pinit-look"):
        assert "+" not in found[each].partition('href="')[2].partition('"')[0]


def test_a_button_in_the_page_s_own_look_brings_no_style():
    found = codes(ButtonStyle(look="own"))
    assert ("style" in found, "class=" in found["link"]) == (False, False)


@pytest.mark.parametrize("look", [name for name, _ in LOOKS])
@pytest.mark.parametrize("shape", [name for name, _ in SHAPES])
@pytest.mark.parametrize("size", [name for name, _ in SIZES])
def test_every_choice_makes_a_stylesheet(look, shape, size):
    css = stylesheet(ButtonStyle(look=look, shape=shape, size=size))
    assert css.count("{") == css.count("}") == (0 if look == "own" else 3)


def test_the_page_shows_the_button_without_scripts(visitor, entity):
    """The choices are a form that asks for the same page; the preview loads what is copied."""
    query = "?words=Merken&look=light&shape=square&size=small"
    page = visitor.get(f"/interactions/entities/{entity.key}/{query}")
    text = unescape(page.content.decode())
    assert text.count(">Merken</a>") == 8  # two grounds, three snippets shown and to copy
    url = page.context["preview"]["stylesheet_url"]
    css = visitor.get(url)
    style = ButtonStyle("Merken", "light", "square", "small")
    assert (css["Content-Type"], css.content.decode()) == (
        "text/css; charset=utf-8",
        stylesheet(style),
    )
    assert stylesheet(style) in text


@pytest.mark.parametrize("query", ["?look=pink", "?size=%01", "?words=" + "x" * 50, "?shape="])
def test_choices_that_are_none_give_the_usual(visitor, entity, query):
    page = visitor.get(f"/interactions/entities/{entity.key}/{query}")
    assert (page.status_code, ">Pin it</a>" in page.content.decode()) == (200, True)


def test_the_preview_records_nothing(visitor, entity):
    page = visitor.get(f"/interactions/entities/{entity.key}/").content.decode()
    stage = page.split('class="button-stage"')[1].split("</figure>")[0]
    assert ("href" in stage, "data-pinapp-entity" in stage) == (False, False)
