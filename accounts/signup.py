"""What sign-up asks besides an address and a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.models import User
from accounts.policy import is_time_zone
from accounts.validators import validate_name


class SignupExtras(forms.Form):
    """A name, and the browser's time zone, which a script fills in where it can."""

    name = forms.CharField(
        label="Your name",
        required=False,
        max_length=100,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    # Any field: what a browser makes up must never keep a person from signing up.
    time_zone = forms.Field(
        required=False,
        widget=forms.HiddenInput(attrs={"data-browser-time-zone": ""}),
    )

    field_order = ["name", "email", "password1", "password2"]

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        return zone if is_time_zone(zone) else ""

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth with the new user."""
        self._store(user)

    def _store(self, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "time_zone"])
