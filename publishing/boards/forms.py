"""The forms with which boards and sections are made."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Connection
from accounts.validators import validate_one_line
from publishing.boards.services.board_making import BOARD_NAME_LIMIT, SECTION_NAME_LIMIT
from publishing.pins.forms import PlainTextField

PUBLIC, SECRET = "PUBLIC", "SECRET"
DESCRIPTION_LIMIT = 500
_TO_MAKE_PRIVATE_ONES = "boards:write_secret"


def _limited(limit: int) -> dict[str, str]:
    return {"max_length": f"At most {limit} characters; this has %(show_value)d."}


class NameField(PlainTextField):
    """A name on one line: what people paste may hold more."""

    default_validators = [validate_one_line]

    def clean(self, value: Any) -> str:
        name: str = super().clean(" ".join(str(value or "").split()))
        return name


class BoardForm(forms.Form):
    """A board to make at Pinterest."""

    name = NameField(
        max_length=BOARD_NAME_LIMIT,
        error_messages={"required": "Give the board a name.", **_limited(BOARD_NAME_LIMIT)},
        widget=forms.TextInput(attrs={"data-counter": str(BOARD_NAME_LIMIT)}),
    )
    description = PlainTextField(
        required=False,
        max_length=DESCRIPTION_LIMIT,
        error_messages=_limited(DESCRIPTION_LIMIT),
        widget=forms.Textarea(attrs={"data-counter": str(DESCRIPTION_LIMIT), "rows": "3"}),
    )
    privacy = forms.ChoiceField(
        label="Who sees it",
        choices=[(PUBLIC, "Everybody"), (SECRET, "Only you: a secret board")],
        initial=PUBLIC,
    )

    def __init__(self, data: Any = None, *, connection: Connection | None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_board_%s", **kwargs)
        if connection is None or _TO_MAKE_PRIVATE_ONES not in connection.scopes:
            privacy = self.fields["privacy"]
            assert isinstance(privacy, forms.ChoiceField)  # noqa: S101 - narrows for the type checker
            privacy.choices = [(PUBLIC, "Everybody")]
            privacy.help_text = "Secret boards take a permission that this account has not given."


class SectionForm(forms.Form):
    """A section's name."""

    name = NameField(
        max_length=SECTION_NAME_LIMIT,
        error_messages={"required": "Give the section a name.", **_limited(SECTION_NAME_LIMIT)},
    )
