"""An answer leaves its thread before it is on its way, and goes at the pace of who reads it."""

from __future__ import annotations

import asyncio
import io
import logging
import threading
import time

import pytest

from pinapp.edge.limits import MB
from pinapp.edge.outflow import BrokenFlow
from tests.pinapp.edge.asking import ask, make_edge, run


class Stream:
    """A streamed body that notes who made it and whether it was closed."""

    streaming = True

    def __init__(self, pieces):
        self._pieces = pieces
        self.threads: set[int] = set()
        self.ended_at = 0.0

    def __iter__(self):
        for piece in self._pieces:
            self.threads.add(threading.get_ident())
            yield piece

    def close(self):
        self.ended_at = time.monotonic()


def answering(body, *headers):
    def application(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), *headers])
        return body

    return application


def test_a_stream_is_made_in_one_thread_however_slowly_it_is_read(tmp_path):
    """What makes it may hold a connection to the database, which is that thread's."""
    stream = Stream([b"a" * MB, b"b" * MB, b"c" * MB])
    edge = make_edge(answering(stream), tmp_path)
    began = time.monotonic()
    said = run(ask(edge, taken=lambda _piece: 0.005))
    assert said.body == b"a" * MB + b"b" * MB + b"c" * MB
    assert said.is_whole
    assert len(stream.threads) == 1
    assert stream.ended_at - began < (time.monotonic() - began) / 2
    assert list(tmp_path.iterdir()) == []


def test_a_stream_is_read_while_it_is_made(tmp_path):
    read = threading.Event()

    def pieces():
        yield b"first"
        assert read.wait(5)
        yield b"second"

    def taken(_piece):
        read.set()
        return 0.0

    said = run(ask(make_edge(answering(Stream(pieces())), tmp_path), taken=taken))
    assert (said.body, said.pieces) == (b"firstsecond", 2)


@pytest.mark.parametrize("size", [70_000, 400_000])
def test_a_reader_that_takes_nothing_gets_no_more(tmp_path, size):
    """The line is cut, so that nobody takes what came for all."""
    whole = answering([b"a" * size])
    said = run(ask(make_edge(whole, tmp_path), taken=lambda _piece: 5.0))
    assert (said.body, said.is_whole) == (b"", False)
    stream = Stream([b"a" * size])
    said = run(ask(make_edge(answering(stream), tmp_path), taken=lambda _piece: 5.0))
    assert (said.body, said.is_whole) == (b"", False)
    assert stream.ended_at


def test_nothing_is_made_for_who_has_gone(tmp_path):
    made = []

    def pieces():
        for number in range(1000):
            made.append(number)
            time.sleep(0.005)
            yield b"a"

    stream = Stream(pieces())
    run(ask(make_edge(answering(stream), tmp_path), goes_away=True))
    give_up_at = time.monotonic() + 5
    while not stream.ended_at:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    assert len(made) < 500


def test_a_stream_that_fails_is_not_taken_for_all(tmp_path):
    def pieces():
        yield b"some"
        raise RuntimeError("of the application")

    with pytest.raises(BrokenFlow):
        run(ask(make_edge(answering(Stream(pieces())), tmp_path)))


def test_a_stream_that_fails_at_once_is_an_error(tmp_path, caplog):
    def pieces():
        raise RuntimeError("of the application")
        yield

    with caplog.at_level(logging.ERROR):
        said = run(ask(make_edge(answering(Stream(pieces())), tmp_path)))
    assert (said.status, said.headers["x-frame-options"]) == (500, "DENY")
    assert "of the application" not in said.body.decode()
    assert "of the application" in caplog.text


@pytest.mark.parametrize("size", [10, 1_000_000])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_is_sent_and_closed(tmp_path, size, method):
    file = io.BytesIO(b"a" * size)
    thread = []

    def application(environ, start_response):
        thread.append(threading.get_ident())
        start_response("200 OK", [("Content-Length", str(size))])
        return environ["wsgi.file_wrapper"](file)

    said = run(ask(make_edge(application, tmp_path), method=method))
    assert said.body == (b"" if method == "HEAD" else b"a" * size)
    assert said.headers["content-length"] == str(size)
    assert file.closed


def test_slow_readers_have_so_much_of_the_disk_together(tmp_path):
    stream = Stream([b"a" * MB] * 5)
    edge = make_edge(answering(stream), tmp_path)
    assert edge._room.take(2047 * MB)
    with pytest.raises(BrokenFlow):
        run(ask(edge, taken=lambda _piece: 0.01))
    assert edge._room.take(1 * MB)


def test_more_than_may_wait_is_told_so(tmp_path):
    """Two threads, three that wait; the others hear it at once."""
    hold = threading.Event()

    def application(_environ, start_response):
        hold.wait(5)
        start_response("200 OK", [])
        return [b""]

    edge = make_edge(application, tmp_path, most_waiting=3)

    async def several():
        asked = [asyncio.ensure_future(ask(edge)) for _ in range(9)]
        done, _ = await asyncio.wait(asked, timeout=0.5)
        hold.set()
        rest = await asyncio.gather(*asked)
        return [each.result() for each in done], [said.status for said in rest]

    refused, all_of_them = run(several())
    assert {(said.status, said.headers["retry-after"]) for said in refused} == {(503, "1")}
    assert all_of_them.count(200) >= 5 - 2
    assert len(refused) + all_of_them.count(200) == 9
