"""What happened, for assertions: requests answered and media fetched. Never a secret."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.crawler import Fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEntry:
    """One answered request; the query is left out, it may hold a code or a state."""

    at: datetime
    method: str
    path: str
    status: int
    rid: str
    account_id: str | None
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchEntry:
    """One visit to a picture or a page, under the name of `user_agent`."""

    at: datetime
    url: str
    outcome: str
    status: int | None
    content_type: str
    redirects: int
    size_bytes: int
    user_agent: str

    @classmethod
    def of(cls, fetch: Fetch, *, at: datetime) -> "FetchEntry":
        """The entry of a fetch."""
        return cls(
            at=at,
            url=fetch.url,
            outcome=fetch.outcome,
            status=fetch.status,
            content_type=fetch.content_type,
            redirects=fetch.redirects,
            size_bytes=fetch.size_bytes,
            user_agent=fetch.user_agent,
        )
