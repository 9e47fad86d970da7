"""How much a Pin read at Pinterest looks like one we sent. Pure.

Pinterest hands back what it was given with changes of its own: white space collapsed, texts cut,
entities unescaped, tracking parameters dropped, "" for null. Likeness is therefore weighed field
by field: what agrees is evidence, what differs is doubt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from publishing.pins.policy.normalise import Colour, plain_link, plain_text, read_colour

AUTHORED: Final = 3
"""Weight of a title, description or alt text: somebody wrote it, so it tells Pins apart."""

SHARED: Final = 2
"""Weight of a link: many Pins lead to one page, so it identifies less than a text."""

FITTING: Final = 1
"""Weight of the picture's proportions: most Pins are 2:3."""

WRONG_SHAPE: Final = 4
"""Doubt of other proportions: Pinterest scales pictures, it does not reshape them."""

ELSEWHERE: Final = 2
"""Doubt of another section: somebody may have moved our Pin there."""

SURE_RATIO: Final = 3
"""Evidence must outweigh doubt so many times before a Pin is taken for ours unasked.

Three others that agree carry one text that Pinterest replaced; two do not, because a person who
saves the same page gets the page's own title and link without knowing of our Pin.
"""

LEAST_PROOF: Final = 3
LEAST_HINT: Final = 2
"""Evidence below which nothing is sure, and below which nothing is even worth a question."""

SHORTEST_CUT: Final = 20
"""Characters a text must keep to pass for a cut one: nobody shortens texts that are short."""

CLOSE_COLOUR: Final = 24.0
"""RGB distance (0 to 441) that re-encoding a colour can explain. We send the colour along."""

SHAPE_TOLERANCE: Final = 0.02
"""Relative difference of proportions that rounding to whole pixels can explain."""

TALLEST_SHOWN: Final = 2.1
"""Height over width from which Pinterest may crop, so that proportions say nothing."""

_CROPPED_SIZES: Final = frozenset({(150, 150), (400, 300)})


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What an attempt of ours sent. "" and None mean the same: nothing was said.

    `started_at` is when the request may first have left, `finished_at` when we stopped waiting
    (None when the worker died). For a Pin sent a second time: the first attempt's `started_at`,
    so that either Pin is recognised. Width and height in pixels. `fingerprint` is of everything
    sent: attempts with equal ones are interchangeable.
    """

    attempt_id: int
    board_id: str
    started_at: datetime
    finished_at: datetime | None = None
    section_id: str | None = None
    title: str | None = None
    description: str | None = None
    link: str | None = None
    alt_text: str | None = None
    width: int | None = None
    height: int | None = None
    dominant_color: str | None = None
    fingerprint: str = ""

    @cached_property
    def marks(self) -> Marks:
        """What of it can be compared."""
        return _read_marks(self)

    def equals(self, other: Sent) -> bool:
        """Whether nobody could tell which of the two attempts made a Pin."""
        return _contents(self) == _contents(other)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A Pin as Pinterest lists it. `sizes` are (width, height) of its renditions, in pixels."""

    pinterest_id: str
    board_id: str | None = None
    section_id: str | None = None
    title: str | None = None
    description: str | None = None
    link: str | None = None
    alt_text: str | None = None
    sizes: tuple[tuple[int, int], ...] = ()
    dominant_color: str | None = None
    created_at: datetime | None = None

    @cached_property
    def marks(self) -> Marks:
        """What of it can be compared."""
        return _read_marks(self)


@dataclass(frozen=True, slots=True)
class Marks:
    """Texts and link without what Pinterest is free to change."""

    title: str
    description: str
    alt_text: str
    link: str
    fragment: str
    colour: Colour | None

    @property
    def is_bare(self) -> bool:
        """Whether it is a picture and nothing else."""
        return not (self.title or self.description or self.alt_text or self.link)


