"""Where a request comes from."""

from __future__ import annotations

import ipaddress
import socket
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
    return _plain(text)


def _plain(text: str) -> str | None:
    """An address as it is usually written; IPv4 within IPv6 taken out. None for none."""
    if ":" not in text:
        try:
            # Five times as fast as the module for addresses, and as strict.
            return socket.inet_ntop(socket.AF_INET, socket.inet_pton(socket.AF_INET, text))
        except (OSError, ValueError):
            return None
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    return str(address.ipv4_mapped or address)
