"""Tells whether a started process is at work yet."""

import http.client
from urllib.parse import urlsplit

_WORKER_SAYS = " ready."


def answers_http(url: str, *, host: str | None = None) -> bool:
    """Tell whether a server answers at `url`, as `host` if given, with anything but an error.

    A redirect or a refusal of the name counts: the process is up and speaks.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path, headers={"Host": host} if host else {})
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker_is_ready(log: str) -> bool:
    """Celery's worker says so in its log, at level INFO."""
    return _WORKER_SAYS in log
