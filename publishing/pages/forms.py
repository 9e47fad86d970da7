"""The form of a workspace's publishing preferences."""

from __future__ import annotations

from typing import Any

from django import forms

from publishing.choices.bounds import HOLD_HOURS
from publishing.models import DoubledTime, LateWay, MissingTime, PublishingPreferences

_WEEK_MINUTES = 7 * 24 * 60
_YEAR_HOURS = 365 * 24
_YEAR_DAYS = 365
FIELDS = {
    "late": ["late_way", "late_spacing_minutes", "late_hold_hours", "alarm_mails"],
    "clock": ["missing_time", "doubled_time"],
    "repeats": ["repeat_days", "board_interval_hours"],
}
"""The fields of each part of the page."""


def _number(low: int, high: int, unit: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=low,
        max_value=high,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": f"Give a number of {unit}.",
            "invalid": f"Give a whole number of {unit}.",
            "min_value": f"Give {low} or more {unit}.",
            "max_value": f"Give {high:,} or fewer {unit}.",
        },
        **options,
    )


class PreferencesForm(forms.ModelForm[PublishingPreferences]):
    """Every field says what it does; owners fill it in."""

    late_way = forms.ChoiceField(
        label="Pins that missed their time",
        choices=LateWay.choices,
        widget=forms.RadioSelect,
        help_text="When nothing could go out for five minutes or longer: the server was off, or "
        "publishing was stopped.",
    )
    late_spacing_minutes = _number(
        1,
        _WEEK_MINUTES,
        "minutes",
        label="Minutes between late Pins",
        help_text="Of one Pinterest account, when late Pins are spread.",
    )
    late_hold_hours = _number(
        1,
        _YEAR_HOURS,
        "hours",
        label="Hours after which a late Pin needs approval",
        required=False,
        help_text=f"Later than this, a Pin waits until somebody says so (usually {HOLD_HOURS}). "
        "Leave it empty and nobody is ever asked.",
    )
    alarm_mails = forms.BooleanField(
        label="Mail the owners when Pins don’t go out",
        required=False,
        help_text="One mail when it begins, one when it is over.",
    )
    missing_time = forms.ChoiceField(
        label="When clocks go forward and a slot’s time does not exist",
        choices=MissingTime.choices,
        widget=forms.RadioSelect,
    )
    doubled_time = forms.ChoiceField(
        label="When clocks go back and a slot’s time comes twice",
        choices=DoubledTime.choices,
        widget=forms.RadioSelect,
    )
    repeat_days = _number(
        0,
        _YEAR_DAYS,
        "days",
        label="Days before the same link or picture is pinned again",
        help_text="Sooner than this PinApp warns. 0 means that any distance is fine.",
    )
    board_interval_hours = _number(
        0,
        _YEAR_HOURS,
        "hours",
        label="Hours between the boards one Pin goes to",
        help_text="What the composer proposes for several boards. Closer than this, it warns.",
    )

    class Meta:
        model = PublishingPreferences
        fields = [name for names in FIELDS.values() for name in names]
