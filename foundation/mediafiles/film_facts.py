"""What is found out about a film, and what may be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FilmProblem(StrEnum):
    """Why a film can't be read."""

    CUT = "cut"  # it ends before its index, or before its pictures do
    UNREADABLE = "unreadable"
    NO_PICTURES = "no_pictures"
    PROTECTED = "protected"
    SOUND = "sound"  # of a sort that can't be copied


class FilmTrouble(Exception):
    """The film can't be read."""

    def __init__(self, problem: FilmProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class FilmHead:
    """What a film says at its beginning.

    `container` is the first of FFmpeg's names for its sort (mov, matroska, …), `codec` the name for
    its pictures (h264, hevc, …; empty for what FFmpeg doesn't know). Width and height are pixels as
    it is shown, turned and stretched; `said_ms` is the length it names, 0 where it names none.
    """

    container: str
    codec: str
    width: int
    height: int
    said_ms: int
