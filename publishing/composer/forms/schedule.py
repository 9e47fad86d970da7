"""The part of the composer's form that says when a Pin goes out, and to which boards besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django import forms

from accounts.models import Connection, Workspace
from publishing.boards.selectors.boards import places_of
from publishing.composer.forms.plan_values import (
    FIRST,
    SECOND,
    WHEN_AT,
    WHEN_CHOICES,
    WHEN_DRAFT,
    WHEN_NOW,
    WHEN_SLOT,
)
from publishing.models import Board, BoardSection, Pin, PublishingPreferences
from publishing.pins.selectors.preferences import preferences_of
from publishing.pins.services.pins import PinContent, Plan
from publishing.schedule.policy import times
from publishing.schedule.policy.series_times import hours_text, spread
from publishing.schedule.policy.slots import Occurrence
from publishing.schedule.selectors.queue import free_slots
from publishing.schedule.selectors.repeats import Candidate, Repeat, distance_of, find_repeats
from publishing.schedule.services.queue import NoFreeSlot
from publishing.schedule.services.series import Entry

OUT_OF_RANGE = "This date is out of range. Choose a nearer one."
_REPEATS = (
    "This shows the same again too soon. Choose another time, or tick “Repeat on purpose” if it "
    "is meant."
)
_HOURS = [1, 3, 6, 12, 24, 48, 72, 168, 336, 720]
MOST_BOARDS = 50
_NEW_SERIES = "new"


@dataclass(frozen=True, slots=True)
class Outing:
    """One board's turn: when (None for a draft), and the slot where it is one's."""

    board: Board | None
    section: BoardSection | None
    at: datetime | None
    slot: Occurrence | None = None


class BoardsField(forms.MultipleChoiceField):
    """Boards as the picker names them: board id, or board id/section id."""

    def valid_value(self, value: str) -> bool:
        """The form looks them up among the boards of the chosen account."""
        return len(value) <= 70 and value.isprintable()


class PlanningFields(forms.Form):
    """When a Pin goes out, and to which boards of the same account besides."""

    when = forms.ChoiceField(
        choices=WHEN_CHOICES, initial=WHEN_AT, widget=forms.RadioSelect, label="When"
    )
    scheduled_date = forms.DateField(
        label="Date",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "aria-required": "true"}, format="%Y-%m-%d"),
    )
    scheduled_clock = forms.TimeField(
        label="Time",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "aria-required": "true"}, format="%H:%M"),
    )
    which = forms.ChoiceField(
        label="Which of the two",
        choices=[(FIRST, "The first"), (SECOND, "The second")],
        required=False,
        widget=forms.RadioSelect,
    )
    more_boards = BoardsField(required=False, label="More boards")
    board_interval = forms.TypedChoiceField(
        label="Time between the boards", coerce=int, empty_value=None, required=False
    )
    repeats = forms.BooleanField(label="Repeat on purpose", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        workspace: Workspace,
        zone: str,
        now: datetime,
        pin: Pin | None = None,
        preferences: PublishingPreferences | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.workspace = workspace
        self.zone = zone
        self.now = now
        self.pin = pin
        self.preferences = preferences or preferences_of(workspace)
        self.doubled: list[datetime] = []  # both instants of a time that comes twice
        self.outings: list[Outing] = []
        self.found_repeats: list[Repeat] = []
        hours = self.preferences.board_interval_hours
        interval = self.fields["board_interval"]
        assert isinstance(interval, forms.TypedChoiceField)  # noqa: S101 - narrows the type
        interval.choices = [
            (each, hours_text(each))
            for each in sorted({*_HOURS, hours, 24 * self.preferences.repeat_days} - {0})
        ]
        interval.initial = hours

    @property
    def doubled_hour(self) -> bool:
        """Whether the clock shows the chosen time twice."""
        return bool(self.doubled)

    @property
    def means_second(self) -> bool:
        """Whether the second of the two is chosen."""
        return self.cleaned_data.get("which") == SECOND

    @property
    def plan(self) -> Plan:
        """When the (first) Pin goes out, of a valid form."""
        return self.plan_of(self.outings[0])

    def plan_of(self, outing: Outing) -> Plan:
        """When a Pin goes out."""
        return Plan(
            at=outing.at,
            time_zone=self.zone,
            slot_at=self._slot_at(outing),
            repeats=self.cleaned_data["repeats"],
        )

    def entries(self, content: PinContent) -> list[Entry]:
        """One Pin for each board, of a valid form."""
        return [
            Entry(
                replace(content, board=outing.board, section=outing.section), self.plan_of(outing)
            )
            for outing in self.outings
        ]

    def work_out_times(self) -> None:
        """Fill `outings`: one for each board, or errors beside the fields."""
        cleaned = self.cleaned_data
        when = cleaned.get("when")
        places = [(cleaned.get("board_row"), cleaned.get("section_row")), *self._more_places()]
        if when == WHEN_DRAFT:
            self.outings = [Outing(board, section, None) for board, section in places]
            return
        found = self._moments(when, len(places))
        self.outings = [
            Outing(board, section, at, slot)
            for (board, section), (at, slot) in zip(places, found, strict=False)
        ]

    def ask_about_repeats(self) -> None:
        """Refuse what shows the same again too soon, unless it is meant."""
        if self.cleaned_data.get("repeats"):
            return
        candidates = self.candidates()
        found = find_repeats(self.workspace, candidates, distance=distance_of(self.preferences))
        self.found_repeats = [each for key in sorted(found) for each in found[key]]
        if self.found_repeats:
            self.add_error("repeats", _REPEATS)

    def candidates(self) -> list[Candidate]:
        """What the form wants to plan, as repeats are looked for; keys are numbers in order."""
        series = _NEW_SERIES if self.pin is None else str(self.pin.series or "")
        return [
            Candidate(
                key=f"{number:03}",
                at=outing.at,
                link=self.cleaned_data.get("link") or "",
                media=self.cleaned_data.get("media"),
                pin_id=self.pin.pk if self.pin and not number else None,
                series=series,
            )
            for number, outing in enumerate(self.outings)
            if outing.at is not None
        ]

    def _moments(
        self, when: str | None, count: int
    ) -> Sequence[tuple[datetime, Occurrence | None]]:
        if when == WHEN_SLOT:
            return self._slots(count)
        first = self.now if when == WHEN_NOW else None
        if when == WHEN_AT:
            first = self.resolve_time()
        if first is None:
            return []
        hours = self.interval
        return [(at, None) for at in spread(first, count=count, hours=hours, zone=self.zone)]

    @property
    def interval(self) -> int:
        """Hours between the boards."""
        hours: int = (
            self.cleaned_data.get("board_interval") or self.preferences.board_interval_hours
        )
        return hours

    def _slots(self, count: int) -> list[tuple[datetime, Occurrence | None]]:
        """The first free slots that keep the interval."""
        connection: Connection | None = self.cleaned_data.get("connection")
        if connection is None:
            return []
        free = free_slots(
            connection,
            after=self.now,
            preferences=self.preferences,
            without=[self.pin.pk] if self.pin else [],
        )
        found: list[tuple[datetime, Occurrence | None]] = []
        earliest = self.now
        for slot in free:
            if slot.at >= earliest:
                found.append((slot.at, slot))
                earliest = slot.at + timedelta(hours=self.interval)
            if len(found) == count:
                return found
        self.add_error("when", str(NoFreeSlot(connection)))
        return []

    def _slot_at(self, outing: Outing) -> datetime | None:
        """The slot it takes; a Pin that is edited keeps its own while its time stays."""
        if outing.slot is not None:
            return outing.slot.at
        stays = (
            self.pin is not None
            and self.pin.slot_at == outing.at
            and self.pin.connection == self.cleaned_data["connection"]
        )
        return outing.at if stays else None

    def _more_places(self) -> list[tuple[Board, BoardSection | None]]:
        """Boards besides the first one; one that is chosen twice counts once."""
        connection = self.cleaned_data.get("connection")
        values = list(dict.fromkeys(self.cleaned_data.get("more_boards") or []))
        values = [value for value in values if value != self.cleaned_data.get("board")]
        if not values or connection is None or self.pin is not None:
            return []
        if len(values) >= MOST_BOARDS:
            self.add_error("more_boards", f"Choose at most {MOST_BOARDS} boards at once.")
            return []
        found = places_of(connection, values)
        if len(found) < len(values):
            self.add_error(
                "more_boards", "One of these boards is not on the account any more. Look again."
            )
        return found

    def _wall(self) -> datetime | None:
        date, clock = (
            self.cleaned_data.get("scheduled_date"),
            self.cleaned_data.get("scheduled_clock"),
        )
        if date is None and "scheduled_date" not in self.errors:
            self.add_error("scheduled_date", "Choose the day it goes out.")
        if clock is None and "scheduled_clock" not in self.errors:
            self.add_error("scheduled_clock", "Choose the time it goes out.")
        return None if date is None or clock is None else datetime.combine(date, clock)

    def resolve_time(self) -> datetime | None:
        """The instant of the date and the time in the form, or errors beside them."""
        wall = self._wall()
        if wall is None:
            return None
        try:
            resolved = times.resolve_local_time(wall, zone=self.zone, second=self.means_second)
        except times.MissingHour as error:
            self.add_error("scheduled_clock", str(error))
            return None
        except OverflowError:
            self.add_error("scheduled_date", OUT_OF_RANGE)
            return None
        if times.is_too_far_ahead(resolved.instant, now=self.now):
            self.add_error("scheduled_date", OUT_OF_RANGE)
            return None
        if times.is_past(resolved.instant, now=self.now):
            self.add_error(
                "scheduled_clock",
                f"This time has passed (the clock in {self.zone} is further). "
                "Choose a later one, or publish now.",
            )
            return None
        if resolved.doubled:
            self.doubled = [
                times.resolve_local_time(wall, zone=self.zone, second=second).instant
                for second in (False, True)
            ]
        return resolved.instant
