"""Which videos are taken, what is said of the others, and what is left out of those that go out."""

import io
import re
from itertools import pairwise

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from foundation.mediafiles.remuxing import has_index_first
from pinterest.media.video_job import check_here
from pinterest.media.videos import (
    CheckedVideo,
    VideoProblem,
    VideoRejected,
    draw_still,
    looks_like_video,
    take_video,
)
from pinterest.polling import GIVE_UP_AFTER_S, poll_delay
from tests.pinterest.films import FTYP, TURNED, box, film, packets_of

FRAGMENTS = "frag_keyframe+empty_moov+default_base_moof"
PLACE = "+48.1374+011.5755/"
SMALL = (320, 480)
RED, GREEN, BLUE = (200, 20, 30), (20, 200, 30), (20, 30, 200)


@pytest.fixture
def take(tmp_path):
    """Takes the bytes of a file in, and returns what was found and the bytes that go out."""

    def taken(content):
        source, target = tmp_path / "in", tmp_path / "out"
        source.write_bytes(content)
        found = take_video(str(source), str(target))
        return found, target.read_bytes()

    return taken


@pytest.fixture
def refused(take):
    def caught(content):
        with pytest.raises(VideoRejected) as rejection:
            take(content)
        assert str(rejection.value) == rejection.value.message
        assert rejection.value.message.endswith(".")
        with pytest.raises(VideoRejected) as other:  # the sandbox says the same
            check_here(io.BytesIO(content))
        assert other.value.code is rejection.value.code
        return rejection.value

    return caught


def near(colour, other, tolerance=12):
    return all(abs(a - b) <= tolerance for a, b in zip(colour, other, strict=True))


def opened(picture):
    return Image.open(io.BytesIO(picture)).convert("RGB")


# What is taken


def test_a_phones_video_is_measured_and_drawn_as_it_is_shown(take):
    found, out = take(film(12, 640, 360, codec="libx265", turn=TURNED))
    assert found.checked == CheckedVideo(12_000, 360, 640, "h265", len(out))
    assert opened(found.still).size == (360, 640)


@pytest.mark.parametrize("kind", ["mp4", "mov", "matroska", "mpegts", "flv", "ismv"])
def test_whatever_holds_pictures_that_pinterest_takes_goes_out_as_an_mp4(take, kind):
    found, out = take(film(6, *SMALL, kind=kind))
    assert abs(found.checked.duration_ms - 6000) <= 30
    assert out[4:8] == b"ftyp"
    assert check_here(io.BytesIO(out)) == found.checked


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize("kind", ["mp4", "mov", "matroska", "mpegts"])
def test_no_picture_is_lost_of_those_stored_in_another_order_than_shown(take, kind, codec):
    content = film(6, *SMALL, kind=kind, codec=codec, fps=10, reordered=True)
    found, out = take(content)
    assert abs(found.checked.duration_ms - 6000) <= 110
    with av.open(io.BytesIO(out)) as container:
        shown = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert len(shown) == 60
    assert shown == sorted(set(shown))


@pytest.mark.parametrize("flags", [FRAGMENTS, f"{FRAGMENTS}+delay_moov", "frag_keyframe"])
def test_a_film_in_fragments_is_as_long_as_all_of_them(take, flags):
    content = film(14, *SMALL, flags=flags)
    assert content.count(b"moof") > 3
    found, out = take(content)
    assert abs(found.checked.duration_ms - 14_000) <= 30
    assert b"moof" not in out
    assert abs(check_here(io.BytesIO(content)).duration_ms - 14_000) <= 30
    with av.open(io.BytesIO(out)) as container:
        assert abs(container.duration - 14_000_000) <= 60_000


def without_said_length(content):
    """The film without a word of its length: as a browser's recorder writes it."""
    for name in (b"mvhd", b"tkhd", b"mdhd", b"mehd"):
        content = re.sub(rb"mehd(?=.{4})", b"free", content) if name == b"mehd" else content
    at = content.index(b"mvhd") + 4 + 16
    return content[:at] + bytes(4) + content[at + 4 :]


def test_a_recording_of_a_browser_that_names_no_length_is_taken(take):
    found, _ = take(without_said_length(film(9, *SMALL, flags=FRAGMENTS)))
    assert abs(found.checked.duration_ms - 9_000) <= 30


def test_a_recording_that_broke_off_between_fragments_is_taken_as_far_as_it_plays(take):
    content = film(14, *SMALL, flags=FRAGMENTS)
    last = content.rindex(b"moof") - 4
    assert take(content[:last])[0].checked.duration_ms >= 4_000


