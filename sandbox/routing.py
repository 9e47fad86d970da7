"""The API's routes with the scopes, rate category and features each one needs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox import (
    boards,
    errors,
    figures,
    followers,
    oauth,
    pins,
    search,
    sections,
    uploads,
    users,
    websites,
)
from sandbox.call import Call, SignedCall
from sandbox.wire import Response

PREFIX = "/v5"
_BOARDS_WRITE = ("boards:read", "boards:write")
_PINS_READ = ("boards:read", "pins:read")
_PINS_WRITE = ("boards:read", "boards:write", "pins:read", "pins:write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A signed route. `creates_pins` marks what Trial apps may not do."""

    method: str
    path: str
    answer: Callable[[SignedCall], Response]
    scopes: tuple[str, ...]
    category: str
    features: tuple[str, ...] = ()
    creates_pins: bool = False
    locks_itself: bool = False
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", _compile(self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRoute:
    """A route where the app identifies itself with Basic authentication."""

    path: str
    answer: Callable[[Call], Response]
    category: str


def _compile(path: str) -> re.Pattern[str]:
    pattern = (PREFIX + path).replace("{username}", "(?P<username>(?![0-9]+$)[^/]+)")
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[0-9]+)", pattern))


APP_ROUTES = {
    f"{PREFIX}/oauth/token": AppRoute(
        path="/oauth/token", answer=oauth.exchange, category="org_read"
    ),
    f"{PREFIX}/oauth/token/revoke": AppRoute(
        path="/oauth/token/revoke", answer=oauth.revoke, category="org_write"
    ),
}


def _read(path: str, answer: Callable[[SignedCall], Response], scopes: tuple[str, ...]) -> Route:
    return Route(method="GET", path=path, answer=answer, scopes=scopes, category="org_read")


def _write(
    method: str, path: str, answer: Callable[[SignedCall], Response], scopes: tuple[str, ...]
) -> Route:
    return Route(method=method, path=path, answer=answer, scopes=scopes, category="org_write")


def _figures(path: str, answer: Callable[[SignedCall], Response], scopes: tuple[str, ...]) -> Route:
    return Route(method="GET", path=path, answer=answer, scopes=scopes, category="org_analytics")


_TOP_PINS = ("pins:read", "user_accounts:read")
_SEARCH_PINS = ("boards:read", "boards:read_secret", "pins:read", "pins:read_secret")
_BOARD = "/boards/{board_id}"
_SECTION = "/boards/{board_id}/sections/{section_id}"
_PIN = "/pins/{pin_id}"

ROUTES = (
    _read("/user_account", users.show_account, ("user_accounts:read",)),
    _figures("/user_account/analytics", figures.account_figures, ("user_accounts:read",)),
    _figures("/user_account/analytics/top_pins", figures.top_pins, _TOP_PINS),
    _figures("/user_account/analytics/top_video_pins", figures.top_video_pins, _TOP_PINS),
    _read("/user_account/businesses", users.list_businesses, ("user_accounts:read",)),
    _read("/user_account/followers", followers.list_followers, ("user_accounts:read",)),
    _read("/user_account/following", followers.list_following, ("user_accounts:read",)),
    _read(
        "/user_account/following/boards", followers.list_followed_boards, ("user_accounts:read",)
    ),
    Route(
        method="POST",
        path="/user_account/following/{username}",
        answer=followers.follow,
        scopes=("user_accounts:write",),
        category="org_write",
        features=("user_follow",),
    ),
    _read("/user_account/websites", websites.list_websites, ("user_accounts:read",)),
    Route(
        method="POST",
        path="/user_account/websites",
        answer=websites.claim_website,
        scopes=("user_accounts:write",),
        category="org_write",
        locks_itself=True,
    ),
    _write("DELETE", "/user_account/websites", websites.unclaim_website, ("user_accounts:write",)),
    _read(
        "/user_account/websites/verification",
        websites.show_verification,
        ("user_accounts:read",),
    ),
    _read("/search/boards", search.search_boards, ("boards:read", "boards:read_secret")),
    _read("/search/pins", search.search_pins, _SEARCH_PINS),
    Route(
        method="GET",
        path="/pins/analytics",
        answer=figures.figures_of_pins,
        scopes=_PINS_READ,
        category="org_analytics",
        features=("multi_pins_analytics",),
    ),
    Route(
        method="POST",
        path="/pins/{pin_id}/save",
        answer=pins.save_pin,
        scopes=_PINS_WRITE,
        category="org_write",
        creates_pins=True,
    ),
    _figures("/pins/{pin_id}/analytics", figures.pin_figures, _PINS_READ),
    _read("/boards", boards.list_boards, ("boards:read",)),
    _write("POST", "/boards", boards.create_board, _BOARDS_WRITE),
    _read(_BOARD, boards.show_board, ("boards:read",)),
    _write("PATCH", _BOARD, boards.update_board, _BOARDS_WRITE),
    _write("DELETE", _BOARD, boards.delete_board, _BOARDS_WRITE),
    _read(f"{_BOARD}/pins", boards.list_board_pins, _PINS_READ),
    _read(f"{_BOARD}/sections", sections.list_sections, ("boards:read",)),
    _write("POST", f"{_BOARD}/sections", sections.create_section, _BOARDS_WRITE),
    _write("PATCH", _SECTION, sections.update_section, _BOARDS_WRITE),
    _write("DELETE", _SECTION, sections.delete_section, _BOARDS_WRITE),
    _read(f"{_SECTION}/pins", sections.list_section_pins, _PINS_READ),
    _read("/media", uploads.list_media, ("pins:read",)),
    _write("POST", "/media", uploads.register_media, ("pins:read", "pins:write")),
    _read("/media/{media_id}", uploads.show_media, ("pins:read",)),
    _read("/pins", pins.list_own_pins, _PINS_READ),
    Route(
        method="POST",
        path="/pins",
        answer=pins.create_pin,
        scopes=_PINS_WRITE,
        category="org_write",
        creates_pins=True,
        locks_itself=True,
    ),
    _read(_PIN, pins.show_pin, _PINS_READ),
    Route(
        method="PATCH",
        path=_PIN,
        answer=pins.update_pin,
        scopes=_PINS_WRITE,
        category="org_write",
        features=("pin_edit",),
    ),
    _write("DELETE", _PIN, pins.delete_pin, _PINS_WRITE),
)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The signed route of a request; raises ApiError 404, or 405/5 for another verb's path."""
    known = False
    for route in ROUTES:
        if match := route.pattern.fullmatch(path):
            if route.method == method:
                return route, match.groupdict()
            known = True
    raise errors.method_not_allowed() if known else errors.not_found()
