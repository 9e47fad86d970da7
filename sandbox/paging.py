"""Pages of a list: opaque bookmarks, bound to the parameters they were given for."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from sandbox import errors
from sandbox.call import SignedCall

DEFAULT_PAGE_SIZE = 25
MAX_PAGE_SIZE = 250

Item = TypeVar("Item")


def page(
    call: SignedCall, items: Iterable[Item], *, key: Callable[[Item], str]
) -> tuple[list[Item], str | None]:
    """The page the call asks for and the bookmark of the next one (None at the end).

    `key` gives an item's id; items must come in descending order of it, so that a page
    continues after its predecessor even when items were added or removed in between.
    """
    size = page_size(call)
    fingerprint = _fingerprint(call)
    after = _read_bookmark(call.request.parameter("bookmark"), fingerprint)
    rest = (item for item in items if after is None or int(key(item)) < after)
    wanted = max(1, size // 2) if call.quirk("short_page") else size
    shown = list(islice(rest, wanted + 1))
    found, more = shown[:wanted], len(shown) > wanted
    if call.quirk("bookmark_loop") and found:
        return found, _write_bookmark(fingerprint, int(key(found[0])) + 1)
    return found, _write_bookmark(fingerprint, int(key(found[-1]))) if more else None


def page_size(call: SignedCall) -> int:
    """The page size asked for; raises ApiError 400/1 outside 1 to 250."""
    text = call.request.parameter("page_size")
    if text is None:
        return DEFAULT_PAGE_SIZE
    if not (text.isascii() and text.isdigit()):
        raise errors.invalid(f"'page_size' (value {text[:20]}) was not numeric.")
    if not 1 <= (size := int(text[:9])) <= MAX_PAGE_SIZE:
        raise errors.invalid(f"'page_size' must be between 1 and {MAX_PAGE_SIZE}.")
    return size


def _fingerprint(call: SignedCall) -> str:
    others = sorted(pair for pair in call.request.parameters() if pair[0] != "bookmark")
    basis = json.dumps([call.request.path, call.account.id, others])
    return hashlib.sha256(basis.encode()).hexdigest()[:16]


def _write_bookmark(fingerprint: str, after: int) -> str:
    text = json.dumps([fingerprint, after])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_bookmark(bookmark: str | None, fingerprint: str) -> int | None:
    if not bookmark:
        return None
    refusal = errors.invalid("'bookmark' is not valid for these parameters.")
    try:
        known, after = json.loads(base64.urlsafe_b64decode(bookmark.encode()))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise refusal from None
    if known != fingerprint or not isinstance(after, int):
        raise refusal
    return after
