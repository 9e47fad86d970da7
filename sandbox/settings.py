"""Switches for what Pinterest leaves undocumented, or what a test wants otherwise."""

from typing import Literal

import msgspec


class Settings(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The sandbox's switches. Durations in seconds; a limit of None switches it off.

    `rotation`: whether a refresh kills the old refresh token (`strict`) or spares it (`lenient`).
    `rate_header_style`: `plain` (`100`) or `envoy` (`100, 100;w=60`), both seen.
    `upload_lifetime_seconds`: how long a registered place for a video takes an upload.
    `media_processing_seconds`: from the upload to `succeeded`; `video_pin_seconds`: how long a
    fresh Pin of it says REGULAR and has no size.
    `landing_read_seconds`: how long after a save the crawler reads the page that was saved from.
    `spam_after`: how many identical Pins an account may create within `spam_window_seconds`.
    """

    rotation: Literal["strict", "lenient"] = "strict"
    rate_header_style: Literal["plain", "envoy"] = "plain"
    send_retry_after: bool = False
    spam_after: int | None = 1000
    spam_window_seconds: int = 3600
    code_lifetime_seconds: int = 600
    access_lifetime_seconds: int = 2_592_000
    refresh_lifetime_seconds: int = 5_184_000
    upload_lifetime_seconds: int = 3600
    media_processing_seconds: float = 3.0
    video_pin_seconds: float = 5.0
    landing_read_seconds: float = 2.0
    public_url: str = ""
