"""A request's way through `/v5`: faults, checks in Pinterest's order, the answer, its headers."""

from typing import TYPE_CHECKING

from sandbox import errors, guard
from sandbox.call import Call, SignedCall
from sandbox.faults import Fault
from sandbox.playing import Pause, apply_faults
from sandbox.quota import Allowance
from sandbox.routing import APP_ROUTES, AppRoute, Route, find_route
from sandbox.spoiling import spoil
from sandbox.wire import ApiError, Request, Response

if TYPE_CHECKING:
    from sandbox.core import Core


def answer_api(sandbox: "Core", request: Request, rid: str, pause: Pause) -> Response:
    """Answer one API request, faults included; `pause` waits so many seconds."""
    route = f"{request.method} {request.path}"
    who = guard.caller(sandbox, request)
    names = {who.id, who.username} if who else set()
    quirks = sandbox.faults.strike(when="before", route=route, account=names)
    if ended := apply_faults(sandbox, request, quirks, rid, pause):
        return ended
    response = _answer(sandbox, request, tuple(quirks), rid)
    if response.status < 400:
        late = sandbox.faults.strike(when="after", route=route, account=names)
        response = spoil(response, (*quirks, *late))
        if ended := apply_faults(sandbox, request, late, rid, pause):
            return ended
    return response


def _answer(sandbox: "Core", request: Request, quirks: tuple[Fault, ...], rid: str) -> Response:
    call = Call(sandbox=sandbox, request=request, now=sandbox.clock.now(), quirks=quirks)
    spent: list[Allowance] = []
    try:
        if app_route := APP_ROUTES.get(request.path):
            response = _answer_app(call, app_route, spent)
        else:
            route, path = find_route(request.method, request.path)
            call.path, call.scopes = path, route.scopes
            response = _answer_signed(call, route, spent)
    except ApiError as error:
        response = error.response()
    allowance = spent[-1] if spent else sandbox.quotas.idle("org_read")
    return _with_headers(sandbox, response, allowance, rid)


def _answer_app(call: Call, route: AppRoute, spent: list[Allowance]) -> Response:
    if call.request.method != "POST":
        raise errors.method_not_allowed()
    with call.sandbox.lock:
        spent.append(call.sandbox.quotas.idle(route.category))
        return route.answer(call)


def _answer_signed(call: Call, route: Route, spent: list[Allowance]) -> Response:
    with call.sandbox.lock:
        signed = _check(call, route, spent)
        if not route.locks_itself:
            return route.answer(signed)
    return route.answer(signed)


def _check(call: Call, route: Route, spent: list[Allowance]) -> SignedCall:
    signed = guard.sign(call)
    guard.require_scopes(signed)
    guard.require_features(signed, route.features)
    if route.creates_pins and signed.app.tier == "trial":
        raise errors.trial_may_not_create_pins()
    allowance = guard.spend_quota(signed, route.category)
    spent.append(allowance)
    if allowance.exceeded:
        promised = call.sandbox.settings.send_retry_after
        raise errors.rate_limited(allowance.reset_seconds if promised else None)
    return signed


def _with_headers(sandbox: "Core", response: Response, allowance: Allowance, rid: str) -> Response:
    limit = str(allowance.limit)
    if sandbox.settings.rate_header_style == "envoy":
        limit = f"{limit}, {limit};w=60"
    headers = {
        **response.headers,
        "x-pinterest-rid": rid,
        "x-ratelimit-limit": limit,
        "x-ratelimit-remaining": str(allowance.remaining),
        "x-ratelimit-reset": str(allowance.reset_seconds),
    }
    return Response(response.status, headers, response.body)
