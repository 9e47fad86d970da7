"""Confirming that something is to be gone for good."""

from __future__ import annotations

from typing import Any

from django import forms


class EraseForm(forms.Form):
    """The site's name, typed out."""

    name = forms.CharField(
        label="Type the site's name to confirm",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expected = expected

    def clean_name(self) -> str:
        """Exactly that name."""
        name: str = self.cleaned_data["name"]
        if name.strip() != self._expected:
            raise forms.ValidationError(f"This is not the site's name: {self._expected}.")
        return name
