"""Check a picture by its content and make it fit to publish: bytes in, bytes out.

The decoding happens in a bounded process (`pinterest/media/image_job.py`).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import msgspec

from foundation.bounded import BoundedFailure, FailureReason, Limits, run_bounded
from foundation.mediafiles.kinds import HEAD_BYTES, other_kind, picture_kind
from pinterest.drafts import IMAGE_BYTES_LIMIT, ContentType

_JOB: Final = "pinterest.media.image_job:check"
# 64 million pixels in colour are 256 MB, and three of such stand beside each other while one is
# turned into another. Time: they take 3 to 15 seconds on a slow, busy machine.
_LIMITS: Final = Limits(
    memory_bytes=1_800_000_000, cpu_s=30, wall_s=35.0, answer_bytes=2 * IMAGE_BYTES_LIMIT
)


class ImageProblem(StrEnum):
    """Why a picture cannot be used."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_TYPE = "unsupported_type"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_SLOW = "too_slow"
    BUSY = "busy"


class ImageRejected(ValueError):  # reads as the event it is, like Refused
    """The picture cannot be used; `message` says why and what to do, `code` is an ImageProblem."""

    def __init__(self, code: ImageProblem, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """A picture fit to publish: upright, sRGB, nothing in it but pixels.

    Width and height in pixels; `sha256` of `data` in hexadecimal; `dominant_color` as `#rrggbb`;
    `likeness` as `find_likeness` makes it, which may be empty. `is_first_of_several` says that the
    file held more pictures, as an animation does; `is_read_by_pinterest` that the file itself, at
    its own address, shows the same to Pinterest. `preview` is a JPEG for showing, if asked for.
    """

    data: bytes = field(repr=False)
    content_type: ContentType
    width: int
    height: int
    sha256: str
    dominant_color: str
    likeness: str
    is_first_of_several: bool = False
    is_read_by_pinterest: bool = True
    preview: bytes = field(default=b"", repr=False)


class CheckOrder(msgspec.Struct, frozen=True, array_like=True):
    """What the bounded process is asked: a file, and how wide its preview is (0: none is made)."""

    data: bytes
    preview_width: int


class CheckAnswer(msgspec.Struct, frozen=True, array_like=True):
    """What it answers: a picture, or a problem with its sentence."""

    image: CheckedImage | None = None
    problem: ImageProblem | None = None
    message: str = ""


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(CheckAnswer)


def check_image(data: bytes, *, preview_width: int = 0) -> CheckedImage:
    """Check a picture by its content and rewrite it without its metadata.

    JPEG and PNG stay what they are; other sorts become PNG where they are transparent or drawn in
    few colours, and JPEG where not. With a `preview_width` (pixels) a JPEG of at most that width
    comes with it, proportions kept. Raises ImageRejected.
    """
    _check_bytes(data)
    order = _ENCODER.encode(CheckOrder(data, preview_width))
    try:
        answer = _DECODER.decode(run_bounded(_JOB, order, limits=_LIMITS))
    except BoundedFailure as failure:
        raise _rejected_by(failure.reason) from None
    if answer.image is None:
        raise ImageRejected(answer.problem or ImageProblem.UNREADABLE, answer.message)
    return answer.image


FIRST_OF_SEVERAL: Final = (
    "The file holds several pictures, as an animation does. Only its first picture goes out."
)


def warnings_for(width: int, height: int) -> list[str]:
    """Say what will look less than good on Pinterest; an empty list when all is well."""
    found = []
    if width < 600 or height < 900:
        found.append(f"At {width} × {height} pixels this may look blurry. 1000 × 1500 works best.")
    if height > 2.1 * width:
        found.append(
            "This is taller than 1:2.1, so Pinterest cuts off the bottom in feeds."
            " Crop it to 2:3 to show all of it."
        )
    elif abs(width * 3 - height * 2) > 0.05 * height * 2:
        found.append("Pins stand out most at a ratio of 2:3, such as 1000 × 1500 pixels.")
    return found


def too_large(size: int) -> ImageRejected:
    """The refusal of a picture of so many bytes."""
    return ImageRejected(
        ImageProblem.TOO_LARGE,
        f"The image has {size / 1024 / 1024:.1f} MB; Pinterest takes up to 20 MB."
        " Save it at a lower quality or size.",
    )


def too_many_pixels() -> ImageRejected:
    """The refusal of a picture that would take too much memory."""
    return ImageRejected(
        ImageProblem.TOO_MANY_PIXELS,
        "The image has too many pixels. Scale it down; 1000 × 1500 works best.",
    )


def _check_bytes(data: bytes) -> None:
    """Refuse by length and first bytes, before any decoder sees the file."""
    if not data:
        raise ImageRejected(ImageProblem.EMPTY, "The file is empty. Choose an image.")
    if len(data) > IMAGE_BYTES_LIMIT:
        raise too_large(len(data))
    head = data[:HEAD_BYTES]
    if picture_kind(head) is not None:
        return
    if name := other_kind(head):
        article = "an" if name[0] in "aeiou" else "a"
        raise ImageRejected(
            ImageProblem.UNSUPPORTED_TYPE,
            f"This is {article} {name} file. Save it as JPEG or PNG and upload that.",
        )
    raise ImageRejected(
        ImageProblem.NOT_AN_IMAGE,
        "This file is not an image. Choose a JPEG, PNG, WebP, HEIC, AVIF or GIF.",
    )


def _rejected_by(reason: FailureReason) -> ImageRejected:
    """What a job that did not end well says of its picture."""
    if reason is FailureReason.BUSY:
        return ImageRejected(
            ImageProblem.BUSY, "PinApp is busy with other pictures. Add it again in a minute."
        )
    if reason is FailureReason.TIME:
        return ImageRejected(
            ImageProblem.TOO_SLOW,
            "The image takes too long to read. Open it in an image editor, save it as JPEG and"
            " add that.",
        )
    if reason is FailureReason.MEMORY:
        return too_many_pixels()
    return ImageRejected(
        ImageProblem.UNREADABLE,
        "The image could not be read. Open it in an image editor, save it as JPEG or PNG and add"
        " that.",
    )
