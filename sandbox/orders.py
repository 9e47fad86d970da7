"""What the control plane can be told to do: the shape of each order and its effect."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sandbox.faults import Fault
from sandbox.records import Privacy, Tier
from sandbox.scopes import PUBLISHING

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

Result = object


class Order(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An order that refuses fields it does not know."""


class Release(Order, kw_only=True):
    """`release`: let the calls go that a `hold` keeps."""


class Reset(Order, kw_only=True):
    """`reset`: forget everything."""


class Clock(Order, kw_only=True):
    """`clock`: move time forward, in seconds."""

    advance: float


class AddApp(Order, kw_only=True):
    """`apps`: register or change an app."""

    app_id: str
    secret: str
    name: str = "PinApp"
    redirect_uris: list[str] = []
    tier: Tier = "standard"
    features: list[str] = []


class AddAccount(Order, kw_only=True):
    """`accounts`: register an account."""

    username: str
    name: str | None = None
    account_type: Literal["PINNER", "BUSINESS"] = "BUSINESS"
    about: str = ""
    website_url: str = ""


class AddBoard(Order, kw_only=True):
    """`boards`: give an account (id or username) a board."""

    owner: str
    name: str
    privacy: Privacy = "PUBLIC"
    description: str | None = None
    collaborators: list[str] = []
    collaborators_may_write: bool = False


class AddSection(Order, kw_only=True):
    """`sections`: give a board a section."""

    board: str
    name: str


class IssueToken(Order, kw_only=True):
    """`tokens`: tokens as the OAuth flow would give them."""

    account: str
    scopes: list[str] = msgspec.field(default_factory=lambda: list(PUBLISHING))
    app: str | None = None


class SetTier(Order, kw_only=True):
    """`tier`: move an app between tiers."""

    tier: Tier
    app: str | None = None


class SetFeatures(Order, kw_only=True):
    """`features`: the beta grants of an app."""

    features: list[str]
    app: str | None = None


class SetQuota(Order, kw_only=True):
    """`quotas`: calls per window of a category (or `universal`); null lifts the limit."""

    category: Literal["universal", "org_read", "org_write", "org_analytics", "ads_read"]
    limit: int | None


class ChangeSettings(Order, kw_only=True):
    """`settings`: the switches of `Settings`, those that are named."""

    rotation: Literal["strict", "lenient"] | UnsetType = UNSET
    rate_header_style: Literal["plain", "envoy"] | UnsetType = UNSET
    send_retry_after: bool | UnsetType = UNSET
    spam_after: int | UnsetType | None = UNSET
    spam_window_seconds: int | UnsetType = UNSET
    code_lifetime_seconds: int | UnsetType = UNSET
    access_lifetime_seconds: int | UnsetType = UNSET
    refresh_lifetime_seconds: int | UnsetType = UNSET
    upload_lifetime_seconds: int | UnsetType = UNSET
    media_processing_seconds: float | UnsetType = UNSET
    video_pin_seconds: float | UnsetType = UNSET
    landing_read_seconds: float | UnsetType = UNSET


class Rename(Order, kw_only=True):
    """`rename`: change a username; its tokens die."""

    account: str
    username: str


class KillTokens(Order, kw_only=True):
    """`kill-tokens`: one token, or all of an account."""

    account: str | None = None
    token: str | None = None


class ExpireTokens(Order, kw_only=True):
    """`expire-tokens`: let an account's tokens of a kind expire now."""

    account: str
    kind: Literal["access", "refresh"] = "access"


class SetTokenScopes(Order, kw_only=True):
    """`token-scopes`: change what an account's tokens may do."""

    account: str
    scopes: list[str]


class DeleteBoard(Order, kw_only=True):
    """`delete-board`: behind the client's back."""

    board: str


def _fields(order: Order) -> dict[str, Any]:
    named = msgspec.structs.asdict(order)
    return {name: value for name, value in named.items() if value is not UNSET}