def test_a_film_without_sound_is_taken(take):
    assert list(packets_of(take(film(5, *SMALL, sound=False))[1])) == ["video"]


@pytest.mark.parametrize(
    ("kind", "voice", "brand"),
    [
        ("mov", "pcm_s16le", b"qt  "),
        ("matroska", "pcm_s16le", b"qt  "),
        ("matroska", "libopus", b"isom"),
        ("matroska", "ac3", b"isom"),
        ("mov", "aac", b"qt  "),
        ("mp4", "aac", b"isom"),
    ],
)
def test_every_sound_that_such_a_file_can_hold_goes_along(take, kind, voice, brand):
    content = film(5, *SMALL, kind=kind, voice=voice)
    out = take(content)[1]
    assert out[8:12] == brand
    assert b"".join(packets_of(out)["audio"]) == b"".join(packets_of(content)["audio"])


def test_a_video_whose_sound_would_be_lost_is_refused_with_what_to_do(take):
    with pytest.raises(VideoRejected) as caught:
        take(film(5, *SMALL, kind="matroska", voice="tta"))
    assert caught.value.message == (
        "The sound in this video is stored in a way that MP4 does not know. Save it as MP4 with"
        " H.264 and AAC."
    )


def test_a_codec_keeps_the_name_it_has(take):
    for content in (film(4, *SMALL, codec="libx265"), film(4, *SMALL)):
        with av.open(io.BytesIO(content)) as before, av.open(io.BytesIO(take(content)[1])) as after:
            tags = [each.streams.video[0].codec_context.codec_tag for each in (before, after)]
        assert tags[0] == tags[1]


@pytest.mark.parametrize("seconds", [4, 15 * 60])
def test_four_seconds_and_fifteen_minutes_are_just_allowed(take, seconds):
    found, _ = take(film(seconds, 160, 240, fps=1, sound=False))
    assert found.checked.duration_ms == seconds * 1000


@pytest.mark.parametrize(("width", "height"), [(1910, 1000), (1080, 566), (500, 1000), (334, 668)])
def test_the_outermost_shapes_are_just_allowed(take, width, height):
    checked = take(film(4, width, height, sound=False))[0].checked
    assert (checked.width, checked.height) == (width, height)


def test_a_file_that_lost_its_very_last_bytes_is_taken(take):
    assert take(film(6, *SMALL, flags="faststart")[:-10])[0].checked.duration_ms == 6_000


# What is refused


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", VideoProblem.EMPTY),
        (b"hello, this is text", VideoProblem.NOT_A_VIDEO),
        (b"Good morning", VideoProblem.NOT_A_VIDEO),
        (b"abc", VideoProblem.NOT_A_VIDEO),
        (b"\x1aE\xdf\xa3" + bytes(50), VideoProblem.UNREADABLE),
        (b"RIFF\x00\x00\x00\x00AVI LIST", VideoProblem.UNREADABLE),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), VideoProblem.UNSUPPORTED_TYPE),
        (b"GIF89a" + bytes(50), VideoProblem.UNSUPPORTED_TYPE),
        (box(b"ftyp", b"heic", bytes(4)) + bytes(50), VideoProblem.UNSUPPORTED_TYPE),
        (box(b"ftyp", b"M4A ", bytes(4)) + bytes(50), VideoProblem.UNSUPPORTED_TYPE),
        (FTYP + box(b"mdat", bytes(100)), VideoProblem.TRUNCATED),
        (film(6, *SMALL)[:3000], VideoProblem.TRUNCATED),
        (film(30, *SMALL, flags="faststart")[:-4000], VideoProblem.TRUNCATED),
        (film(6, *SMALL, codec="mpeg4"), VideoProblem.UNSUPPORTED_CODEC),
        (film(6, *SMALL, codec="libvpx-vp9", kind="webm"), VideoProblem.UNSUPPORTED_CODEC),
        (film(6, *SMALL).replace(b"avc1\x00", b"zzzz\x00"), VideoProblem.UNSUPPORTED_CODEC),
        (film(3.5, *SMALL), VideoProblem.TOO_SHORT),
        (film(15 * 60 + 2, 160, 240, fps=1, sound=False), VideoProblem.TOO_LONG),
        (film(4, 1920, 1000), VideoProblem.TOO_WIDE),
        (film(4, 500, 1010), VideoProblem.TOO_TALL),
        (FTYP + box(b"free") * 30_000 + box(b"mdat", bytes(100)), VideoProblem.TRUNCATED),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_each_reason_against_a_video_is_named_and_said_in_a_sentence(refused, content, problem):
    assert refused(content).code is problem


