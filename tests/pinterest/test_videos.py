"""Which videos are taken, what is said of the others, and that nothing else can happen."""

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinterest.polling import GIVE_UP_AFTER_S, poll_delay
from pinterest.videos import CheckedVideo, VideoProblem, VideoRejected, check_video
from tests.pinterest.films import (
    FTYP,
    SOUND,
    TURNED,
    box,
    film,
    long_box,
    mvhd,
    tkhd,
    trak,
)


def check(content):
    return check_video(io.BytesIO(content))


def problem_of(content):
    with pytest.raises(VideoRejected) as caught:
        check(content)
    assert str(caught.value) == caught.value.message
    assert caught.value.message.endswith(".")
    return caught.value.code


PICTURES = trak(tkhd(1080, 1920), b"vide", b"avc1", 1080, 1920)
MDAT = box(b"mdat", bytes(100))


def test_a_phones_video_is_measured_as_it_is_shown():
    content = film(12.5, 1920, 1080, codec=b"hvc1", turn=TURNED)
    assert check(content) == CheckedVideo(12_500, 1080, 1920, "h265", len(content))


@pytest.mark.parametrize("codec", [b"avc1", b"avc3"])
def test_h264_is_known_by_both_its_names(codec):
    assert check(film(codec=codec)).codec == "h264"


def test_eight_byte_times_lengths_and_a_description_in_front_are_read():
    pictures = trak(tkhd(720, 720, version=1), b"vide", b"avc1")
    moov = long_box(b"moov", mvhd(30, version=1, timescale=90_000), pictures)
    content = FTYP + moov + struct.pack(">I4s", 0, b"mdat") + bytes(50)
    assert check(content) == CheckedVideo(30_000, 720, 720, "h264", len(content))


def test_an_old_quicktime_file_without_a_type_is_taken():
    content = box(b"wide") + MDAT + box(b"moov", mvhd(5), PICTURES, bytes(4))
    assert check(content).duration_ms == 5_000


def test_a_film_in_fragments_says_how_long_it_is_elsewhere():
    mvex = box(b"mvex", box(b"mehd", bytes(4), (7 * 600).to_bytes(4)))
    content = FTYP + box(b"moov", mvhd(0), PICTURES, mvex) + box(b"moof") + MDAT
    assert check(content).duration_ms == 7_000


def test_a_track_without_a_shown_size_is_as_large_as_its_pictures():
    pictures = trak(tkhd(0, 0), b"vide", b"avc1", 640, 800)
    found = check(FTYP + MDAT + box(b"moov", mvhd(5), pictures))
    assert (found.width, found.height) == (640, 800)


def test_a_track_switched_off_gives_way_to_the_one_that_shows():
    cover = trak(tkhd(100, 100, enabled=False), b"vide", b"jpeg", 100, 100)
    found = check(FTYP + MDAT + box(b"moov", mvhd(5), cover, PICTURES))
    assert (found.width, found.height, found.codec) == (1080, 1920, "h264")


@pytest.mark.parametrize("seconds", [4, 15 * 60])
def test_four_seconds_and_fifteen_minutes_are_just_allowed(seconds):
    assert check(film(seconds)).duration_ms == seconds * 1000


