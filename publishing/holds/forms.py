"""The form that spaces Pins on hold: from when on, and how far apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from publishing.holds.policy import late_times
from publishing.schedule.policy import times

OUT_OF_RANGE = "The last Pin would get a time that is out of range. Start earlier or space closer."


class SpacingForm(forms.Form):
    """A start on the wall clock of `zone`, and the minutes between Pins."""

    start_date = forms.DateField(
        label="First Pin on",
        error_messages={"required": "Choose the day the first Pin goes out."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    start_clock = forms.TimeField(
        label="at",
        error_messages={"required": "Choose the time the first Pin goes out."},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(
        label="Minutes between Pins",
        min_value=late_times.SHORTEST_SPACING_MINUTES,
        max_value=late_times.LONGEST_SPACING_MINUTES,
        error_messages={
            "required": "Say how many minutes lie between two Pins.",
            "min_value": "At least one minute, so that they don't go out all at once.",
            "max_value": "At most a week, which is 10080 minutes.",
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": "1"}),
    )

    def __init__(
        self, data: Any = None, *, zone: str, count: int, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.zone = zone
        self.count = count
        self.now = now

    @property
    def sentences(self) -> list[str]:
        """All that is wrong, without the fields it stands beside."""
        return [str(error) for errors in self.errors.values() for error in errors]

    @property
    def start(self) -> datetime:
        """When the first Pin goes out, of a valid form."""
        start: datetime = self.cleaned_data["start"]
        return start

    @property
    def step(self) -> timedelta:
        """From one Pin to the next, of a valid form."""
        return timedelta(minutes=self.cleaned_data["minutes"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("start_date") is None or cleaned.get("start_clock") is None:
            return cleaned
        wall = datetime.combine(cleaned["start_date"], cleaned["start_clock"])
        try:
            cleaned["start"] = times.resolve_local_time(wall, zone=self.zone).instant
            last = cleaned["start"] + (self.count - 1) * timedelta(
                minutes=cleaned.get("minutes") or 0
            )
        except times.MissingHour as error:
            self.add_error("start_clock", str(error))
        except OverflowError:
            self.add_error("start_date", OUT_OF_RANGE)
        else:
            self._check_range(cleaned["start"], last)
        return cleaned

    def _check_range(self, start: datetime, last: datetime) -> None:
        if times.is_past(start, now=self.now):
            self.add_error(
                "start_clock",
                f"This time has passed (the clock in {self.zone} is further). Choose a later one.",
            )
        if times.is_too_far_ahead(last, now=self.now):
            self.add_error("start_date", OUT_OF_RANGE)
