"""Turn an answer's body into our types, or say that it cannot be read."""

import re
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec

from pinterest.answers import RawAnswer
from pinterest.types import MediaUpload, Page, Pin

T = TypeVar("T")
_ID_KEY: Final = re.compile(r"id|\w+_id")
_MOMENT_KEY: Final = re.compile(r"\w+_at")
_MEDIA_ID: Final = re.compile(r"\d+", re.ASCII)
# What stands between quotes in the head of a form's field without being escaped.
_FIELD_NAME: Final = re.compile(r"[!#-~]+", re.ASCII)


class UnreadableAnswerError(ValueError):
    """The body is not what the description promises."""


def decode_one(answer: RawAnswer, kind: type[T]) -> T:
    """Read a single object.

    Raises UnreadableAnswerError when the body is not JSON or lacks what makes a `kind`.
    """
    return _convert(answer.json(), kind)


def decode_page(answer: RawAnswer, kind: type[T]) -> Page[T]:
    """Read one page of a list.

    One unreadable item makes the page unreadable: to leave a Pin out of a list would be to say
    it does not exist, and it might be published a second time.
    """
    body = answer.json()
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise UnreadableAnswerError("no list of items")
    bookmark = body.get("bookmark")
    if bookmark is not None and not isinstance(bookmark, str):
        raise UnreadableAnswerError("the bookmark is not a text")
    return Page(tuple(_convert(item, kind) for item in items), bookmark or None)


def decode_created_pin(answer: RawAnswer) -> Pin:
    """Read a Pin just created; its id alone is proof, whatever the rest of the answer is like."""
    try:
        return decode_one(answer, Pin)
    except UnreadableAnswerError:
        return Pin(id=decode_one(answer, _Created).id)


def decode_upload(answer: RawAnswer, *, secure: bool) -> MediaUpload:
    """Read where and how a video is uploaded; `secure` accepts `https` addresses only.

    The parameters stay exactly as they came, order included, for they are signed.
    """
    fields = answer.fields()
    media_id, url = str(fields.get("media_id")), fields.get("upload_url")
    parameters = fields.get("upload_parameters")
    if not _MEDIA_ID.fullmatch(media_id):
        raise UnreadableAnswerError("the media id is not digits")
    if not isinstance(url, str) or not url.startswith(
        ("https://",) if secure else ("https://", "http://")
    ):
        raise UnreadableAnswerError("the upload address is missing or not secure")
    if not isinstance(parameters, dict) or not all(map(_is_field, parameters.items())):
        raise UnreadableAnswerError("the upload parameters are not texts")
    return MediaUpload(media_id=media_id, upload_url=url, upload_parameters=parameters)


def _is_field(item: tuple[str, object]) -> bool:
    name, value = item
    return isinstance(value, str) and name != "file" and bool(_FIELD_NAME.fullmatch(name))


class _Created(msgspec.Struct):
    id: str


def _convert(value: Any, kind: type[T]) -> T:
    try:
        made = msgspec.convert(_tidy(value), kind, strict=False)
    except msgspec.ValidationError as error:
        raise UnreadableAnswerError(str(error)) from None
    if getattr(made, "id", None) == "":
        raise UnreadableAnswerError("the id is empty")
    return made


def _tidy(value: Any) -> Any:
    """Make ids texts and moments aware, at any depth of a decoded JSON value."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if isinstance(value, dict):
        return {key: _tidy_field(key, item) for key, item in value.items()}
    return value


def _tidy_field(key: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and _ID_KEY.fullmatch(key):
        return str(value)
    if isinstance(value, str) and _MOMENT_KEY.fullmatch(key):
        return _read_moment(value)
    return _tidy(value)


def _read_moment(text: str) -> datetime | None:
    """Read ISO 8601; Pinterest leaves the zone out and means UTC. None when it is no moment."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
