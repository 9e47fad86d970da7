"""Where a request comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.fetching.addresses import plain_address


def client_address(meta: Mapping[str, Any]) -> str | None:
    """The visitor's address as the edge decided it (pinapp/edge/origin.py); None when it could not.

    No header is looked at here: by the time a request is WSGI's, two names may have become one.
    """
    return plain_address(str(meta.get("REMOTE_ADDR") or "")) or None
