"""Fields of texts that are counted as Pinterest counts them."""

from __future__ import annotations

from typing import Any

from django import forms

from publishing.policy import texts


class PlainTextField(forms.CharField):
    """Text whose line breaks count as one character, in the browser and here."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


def counted(limit: int, **attrs: str) -> dict[str, str]:
    """Attributes that make the browser count characters as we do."""
    return {"data-counter": str(limit), **attrs}


def limited(limit: int) -> dict[str, str]:
    return {"max_length": f"At most {limit} characters; this has %(show_value)d."}


def checked_link(link: str) -> str:
    """The link as it is. Raises ValidationError where it can't be a destination."""
    if link:
        try:
            texts.check_link(link)
        except texts.LinkRejected as error:
            raise forms.ValidationError(str(error)) from error
    return link
