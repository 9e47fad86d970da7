"""Components with what people really type: nothing, markup, too much."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import render_to_string

from publishing.choices.statuses import PinStatus
from publishing.models import STATUS_LABELS
from tests.markup import squeezed


def pin(**changes: Any) -> dict[str, Any]:
    return {
        "url": "/pins/1/",
        "title": "Ten quiet corners",
        "picture_url": "/pins/media/1/",
        "alt_text": "An armchair",
        "board_name": "Reading nooks",
        "status": "scheduled",
        "status_label": "Scheduled",
        "when_at": datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
        "when_text": "Tue 24 Nov 2026, 09:00",
        **changes,
    }


def test_a_pin_card_is_one_link_with_a_picture_described_by_its_alt_text() -> None:
    html = render_to_string("_components/pin_card.html", {"pin": pin()})
    assert re.findall(r"<a [^>]*>([^<]*)</a>", html) == ["Ten quiet corners"]
    assert 'alt="An armchair"' in html


def test_a_pin_without_title_and_picture_still_has_a_card() -> None:
    html = render_to_string("_components/pin_card.html", {"pin": pin(title="", picture_url="")})
    assert ">Untitled Pin</a>" in html
    assert "<img" not in html


def test_a_time_keeps_its_words_when_no_script_turns_it_into_a_distance() -> None:
    html = render_to_string("_components/pin_card.html", {"pin": pin(), "relative": True})
    assert re.search(
        r'<time datetime="2026-11-24T[^"]+" data-relative>Tue 24 Nov 2026, 09:00</time>',
        squeezed(html),
    )


@pytest.mark.parametrize(
    "template", ["_components/pin_card.html", "publishing/outlook/_pin_row.html"]
)
def test_markup_in_a_title_is_shown_and_not_obeyed(template: str) -> None:
    html = render_to_string(template, {"pin": pin(title="<script>alert(1)</script>")})
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("status", list(PinStatus))
def test_no_status_is_told_by_colour_alone(status: PinStatus) -> None:
    context = {"status": status.value, "label": STATUS_LABELS[status]}
    html = squeezed(render_to_string("_components/status_badge.html", context))
    assert f'data-status="{status.value}"' in html
    assert STATUS_LABELS[status] in html
    assert len(re.findall(r"<use href=\"[^\"]*#[a-z0-9-]+\">", html)) == 1


def test_a_question_before_posting_is_data_and_so_is_safe_to_quote() -> None:
    html = render_to_string(
        "_components/post_button.html",
        {"url": "/x/", "label": "Delete", "confirm": 'Delete "A & B"?', "danger": True},
    )
    assert 'data-confirm="Delete &quot;A &amp; B&quot;?"' in html
    assert "data-confirm-danger" in html
    assert 'method="post"' in html


def status_fragment(status: str, **changes: Any) -> str:
    facts = {"status": status, "status_label": status, "status_text": "So it is.", **changes}
    return render_to_string(
        "publishing/pages/_pin_status.html", {"pin": facts, "status_url": "/pins/1/status/"}
    )


def test_the_status_of_a_moving_pin_asks_again_by_itself() -> None:
    html = status_fragment("sending", refresh_every="2s")
    assert 'hx-get="/pins/1/status/"' in html
    assert 'hx-trigger="every 2s"' in html


def test_the_status_of_a_settled_pin_stops_asking() -> None:
    assert "hx-get" not in status_fragment("published", refresh_every="")


def test_what_a_person_may_not_do_is_not_offered() -> None:
    html = status_fragment("published", refresh_every="")
    assert "<form" not in html
    assert "<button" not in html


def test_the_chosen_board_is_checked_and_a_section_names_its_board() -> None:
    option = {"cover_url": "", "privacy": "SECRET", "checked": False}
    html = render_to_string(
        "publishing/boards/_board_options.html",
        {
            "options": [
                {**option, "value": "1", "label": "Kitchen", "section_label": ""},
                {
                    **option,
                    "value": "1/2",
                    "label": "Kitchen",
                    "section_label": "Oak",
                    "checked": True,
                },
            ]
        },
    )
    radios = re.findall(r"<input type=\"radio\"[^>]*>", squeezed(html))
    assert [" checked" in radio for radio in radios] == [False, True]
    assert 'data-label="Kitchen / Oak"' in radios[1]
    assert html.count("Secret") == 2


def test_a_search_without_result_repeats_what_was_searched() -> None:
    html = render_to_string(
        "publishing/boards/_board_options.html", {"options": [], "query": "<oak>"}
    )
    assert "No board matches “&lt;oak&gt;”." in html