def _advance(sandbox: "Sandbox", order: Clock) -> Result:
    sandbox.clock.advance(order.advance)
    sandbox.changes += 1
    return {"now": sandbox.clock.now(), "offset_seconds": sandbox.clock.offset_seconds}


def _add_app(sandbox: "Sandbox", order: AddApp) -> Result:
    app = sandbox.add_app(**_fields(order))
    return {"id": app.id, "name": app.name, "tier": app.tier, "features": app.features}


def _issue_token(sandbox: "Sandbox", order: IssueToken) -> Result:
    return sandbox.issue_token(order.account, order.scopes, app=order.app)


def _set_tier(sandbox: "Sandbox", order: SetTier) -> Result:
    sandbox.set_tier(order.tier, app=order.app)
    return {}


def _set_features(sandbox: "Sandbox", order: SetFeatures) -> Result:
    sandbox.set_features(order.features, app=order.app)
    return {}


def _set_quota(sandbox: "Sandbox", order: SetQuota) -> Result:
    sandbox.set_quota(order.category, order.limit)
    return {}


def _change_settings(sandbox: "Sandbox", order: ChangeSettings) -> Result:
    sandbox.settings = msgspec.structs.replace(sandbox.settings, **_fields(order))
    return sandbox.settings


def _rename(sandbox: "Sandbox", order: Rename) -> Result:
    sandbox.rename_account(order.account, order.username)
    return sandbox.account(order.username)


def _kill_tokens(sandbox: "Sandbox", order: KillTokens) -> Result:
    if order.token is not None:
        sandbox.kill_token(order.token)
        return {"killed": 1}
    if order.account is None:
        raise ValueError("Name the account or the token.")
    return {"killed": sandbox.kill_tokens(order.account)}


def _expire_tokens(sandbox: "Sandbox", order: ExpireTokens) -> Result:
    return {"expired": sandbox.expire_tokens(order.account, kind=order.kind)}


def _set_token_scopes(sandbox: "Sandbox", order: SetTokenScopes) -> Result:
    sandbox.set_token_scopes(order.account, order.scopes)
    return {}


def _delete_board(sandbox: "Sandbox", order: DeleteBoard) -> Result:
    sandbox.delete_board(order.board)
    return {}


def _release(sandbox: "Sandbox", order: Release) -> Result:
    del order
    return {"released": sandbox.release_held()}


def _reset(sandbox: "Sandbox", order: Reset) -> Result:
    del order
    sandbox.reset()
    return {}


def _arm(sandbox: "Sandbox", order: Fault) -> Result:
    return {"id": sandbox.arm(order)}


def _add_account(sandbox: "Sandbox", order: AddAccount) -> Result:
    return sandbox.add_account(**_fields(order))


def _add_board(sandbox: "Sandbox", order: AddBoard) -> Result:
    return sandbox.add_board(**_fields(order))


def _add_section(sandbox: "Sandbox", order: AddSection) -> Result:
    return sandbox.add_section(order.board, order.name)


# Each effect takes the shape beside it; the table cannot say so in its type.
ORDERS: dict[str, tuple[type[msgspec.Struct], Callable[["Sandbox", Any], Result]]] = {
    "reset": (Reset, _reset),
    "clock": (Clock, _advance),
    "apps": (AddApp, _add_app),
    "accounts": (AddAccount, _add_account),
    "boards": (AddBoard, _add_board),
    "sections": (AddSection, _add_section),
    "tokens": (IssueToken, _issue_token),
    "tier": (SetTier, _set_tier),
    "features": (SetFeatures, _set_features),
    "quotas": (SetQuota, _set_quota),
    "settings": (ChangeSettings, _change_settings),
    "rename": (Rename, _rename),
    "kill-tokens": (KillTokens, _kill_tokens),
    "expire-tokens": (ExpireTokens, _expire_tokens),
    "token-scopes": (SetTokenScopes, _set_token_scopes),
    "delete-board": (DeleteBoard, _delete_board),
    "faults": (Fault, _arm),
    "release": (Release, _release),
}
