"""`/__sim`: the control plane. Loopback only, JSON only; the same words as the builder's."""

import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from sandbox import orders
from sandbox.crawler import is_loopback
from sandbox.schema import describe
from sandbox.views import VIEWS
from sandbox.wire import ApiError, Request, Response, json_response, no_content

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

PREFIX = "/__sim"


def answer_control(sandbox: "Sandbox", request: Request) -> Response:
    """Look (`GET`), order (`POST`) or disarm (`DELETE /__sim/faults`)."""
    try:
        _refuse_strangers(request)
        with sandbox.lock:
            return _route(request)(sandbox, request)
    except ApiError as error:
        return error.response()


def _route(request: Request) -> Callable[["Sandbox", Request], Response]:
    name = request.path.removeprefix(PREFIX).strip("/")
    if request.method == "GET" and name in VIEWS:
        return _view
    if request.method == "POST" and name in orders.ORDERS:
        return _order
    if request.method == "DELETE" and name == "faults":
        return _disarm
    raise ApiError(404, 404, f"There is no {request.method} {PREFIX}/{name[:60]}.")


def _view(sandbox: "Sandbox", request: Request) -> Response:
    name = request.path.removeprefix(PREFIX).strip("/")
    try:
        return json_response(200, VIEWS[name](sandbox, request))
    except KeyError as error:
        raise _unknown(error) from None


def _order(sandbox: "Sandbox", request: Request) -> Response:
    shape, carry_out = orders.ORDERS[request.path.removeprefix(PREFIX).strip("/")]
    # A web page may post text or forms to this machine, but not JSON without asking first.
    if request.content_type != "application/json":
        raise ApiError(415, 1, "Send the order as application/json.")
    try:
        order = msgspec.json.decode(request.body or b"{}", type=shape)
    except msgspec.ValidationError as error:
        raise describe(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ApiError(400, 1, "The order is not valid JSON.") from None
    try:
        return json_response(200, carry_out(sandbox, order))
    except KeyError as error:
        raise _unknown(error) from None
    except ValueError as error:
        raise ApiError(409, 1, str(error)) from None


def _disarm(sandbox: "Sandbox", request: Request) -> Response:
    del request
    sandbox.faults.clear()
    return no_content()


def _unknown(error: KeyError) -> ApiError:
    return ApiError(404, 1, f"The sandbox knows nothing called {str(error.args[0])[:60]}.")


def _refuse_strangers(request: Request) -> None:
    host = request.origin.partition("://")[2].rpartition(":")[0] or request.origin
    local = ipaddress.ip_address(request.peer).is_loopback
    # The Host header too: a rebound DNS name would otherwise reach in through a browser.
    # (.test is reserved for uses like a session with the sandbox mounted; no DNS answers it.)
    named = is_loopback(host.strip("[]")) or host.endswith(".test")
    if not (local and named):
        raise ApiError(403, 29, "The control plane answers on this machine only.")
