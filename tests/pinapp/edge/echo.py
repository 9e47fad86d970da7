"""An edge around an application that tells what it was given, for a server of its own."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from pinapp.edge.app import Edge
from pinapp.edge.pools import Pool


def tell(environ, start_response):
    """Everything in the environment that a client had a say in, as JSON."""
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1.5)
    given = {key: value for key, value in environ.items() if isinstance(value, str)}
    data = json.dumps(given).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [data]


application = Edge(
    tell,
    pools={name: Pool(name, threads=2, most_waiting=100) for name in ("pages", "uploads")},
    lane_of=lambda _method, _path: "pages",
    folder=Path(os.environ["EDGE_FOLDER"]),
    proxies=int(os.environ["EDGE_PROXIES"]),
)
