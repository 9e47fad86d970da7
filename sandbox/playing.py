"""Play the faults that struck a call: wait, kill the token, or end the call."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox import guard
from sandbox.faults import Fault
from sandbox.spoiling import fault_response
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.core import Core

Pause = Callable[[float], None]
_DEAD_CONNECTION = Response(status=0, dropped=True)


def apply_faults(
    sandbox: "Core",
    request: Request,
    faults: list[Fault],
    rid: str,
    pause: Pause,
    *,
    refuse: Callable[[Fault, str], Response] = fault_response,
) -> Response | None:
    """Play faults; returns the answer when one ended the call. `refuse` words a `status`."""
    for fault in faults:
        if fault.kind == "latency":
            pause(fault.seconds)
        elif fault.kind == "hold":
            sandbox.holds.wait(request, when=fault.when, seconds=fault.seconds)
        elif fault.kind == "drop":
            return _DEAD_CONNECTION
        elif fault.kind == "status":
            return refuse(fault, rid)
        elif fault.kind == "token_death" and (token := guard.bearer_token(sandbox, request)):
            token.dead = True
    return None
