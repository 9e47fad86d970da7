"""The one HTTP session that all calls to Pinterest share."""

from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

USER_AGENT: Final = "PinApp/0.1"
CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 15.0
# Pinterest fetches the picture itself before it answers a create.
CREATE_PIN_READ_TIMEOUT_S: Final = 60.0
# As many as a worker may have threads: a connection more than that is closed after each call.
POOL_SIZE: Final = 64


def open_session(*, user_agent: str = USER_AGENT, pool_size: int = POOL_SIZE) -> requests.Session:
    """Open a session that several threads may share.

    Sharing is safe because nothing of it changes between calls: urllib3's pools lock by
    themselves, credentials go with each call and never into the session, and no cookie is kept.
    `pool_size` is the number of connections kept open to one host, in connections.
    """
    session = _WireSession()
    session.headers["User-Agent"] = user_agent
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = _WireAdapter(pool_connections=4, pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _TlsConnection(HTTPSConnection):
    """Reports every failure before the first byte of a request as a failure to connect.

    urllib3 reports a TLS handshake that stalls as a read timeout, which after the request was
    sent means something else entirely: that a Pin may have been created.
    """

    def connect(self) -> None:
        """Connect and shake hands; raises urllib3's NewConnectionError and its like only."""
        try:
            super().connect()
        except OSError as error:
            raise NewConnectionError(self, f"TLS failed: {type(error).__name__}") from error


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS: Final = {"http": HTTPConnectionPool, "https": _TlsPool}


class _WireAdapter(HTTPAdapter):
    """Uses our TLS connections, directly and through a proxy."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _WireSession(requests.Session):
    """Never follows a redirect and never waits for ever, whatever the caller forgot."""

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:
        options["allow_redirects"] = False
        options["timeout"] = options.get("timeout") or (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        return super().send(request, **options)  # type: ignore[arg-type]  # options pass through as they came

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # inherited
        """Answer that there is none: requests prepares the next hop even when told not to go."""
        return None


class BearerAuth(AuthBase):
    """Puts the access token on a call.

    An `auth` object rather than a header, because requests lets a `~/.netrc` entry for the
    host overwrite an `Authorization` header but not this.
    """

    def __init__(self, access_token: str) -> None:
        self._access_token = access_token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header."""
        request.headers["Authorization"] = f"Bearer {self._access_token}"
        return request

    def __repr__(self) -> str:
        return "BearerAuth(…)"
