"""The one HTTP session that all calls to Pinterest share."""

from http.cookiejar import DefaultCookiePolicy
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

USER_AGENT: Final = "PinApp/0.1"
CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 15.0
# Pinterest fetches the picture itself before it answers a create.
CREATE_PIN_READ_TIMEOUT_S: Final = 60.0
POOL_SIZE: Final = 16


def open_session(*, user_agent: str = USER_AGENT, pool_size: int = POOL_SIZE) -> requests.Session:
    """Open a session that several threads may share.

    Sharing is safe because nothing of it changes between calls: urllib3's pools lock by
    themselves, credentials go with each call and never into the session, and no cookie is kept.
    `pool_size` is the number of connections kept open to one host, in connections.
    """
    session = _WireSession()
    session.headers["User-Agent"] = user_agent
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _WireSession(requests.Session):
    """Never follows a redirect and never waits for ever, whatever the caller forgot."""

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:
        options["allow_redirects"] = False
        options["timeout"] = options.get("timeout") or (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        return super().send(request, **options)  # type: ignore[arg-type]  # options pass through as they came

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002  # inherited
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