@dataclass(frozen=True, slots=True)
class Weight:
    """What one field says: for the two being one Pin, and against it."""

    evidence: int = 0
    doubt: int = 0


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a sent and a found Pin are; `exact` counts fields that were not touched at all.

    `same_colour` is None when Pinterest did not say one, or we did not.
    """

    evidence: int
    doubt: int
    exact: int
    same_colour: bool | None
    is_bare: bool

    @property
    def is_sure(self) -> bool:
        """Whether it is our Pin beyond reasonable doubt.

        A picture without any text is only recognised by proportions and colour together. Where
        a whole field is another one, another colour says that it is the next Pin of a series.
        """
        if self.is_bare:
            return self.evidence > 0 and self.same_colour is True and self.doubt == 0
        if self.doubt >= AUTHORED and self.same_colour is False:
            return False
        return self.evidence >= LEAST_PROOF and self.evidence >= SURE_RATIO * self.doubt

    @property
    def is_possible(self) -> bool:
        """Whether a person should be asked before the Pin is sent again."""
        if self.is_bare:
            return self.doubt <= ELSEWHERE
        return self.evidence >= max(LEAST_HINT, self.doubt)

    @property
    def rank(self) -> tuple[int, int, int, bool]:
        """Sorts likenesses, the best last. The colour only breaks ties."""
        return (-self.doubt, self.evidence, self.exact, self.same_colour is True)


def compare(sent: Sent, found: Found) -> Likeness:
    """Weigh every field of a sent Pin against a found one."""
    weights = tuple(_weigh_fields(sent, found))
    return Likeness(
        evidence=sum(weight.evidence for weight in weights),
        doubt=sum(weight.doubt for weight in weights),
        exact=_count_untouched(sent, found),
        same_colour=_is_same_colour(sent.marks.colour, found.marks.colour),
        is_bare=sent.marks.is_bare,
    )


def _weigh_fields(sent: Sent, found: Found) -> Iterator[Weight]:
    ours, theirs = sent.marks, found.marks
    yield _weigh_text(ours.title, theirs.title, missing=AUTHORED)
    yield _weigh_text(ours.description, theirs.description, missing=AUTHORED)
    # An alt text that comes or goes is a setting or a list that leaves it out, not another Pin.
    yield _weigh_text(ours.alt_text, theirs.alt_text, missing=1)
    yield _weigh_link(ours, theirs)
    yield _weigh_shape(sent, found)
    yield _weigh_section(sent.section_id or None, found.section_id or None)


def _weigh_text(ours: str, theirs: str, *, missing: int) -> Weight:
    if ours == theirs:
        return Weight(evidence=AUTHORED if ours else 0)
    if not ours or not theirs:
        return Weight(doubt=missing)
    if _is_cut(ours, theirs):
        return Weight(evidence=AUTHORED - 1)
    return Weight(doubt=AUTHORED)


def _is_cut(ours: str, theirs: str) -> bool:
    kept = theirs.removesuffix("...").rstrip()  # NFKC made three dots of an ellipsis
    return len(kept) >= SHORTEST_CUT and ours.startswith(kept)


def _weigh_link(ours: Marks, theirs: Marks) -> Weight:
    if ours.link == theirs.link:
        if ours.fragment and theirs.fragment and ours.fragment != theirs.fragment:
            return Weight(doubt=AUTHORED)
        return Weight(evidence=SHARED if ours.link else 0)
    # Pinterest takes links away from Pins (blocked sites); it never gives one a link.
    return Weight(doubt=AUTHORED if theirs.link else SHARED)


def _weigh_shape(sent: Sent, found: Found) -> Weight:
    whole = [size for size in found.sizes if size not in _CROPPED_SIZES and min(size) > 0]
    if not (sent.width and sent.height and whole) or sent.height / sent.width > TALLEST_SHOWN:
        return Weight()
    width, height = max(whole)
    # One pixel of rounding is much in a small rendition.
    tolerance = SHAPE_TOLERANCE + 1 / min(width, height)
    apart = abs(math.log((width / height) / (sent.width / sent.height)))
    return Weight(evidence=FITTING) if apart <= tolerance else Weight(doubt=WRONG_SHAPE)


def _weigh_section(ours: str | None, theirs: str | None) -> Weight:
    if ours == theirs:
        return Weight()
    return Weight(doubt=ELSEWHERE if theirs else 1)


def _count_untouched(sent: Sent, found: Found) -> int:
    ours = (sent.title, sent.description, sent.link, sent.alt_text, sent.section_id)
    theirs = (found.title, found.description, found.link, found.alt_text, found.section_id)
    return sum((a or "") == (b or "") for a, b in zip(ours, theirs, strict=True))


def _read_marks(pin: Sent | Found) -> Marks:
    link, fragment = plain_link(pin.link)
    return Marks(
        title=plain_text(pin.title),
        description=plain_text(pin.description),
        alt_text=plain_text(pin.alt_text),
        link=link,
        fragment=fragment,
        colour=read_colour(pin.dominant_color),
    )


def _contents(sent: Sent) -> tuple[object, ...]:
    texts = (sent.section_id, sent.title, sent.description, sent.link, sent.alt_text)
    picture = (sent.width, sent.height, sent.dominant_color)
    return (sent.board_id, *(text or "" for text in texts), *picture, sent.fingerprint)


def _is_same_colour(ours: Colour | None, theirs: Colour | None) -> bool | None:
    if ours is None or theirs is None:
        return None
    return math.dist(ours, theirs) <= CLOSE_COLOUR
