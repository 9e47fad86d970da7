"""What may be a name, for the columns and fields that hold one."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from foundation.names import has_address, has_control_characters


def validate_one_line(value: str) -> None:
    """Refuse line breaks, control characters and turned writing. Raises ValidationError."""
    if has_control_characters(value):
        raise ValidationError(
            "This holds a line break or a character that can’t be seen. Type it anew, in one line.",
            code="control_characters",
        )


def validate_name(value: str) -> None:
    """Refuse as a person's or a workspace's name what others would read as an address.

    Raises ValidationError.
    """
    validate_one_line(value)
    if has_address(value):
        raise ValidationError(
            "A name can’t hold the address of a page or a mailbox. Leave it out.", code="address"
        )
