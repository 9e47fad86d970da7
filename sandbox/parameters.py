"""Query parameters: one out of a set, a flag, a day."""

from collections.abc import Sequence
from datetime import date

from sandbox import errors
from sandbox.call import SignedCall

_FLAGS = {"true": True, "false": False}


def check_choice(call: SignedCall, name: str, allowed: Sequence[str]) -> str | None:
    """A query parameter out of a set; raises ApiError 400/1 for anything else."""
    value = call.request.parameter(name)
    if value is not None and value not in allowed:
        raise errors.invalid_parameter(name, value, allowed)
    return value


def read_flag(call: SignedCall, name: str, *, default: bool = False) -> bool:
    """A boolean query parameter, in any case: Python's clients write `True`.

    Raises ApiError 400/1 for anything else.
    """
    value = call.request.parameter(name)
    if value is None:
        return default
    if value.lower() not in _FLAGS:
        raise errors.invalid_parameter(name, value, _FLAGS)
    return _FLAGS[value.lower()]


def read_day(call: SignedCall, name: str) -> date:
    """A required parameter that is a day; raises ApiError 400/1."""
    text = call.request.parameter(name)
    if text is None:
        raise errors.invalid(f"'{name}' is a required property")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.invalid(f"'{text}' is not a 'date'") from None


def read_number(call: SignedCall, name: str, *, default: int, most: int) -> int:
    """A parameter from 1 to `most`; raises ApiError 400/1."""
    text = call.request.parameter(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise errors.invalid_parameter(name, text, (f"1 to {most}",))
    return int(text)
