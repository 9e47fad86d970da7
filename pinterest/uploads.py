"""Send a video to the store that Pinterest names: a signed form, read from disk as it goes.

The store is Amazon's S3. Its rules: every field that was signed, unaltered, then `file` as the
last one; a length in advance; no `Authorization` header, which would count as a second
signature. Success is 204 without a body, errors are XML.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final, Protocol

import requests
from requests.auth import AuthBase

from pinterest.answers import RawAnswer, redact
from pinterest.call import Call, perform
from pinterest.classify import classify_answer
from pinterest.errors import PinterestError, RefusalReason, Refused, Trouble, Unavailable
from pinterest.operations import UPLOAD_MEDIA, Operation
from pinterest.types import MediaUpload
from pinterest.words import REFUSED, UNAVAILABLE

_CHUNK_BYTES: Final = 64 * 1024
_SECRET_FROM_CHARS: Final = 8
_ELEMENT: Final = r"<{0}>([^<]{{1,500}})</{0}>"
_REQUEST_ID: Final = re.compile(r"[\w.:\-]{1,64}")
# S3's codes for a failure that is no verdict on the form or the file.
_TROUBLES: Final = {
    "ExpiredToken": Trouble.UPLOAD_EXPIRED,
    "RequestTimeTooSkewed": Trouble.UPLOAD_EXPIRED,
    "RequestTimeout": Trouble.TIMED_OUT,
    "IncompleteBody": Trouble.DROPPED,
    "SlowDown": Trouble.RATE_LIMITED,
    "InternalError": Trouble.SERVER_ERROR,
    "ServiceUnavailable": Trouble.SERVER_ERROR,
}


class ReadableFile(Protocol):
    """Whatever gives the video's bytes from where it stands; empty at the end."""

    def read(self, size: int = -1, /) -> bytes: ...


class VideoFileChanged(Exception):  # reads as the event it is, like Refused
    """The file could not be read to the announced end; `message` is a sentence for people."""

    def __init__(self) -> None:
        self.message = "The video file changed or broke off while it was uploaded. Upload it again."
        super().__init__(self.message)


def upload_video(
    *, session: requests.Session, upload: MediaUpload, file: ReadableFile, size: int
) -> None:
    """Send the `size` bytes of the file, from where it stands, to the place of the upload.

    Nothing anyone sees comes of an upload by itself, so it may always be repeated after a new
    register: failures are Refused (the store said no to this form or file) or Unavailable,
    never Uncertain. Raises VideoFileChanged when the file is not `size` bytes long after all,
    and ValueError for a size below 1.
    """
    form = UploadForm(upload.upload_parameters, file, size)
    call = Call(
        UPLOAD_MEDIA,
        upload.upload_url,
        _NoAuth(),
        body=form,
        content_type=f"multipart/form-data; boundary={form.boundary}",
    )
    hidden = tuple(upload.upload_parameters.values())
    perform(session, call, classify=partial(_classify, hidden))


class UploadForm:
    """A `multipart/form-data` body of known length that holds one chunk of the file at a time."""

    def __init__(self, fields: Mapping[str, str], file: ReadableFile, size: int) -> None:
        if size < 1:
            raise ValueError("There is nothing to upload.")
        self.boundary = secrets.token_hex(16)
        self._file = file
        self._left = size
        self._head = b"".join([*map(self._field, fields.items()), self._file_head()])
        self._tail = f"\r\n--{self.boundary}--\r\n".encode()
        self._length = len(self._head) + size + len(self._tail)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        return iter(partial(self.read, _CHUNK_BYTES), b"")

    def __repr__(self) -> str:
        return f"UploadForm({self._length} bytes)"

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size`; empty at the end. Raises VideoFileChanged."""
        wanted = _CHUNK_BYTES if size < 0 else size
        if self._head:
            part, self._head = self._head[:wanted], self._head[wanted:]
            return part
        if self._left:
            return self._read_file(wanted)
        part, self._tail = self._tail[:wanted], self._tail[wanted:]
        return part

    def _read_file(self, wanted: int) -> bytes:
        try:
            part = self._file.read(min(wanted, self._left))
            self._left -= len(part)
            # Known before the last bytes leave: a video cut short must not look complete.
            surplus = b"" if self._left else self._file.read(1)
        except OSError as error:
            raise VideoFileChanged from error
        if not part or surplus:
            raise VideoFileChanged
        return part

    def _field(self, item: tuple[str, str]) -> bytes:
        name, value = item
        return (
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        ).encode()

    def _file_head(self) -> bytes:
        return (
            f"--{self.boundary}\r\n"
            'Content-Disposition: form-data; name="file"; filename="video"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()


class _NoAuth(AuthBase):
    """Adds nothing, and keeps requests from looking for a `~/.netrc` entry to add."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request alone."""
        return request


def _classify(hidden: tuple[str, ...], operation: Operation, answer: RawAnswer) -> PinterestError:
    """Make the error out of S3's answer; one that is not S3's is read like any other."""
    text = answer.body[:20_000].decode("utf-8", "replace")
    code = _element("Code", text)
    if not code:
        return classify_answer(operation, answer)
    said = _element("Message", text)
    trouble = _find_trouble(answer.status, code, said)
    facts: dict[str, Any] = {
        "status": answer.status,
        "rid": _request_id(answer),
        "detail": redact(_scrub(f"{code}: {said}", hidden)),
    }
    if trouble is None:
        words = REFUSED[RefusalReason.UPLOAD_REFUSED]
        reason = RefusalReason.UPLOAD_REFUSED
        return Refused(words.message, remedy=words.remedy, reason=reason, **facts)
    words = UNAVAILABLE[trouble]
    return Unavailable(words.message, remedy=words.remedy, reason=trouble, **facts)


def _find_trouble(status: int, code: str, said: str) -> Trouble | None:
    """Tell what kept the upload from happening; None when S3 really refused it."""
    if code == "AccessDenied" and "expired" in said.lower():
        return Trouble.UPLOAD_EXPIRED
    if code in _TROUBLES:
        return _TROUBLES[code]
    if 300 <= status < 400:
        return Trouble.REDIRECTED
    return Trouble.SERVER_ERROR if status >= 500 else None


def _scrub(text: str, hidden: tuple[str, ...]) -> str:
    """Take out what was signed: some of S3's errors quote the form back."""
    for value in hidden:
        if len(value) >= _SECRET_FROM_CHARS:
            text = text.replace(value, "[hidden]")
    return text


def _element(name: str, text: str) -> str:
    found = re.search(_ELEMENT.format(name), text)
    return found[1].strip() if found else ""


def _request_id(answer: RawAnswer) -> str | None:
    match = _REQUEST_ID.fullmatch(answer.header("x-amz-request-id") or "")
    return match.group() if match else None
