"""Who may call: token, app, scopes, features and quota, in Pinterest's order."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sandbox import errors
from sandbox.call import Call, SignedCall
from sandbox.ids import digest
from sandbox.quota import Allowance
from sandbox.records import Account, Token
from sandbox.wire import Request

if TYPE_CHECKING:
    from sandbox.core import Core


def sign(call: Call) -> SignedCall:
    """Accept the bearer token or raise ApiError 401 (code 2, or 3 for an unapproved app)."""
    token = bearer_token(call.sandbox, call.request)
    if token is None or token.dead or token.kind != "access" or token.expires_at <= call.now:
        raise errors.authentication_failed()
    app = call.records.apps[token.app_id]
    if app.tier == "unapproved":
        raise errors.consumer_type_not_supported()
    return SignedCall(
        sandbox=call.sandbox,
        request=call.request,
        now=call.now,
        path=call.path,
        scopes=call.scopes,
        quirks=call.quirks,
        app=app,
        account=call.records.accounts[token.account_id],
        token=token,
    )


def require_scopes(call: SignedCall) -> None:
    """Raise ApiError 401/3 unless the token holds all the route's scopes."""
    if missing := [scope for scope in call.scopes if scope not in call.token.scopes]:
        raise errors.missing_scope(missing)


def require_features(call: SignedCall, features: Iterable[str]) -> None:
    """Raise ApiError 401/3 for a beta the app lacks."""
    for feature in features:
        if feature not in call.app.features:
            raise errors.restricted_feature(feature)


def spend_quota(call: SignedCall, category: str) -> Allowance:
    """Count the call against its window."""
    quotas = call.sandbox.quotas
    return quotas.spend(app=call.app, account_id=call.account.id, category=category, now=call.now)


def check_acting_account(call: SignedCall) -> None:
    """Check `ad_account_id`: this sandbox has no ad accounts, so acting for one is refused."""
    acting = call.request.parameter("ad_account_id")
    if acting is None:
        return
    if not (acting.isascii() and acting.isdigit() and len(acting) <= 18):
        raise errors.invalid(r"'ad_account_id' must match the pattern: ^\d+$")
    raise errors.not_permitted()


def bearer_token(sandbox: "Core", request: Request) -> Token | None:
    """The token a request carries, alive or not."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    return sandbox.records.tokens.get(digest(secret.strip()))


def caller(sandbox: "Core", request: Request) -> Account | None:
    """Whose token a request carries, alive or not; for faults and the request log."""
    token = bearer_token(sandbox, request) or _refreshed_token(sandbox, request)
    return sandbox.records.accounts.get(token.account_id) if token else None


def _refreshed_token(sandbox: "Core", request: Request) -> Token | None:
    if not request.path.endswith("/oauth/token"):
        return None
    return sandbox.records.tokens.get(digest(request.form().get("refresh_token", "")))