@pytest.mark.parametrize(("width", "height"), [(1910, 1000), (1080, 566), (500, 1000), (333, 667)])
def test_the_outermost_shapes_are_just_allowed(width, height):
    found = check(film(width=width, height=height))
    assert (found.width, found.height) == (width, height)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", VideoProblem.EMPTY),
        (b"hello, this is text", VideoProblem.NOT_A_VIDEO),
        (b"abc", VideoProblem.NOT_A_VIDEO),
        (b"\x1aE\xdf\xa3" + bytes(50), VideoProblem.UNSUPPORTED_TYPE),
        (b"RIFF\x00\x00\x00\x00AVI LIST", VideoProblem.UNSUPPORTED_TYPE),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), VideoProblem.UNSUPPORTED_TYPE),
        (box(b"ftyp", b"heic", bytes(4)) + MDAT, VideoProblem.UNSUPPORTED_TYPE),
        (box(b"ftyp", b"M4A ", bytes(4)) + MDAT, VideoProblem.UNSUPPORTED_TYPE),
        (FTYP + MDAT + box(b"moov", mvhd(5), SOUND), VideoProblem.NOT_A_VIDEO),
        (film(codec=b"av01"), VideoProblem.UNSUPPORTED_CODEC),
        (film(codec=b"zzzz"), VideoProblem.UNSUPPORTED_CODEC),
        (film(codec=b"encv"), VideoProblem.UNSUPPORTED_CODEC),
        (film(3.9), VideoProblem.TOO_SHORT),
        (film(15 * 60 + 0.1), VideoProblem.TOO_LONG),
        (film(width=1920, height=1000), VideoProblem.TOO_WIDE),
        (film(width=500, height=1010), VideoProblem.TOO_TALL),
        (film()[:-1], VideoProblem.TRUNCATED),
        (film()[:1000], VideoProblem.TRUNCATED),
        (FTYP + MDAT, VideoProblem.TRUNCATED),
        (FTYP + box(b"moov", mvhd(5), PICTURES), VideoProblem.TRUNCATED),
        (FTYP + MDAT + box(b"moov", PICTURES), VideoProblem.UNREADABLE),
        (FTYP + MDAT + box(b"moov", mvhd(0), PICTURES), VideoProblem.UNREADABLE),
        (FTYP + MDAT + box(b"moov", mvhd(5, timescale=0), PICTURES), VideoProblem.UNREADABLE),
        (film(0xFFFF_FFFF / 600), VideoProblem.UNREADABLE),
        (film(width=0), VideoProblem.UNREADABLE),
        (FTYP + MDAT + box(b"moov", mvhd(5)[:4] + b"mvhd"), VideoProblem.UNREADABLE),
    ],
)
def test_each_reason_against_a_video_is_named_and_said_in_a_sentence(content, problem):
    assert problem_of(content) is problem


def test_the_length_of_a_film_that_is_too_long_is_said_in_minutes():
    with pytest.raises(VideoRejected) as caught:
        check(film(15 * 60 + 0.5))
    assert caught.value.message == (
        "The video lasts 15:01 minutes; Pinterest takes up to 15 minutes. Trim it."
    )


def test_a_file_of_more_than_two_gigabytes_is_refused_by_its_size(tmp_path):
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.write(film())
        file.truncate(2 * 1024**3 + 1)
    with path.open("rb") as file, pytest.raises(VideoRejected) as caught:
        check_video(file)
    assert caught.value.code is VideoProblem.TOO_LARGE


def test_a_large_film_is_judged_by_reading_very_little_of_it(tmp_path):
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        size = 1024**3
        file.write(FTYP + struct.pack(">I4sQ", 1, b"mdat", size))
        file.seek(size - 16, 1)
        file.write(box(b"moov", mvhd(600), PICTURES))
    read = []

    class Counting(io.FileIO):
        def read(self, size=-1):
            read.append(size)
            return super().read(size)

    with Counting(path) as file:
        assert check_video(file).duration_ms == 600_000
    assert min(read) > 0
    assert sum(read) < 2_000


def test_boxes_without_end_cost_a_bounded_effort():
    assert problem_of(FTYP + box(b"free") * 30_000 + MDAT) is VideoProblem.UNREADABLE
    many = SOUND * 70
    assert problem_of(FTYP + MDAT + box(b"moov", mvhd(5), many)) is VideoProblem.UNREADABLE


WHOLE = film(filling=60)


def is_checked_or_rejected(content):
    try:
        found = check(content)
    except VideoRejected as rejected:
        return isinstance(rejected.code, VideoProblem) and bool(rejected.message)
    return found.size == len(content)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_video_or_rejected(noise):
    assert is_checked_or_rejected(noise)
    assert is_checked_or_rejected(FTYP + noise)
    assert is_checked_or_rejected(FTYP + MDAT + box(b"moov", mvhd(5), noise))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12),
    st.integers(0, len(WHOLE)),
)
def test_any_damage_to_a_video_is_survived(damage, end):
    content = bytearray(WHOLE)
    for position, value in damage:
        content[position] = value
    assert is_checked_or_rejected(bytes(content))
    assert is_checked_or_rejected(bytes(content[:end]))


def test_the_looks_at_a_processing_video_get_rarer_and_end_after_ten_minutes():
    delays = []
    while (delay := poll_delay(len(delays))) is not None:
        delays.append(delay)
    assert delays[:7] == [1, 2, 4, 8, 10, 10, 10]
    assert GIVE_UP_AFTER_S - 10 < sum(delays) <= GIVE_UP_AFTER_S
    assert poll_delay(10_000) is None
    with pytest.raises(ValueError, match="zero"):
        poll_delay(-1)
