"""What the control plane shows, each as JSON."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.wire import Request

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

Shown = object


def _index(sandbox: "Sandbox", request: Request) -> Shown:
    del sandbox, request
    return {"views": sorted(VIEWS)}


def _state(sandbox: "Sandbox", request: Request) -> Shown:
    del request
    records = sandbox.records
    return {
        "now": sandbox.clock.now(),
        "apps": [
            {
                "id": app.id,
                "name": app.name,
                "tier": app.tier,
                "features": app.features,
                "redirect_uris": app.redirect_uris,
            }
            for app in records.apps.values()
        ],
        "accounts": list(records.accounts.values()),
        "boards": list(records.boards.values()),
        "sections": list(records.sections.values()),
        "pins": len(records.pins),
        "tokens_alive": sum(not token.dead for token in records.tokens.values()),
        "settings": sandbox.settings,
        "quotas": sandbox.quotas.counters(),
    }


def _clock(sandbox: "Sandbox", request: Request) -> Shown:
    del request
    return {"now": sandbox.clock.now(), "offset_seconds": sandbox.clock.offset_seconds}


def _pins(sandbox: "Sandbox", request: Request) -> Shown:
    return {"items": sandbox.pins(request.parameter("board_id"))}


def _media(sandbox: "Sandbox", request: Request) -> Shown:
    del request
    now = sandbox.clock.now()
    fields = ("id", "account_id", "uploaded_at", "duration_ms", "width", "height")
    return {
        "items": [
            {"status": media.status(now), **{name: getattr(media, name) for name in fields}}
            for media in sandbox.media()
        ]
    }


def _fetches(sandbox: "Sandbox", request: Request) -> Shown:
    del request
    return {"items": list(sandbox.fetches)}


def _requests(sandbox: "Sandbox", request: Request) -> Shown:
    del request
    return {"items": list(sandbox.requests)}


def _faults(sandbox: "Sandbox", request: Request) -> Shown:
    del request
    return {"items": sandbox.faults.listed()}


def _held(sandbox: "Sandbox", request: Request) -> Shown:
    del request
    return {"items": sandbox.held()}


VIEWS: dict[str, Callable[["Sandbox", Request], Shown]] = {
    "": _index,
    "state": _state,
    "clock": _clock,
    "pins": _pins,
    "media": _media,
    "fetches": _fetches,
    "requests": _requests,
    "faults": _faults,
    "held": _held,
}
