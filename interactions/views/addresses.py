"""Where a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings


def client_address(meta: Mapping[str, Any]) -> str | None:
    """The visitor's address; None when it can't be told.

    From the socket, or from as many own proxies as TRUSTED_PROXIES says, counted from the right
    of X-Forwarded-For: what stands further left is what the visitor claims.
    """
    text = str(meta.get("REMOTE_ADDR") or "")
    if settings.TRUSTED_PROXIES:
        named = str(meta.get("HTTP_X_FORWARDED_FOR") or "").split(",")
        if len(named) < settings.TRUSTED_PROXIES:
            return None
        text = named[-settings.TRUSTED_PROXIES].strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
