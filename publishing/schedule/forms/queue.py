"""The forms of the queue's page."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms

from accounts.forms import TimeZoneField
from publishing.choices.slots import WEEKDAYS
from publishing.schedule.policy.slots import PRESETS, Preset

_DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week, 0 is Monday."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_DAYS, coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs)


class SlotForm(forms.Form):
    """One time, on one or several days."""

    weekdays = WeekdaysField(label="Days", error_messages={"required": "Choose at least one day."})
    clock = forms.TimeField(
        label="Time",
        initial=time(9),
        error_messages={"required": "Choose a time."},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    time_zone = TimeZoneField(
        help_text="The slot follows the clocks of this zone, in summer and in winter."
    )

    def clean_clock(self) -> time:
        clock: time = self.cleaned_data["clock"]
        return clock.replace(second=0, microsecond=0)


class CopyDayForm(forms.Form):
    """A day's slots for other days."""

    weekday = forms.TypedChoiceField(label="Copy the slots of", choices=_DAYS, coerce=int)
    to = WeekdaysField(
        label="To", error_messages={"required": "Choose at least one day to copy to."}
    )


class PresetForm(forms.Form):
    """A week of slots to start from."""

    preset = forms.ChoiceField(
        label="Start from", choices=[(preset.name, preset.words) for preset in PRESETS]
    )

    @property
    def chosen(self) -> Preset:
        """The preset, of a valid form."""
        return next(each for each in PRESETS if each.name == self.cleaned_data["preset"])
