"""One API call on its way through the sandbox: who asks, with what, and what to spoil."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox import errors
from sandbox.faults import Fault, Kind
from sandbox.records import Account, App, Records, Token
from sandbox.wire import Request

if TYPE_CHECKING:
    from sandbox.core import Core


@dataclass(slots=True, kw_only=True)
class Call:
    """A request that found its route. `quirks` are the faults that change how it is answered."""

    sandbox: "Core"
    request: Request
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    quirks: tuple[Fault, ...] = ()

    @property
    def records(self) -> Records:
        """What this Pinterest knows."""
        return self.sandbox.records

    @property
    def origin(self) -> str:
        """Scheme and host of the addresses in the answer."""
        return self.sandbox.settings.public_url or self.request.origin

    def quirk(self, kind: Kind) -> Fault | None:
        """The fault of this kind that struck the call, if any."""
        return next((fault for fault in self.quirks if fault.kind == kind), None)


@dataclass(slots=True, kw_only=True)
class SignedCall(Call):
    """A call whose bearer token was accepted."""

    app: App
    account: Account
    token: Token

    def may_touch_secret(self) -> bool:
        """Whether the token holds the `_secret` twin of every scope the route needs."""
        twins = {f"{scope}_secret" for scope in self.scopes if scope in _WITH_SECRET_TWIN}
        return twins <= set(self.token.scopes)

    def require_secret(self) -> None:
        """Raise 403/29 unless the token reaches secret boards."""
        if not self.may_touch_secret():
            raise errors.not_permitted()


_WITH_SECRET_TWIN = {"boards:read", "boards:write", "pins:read", "pins:write"}
