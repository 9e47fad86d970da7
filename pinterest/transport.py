"""Decide what a broken connection means: look into what requests and urllib3 raised."""

import ssl
from collections.abc import Iterator
from typing import Final

import requests
import urllib3.exceptions as urllib3_errors

from pinterest.classify import nothing_sent, unknown_outcome
from pinterest.errors import PinterestError, Trouble
from pinterest.operations import Operation

# Raised before a connection carries our request: while resolving the name, connecting to
# Pinterest or to the proxy (our own session adds the TLS handshake), checking the certificate,
# or building the request.
_BEFORE_SENDING: Final = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.ProxyError,
    urllib3_errors.NewConnectionError,
    urllib3_errors.ConnectTimeoutError,
    urllib3_errors.ProxyError,
    urllib3_errors.LocationValueError,
    ssl.SSLCertVerificationError,
    ssl.CertificateError,
)
_TIMEOUTS: Final = (requests.Timeout, urllib3_errors.TimeoutError, TimeoutError)


def classify_exception(operation: Operation, error: Exception) -> PinterestError:
    """Make the error out of what the HTTP library raised for this call.

    Only a proof that nothing was sent makes the failure of a creating call harmless.
    The library's texts are left out, for they can quote headers; its class names are not.
    """
    causes = list(_chain(error))
    detail = ": ".join(dict.fromkeys(type(cause).__name__ for cause in causes))
    if any(isinstance(cause, _BEFORE_SENDING) for cause in causes):
        return nothing_sent(detail=detail)
    timed_out = any(isinstance(cause, _TIMEOUTS) for cause in causes)
    return unknown_outcome(
        operation, Trouble.TIMED_OUT if timed_out else Trouble.DROPPED, detail=detail
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk from an exception to all it wraps: `reason`, exceptions in `args`, causes."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = [getattr(current, "reason", None), *current.args, current.__cause__]
        waiting += [item for item in inner if isinstance(item, BaseException)]
