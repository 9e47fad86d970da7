"""Real proxies before the real server, and headers that want to be taken for theirs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from pinapp.supervisor.spawn import tie_to_parent
from tests.application import ROOT, free_ports

pytestmark = pytest.mark.slow

CRAWLER = "54.236.1.11"
_NAMES = (
    "X-Forwarded-For X_Forwarded_For X-Forwarded_For x_forwarded-for X_Real_IP X-Real-IP Forwarded"
)
FALSE = {
    **dict.fromkeys([*_NAMES.split(), "Remote_Addr", "True-Client-IP"], CRAWLER),
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "Http_Host": "evil.example",
    "Content_Type": "evil/type",
    "X_CSRFToken": "evil",
}

CADDY = """
{{
  admin off
  auto_https off
}}
http://:{front} {{
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:{back}
}}
"""
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}
http {{
  access_log off; underscores_in_headers on;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{front};
    location / {{
      proxy_pass http://127.0.0.1:{back};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""
HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend front
  bind 127.0.0.1:{front}
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  default_backend back
backend back
  server one 127.0.0.1:{back}
"""
PROXIES = {
    "caddy": (CADDY, ("caddy", "run", "--adapter", "caddyfile", "--config", "{file}")),
    # Let through what it would drop: the edge must not rely on it.
    "nginx": (NGINX, ("nginx", "-c", "{file}", "-p", "{folder}")),
    "haproxy": (HAPROXY, ("haproxy", "-db", "-f", "{file}")),
}


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server until the block ends, from when it answers at `port`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **more},
            stdout=output,
            stderr=output,
            preexec_fn=tie_to_parent(signal.SIGTERM),
        )
    try:
        give_up_at = time.monotonic() + 30
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < give_up_at, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(10)


def listens(port: int) -> bool:
    with closing(socket.socket()) as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def edge(folder: Path, *, proxies: int) -> Iterator[int]:
    with server(folder, proxies=proxies) as (port, _process):
        yield port


@contextmanager
def server(folder: Path, *, proxies: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--http", "1"]
    command += ["--port", str(port), "tests.pinapp.edge.echo:application"]
    given = {"EDGE_FOLDER": str(folder), "EDGE_PROXIES": str(proxies)}
    with running(command, port, folder / "edge.log", **given) as process:
        yield port, process


@contextmanager
def proxy(name: str, folder: Path, *, back: int) -> Iterator[int]:
    text, command = PROXIES[name]
    (front,) = free_ports(1)
    file = folder / f"{name}.conf"
    file.write_text(text.format(front=front, back=back, folder=folder))
    words = [word.format(file=file, folder=folder) for word in command]
    with running(words, front, folder / f"{name}.log", HOME=str(folder)):
        yield front


def ask(port: int, headers: dict[str, str], path: str = "/x") -> tuple[int, dict[str, str]]:
    """Status and answer to exactly these headers, beside Host and Connection."""
    lines = [f"GET {path} HTTP/1.1", "Host: pins.example", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        said = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = said.partition(b"\r\n\r\n")
    if b"chunked" in head.lower():
        body = body.split(b"\r\n", 1)[1].rsplit(b"\r\n0\r\n", 1)[0]
    return int(head.split()[1]), json.loads(body) if body.startswith(b"{") else {}


def inspect(given: dict[str, str]) -> None:
    assert given["REMOTE_ADDR"] == "127.0.0.1"
    assert given["wsgi.url_scheme"] == "http"
    assert given["HTTP_HOST"] == "pins.example"
    assert CRAWLER not in given.values()
    assert not any("evil" in value for value in given.values()), given


@pytest.mark.parametrize("name", list(PROXIES))
def test_behind_a_proxy_the_visitor_is_who_connects_to_it(name: str, tmp_path: Path) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name}: this machine has none")
    with ExitStack() as stack:
        back = stack.enter_context(edge(tmp_path, proxies=1))
        front = stack.enter_context(proxy(name, tmp_path, back=back))
        status, given = ask(front, FALSE)
        assert status == 200
        inspect(given)
        for each, value in FALSE.items():
            inspect(ask(front, {each: value})[1])


def test_without_a_proxy_the_visitor_is_who_connects(tmp_path: Path) -> None:
    with edge(tmp_path, proxies=0) as port:
        inspect(ask(port, FALSE)[1])


def test_past_the_proxy_nobody_knows_who_it_is(tmp_path: Path) -> None:
    with edge(tmp_path, proxies=2) as port:
        assert ask(port, {"X-Forwarded-For": CRAWLER})[1]["REMOTE_ADDR"] == ""
        assert ask(port, {"Host": "evil.example"})[0] == 400


def test_what_is_under_way_is_finished_before_the_server_ends(tmp_path: Path) -> None:
    with server(tmp_path, proxies=0) as (port, process), ThreadPoolExecutor(1) as client:
        asked = client.submit(ask, port, {}, "/slow")
        time.sleep(0.7)
        process.terminate()
        assert asked.result(10)[0] == 200
        assert process.wait(10) is not None
