"""What a fault makes of an answer: another status, odd values, extra fields."""

import http
from collections.abc import Iterable

import msgspec

from sandbox.faults import Fault
from sandbox.wire import Response

_MESSAGES = {
    400: (0, "Sorry! Something went wrong on our end. Please try again later."),
    401: (2, "Authentication failed."),
    429: (8, "You have exceeded your rate limit. Try again later."),
}
_RATE_HEADERS: dict[str, str | None] = {
    "x-envoy-ratelimited": "true",
    "x-ratelimit-limit": "100",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "45",
}
_UNKNOWN = {"privacy": "COLLABORATIVE", "creative_type": "HOLOGRAM", "account_type": "COLLECTIVE"}
_EXTRA = {"x_new_field": {"introduced": "quietly"}}


def fault_response(fault: Fault, rid: str) -> Response:
    """The answer a `status` fault gives instead of the real one."""
    headers: dict[str, str | None] = {"x-pinterest-rid": rid}
    if fault.status == 429:
        headers |= _RATE_HEADERS
    body, content_type = _fault_body(fault)
    if content_type:
        headers["content-type"] = content_type
    headers |= {name.lower(): value for name, value in fault.headers.items()}
    kept = {name: value for name, value in headers.items() if value is not None}
    return Response(fault.status, kept, body)


def _fault_body(fault: Fault) -> tuple[bytes, str]:
    phrase = _phrase(fault.status)
    if fault.body == "empty":
        return b"", ""
    if fault.body == "html":
        page = f"<html><head><title>{fault.status} {phrase}</title></head><body>{phrase}</body>"
        return f"{page}</html>".encode(), "text/html"
    code, message = _MESSAGES.get(fault.status, (fault.status, phrase))
    payload = {
        "code": code if fault.code is None else fault.code,
        "message": message if fault.message is None else fault.message,
    }
    return msgspec.json.encode(payload), "application/json"


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def spoil(response: Response, faults: Iterable[Fault]) -> Response:
    """Apply `extra_fields` and `unknown_values` to a JSON answer."""
    kinds = {fault.kind for fault in faults} & {"extra_fields", "unknown_values"}
    if not kinds or not response.body:
        return response
    payload = response.json()
    if "unknown_values" in kinds:
        payload = _replace_values(payload)
    if "extra_fields" in kinds:
        payload = _add_fields(payload)
    return Response(response.status, response.headers, msgspec.json.encode(payload))


def _replace_values(value: object) -> object:
    if isinstance(value, list):
        return [_replace_values(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _UNKNOWN.get(name) or _replace_values(item) for name, item in value.items()}


def _add_fields(value: object) -> object:
    if isinstance(value, list):
        return [_add_fields(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _add_fields(item) for name, item in value.items()} | _EXTRA
