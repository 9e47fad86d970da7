"""Packed files are unpacked a piece at a time, and never further than allowed."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from foundation.documents.unpacking import (
    UnpackingFailed,
    UnpackingProblem,
    unpack,
    unpack_beginning,
)

TEXT = b"".join(b"%d\n" % number for number in range(50_000))
PACKED = gzip.compress(TEXT)


def whole(data, most_bytes=10_000_000):
    return b"".join(unpack(data, most_bytes=most_bytes))


@pytest.mark.parametrize(
    "data",
    [
        TEXT,
        PACKED,
        gzip.compress(PACKED),
        gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]),
        PACKED + b"\x00" * 100,
        PACKED + b"left over",
    ],
    ids=["plain", "packed", "twice", "in two parts", "padded", "with more behind"],
)
def test_what_is_in_it_comes_out(data):
    assert whole(data) == TEXT


def test_nothing_is_nothing():
    assert whole(b"") == b""
    assert whole(gzip.compress(b"")) == b""


def test_more_than_two_layers_are_no_text():
    assert whole(gzip.compress(gzip.compress(PACKED))) == PACKED


@pytest.mark.parametrize("data", [PACKED[:-9], PACKED[:2], b"\x1f\x8b" + b"x" * 99])
def test_what_is_damaged_is_told(data):
    with pytest.raises(UnpackingFailed) as failed:
        whole(data)
    assert failed.value.problem is UnpackingProblem.DAMAGED
    assert TEXT.startswith(unpack_beginning(data, most_bytes=1_000_000))


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_a_bomb_ends_at_the_bound_and_takes_no_memory(layers):
    data = bytes(20_000_000)
    for _ in range(layers):
        data = gzip.compress(data)
    tracemalloc.start()
    with pytest.raises(UnpackingFailed) as failed:
        for _ in unpack(data, most_bytes=10_000_000):
            pass
    assert failed.value.problem is UnpackingProblem.TOO_LARGE
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_the_beginning_of_what_is_cut_off_can_be_had():
    assert unpack_beginning(gzip.compress(TEXT), most_bytes=70_000) == TEXT[:70_000]
