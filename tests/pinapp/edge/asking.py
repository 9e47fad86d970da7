"""An edge in this process, asked as a server asks it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pinapp.edge.app import Edge
from pinapp.edge.limits import Limits
from pinapp.edge.pools import Pool

Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: in this one Playwright may keep a loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@dataclass
class Said:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = False
    pieces: int = 0


def make_edge(application: Any, folder: Path, **more: Any) -> Edge:
    """An edge whose limits are a hundred times closer."""
    limits = {"open": 100, "members": 1000, "room": 0, "grace_s": 5.0, "pace": 1000}
    limits |= {"patience_s": 0.3, "let_go_s": 0.05} | more.pop("limits", {})
    waiting = more.pop("most_waiting", 100)
    pools = {name: Pool(name, threads=2, most_waiting=waiting) for name in ("pages", "uploads")}
    return Edge(
        application,
        pools=pools,
        lane_of=lambda _method, _path: "pages",
        folder=folder,
        limits=Limits(**limits),
        **more,
    )


async def ask(
    edge: Edge,
    *,
    pieces: Iterable[bytes] = (),
    pause: float = 0.0,
    headers: Iterable[tuple[bytes, bytes]] = (),
    method: str = "GET",
    path: str = "/",
    taken: Callable[[bytes], float] = lambda _piece: 0.0,
    goes_away: bool = False,
) -> Said:
    """Send a request, its body in `pieces` with a pause before each.

    `taken` gives the seconds that the client takes over each piece of the answer. One that goes
    away is gone after the last piece.
    """
    said = Said()
    waiting = iter(pieces)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        for piece in waiting:
            return {"type": "http.request", "body": piece, "more_body": True}
        if goes_away:
            return {"type": "http.disconnect"}
        if said.status:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            said.status = message["status"]
            said.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        if message["body"]:
            await asyncio.sleep(taken(message["body"]))
            said.body += message["body"]
            said.pieces += 1
        said.is_whole = not message.get("more_body")

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "raw_path": path.encode(),
        "path": path,
        "query_string": b"",
        "headers": list(headers),
        "client": ("127.0.0.1", 4711),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
    }
    await edge(scope, receive, send)
    return said