def test_the_length_of_a_film_that_is_too_long_is_said_in_minutes(refused):
    fragments = film(15 * 60 + 20, 160, 240, fps=1, sound=False, flags=FRAGMENTS)
    for content in (film(15 * 60 + 20, 160, 240, fps=1, sound=False), fragments):
        with pytest.raises(VideoRejected) as caught:
            check_here(io.BytesIO(content))
        assert caught.value.message == (
            "The video lasts 15:20 minutes; Pinterest takes up to 15 minutes. Trim it."
        )
        assert refused(content).code is VideoProblem.TOO_LONG


@pytest.mark.parametrize(
    ("codec", "kind", "name"),
    [
        ("libvpx-vp9", "webm", "VP9"),
        ("mpeg4", "mp4", "MPEG-4 Part 2"),
        ("mjpeg", "mov", "Motion JPEG"),
    ],
)
def test_what_pinterest_does_not_take_is_told_by_its_name(refused, codec, kind, name):
    message = refused(film(6, *SMALL, codec=codec, kind=kind)).message
    assert message == (
        f"The pictures in this video are stored as {name}, which Pinterest does not take."
        " Save it as MP4 with H.264."
    )


def test_a_sound_recording_is_no_video(refused, tmp_path):
    out = io.BytesIO()
    with av.open(io.BytesIO(film(5, *SMALL))) as source, av.open(out, "w", format="mp4") as target:
        copied = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = copied
                target.mux(packet)
    assert refused(out.getvalue()).code is VideoProblem.NOT_A_VIDEO


def test_a_file_of_more_than_two_gigabytes_is_refused_by_its_size(tmp_path):
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.write(film())
        file.truncate(2 * 1024**3 + 1)
    with pytest.raises(VideoRejected) as caught:
        take_video(str(path), str(tmp_path / "out"))
    assert caught.value.code is VideoProblem.TOO_LARGE


def test_a_playlist_leads_nowhere(refused, tmp_path):
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(film(5, *SMALL))
    for text in (f"#EXTM3U\n#EXTINF:5,\n{secret}\n", f"ffconcat version 1.0\nfile {secret}\n"):
        assert refused(text.encode()).code is VideoProblem.NOT_A_VIDEO
        assert refused(FTYP + text.encode()).code in (
            VideoProblem.TRUNCATED,
            VideoProblem.UNREADABLE,
        )


@pytest.mark.parametrize(
    ("content", "is_video"),
    [
        (film(4, *SMALL), True),
        (film(4, *SMALL, kind="matroska"), True),
        (film(4, *SMALL, kind="mpegts"), True),
        (film(4, *SMALL, kind="flv"), True),
        (b"\xff\xd8\xff" + bytes(400), False),
        (box(b"ftyp", b"heic", bytes(4), b"mif1heic") + bytes(400), False),
        (box(b"ftyp", b"avif", bytes(4)) + bytes(400), False),
        (b"GGGG, said the goose", False),
        (b"", False),
    ],
)
def test_a_video_is_told_from_a_picture_by_its_first_bytes(content, is_video):
    assert looks_like_video(content[:376]) is is_video


# What goes out


def with_box(content, kind, body, *, within=b""):
    """The film with one more box at its end, or at the end of its `moov`, which must be last."""
    made = box(kind, body)
    if not within:
        return content + made
    at = content.index(within) - 4
    length = int.from_bytes(content[at : at + 4])
    assert at + length == len(content)
    return content[:at] + (length + len(made)).to_bytes(4) + content[at + 4 :] + made


def xyz():
    """`©xyz` as Android's cameras write it."""
    place = PLACE.encode()
    return box(b"\xa9xyz", len(place).to_bytes(2), b"\x15\xc7", place)


PLACED = {
    "udta of a phone": with_box(film(5, *SMALL), b"udta", xyz(), within=b"moov"),
    "a QuickTime file's words": film(
        5, *SMALL, kind="mov", words=(("location", PLACE), ("make", "SECRET"))
    ),
    "keys of an iPhone": film(
        5,
        *SMALL,
        kind="mov",
        flags="use_metadata_tags",
        words=(
            ("com.apple.quicktime.location.ISO6709", PLACE),
            ("com.apple.quicktime.make", "SECRET"),
        ),
    ),
    "loci of 3GPP": film(5, *SMALL, kind="3gp", words=(("location", PLACE), ("title", "SECRET"))),
    "XMP": with_box(film(5, *SMALL), b"uuid", bytes(16) + f"<x>SECRET {PLACE}</x>".encode()),
    "telemetry as subtitles": film(5, *SMALL, subtitles=f"GPS {PLACE} SECRET"),
    "words of Matroska": film(
        5, *SMALL, kind="matroska", words=(("location", PLACE), ("comment", "SECRET"))
    ),
    "behind the end": film(5, *SMALL) + box(b"free", b"SECRET" + PLACE.encode()),
    "in fragments": film(5, *SMALL, flags=FRAGMENTS, words=(("comment", f"SECRET {PLACE}"),)),
}


