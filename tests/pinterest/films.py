"""Make small films that are real: pictures and sounds that play, and what else files hold."""

import functools
import io
import struct
from collections.abc import Sequence
from fractions import Fraction
from tempfile import NamedTemporaryFile
from typing import Any

import av
from PIL import Image

TURNED = (0, 1, -1, 0)
_RATE = 48_000
_SOUND_OF = {"webm": "libopus"}
CLAY = (201, 111, 74)


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


FTYP = box(b"ftyp", b"isom", bytes(4), b"isommp42")


@functools.lru_cache(maxsize=64)
def film(
    seconds: float = 12,
    width: int = 1080,
    height: int = 1920,
    *,
    codec: str = "libx264",
    kind: str = "mp4",
    flags: str = "",
    fps: int = 2,
    reordered: bool = False,
    sound: bool = True,
    voice: str = "",
    colours: Sequence[tuple[int, int, int]] = (CLAY,),
    words: tuple[tuple[str, str], ...] = (),
    subtitles: str = "",
    turn: tuple[int, int, int, int] | None = None,
) -> bytes:
    """A film of plain pictures, each of `colours` for an equal part of it.

    `kind` and `flags` are FFmpeg's muxer and its movflags, `words` metadata of the whole file;
    `reordered` pictures are not stored in the order in which they are shown;
    `turn` are the numbers a, b, c, d of the matrix that says how it is shown.
    """
    options = {"movflags": flags} if flags else {}
    if "frag" in flags:
        options["frag_duration"] = "1000000"
    # By its name: to put an index in front, a muxer reads what it wrote.
    with (
        NamedTemporaryFile() as out,
        av.open(out.name, "w", format=kind, options=options) as container,
    ):
        container.metadata.update(dict(words))
        pictures = _pictures(container, codec, fps, width, height)
        if reordered:
            pictures.options = {**pictures.options, "bf": "2"}
        sounds = _sounds(container, voice or _SOUND_OF.get(kind, "aac")) if sound else None
        text = _subtitles(container) if subtitles else None
        for packet in _packets(pictures, round(seconds * fps), fps, colours):
            container.mux(packet)
        if sounds:
            _add_silence(container, sounds, seconds)
        if text:
            _add_words(container, text, subtitles)
        container.close()
        content = out.read()
    return content if turn is None else turned(content, turn)


def turned(content: bytes, turn: tuple[int, int, int, int]) -> bytes:
    """The film with another matrix in the head of its first track."""
    a, b, c, d = (value << 16 for value in turn)
    at = content.index(b"tkhd") + 4 + 40
    return content[:at] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + content[at + 36 :]


def packets_of(content: bytes) -> dict[str, list[bytes]]:
    """The bytes of each picture and each sound in a film, in their order."""
    found: dict[str, list[bytes]] = {}
    with av.open(io.BytesIO(content)) as container:
        for packet in container.demux():
            if packet.size:
                found.setdefault(packet.stream.type, []).append(bytes(packet))
    return found


def _pictures(container: Any, codec: str, fps: int, width: int, height: int) -> Any:
    fast = {"preset": "ultrafast"} if "26" in codec else {}
    if codec == "libx265":
        fast["x265-params"] = "log-level=none"
    stream = container.add_stream(codec, rate=fps, options=fast)
    stream.width, stream.height = width, height
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    return stream


def _packets(stream: Any, count: int, fps: int, colours: Sequence[tuple[int, int, int]]) -> Any:
    size = (stream.width, stream.height)
    drawn = [av.VideoFrame.from_image(Image.new("RGB", size, each)) for each in colours]
    for number in range(count):
        frame = drawn[number * len(drawn) // count]
        frame.pts, frame.time_base = number, Fraction(1, fps)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sounds(container: Any, voice: str) -> Any:
    return container.add_stream(voice, rate=_RATE, layout="mono")


def _add_silence(container: Any, stream: Any, seconds: float) -> None:
    samples = {"libopus": 960, "libmp3lame": 1152}.get(stream.codec_context.name, 1024)
    format_ = {"libopus": "flt", "pcm_s16le": "s16", "tta": "s16"}.get(
        stream.codec_context.name, "fltp"
    )
    frame = av.AudioFrame(format=format_, layout="mono", samples=samples)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    for number in range(int(seconds * _RATE) // samples):
        frame.rate, frame.pts, frame.time_base = _RATE, number * samples, Fraction(1, _RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _subtitles(container: Any) -> Any:
    return container.add_mux_stream("mov_text")


def _add_words(container: Any, stream: Any, words: str) -> None:
    text = words.encode()
    packet = av.Packet(len(text).to_bytes(2) + text)
    packet.stream, packet.time_base = stream, Fraction(1, 1000)
    packet.pts = packet.dts = 0
    packet.duration = 3000
    container.mux(packet)
