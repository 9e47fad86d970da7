"""The builder over a socket: steer a sandbox in another process or thread."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import msgspec
import requests

from sandbox.faults import ArmedFault, Fault
from sandbox.holding import HeldCall
from sandbox.logs import FetchEntry, RequestEntry
from sandbox.records import Account, Board, Pin, Privacy, Section, Tier
from sandbox.sandbox import (
    DEFAULT_APP_ID,
    DEFAULT_APP_SECRET,
    IssuedToken,
)
from sandbox.scopes import PUBLISHING

_TIMEOUT_SECONDS = 10
Answer = TypeVar("Answer")


class ControlError(Exception):
    """The control plane refused an order; the text says why."""


class SandboxControl:
    """Speaks to the `/__sim` of the sandbox at `base_url`, in the words of `Sandbox`.

    Accounts, boards and apps are named by the object, by id, or (accounts) by username.
    Every method raises ControlError when the sandbox refuses.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    # Building a scenario

    def reset(self) -> None:
        """Forget everything."""
        self._order("reset", {})

    def add_app(
        self,
        *,
        app_id: str = DEFAULT_APP_ID,
        secret: str = DEFAULT_APP_SECRET,
        name: str = "PinApp",
        redirect_uris: Iterable[str] = (),
        tier: Tier = "standard",
        features: Iterable[str] = (),
    ) -> None:
        """Register an app, or change the one of that id."""
        order = {"app_id": app_id, "secret": secret, "name": name, "tier": tier}
        lists = {"redirect_uris": list(redirect_uris), "features": list(features)}
        self._order("apps", order | lists)

    def add_account(self, username: str, **details: str | None) -> Account:
        """Register an account."""
        return _shaped(self._order("accounts", {"username": username, **details}), Account)

    def add_board(
        self,
        owner: Account | str,
        name: str,
        *,
        privacy: Privacy = "PUBLIC",
        description: str | None = None,
    ) -> Board:
        """Give an account a board."""
        order = {"owner": _ref(owner), "name": name, "privacy": privacy}
        return _shaped(self._order("boards", order | {"description": description}), Board)

    def add_section(self, board: Board | str, name: str) -> Section:
        """Give a board a section."""
        return _shaped(self._order("sections", {"board": _ref(board), "name": name}), Section)

    def issue_token(
        self, account: Account | str, scopes: Iterable[str] = PUBLISHING, *, app: str | None = None
    ) -> IssuedToken:
        """Tokens as the OAuth flow would give them."""
        order = {"account": _ref(account), "scopes": list(scopes), "app": app}
        return _shaped(self._order("tokens", order), IssuedToken)

    # Things that happen to a client

    def arm(self, fault: Fault) -> int:
        """Arm a fault; returns its number."""
        answer = self._order("faults", msgspec.to_builtins(fault))
        return _shaped(answer, dict[str, int])["id"]

    def clear_faults(self) -> None:
        """Disarm every fault."""
        self._call("DELETE", "faults")

    def release_held(self) -> int:
        """Let the calls go that a `hold` keeps; returns how many waited."""
        return _shaped(self._order("release", {}), dict[str, int])["released"]

    def advance(self, seconds: float | timedelta) -> datetime:
        """Move the sandbox's time forward; returns its new present."""
        step = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        return _shaped(self._order("clock", {"advance": step}), _Clock).now

    def set_tier(self, tier: Tier, *, app: str | None = None) -> None:
        """Move an app between tiers."""
        self._order("tier", {"tier": tier, "app": app})

    def set_features(self, features: Iterable[str], *, app: str | None = None) -> None:
        """Set the beta grants of an app."""
        self._order("features", {"features": list(features), "app": app})

    def set_quota(self, category: str, limit: int | None) -> None:
        """Set the calls per window of a category; None lifts the limit."""
        self._order("quotas", {"category": category, "limit": limit})

    def change_settings(self, **changes: object) -> None:
        """Change switches of `Settings`."""
        self._order("settings", changes)

    def rename_account(self, account: Account | str, username: str) -> None:
        """Change a username; the account's tokens die."""
        self._order("rename", {"account": _ref(account), "username": username})

    def kill_tokens(self, account: Account | str) -> int:
        """Invalidate every token of the account."""
        answer = self._order("kill-tokens", {"account": _ref(account)})
        return _shaped(answer, dict[str, int])["killed"]

    def kill_token(self, secret: str) -> None:
        """Invalidate one access or refresh token."""
        self._order("kill-tokens", {"token": secret})

    def expire_tokens(
        self, account: Account | str, *, kind: Literal["access", "refresh"] = "access"
    ) -> int:
        """Let the account's tokens of a kind expire now."""
        answer = self._order("expire-tokens", {"account": _ref(account), "kind": kind})
        return _shaped(answer, dict[str, int])["expired"]

    def set_token_scopes(self, account: Account | str, scopes: Iterable[str]) -> None:
        """Change what the account's tokens may do."""
        self._order("token-scopes", {"account": _ref(account), "scopes": list(scopes)})

    def delete_board(self, board: Board | str) -> None:
        """Delete a board behind the client's back."""
        self._order("delete-board", {"board": _ref(board)})

    # Looking

    def now(self) -> datetime:
        """The sandbox's present."""
        return _shaped(self._call("GET", "clock"), _Clock).now

    def state(self) -> dict[str, Any]:
        """The summary of everything the sandbox knows."""
        return _shaped(self._call("GET", "state"), dict[str, Any])

    def pins(self, board: Board | str | None = None) -> list[Pin]:
        """All Pins, or a board's, newest first."""
        query = f"?board_id={_ref(board)}" if board is not None else ""
        return _items(self._call("GET", f"pins{query}"), Pin)

    def media(self) -> list[dict[str, Any]]:
        """All video uploads, newest first, with their status."""
        return _items(self._call("GET", "media"), dict[str, Any])

    def fetches(self) -> list[FetchEntry]:
        """The crawler's visits, oldest first."""
        return _items(self._call("GET", "fetches"), FetchEntry)

    def held(self) -> list[HeldCall]:
        """The calls that a `hold` keeps just now."""
        return _items(self._call("GET", "held"), HeldCall)

    def requests(self) -> list[RequestEntry]:
        """The answered requests, oldest first."""
        return _items(self._call("GET", "requests"), RequestEntry)

    def faults(self) -> list[ArmedFault]:
        """The armed faults."""
        return _items(self._call("GET", "faults"), ArmedFault)

    def _order(self, name: str, order: object) -> object:
        return self._call("POST", name, order)

    def _call(self, method: str, name: str, order: object = None) -> object:
        address = f"{self.base_url}/__sim/{name}"
        answer = self._session.request(method, address, json=order, timeout=_TIMEOUT_SECONDS)
        payload: object = answer.json() if answer.content else None
        if not answer.ok:
            message = payload.get("message") if isinstance(payload, dict) else None
            raise ControlError(f"{method} /__sim/{name}: {message or answer.status_code}")
        return payload


class _Clock(msgspec.Struct):
    now: datetime
    offset_seconds: float


def _ref(named: Account | Board | str) -> str:
    return named if isinstance(named, str) else named.id


def _shaped(payload: object, shape: type[Answer]) -> Answer:
    return msgspec.convert(payload, shape)


def _items(payload: object, shape: type[Answer]) -> list[Answer]:
    return msgspec.convert(_shaped(payload, dict[str, Any])["items"], list[shape])  # type: ignore[valid-type]  # built at run time
