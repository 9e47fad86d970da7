"""`/v5/oauth/token`: codes into tokens, refresh tokens into new ones, strictly rotated."""

import base64
import binascii
import hmac
from datetime import timedelta

from sandbox import errors
from sandbox.call import Call
from sandbox.ids import digest
from sandbox.records import App, Token
from sandbox.scopes import split_scopes
from sandbox.wire import Response, json_response


def exchange(call: Call) -> Response:
    """`POST /oauth/token`."""
    app = authenticate_app(call)
    form = read_form(call)
    match form.get("grant_type"):
        case "authorization_code":
            return _redeem_code(call, app, form)
        case "refresh_token":
            return _refresh(call, app, form)
        case None:
            raise errors.invalid("'grant_type' is a required property")
        case _:
            raise errors.invalid("'grant_type' is not one of the supported grants.")


def revoke(call: Call) -> Response:
    """`POST /oauth/token/revoke`: for system users only, and this sandbox has none."""
    authenticate_app(call)
    if not read_form(call).get("token"):
        raise errors.invalid("'token' is a required property")
    raise errors.not_permitted()


def authenticate_app(call: Call) -> App:
    """The app named in the Basic header; raises ApiError 401/2."""
    scheme, _, encoded = call.request.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise errors.authentication_failed() from None
    app_id, _, secret = pair.partition(":")
    app = call.records.apps.get(app_id)
    if scheme.lower() != "basic" or app is None:
        raise errors.authentication_failed()
    if not hmac.compare_digest(app.secret_digest, digest(secret)):
        raise errors.authentication_failed()
    return app


def read_form(call: Call) -> dict[str, str]:
    """The form body; raises ApiError 400/1 for JSON, multipart or nothing."""
    if call.request.content_type != "application/x-www-form-urlencoded":
        raise errors.invalid("the body must be sent as application/x-www-form-urlencoded.")
    return call.request.form()


def _redeem_code(call: Call, app: App, form: dict[str, str]) -> Response:
    for name in ("code", "redirect_uri"):
        if not form.get(name):
            raise errors.invalid(f"'{name}' is a required property")
    code = call.records.codes.get(digest(form["code"]))
    if code is None or code.used or code.app_id != app.id or code.expires_at <= call.now:
        raise errors.grant_invalid()
    if code.redirect_uri != form["redirect_uri"]:
        raise errors.invalid("'redirect_uri' differs from the one of the authorization request.")
    code.used = True
    approved = call.records.accounts[code.account_id].approved.get(app.id, [])
    # Live answers may list every scope the user approved now or earlier.
    scopes = sorted({*code.scopes, *approved})
    return grant(call, app, code.account_id, scopes, "authorization_code")


def _refresh(call: Call, app: App, form: dict[str, str]) -> Response:
    if not form.get("refresh_token"):
        raise errors.invalid("'refresh_token' is a required property")
    token = call.records.tokens.get(digest(form["refresh_token"]))
    if token is None or token.kind != "refresh" or token.app_id != app.id:
        raise errors.grant_invalid()
    if token.dead or token.expires_at <= call.now:
        raise errors.grant_invalid()
    scopes = split_scopes(form.get("scope", "")) or token.scopes
    if not set(scopes) <= set(token.scopes):
        raise errors.invalid("'scope' asks for more than was granted.")
    token.dead = call.sandbox.settings.rotation == "strict"
    return grant(call, app, token.account_id, scopes, "refresh_token")


def grant(call: Call, app: App, account_id: str, scopes: list[str], response_type: str) -> Response:
    """Issue a pair of tokens and answer them; `scope` is space-separated, times in seconds."""
    settings = call.sandbox.settings
    refresh_expires_at = call.now + timedelta(seconds=settings.refresh_lifetime_seconds)
    access, refresh = issue_pair(call, app, account_id, scopes)
    payload = {
        "access_token": access,
        "refresh_token": refresh,
        "response_type": response_type,
        "token_type": "bearer",
        "expires_in": settings.access_lifetime_seconds,
        "refresh_token_expires_in": settings.refresh_lifetime_seconds,
        "refresh_token_expires_at": int(refresh_expires_at.timestamp()),
        "scope": " ".join(scopes),
    }
    return json_response(200, payload)


def issue_pair(call: Call, app: App, account_id: str, scopes: list[str]) -> tuple[str, str]:
    """Record a new access and refresh token; returns the secrets themselves."""
    settings, ids = call.sandbox.settings, call.sandbox.ids
    access, refresh = ids.secret("pina"), ids.secret("pinr")
    call.records.tokens[digest(access)] = Token(
        kind="access",
        app_id=app.id,
        account_id=account_id,
        scopes=list(scopes),
        expires_at=call.now + timedelta(seconds=settings.access_lifetime_seconds),
    )
    call.records.tokens[digest(refresh)] = Token(
        kind="refresh",
        app_id=app.id,
        account_id=account_id,
        scopes=list(scopes),
        expires_at=call.now + timedelta(seconds=settings.refresh_lifetime_seconds),
    )
    return access, refresh
