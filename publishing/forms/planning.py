"""The part of the composer's form that says when a Pin goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from publishing.policy import times
from publishing.services.pins import Plan

WHEN_DRAFT, WHEN_NOW, WHEN_AT = "draft", "now", "at"
WHEN_CHOICES = [
    (WHEN_NOW, "Publish now"),
    (WHEN_AT, "At a time"),
    (WHEN_DRAFT, "Save as draft"),
]

OUT_OF_RANGE = "This date is out of range. Choose a nearer one."


class PlanningFields(forms.Form):
    """When a Pin goes out."""

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

    def __init__(self, data: Any = None, *, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.zone = zone
        self.now = now
        self.doubled_hour = False

    @property
    def plan(self) -> Plan:
        """When the Pin goes out, of a valid form."""
        when = self.cleaned_data["when"]
        at = {WHEN_DRAFT: None, WHEN_NOW: self.now, WHEN_AT: self.cleaned_data.get("at")}[when]
        return Plan(at=at, time_zone=self.zone)

    def resolve_time(self) -> datetime | None:
        """The instant of the date and the time in the form, or errors beside them."""
        date, clock = (
            self.cleaned_data.get("scheduled_date"),
            self.cleaned_data.get("scheduled_clock"),
        )
        if date is None and "scheduled_date" not in self.errors:
            self.add_error("scheduled_date", "Choose the day it goes out.")
        if clock is None and "scheduled_clock" not in self.errors:
            self.add_error("scheduled_clock", "Choose the time it goes out.")
        if date is None or clock is None:
            return None
        try:
            resolved = times.resolve_local_time(datetime.combine(date, clock), zone=self.zone)
        except times.MissingHour as error:
            self.add_error("scheduled_clock", str(error))
            return None
        except OverflowError:
            self.add_error("scheduled_date", OUT_OF_RANGE)
            return None
        if times.is_too_far_ahead(resolved.instant, now=self.now):
            self.add_error("scheduled_date", OUT_OF_RANGE)
        if times.is_past(resolved.instant, now=self.now):
            self.add_error(
                "scheduled_clock",
                f"This time has passed (the clock in {self.zone} is further). "
                "Choose a later one, or publish now.",
            )
        self.doubled_hour = resolved.doubled
        return resolved.instant


def initial_plan(local_schedule: datetime | None) -> dict[str, Any]:
    """The first values for a Pin that is edited; `local_schedule` is its wall-clock time."""
    if local_schedule is None:
        return {"when": WHEN_DRAFT}
    return {
        "when": WHEN_AT,
        "scheduled_date": local_schedule.date(),
        "scheduled_clock": local_schedule.time(),
    }
