"""Sends requests over connections that are kept open, as fast as they are answered.

In a process of its own, so that it computes beside the server and not in its turn.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers a second, latencies in ms, answers by status."""

    rate: float
    p50_ms: float
    p99_ms: float
    statuses: dict[str, int]


def request(method: str, path: str, *, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", "Host: testserver"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def send(port: int, requests: Sequence[bytes], *, connections: int = CONNECTIONS) -> Load:
    """Send all of `requests`, each once."""
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        for each in requests:
            file.write(len(each).to_bytes(4, "big") + each)
        file.flush()
        found = subprocess.run(
            [sys.executable, "-m", "tests.bench.load", str(port), str(connections), file.name],
            capture_output=True,
            text=True,
            check=True,
        )
    return Load(**json.loads(found.stdout))


def _read(file: Path) -> Iterator[bytes]:
    data = file.read_bytes()
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 4 + length]
        at += 4 + length


async def _run(port: int, connections: int, requests: list[bytes]) -> Load:
    waiting = iter(requests)
    took: list[float] = []
    statuses: Counter[str] = Counter()

    async def one_line() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for each in waiting:
            started = time.perf_counter()
            writer.write(each)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
            took.append(time.perf_counter() - started)
            statuses[head[9:12].decode()] += 1
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one_line() for _ in range(connections)))
    seconds = time.perf_counter() - started
    marks = quantiles(took, n=100)
    return Load(len(took) / seconds, 1000 * marks[49], 1000 * marks[98], dict(statuses))


if __name__ == "__main__":
    _port, _connections, _file = sys.argv[1:]
    _found = asyncio.run(_run(int(_port), int(_connections), list(_read(Path(_file)))))
    json.dump({name: getattr(_found, name) for name in Load.__slots__}, sys.stdout)