@pytest.mark.parametrize("where", PLACED)
def test_where_and_with_what_it_was_filmed_is_gone_and_every_picture_is_the_same(take, where):
    content = PLACED[where]
    assert b"SECRET" in content or b"\xa9xyz" in content or b"loci" in content
    found, out = take(content)
    for word in (b"SECRET", PLACE.encode(), b"48.1374", b"\xa9xyz", b"loci", b"keys", b"uuid"):
        assert word not in out
    before, after = packets_of(content), packets_of(out)
    assert set(after) == {"video", "audio"}
    assert after == {kind: before[kind] for kind in after}
    assert found.checked.size == len(out)
    with av.open(io.BytesIO(out)) as container:
        said = {**container.metadata, **container.streams.video[0].metadata}
    assert not {"creation_time", "encoder", "comment", "title", "make"} & set(said)


def times_of(content):
    """When each picture and each sound is shown, in seconds."""
    with av.open(io.BytesIO(content)) as container:
        return {
            kind: [float(p.pts * p.time_base) for p in container.demux(stream) if p.pts is not None]
            for kind, stream in (
                ("video", container.streams.video[0]),
                ("audio", container.streams.audio[0]),
            )
            for _ in [container.seek(0)]
        }


def test_pictures_and_sounds_stay_together_in_time(take):
    for content in (film(8, *SMALL, fps=10), film(8, *SMALL, fps=10, flags=FRAGMENTS)):
        before, after = times_of(content), times_of(take(content)[1])
        shift = before["video"][0] - after["video"][0]
        for kind, times in before.items():
            assert len(times) == len(after[kind])
            assert all(abs(a - b - shift) < 0.001 for a, b in zip(times, after[kind], strict=True))


def test_the_turn_goes_along_and_an_index_in_front_stays_in_front(take):
    for flags in ("", "faststart"):
        content = film(5, *SMALL, turn=TURNED, flags=flags)
        found, out = take(content)
        assert (found.checked.width, found.checked.height) == (480, 320)
        assert check_here(io.BytesIO(out)) == found.checked
        assert has_index_first(io.BytesIO(out)) is bool(flags)


def test_a_video_has_the_same_bytes_each_time_it_is_taken(take):
    content = film(5, *SMALL, words=(("location", PLACE),))
    first, second = take(content), take(content)
    assert first == second
    again, out = take(first[1])
    assert (again.sha256, out) == (first[0].sha256, first[1])


# Stills


@pytest.fixture
def still_of(tmp_path):
    def drawn(content, second):
        path = tmp_path / "film.mp4"
        path.write_bytes(content)
        found = draw_still(str(path), second=second)
        return found and opened(found)

    return drawn


def test_a_still_shows_what_the_video_shows_at_that_second(still_of):
    content = film(9, 720, 1280, fps=4, colours=(RED, GREEN, BLUE))
    for second, colour in ((0, RED), (2, RED), (3, GREEN), (5, GREEN), (6, BLUE), (99, BLUE)):
        picture = still_of(content, second)
        assert picture.size == (600, 1067)
        assert near(picture.getpixel((100, 100)), colour), second


def test_a_still_of_what_is_no_video_is_none(still_of):
    assert still_of(b"nothing of the kind", 0) is None
    assert still_of(film(5, *SMALL)[:2000], 0) is None


# Whatever arrives


WHOLE = film(4, 64, 96, fps=1, sound=False)


def is_checked_or_rejected(content):
    try:
        found = check_here(io.BytesIO(content))
    except VideoRejected as rejected:
        return isinstance(rejected.code, VideoProblem) and bool(rejected.message)
    return found.size == len(content)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_video_or_rejected(noise):
    assert is_checked_or_rejected(noise)
    assert is_checked_or_rejected(FTYP + noise)
    assert is_checked_or_rejected(b"\x1aE\xdf\xa3" + noise)


@settings(max_examples=200, deadline=None)
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
    assert all(one <= other for one, other in pairwise(delays[:7]))
    assert GIVE_UP_AFTER_S - 10 < sum(delays) <= GIVE_UP_AFTER_S
    assert poll_delay(10_000) is None
    with pytest.raises(ValueError, match="zero"):
        poll_delay(-1)
