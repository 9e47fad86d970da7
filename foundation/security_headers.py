"""Headers that tell browsers what an answer may do, whoever answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NOTHING_ALLOWED: Final = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)

PERMISSIONS_POLICY: Final = ", ".join(f"{name}=()" for name in _NOTHING_ALLOWED)
"""The powers of a browser that no page of ours uses, nor may lend to others."""

NO_STORE: Final = "no-store"

FOR_ALL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS_POLICY,
    }
)
"""What every answer says that doesn't say otherwise."""

FOR_ERRORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **FOR_ALL,
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'",
        "Cache-Control": NO_STORE,
    }
)
"""What an answer says that is text and nothing more, and is not to be kept."""

FOR_OTHER_SITES: Final[Mapping[str, str]] = MappingProxyType(
    {**FOR_ERRORS, "Cross-Origin-Resource-Policy": "cross-origin"}
)
"""The same of what pages of other sites ask for: our public doors."""
