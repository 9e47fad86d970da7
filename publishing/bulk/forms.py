"""What a change of many Pins still needs to know."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Connection
from publishing.models import Board, BoardSection

LONGEST_SHIFT_DAYS = 366
LONGEST_SHIFT_HOURS = 72


def _number(label: str, *, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=False,
        initial=0,
        error_messages={
            "invalid": "Write a whole number.",
            "min_value": "Write a number from 0 on; the direction is chosen beside it.",
            "max_value": f"At most {most}.",
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "aria-required": "true"}),
    )


class ShiftForm(forms.Form):
    """How far Pins are moved: days of the calendar and hours of a stopwatch, later or earlier."""

    days = _number("Days", most=LONGEST_SHIFT_DAYS)
    hours = _number("Hours", most=LONGEST_SHIFT_HOURS)
    direction = forms.ChoiceField(
        label="Direction",
        choices=[("later", "Later"), ("earlier", "Earlier")],
        initial="later",
        error_messages={"required": "Say whether they move later or earlier."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and not (cleaned["days"] or cleaned["hours"]):
            self.add_error("days", "Say by how many days or hours they move.")
        return cleaned

    @property
    def days_and_hours(self) -> tuple[int, int]:
        """How far, negative for earlier, of a valid form."""
        sign = -1 if self.cleaned_data["direction"] == "earlier" else 1
        return sign * (self.cleaned_data["days"] or 0), sign * (self.cleaned_data["hours"] or 0)


class BoardForm(forms.Form):
    """Another board, or a section of one, of an account: board id, or board id/section id."""

    board = forms.CharField(
        max_length=70,
        error_messages={
            "required": "Choose the board these Pins go to.",
            "max_length": "This board is not on the account any more. Please choose another.",
        },
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any = None, *, connection: Connection, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.connection = connection
        self.found: tuple[Board, BoardSection | None] | None = None

    def clean_board(self) -> str:
        value: str = self.cleaned_data["board"]
        board_id, _, section_id = value.partition("/")
        boards = self.connection.boards.filter(gone_at=None, pinterest_id=board_id)
        board = boards.first()
        section = (
            board.sections.filter(gone_at=None, pinterest_id=section_id).first()
            if board and section_id
            else None
        )
        if board is None or (section_id and section is None):
            raise forms.ValidationError(
                "This board is not on the account any more. Please choose another."
            )
        self.found = (board, section)
        return value
