"""A body reaches the application when it is here, whole, and within its bounds."""

from __future__ import annotations

import asyncio
import json

import pytest

from foundation.security_headers import FOR_ERRORS
from pinapp.edge.limits import MB
from tests.pinapp.edge.asking import ask, make_edge, run

LENGTH = b"content-length"
CHUNKED = (b"transfer-encoding", b"chunked")


class Reader:
    """An application that reads its body and notes what it read."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read()
        assert environ.get("CONTENT_LENGTH", "0") == str(len(body))
        self.bodies.append(body)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"read"]


@pytest.fixture
def reader():
    return Reader()


def send(reader, folder, *pieces, length=None, member=None, **more):
    edge = make_edge(reader, folder, member_of=lambda _environ: member, **more.pop("edge", {}))
    header = CHUNKED if length is None else (LENGTH, str(length).encode())
    more.setdefault("headers", [header])
    return run(ask(edge, pieces=pieces, method="POST", **more))


@pytest.mark.parametrize("length", [100, None])
def test_a_small_body_comes_to_the_application_as_it_is(reader, tmp_path, length):
    assert send(reader, tmp_path, b"a" * 40, b"b" * 60, length=length).status == 200
    assert reader.bodies == [b"a" * 40 + b"b" * 60]


@pytest.mark.parametrize("length", [101, None])
def test_a_larger_one_is_refused_before_any_of_it_is_kept(reader, tmp_path, length):
    said = send(reader, tmp_path, *[b"a" * 50] * 3, length=length)
    assert (said.status, said.headers["connection"]) == (413, "close")
    assert (reader.bodies, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize("length", [1000, None])
def test_a_member_may_send_more(reader, tmp_path, length):
    assert send(reader, tmp_path, *[b"a" * 100] * 10, length=length, member="1").status == 200
    assert reader.bodies == [b"a" * 1000]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [1001, None])
def test_but_not_any_amount(reader, tmp_path, length):
    said = send(reader, tmp_path, *[b"a" * 100] * 11, length=length, member="1")
    assert (said.status, reader.bodies) == (413, [])


def test_more_than_a_megabyte_goes_by_way_of_the_disk(reader, tmp_path):
    pieces = [bytes([number]) * 300_000 for number in range(10)]
    said = send(
        reader,
        tmp_path,
        *pieces,
        length=3_000_000,
        member="1",
        edge={"limits": {"members": 10 * MB, "pace": 10 * MB}},
    )
    assert (said.status, reader.bodies) == (200, [b"".join(pieces)])


@pytest.mark.parametrize(
    ("pieces", "length", "goes_away"),
    [([b"a" * 50], 60, False), ([b"a" * 50], 60, True), ([b"a" * 50], None, True)],
)
def test_a_body_that_breaks_off_is_nobodys(reader, tmp_path, pieces, length, goes_away):
    """The server tells of pieces without a size as of a client that went away; one still reads."""
    said = send(reader, tmp_path, *pieces, length=length, goes_away=goes_away)
    assert (said.status, reader.bodies) == (400, [])
    assert {name: said.headers[name.lower()] for name in FOR_ERRORS} == FOR_ERRORS


@pytest.mark.parametrize("method", ["get", "Post", "TRACE", "CONNECT", "PROPFIND", "__class__"])
def test_a_method_is_known_as_it_is_written(reader, tmp_path, method):
    said = run(ask(make_edge(reader, tmp_path), method=method))
    assert (said.status, reader.bodies) == (405, [])
    assert "GET" in said.headers["allow"]


def test_a_slow_body_has_its_time(reader, tmp_path):
    """0.2 s and a second for each 1,000 bytes."""
    impatient = {"limits": {"grace_s": 0.2}}
    said = send(reader, tmp_path, *[b"a"] * 20, length=20, pause=0.05, edge=impatient)
    assert (said.status, reader.bodies) == (408, [])
    assert send(reader, tmp_path, *[b"a" * 5] * 2, length=10, pause=0.05).status == 200


def test_nobody_sends_many_files_at_once(reader, tmp_path):
    edge = make_edge(reader, tmp_path, member_of=lambda _: "1", limits={"at_once": 2})

    async def several():
        return await asyncio.gather(
            *(
                ask(edge, pieces=[b"a" * 150] * 2, pause=0.05, headers=[(LENGTH, b"300")])
                for _ in range(4)
            )
        )

    assert sorted(said.status for said in run(several())) == [200, 200, 429, 429]


def test_a_full_disk_takes_no_file(reader, tmp_path):
    said = send(
        reader, tmp_path, b"a" * 150, length=150, member="1", edge={"limits": {"room": 1 << 60}}
    )
    assert (said.status, reader.bodies) == (507, [])


@pytest.mark.parametrize(
    ("path", "accept", "is_json"),
    [
        ("/interactions", b"*/*", True),
        ("/healthz", b"text/html", True),
        ("/pins/videos/", b"application/json", True),
        ("/pins/videos/", b"text/html,*/*", False),
        ("/accounts/login/", b"*/*", False),
    ],
)
def test_a_refusal_is_read_by_who_asked(reader, tmp_path, path, accept, is_json):
    headers = [(LENGTH, b"101"), (b"accept", accept)]
    said = send(reader, tmp_path, path=path, headers=headers)
    assert said.status == 413
    if is_json:
        assert set(json.loads(said.body)) == {"code", "message"}
        assert said.headers["content-type"] == "application/json"
    else:
        assert "100 bytes" not in said.body.decode()
        assert said.body.startswith(b"<!doctype html>")
    assert said.headers["cache-control"] == "no-store"
    whose = "cross-origin" if path == "/interactions" else "same-origin"
    assert said.headers["cross-origin-resource-policy"] == whose


@pytest.mark.parametrize(
    "kind", ["a/b; charset*=utf-7''x", "a/b; charset*=utf-8''%00", "a/b; charset=utf-7"]
)
def test_a_type_that_breaks_django_reaches_it_not(reader, tmp_path, kind):
    said = run(ask(make_edge(reader, tmp_path), headers=[(b"content-type", kind.encode())]))
    assert (said.status, reader.bodies) == (400, [])


def test_two_hosts_are_a_bad_request(reader, tmp_path):
    hosts = [(b"host", b"a.example"), (b"host", b"b.example")]
    said = run(ask(make_edge(reader, tmp_path), headers=hosts))
    assert (said.status, reader.bodies) == (400, [])


def test_an_endless_address_is_refused(reader, tmp_path):
    said = run(ask(make_edge(reader, tmp_path), path="/" + "a" * 20_000))
    assert (said.status, reader.bodies) == (414, [])
