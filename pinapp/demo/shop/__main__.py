"""The shop as a process of its own: `python -m pinapp.demo.shop`.

Reads SHOP_PORT, SHOP_URL, PUBLIC_URL, PINTEREST_OAUTH_URL and PINAPP_VAR from the environment, as
`make run` sets them.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from pinapp.demo.shop.pages import Place
from pinapp.demo.shop.server import ShopServer


def main() -> int:
    """Serve until SIGINT or SIGTERM; returns the exit code."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    port = int(os.environ.get("SHOP_PORT") or "8200")
    place = Place(
        shop_url=os.environ.get("SHOP_URL") or f"http://127.0.0.1:{port}",
        pinapp_url=(os.environ.get("PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/"),
        pinterest_url=_origin(
            os.environ.get("PINTEREST_OAUTH_URL") or "https://www.pinterest.com/oauth/"
        ),
    )
    try:
        server = ShopServer(("127.0.0.1", port), place, Path(os.environ.get("PINAPP_VAR") or "var"))
    except OSError as error:
        _say(f"The shop cannot listen on port {port}: {error.strerror}. Set SHOP_PORT to another.")
        return 1
    with server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        _say(f"Demo shop: {place.shop_url}/")
        stop.wait()
        server.shutdown()
    return 0


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
