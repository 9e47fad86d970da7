"""The form that gives a Pin another time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms

from publishing.models import Pin
from publishing.schedule.policy import times
from publishing.schedule.policy.moves import clock_on


class MoveForm(forms.Form):
    """A day and a time of the clock on the wall; without a time the Pin keeps its own.

    `again` means the second of the two hours on the night that has an hour twice.
    """

    date = forms.DateField(
        label="Date",
        error_messages={
            "required": "Choose the day it goes out.",
            "invalid": "This is no date. Choose one such as 2026-11-24.",
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    clock = forms.TimeField(
        label="Time",
        required=False,
        error_messages={"invalid": "This is no time. Choose one such as 09:00."},
        widget=forms.TimeInput(attrs={"type": "time", "aria-required": "true"}, format="%H:%M"),
    )
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, pin: Pin, zone: str, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.pin, self.zone, self.now = pin, zone, now
        self.next_valid: datetime | None = None
        self.doubled_hour = False

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if self.errors:
            return cleaned
        clock = cleaned["clock"] or clock_on(
            cleaned["date"], planned=self.pin.scheduled_at, now=self.now, zone=self.zone
        )
        try:
            cleaned["at"] = self._resolve(datetime.combine(cleaned["date"], clock))
        except times.MissingHour as error:
            self.next_valid = error.next_valid
            self.add_error("clock", forms.ValidationError(str(error), code="missing_hour"))
        except OverflowError:
            self.add_error("date", "This date is out of range. Choose a nearer one.")
        return cleaned

    def _resolve(self, wall: datetime) -> datetime:
        resolved = times.resolve_local_time(wall, zone=self.zone)
        second = resolved.doubled and self.cleaned_data["again"]
        self.doubled_hour = resolved.doubled and not second
        return times.second_of(wall, zone=self.zone) if second else resolved.instant

    @property
    def at(self) -> datetime:
        """The instant of a valid form."""
        instant: datetime = self.cleaned_data["at"]
        return instant.astimezone(UTC)
