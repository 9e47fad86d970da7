"""What may be a name, and how a mail shows one."""

from __future__ import annotations

import pytest
from django.utils.html import urlize

from foundation.names import has_address, has_control_characters, in_a_mail, in_one_line

NAMES = [
    "Olga",
    "J.R.R. Tolkien",
    "Dr.Smith",
    "Bowls & Co. KG",
    "Booking.com",
    "Näh/Strick-Atelier",
    "AC/DC",
    "O'Brien",
    "陶芸スタジオ",
    "استودیو خاک",
    "👩‍🎨 Clay",
    "Q: what else?",
    "The #1 @ Bowls",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_names(name: str) -> None:
    assert not has_control_characters(name)
    assert not has_address(name)
    assert in_a_mail(name).replace("\u2060", "") == name


@pytest.mark.parametrize(
    "name",
    [
        "http://evil.example",
        "see https://evil.example/now",
        "HTTPS:\\\\evil.example",
        "ftp://x",
        "www.evil.example",
        "evil.example/login",
        "bank@evil.example",
        "mailto:me",
        "javascript:alert(1)",
        "tel:+4930",
        "evil。example/login",
    ],
)
def test_addresses_are_no_names(name: str) -> None:
    assert has_address(name)


@pytest.mark.parametrize(
    "char",
    [
        "\n",
        "\r",
        "\t",
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
    ],
    ids=ascii,
)
def test_what_is_not_seen_is_no_part_of_a_name(char: str) -> None:
    assert has_control_characters(f"Olga{char}Noor")
    assert not has_control_characters(in_one_line(f"Olga{char}Noor"))
    assert in_one_line(f"{char}Olga{char} Noor") == "Olga Noor"


@pytest.mark.parametrize(
    "name",
    [
        "http://evil.example",
        "www.evil.com",
        "evil.com",
        "bank@evil.com",
        "evil.com/login",
        "a.b.org",
    ],
)
def test_no_part_of_a_name_becomes_a_link(name: str) -> None:
    assert "<a " in urlize(name), "it would"
    shown = in_a_mail(name)
    assert "<a " not in urlize(shown)
    assert shown.replace("\u2060", "").replace("(at)", "@") == name
