"""Mails are plain text: links stay whole and nothing is escaped for HTML."""

from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2] / "templates"
SUBJECTS = sorted(ROOT.glob("*/email/*_subject.txt"))
LINK = "https://pins.example/accounts/confirm/a1/?next=/pins/&from=mail"


def render(name: str, **context: Any) -> str:
    site = {"domain": "pins.example", "name": "pins.example"}
    return render_to_string(name, {"current_site": site, **context})


@pytest.mark.parametrize("path", SUBJECTS, ids=lambda path: path.stem)
def test_a_subject_is_one_line_and_has_its_message(path: Path) -> None:
    subject = render(str(path.relative_to(ROOT))).strip()
    assert subject
    assert "\n" not in subject
    assert path.with_name(path.name.replace("_subject", "_message")).is_file()


def test_a_link_reaches_the_reader_unchanged() -> None:
    text = render("account/email/email_confirmation_signup_message.txt", activate_url=LINK)
    assert f"\n{LINK}\n" in text


def test_a_code_is_sent_where_codes_are_used_and_no_link() -> None:
    text = render("account/email/email_confirmation_message.txt", code="K7Q2", activate_url=LINK)
    assert "\nK7Q2\n" in text
    assert LINK not in text


def test_a_notice_says_who_did_it_and_what_to_do_if_it_was_not_you() -> None:
    text = render(
        "account/email/password_changed_message.txt",
        ip="203.0.113.7",
        user_agent="Firefox & friends",
        timestamp="22 November 2026",
    )
    assert text.startswith("Hello,\n\nYour password was changed.\n")
    assert "203.0.113.7" in text
    assert "Firefox & friends" in text
    assert "If it was not, reset your password at once" in text
