"""`/s3/upload`: the store where videos are sent, with S3's own checks and its XML errors."""

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, BinaryIO, cast

from sandbox.faults import Fault
from sandbox.forms import BadFormError, Form, Part, read_form
from sandbox.ids import digest
from sandbox.playing import Pause, apply_faults
from sandbox.records import Media
from sandbox.videos import VIDEO_BYTES_LIMIT, measure
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.core import Core

PATH = "/s3/upload"


class StorageError(Exception):
    """An answer in S3's shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def response(self, rid: str) -> Response:
        """This error as an HTTP response."""
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
            f"<RequestId>{rid}</RequestId></Error>"
        )
        headers = {"content-type": "application/xml", "x-amz-request-id": rid}
        return Response(self.status, headers, body.encode())


def answer_upload(sandbox: "Core", request: Request, rid: str, pause: Pause) -> Response:
    """Take one upload, faults included."""
    route = f"{request.method} {request.path}"
    form = _read_form(request)
    names = _owner_names(sandbox, form)
    quirks = sandbox.faults.strike(when="before", route=route, account=names)
    if ended := apply_faults(sandbox, request, quirks, rid, pause, refuse=_fault_response):
        return ended
    try:
        _take(sandbox, request, form, quirks)
    except StorageError as error:
        return error.response(rid)
    late = sandbox.faults.strike(when="after", route=route, account=names)
    ended = apply_faults(sandbox, request, late, rid, pause, refuse=_fault_response)
    return ended or Response(204, {"x-amz-request-id": rid})


def refuse_unread(request: Request, rid: str) -> Response:
    """Answer an upload whose body was not read: it has no length, or far too much of it."""
    if "content-length" not in request.headers:
        return _length_missing().response(rid)
    return _too_large().response(rid)


def _fault_response(fault: Fault, rid: str) -> Response:
    code, message = {
        400: ("InvalidArgument", "POST requires exactly one file upload per request."),
        403: ("AccessDenied", "Access Denied"),
        500: ("InternalError", "We encountered an internal error. Please try again."),
    }.get(fault.status, ("ServiceUnavailable", "Please reduce your request rate."))
    return StorageError(fault.status, code, fault.message or message).response(rid)


def _read_form(request: Request) -> Form | None:
    try:
        content = request.body if request.spooled is None else request.spooled
        return read_form(request.headers.get("content-type", ""), content)
    except BadFormError:
        return None


def _take(sandbox: "Core", request: Request, form: Form | None, quirks: list[Fault]) -> None:
    """Check in S3's order, then keep what the file says of itself."""
    _check_head(request)
    if form is None:
        raise StorageError(
            400, "MalformedPOSTRequest", "The body of your POST request is not well-formed."
        )
    file = _file_of(form)
    with sandbox.lock:
        media = _addressed(sandbox, form)
        _check_fields(sandbox, media, form)
    _check_size(file.end - file.start)
    facts = measure(cast("BinaryIO", form.open(file)))
    with sandbox.lock:
        _keep(sandbox, media, facts, quirks)


def _check_head(request: Request) -> None:
    if request.method != "POST":
        raise StorageError(
            405,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        )
    if "authorization" in request.headers:
        raise StorageError(
            400,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
            "Signature query string parameter or the Authorization header should be specified",
        )
    if "content-length" not in request.headers:
        raise _length_missing()


def _file_of(form: Form) -> Part:
    files = [part for part in form.parts if part.name == "file"]
    if len(files) != 1:
        raise StorageError(
            400, "InvalidArgument", "POST requires exactly one file upload per request."
        )
    return files[0]


def _fields_of(form: Form) -> list[tuple[str, str]]:
    """The fields before the file; S3 ignores what comes after it."""
    fields = []
    for part in form.parts:
        if part.name == "file":
            break
        fields.append((part.name, form.value(part)))
    return fields


def _addressed(sandbox: "Core", form: Form) -> Media:
    key = dict(_fields_of(form)).get("key", "")
    media = sandbox.records.media.get(key.rpartition(":")[2])
    if media is None:
        raise _denied("Policy Condition failed: key")
    return media


def _check_fields(sandbox: "Core", media: Media, form: Form) -> None:
    fields = dict(_fields_of(form))
    if extra := [name for name in fields if name not in media.form]:
        raise _denied(f"Extra input fields: {extra[0]}")
    for name, expected in media.form.items():
        if name not in fields:
            raise _denied(f"Policy Condition failed: {name}")
        if digest(fields[name]) == expected:
            continue
        if name == "x-amz-security-token":
            raise StorageError(400, "InvalidToken", "The provided token is malformed or invalid.")
        if name in {"policy", "x-amz-signature", "x-amz-credential", "x-amz-date"}:
            raise StorageError(
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
            )
        raise _denied(f"Policy Condition failed: {name}")
    if sandbox.clock.now() >= media.expires_at:
        raise _denied("Policy expired.")


def _check_size(size: int) -> None:
    if size == 0:
        raise StorageError(
            400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"
        )
    if size > VIDEO_BYTES_LIMIT:
        raise _too_large()


def _keep(
    sandbox: "Core", media: Media, facts: tuple[int, int, int] | None, quirks: list[Fault]
) -> None:
    """Begin processing; a second upload to the same place changes nothing any more."""
    if media.uploaded_at is not None:
        return
    kinds = {fault.kind for fault in quirks}
    media.uploaded_at = sandbox.clock.now()
    media.failed = facts is None or "media_failed" in kinds
    if facts is not None:
        media.duration_ms, media.width, media.height = facts
    if "media_stuck" not in kinds:
        seconds = sandbox.settings.media_processing_seconds
        media.settled_at = media.uploaded_at + timedelta(seconds=seconds)


def _owner_names(sandbox: "Core", form: Form | None) -> set[str]:
    """Whose upload it is, for faults that strike one account only."""
    key = dict(_fields_of(form)).get("key", "") if form else ""
    media = sandbox.records.media.get(key.rpartition(":")[2])
    owner = sandbox.records.accounts.get(media.account_id) if media else None
    return {owner.id, owner.username} if owner else set()


def _denied(why: str) -> StorageError:
    return StorageError(403, "AccessDenied", f"Invalid according to Policy: {why}")


def _length_missing() -> StorageError:
    return StorageError(
        411, "MissingContentLength", "You must provide the Content-Length HTTP header."
    )


def _too_large() -> StorageError:
    return StorageError(
        400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
    )
