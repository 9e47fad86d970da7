"""Fields of texts that are counted as Pinterest counts them."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Connection
from publishing.pins.policy import texts


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


LOST_ACCOUNT = "This account is not connected to this workspace. Choose another one."


class AccountField(forms.ModelChoiceField[Connection]):
    """A choice of account; an id that was made up is refused in the same words as a lost one."""

    def to_python(self, value: Any) -> Connection | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(LOST_ACCOUNT, code="invalid_choice") from None
