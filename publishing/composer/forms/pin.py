"""The form a Pin is written and planned with; the browser's checks repeated, and more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from accounts.models import Connection, Workspace
from accounts.selectors import active_connections_of
from publishing.choices import bounds
from publishing.composer.forms.content import ShowingFields, initial_showing
from publishing.composer.forms.plan_values import WHEN_DRAFT, initial_plan
from publishing.composer.forms.schedule import PlanningFields
from publishing.models import Board, BoardSection, Pin
from publishing.pins.forms import AccountField, PlainTextField, checked_link, counted, limited
from publishing.pins.services.pins import PinContent

GONE_BOARD = "This board is not on the account any more. Please choose another."


class AccountSelect(forms.Select):
    """Accounts with their pictures, which the preview shows when another one is chosen."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        account = getattr(value, "instance", None)
        if account is not None and account.picture_url:
            option["attrs"]["data-picture"] = account.picture_url
        return option


class PinForm(ShowingFields, PlanningFields):
    """What a Pin shows, where it goes and when."""

    connection = AccountField(
        label="Pinterest account",
        queryset=Connection.objects.none(),
        required=False,
        empty_label="Choose an account",
        widget=AccountSelect(attrs={"aria-required": "true"}),
    )
    board = forms.CharField(
        required=False,
        max_length=70,
        error_messages={"max_length": GONE_BOARD},
        widget=forms.HiddenInput,
        help_text="Board id, or board id/section id",
    )
    title = PlainTextField(
        required=False,
        max_length=bounds.TITLE_LIMIT,
        error_messages=limited(bounds.TITLE_LIMIT),
        widget=forms.TextInput(attrs=counted(bounds.TITLE_LIMIT)),
    )
    description = PlainTextField(
        required=False,
        max_length=bounds.DESCRIPTION_LIMIT,
        error_messages=limited(bounds.DESCRIPTION_LIMIT),
        widget=forms.Textarea(attrs=counted(bounds.DESCRIPTION_LIMIT, rows="5")),
    )
    link = forms.CharField(
        required=False,
        max_length=bounds.LINK_LIMIT,
        error_messages=limited(bounds.LINK_LIMIT),
        help_text="Where a click on the Pin leads.",
        widget=forms.URLInput(
            attrs=counted(bounds.LINK_LIMIT, placeholder="https://", inputmode="url")
        ),
    )
    alt_text = PlainTextField(
        label="Alt text",
        required=False,
        max_length=bounds.ALT_TEXT_LIMIT,
        error_messages=limited(bounds.ALT_TEXT_LIMIT),
        help_text="Describes the picture to people who can't see it.",
        widget=forms.Textarea(attrs=counted(bounds.ALT_TEXT_LIMIT, rows="3")),
    )

    def __init__(self, data: Any = None, *, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(data, workspace=workspace, **kwargs)
        accounts = self.fields["connection"]
        assert isinstance(accounts, AccountField)  # noqa: S101 - narrows for the type checker
        accounts.queryset = active_connections_of(workspace)
        self.read_slides()

    def clean_link(self) -> str:
        return checked_link(self.cleaned_data["link"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        cleaned["board_row"], cleaned["section_row"] = self._find_board()
        self.check_showing()
        if cleaned.get("when") != WHEN_DRAFT:
            self._require_complete()
        self.work_out_times()
        self.ask_about_repeats()
        return cleaned

    @property
    def content(self) -> PinContent:
        """What the Pin shows and where it goes, of a valid form."""
        cleaned = self.cleaned_data
        return PinContent(
            connection=cleaned["connection"],
            board=cleaned["board_row"],
            section=cleaned["section_row"],
            **self.shown,
            title=cleaned["title"],
            description=cleaned["description"],
            link=cleaned["link"],
            alt_text=cleaned["alt_text"],
        )

    def _find_board(self) -> tuple[Board | None, BoardSection | None]:
        value, connection = self.cleaned_data.get("board"), self.cleaned_data.get("connection")
        if not value or connection is None:
            return None, None
        board_id, _, section_id = value.partition("/")
        board = Board.objects.filter(
            connection=connection, pinterest_id=board_id, gone_at=None
        ).first()
        if board is None:
            self.add_error("board", GONE_BOARD)
            return None, None
        if not section_id:
            return board, None
        section = board.sections.filter(pinterest_id=section_id, gone_at=None).first()
        if section is None:
            self.add_error(
                "board", "This section is not on the board any more. Please choose another."
            )
        return board, section

    def _require_complete(self) -> None:
        cleaned = self.cleaned_data
        if cleaned.get("connection") is None and "connection" not in self.errors:
            self.add_error("connection", "Choose the Pinterest account to publish with.")
        if cleaned["board_row"] is None and "board" not in self.errors:
            self.add_error("board", "Choose the board this Pin goes to.")
        self.require_picture()


def initial_from(pin: Pin, *, local_schedule: datetime | None) -> dict[str, Any]:
    """A form's first values for a Pin that is edited; `local_schedule` is its wall-clock time."""
    board = pin.board.pinterest_id if pin.board else ""
    if pin.section:
        board = f"{board}/{pin.section.pinterest_id}"
    return {
        "connection": pin.connection_id,
        "board": board,
        **initial_showing(pin),
        "title": pin.title,
        "description": pin.description,
        "link": pin.link,
        "alt_text": pin.alt_text,
        "repeats": pin.repeats,
        **initial_plan(local_schedule),
    }
