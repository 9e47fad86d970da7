"""Pinterest's API v5 for one account, as plain functions with typed results."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

import msgspec
import requests

from pinterest.answers import RawAnswer
from pinterest.call import Call, OnAnswer, perform, unreadable
from pinterest.decode import (
    UnreadableAnswerError,
    decode_created_pin,
    decode_one,
    decode_page,
    decode_upload,
)
from pinterest.drafts import PinDraft
from pinterest.figures import (
    ACCOUNT_METRICS,
    PIN_METRICS,
    Figures,
    Filters,
    TopPins,
    decode_figures,
    decode_top_pins,
)
from pinterest.http import BearerAuth
from pinterest.operations import (
    CREATE_BOARD,
    CREATE_PIN,
    CREATE_SECTION,
    DELETE_PIN,
    GET_ACCOUNT,
    GET_ACCOUNT_FIGURES,
    GET_BOARD,
    GET_MEDIA,
    GET_PIN,
    GET_PIN_FIGURES,
    GET_TOP_PINS,
    LIST_BOARD_PINS,
    LIST_BOARDS,
    LIST_PINS,
    LIST_SECTIONS,
    REGISTER_MEDIA,
    RENAME_SECTION,
    Operation,
)
from pinterest.types import (
    Account,
    Board,
    BoardSection,
    MediaStatus,
    MediaUpload,
    Page,
    Pin,
)
from pinterest.uploads import ReadableFile, upload_video

T = TypeVar("T")
BeforeCall = Callable[[Operation], None]
LARGEST_PAGE: Final = 250
_ID: Final = re.compile(r"\d+", re.ASCII)


class PinterestClient:
    """Calls Pinterest as the account of one access token.

    Every method raises Refused, Unavailable or (creating ones) Uncertain, and ValueError for an
    id that is not made of digits. Nothing is retried here. Clients are cheap: make one per
    token and let them share a session, from as many threads as you like.
    """

    def __init__(
        self,
        *,
        session: requests.Session,
        api_url: str,
        access_token: str,
        before_call: BeforeCall | None = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        """`api_url` includes the version; `on_answer` hears of each answer and its rate limits.

        `before_call` hears of each call before anything of it is sent; what it raises stops the
        call and reaches the caller.
        """
        self._session = session
        self._api_url = api_url.rstrip("/")
        self._auth = BearerAuth(access_token)
        self._before_call = before_call
        self._on_answer = on_answer

    def __repr__(self) -> str:
        return f"PinterestClient(api_url={self._api_url!r})"

    def get_account(self) -> Account:
        """Get the account the token belongs to."""
        return self._one(GET_ACCOUNT, "/user_account", Account)

    def iter_boards(self, privacy: str = "ALL") -> Iterator[Board]:
        """Go through all boards, group boards included; secret ones when that was granted."""
        yield from self._all(LIST_BOARDS, "/boards", Board, {"privacy": privacy})

    def get_board(self, board_id: str) -> Board:
        """Get one board."""
        return self._one(GET_BOARD, f"/boards/{_id(board_id)}", Board)

    def create_board(self, *, name: str, description: str = "", privacy: str = "PUBLIC") -> Board:
        """Create a board; `privacy` is PUBLIC, PROTECTED or SECRET."""
        body = {"name": name, "privacy": privacy}
        if description:
            body["description"] = description
        return self._one(CREATE_BOARD, "/boards", Board, body)

    def iter_sections(self, board_id: str) -> Iterator[BoardSection]:
        """Go through all sections of a board."""
        yield from self._all(LIST_SECTIONS, f"/boards/{_id(board_id)}/sections", BoardSection)

    def create_section(self, *, board_id: str, name: str) -> BoardSection:
        """Create a section in a board; `name` has 1 to 180 characters."""
        path = f"/boards/{_id(board_id)}/sections"
        return self._one(CREATE_SECTION, path, BoardSection, {"name": name})

    def rename_section(self, *, board_id: str, section_id: str, name: str) -> BoardSection:
        """Give a section another name of 1 to 180 characters."""
        path = f"/boards/{_id(board_id)}/sections/{_id(section_id)}"
        return self._one(RENAME_SECTION, path, BoardSection, {"name": name})

    def create_pin(self, draft: PinDraft) -> Pin:
        """Create a Pin. Pinterest has no idempotency key: the same draft twice makes two Pins."""
        answer = self._send(CREATE_PIN, "/pins", body=draft.to_json())
        try:
            return decode_created_pin(answer)
        except UnreadableAnswerError:
            raise unreadable(CREATE_PIN, answer) from None

    def get_pin(self, pin_id: str) -> Pin:
        """Get one Pin."""
        return self._one(GET_PIN, f"/pins/{_id(pin_id)}", Pin)

    def iter_board_pins(
        self, board_id: str, section_id: str | None = None, *, page_size: int = 100
    ) -> Iterator[Pin]:
        """Go through the Pins of a board or of one of its sections, in Pinterest's order.

        Pages of `page_size` (1 to 250) are asked for as the iteration gets to them.
        """
        section = f"/sections/{_id(section_id)}" if section_id is not None else ""
        path = f"/boards/{_id(board_id)}{section}/pins"
        yield from self._all(LIST_BOARD_PINS, path, Pin, page_size=page_size)

    def iter_own_pins(
        self, *, page_size: int = LARGEST_PAGE, with_figures: bool = False
    ) -> Iterator[Pin]:
        """Go through the account's own Pins, in Pinterest's order: the newest first.

        `with_figures` brings `pin_metrics` along, at no cost of the limit for figures.
        """
        params = {"pin_metrics": "true"} if with_figures else None
        yield from self._all(LIST_PINS, "/pins", Pin, params, page_size=page_size)

    def delete_pin(self, pin_id: str) -> None:
        """Delete a Pin; Refused with `pin_gone` when it no longer exists."""
        self._send(DELETE_PIN, f"/pins/{_id(pin_id)}")

    def register_video(self) -> MediaUpload:
        """Get a place to upload one video to; it is good for a short while, so use it at once."""
        answer = self._send(REGISTER_MEDIA, "/media", body={"media_type": "video"})
        try:
            return decode_upload(answer, secure=self._api_url.startswith("https://"))
        except UnreadableAnswerError:
            raise unreadable(REGISTER_MEDIA, answer) from None

    def upload_video(self, upload: MediaUpload, file: ReadableFile, size: int) -> None:
        """Send a video of `size` bytes to its place, read in small pieces as it goes.

        The token stays here: the form itself is the permission. Never Uncertain, because after
        a failure a new register and upload is always safe. Raises VideoFileChanged when the
        file turns out not to be `size` bytes long.
        """
        upload_video(session=self._session, upload=upload, file=file, size=size)

    def get_media(self, media_id: str) -> MediaStatus:
        """Get how far an uploaded video is; Refused with `media_gone` when it is unknown."""
        return self._one(GET_MEDIA, f"/media/{_id(media_id)}", MediaStatus)

    def get_account_figures(self, *, start: date, end: date, filters: Filters) -> Figures:
        """Get the account's figures day by day, in UTC days from `start` to `end`.

        Pinterest refuses a `start` of more than 90 days ago.
        """
        params = {**_days(start, end), **filters.to_params()}
        params["metric_types"] = ",".join(ACCOUNT_METRICS)
        path = "/user_account/analytics"
        return self._read(GET_ACCOUNT_FIGURES, path, params, decode_figures)

    def get_top_pins(
        self, *, start: date, end: date, filters: Filters, sort_by: str, count: int = 50
    ) -> TopPins:
        """Get the account's best Pins by ENGAGEMENT, IMPRESSION, OUTBOUND_CLICK, PIN_CLICK or SAVE.

        `count` is 1 to 50.
        """
        params = {**_days(start, end), **filters.to_params(), "sort_by": sort_by}
        params["num_of_pins"] = str(count)
        params["metric_types"] = ",".join(ACCOUNT_METRICS)
        path = "/user_account/analytics/top_pins"
        return self._read(GET_TOP_PINS, path, params, decode_top_pins)

    def get_pin_figures(
        self, pin_id: str, *, start: date, end: date, metrics: Sequence[str] = PIN_METRICS
    ) -> Figures:
        """Get one Pin's figures; give VIDEO_METRICS for a video. Refused for a Pin that is gone."""
        params = {**_days(start, end), "metric_types": ",".join(metrics)}
        path = f"/pins/{_id(pin_id)}/analytics"
        return self._read(GET_PIN_FIGURES, path, params, decode_figures)

    def _read(
        self,
        operation: Operation,
        path: str,
        params: Mapping[str, str],
        decode: Callable[[RawAnswer], T],
    ) -> T:
        answer = self._send(operation, path, params=params)
        try:
            return decode(answer)
        except UnreadableAnswerError:
            raise unreadable(operation, answer) from None

    def _one(
        self,
        operation: Operation,
        path: str,
        kind: type[T],
        body: Mapping[str, object] | None = None,
    ) -> T:
        answer = self._send(operation, path, body=body)
        try:
            return decode_one(answer, kind)
        except UnreadableAnswerError:
            raise unreadable(operation, answer) from None

    def _all(
        self,
        operation: Operation,
        path: str,
        kind: type[T],
        params: Mapping[str, str] | None = None,
        *,
        page_size: int = LARGEST_PAGE,
    ) -> Iterator[T]:
        """Follow the bookmarks to the end; a short or empty page is not the end."""
        asked: dict[str, str] = {**(params or {}), "page_size": str(page_size)}
        seen: set[str] = set()
        while True:
            answer = self._send(operation, path, params=asked)
            page = self._page(operation, answer, kind, seen)
            yield from page.items
            if page.bookmark is None:
                return
            seen.add(page.bookmark)
            asked["bookmark"] = page.bookmark

    def _page(
        self, operation: Operation, answer: RawAnswer, kind: type[T], seen: set[str]
    ) -> Page[T]:
        """Read a page; a bookmark we already followed would lead round in circles for ever."""
        try:
            page = decode_page(answer, kind)
        except UnreadableAnswerError:
            raise unreadable(operation, answer) from None
        if page.bookmark in seen:
            raise unreadable(operation, answer)
        return page

    def _send(
        self,
        operation: Operation,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> RawAnswer:
        if self._before_call is not None:
            self._before_call(operation)
        call = Call(
            operation,
            self._api_url + path,
            self._auth,
            params=params or {},
            body=None if body is None else msgspec.json.encode(body),
            content_type=None if body is None else "application/json",
        )
        return perform(self._session, call, on_answer=self._on_answer)


def _days(start: date, end: date) -> dict[str, str]:
    return {"start_date": start.isoformat(), "end_date": end.isoformat()}


def _id(value: str) -> str:
    """Let an id into a path only when it is digits, so that it cannot change the path."""
    if not _ID.fullmatch(value):
        raise ValueError("A Pinterest id is made of digits.")
    return value
