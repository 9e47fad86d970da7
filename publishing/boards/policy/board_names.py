"""Which board a text means: an id, a name, a slug, an address, or "Board / Section". Pure.

A text means a board only when nothing else could be meant by it; a missing text means none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from foundation.fetching.hosts import host_of

NEAR_SHOWN: Final = 5
"""How many names that look like the wanted one are worth a person's time."""

_NEAR_ENOUGH: Final = 0.6
_LONGEST: Final = 500
_LIKELY_TYPED: Final = 60
_IDS: Final = re.compile(r"(\d+)(?:/(\d+))?", re.ASCII)
_PINTEREST_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)*pinterest\.[a-z]{2,3}(?:\.[a-z]{2})?")
_TWIN_NUMBER: Final = re.compile(r"-\d{1,3}$")
_SEPARATORS: Final = "/>›»"
# Ways of writing a sign that show the same: emoji and text form, soft hyphen, joiners alone.
_UNSEEN: Final = dict.fromkeys([0xFE0E, 0xFE0F, 0x00AD, 0x200B, 0x2060, 0xFEFF])
_SAME_SIGNS: Final = str.maketrans("‘’‚ʼ`´“”„–—‑", "''''''\"\"\"---")


@dataclass(frozen=True, slots=True)
class KnownSection:
    """A section as Pinterest names it; `id` is Pinterest's."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownBoard:
    """A board that the account can pin to; `id` is Pinterest's."""

    id: str
    name: str
    owner_username: str = ""
    sections: tuple[KnownSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A board, or a section of one."""

    board: KnownBoard
    section: KnownSection | None = None

    @property
    def name(self) -> str:
        """`Board` or `Board / Section`."""
        return f"{self.board.name} / {self.section.name}" if self.section else self.board.name

    @property
    def key(self) -> str:
        """`board id` or `board id/section id`, as the pickers write it."""
        return f"{self.board.id}/{self.section.id}" if self.section else self.board.id


class BoardProblem(StrEnum):
    """Why a text is not one board."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    SECTION_UNKNOWN = "section_unknown"
    NOT_A_BOARD = "not_a_board"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The one place that is meant; or why there is none, and places to choose from.

    `candidates` are all equally meant (`AMBIGUOUS`) or merely look alike (the other problems).
    """

    place: Place | None = None
    problem: BoardProblem | None = None
    message: str = ""
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardBook:
    """The boards of one account, prepared for many questions."""

    boards: tuple[KnownBoard, ...]
    _folded: dict[str, list[Place]] = field(default_factory=dict)
    _written: dict[str, list[Place]] = field(default_factory=dict)
    _slugs: dict[str, list[Place]] = field(default_factory=dict)
    _letters: list[tuple[str, KnownBoard]] = field(default_factory=list)

    @classmethod
    def of(cls, boards: Iterable[KnownBoard]) -> BoardBook:
        """Prepare the boards an account has now."""
        book = cls(boards=tuple(boards))
        for board in book.boards:
            place = Place(board)
            book._written.setdefault(_written(board.name), []).append(place)
            book._folded.setdefault(fold(board.name), []).append(place)
            book._slugs.setdefault(slug_of(board.name), []).append(place)
        return book

    def resolve(self, text: str, *, suggest: bool = True) -> Resolution:
        """What `text` means among these boards; `suggest` names that look alike if none does."""
        found = self._find(text)
        if found.problem is not BoardProblem.UNKNOWN or not suggest:
            return found
        path = _address_path(text.strip()) or []
        near = tuple(self._near(path[1] if len(path) > 1 else text.strip()))
        message = f"{found.message} These look alike."
        return replace(found, candidates=near, message=message) if near else found

    def _find(self, text: str) -> Resolution:
        wanted = text.strip()[:_LONGEST]
        if not wanted:
            return Resolution(
                problem=BoardProblem.MISSING, message="Name the board this Pin goes to."
            )
        if by_id := self._by_id(wanted):
            return by_id
        path = _address_path(wanted)
        if path is not None:
            return self._by_address(path)
        return self._by_name(wanted)

    def _by_id(self, wanted: str) -> Resolution | None:
        """The board of an id; None when no board has it: a name may be digits too."""
        ids = _IDS.fullmatch(wanted)
        board = next((b for b in self.boards if ids and b.id == ids[1]), None)
        if ids is None or board is None:
            return None
        if ids[2] is None:
            return Resolution(place=Place(board))
        section = next((s for s in board.sections if s.id == ids[2]), None)
        if section is None:
            return _section_unknown(board, ids[2])
        return Resolution(place=Place(board, section))

    def _by_address(self, path: Sequence[str]) -> Resolution:
        if len(path) not in (2, 3) or path[0] in ("pin", "search", "ideas", "today"):
            return Resolution(
                problem=BoardProblem.NOT_A_BOARD,
                message="This is not the address of a board. Open the board at Pinterest and "
                "copy its address, or write its name.",
            )
        user, slug = path[0].casefold(), slug_of(path[1])
        theirs = [
            place
            for place in self._slugs.get(slug, []) + self._slugs.get(_TWIN_NUMBER.sub("", slug), [])
            if place.board.owner_username.casefold() in ("", user)
        ]
        # Pinterest numbers the addresses of boards that are named alike, and does not tell us how.
        found = list(dict.fromkeys(theirs))
        if len(path) == 3:
            return self._sections_of(found, path[2], match=slug_of) or _unknown(path[1])
        return self._one_of(found) or _unknown(path[1])

    def _by_name(self, wanted: str) -> Resolution:
        readings = [(wanted, ""), *_splits(wanted)]
        for names, clean in ((self._written, _written), (self._folded, fold)):
            found = [
                place
                for name, section in readings
                for board in names.get(clean(name), [])
                for place in _places(board.board, section, clean)
            ]
            if found:
                return self._one_of(found) or _unknown(wanted)
        if wanted == slug_of(wanted) and (slugs := self._slugs.get(wanted)):
            return self._one_of(slugs) or _unknown(wanted)
        for name, section in _splits(wanted):
            if boards := self._folded.get(fold(name)):
                return self._sections_of(boards, section, match=fold) or _unknown(wanted)
        return _unknown(wanted)

    def _sections_of(
        self, boards: list[Place], wanted: str, *, match: Callable[[str], str]
    ) -> Resolution | None:
        """The section of that name on one of these boards; None when there is no such board."""
        found = [place for each in boards for place in _places(each.board, wanted, match)]
        if found:
            return self._one_of(found)
        return _section_unknown(boards[0].board, wanted) if boards else None

    def _one_of(self, places: Iterable[Place]) -> Resolution | None:
        """A single place is meant; several are for a person to choose from."""
        found = tuple(dict.fromkeys(places))
        if len(found) == 1:
            return Resolution(place=found[0])
        if not found:
            return None
        return Resolution(
            problem=BoardProblem.AMBIGUOUS,
            message=f"{len(found)} boards could be meant. Choose one.",
            candidates=found,
        )

    def _near(self, wanted: str) -> Iterator[Place]:
        """Boards whose names look like the wanted one, the likest first."""
        if not self._letters:
            self._letters.extend((_letters(board.name), board) for board in self.boards)
        likeness = _Likeness(_letters(wanted[:_LIKELY_TYPED]))
        scored = sorted(
            ((likeness.of(letters), board) for letters, board in self._letters),
            key=lambda each: (-each[0], each[1].name, each[1].id),
        )
        return (Place(board) for score, board in scored[:NEAR_SHOWN] if score >= _NEAR_ENOUGH)


def fold(name: str) -> str:
    """A name without what people do not see or do not type alike: case, blanks, unicode forms."""
    plain = unicodedata.normalize("NFKC", name).translate(_UNSEEN).translate(_SAME_SIGNS)
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())


def slug_of(name: str) -> str:
    """The part of a board's address that is made of its name."""
    return re.sub(r"[\W_]+", "-", fold(unquote(name))).strip("-")


def _written(name: str) -> str:
    """A name as it is written, in one unicode form."""
    return unicodedata.normalize("NFC", name).strip()


def _letters(name: str) -> str:
    """Letters and digits without accents: what a slip of the keyboard leaves recognisable."""
    decomposed = unicodedata.normalize("NFKD", fold(name))
    return "".join(char for char in decomposed if char.isalnum() or char == " ").strip()


class _Likeness:
    """Tells how alike names are to one that was asked for."""

    def __init__(self, asked: str) -> None:
        self._asked = asked
        # What is known of its second text is kept from one comparison to the next.
        self._matcher = SequenceMatcher(b=asked, autojunk=False)

    def of(self, name: str) -> float:
        """0 to 1; a name that begins with the other is alike."""
        asked, matcher = self._asked, self._matcher
        if not asked or not name:
            return 0.0
        if name.startswith(asked) or asked.startswith(name):
            return 0.9 if name != asked else 1.0
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() < _NEAR_ENOUGH or matcher.quick_ratio() < _NEAR_ENOUGH:
            return 0.0
        return matcher.ratio()


def _splits(wanted: str) -> list[tuple[str, str]]:
    """Each way to read a text as a board and a section."""
    places = [index for index, char in enumerate(wanted) if char in _SEPARATORS]
    pairs = [(wanted[:at].strip(), wanted[at + 1 :].strip()) for at in places]
    return [(board, section) for board, section in pairs if board and section]


def _places(board: KnownBoard, section: str, clean: Callable[[str], str]) -> list[Place]:
    """The board itself for no section, or its sections of that name."""
    if not section:
        return [Place(board)]
    wanted = clean(section)
    return [Place(board, each) for each in board.sections if clean(each.name) == wanted]


def _address_path(wanted: str) -> list[str] | None:
    """The parts of an address at Pinterest; None when the text is no such address."""
    text = wanted if "://" in wanted else f"https://{wanted}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if not _PINTEREST_HOST.fullmatch(host_of(text)):
        return [] if "://" in wanted else None
    return [unquote(part) for part in parts.path.split("/") if part]


def _unknown(wanted: str) -> Resolution:
    return Resolution(
        problem=BoardProblem.UNKNOWN,
        message=f"There is no board “{_shortened(wanted)}” on this account. Check its name, or "
        "refresh the boards if it is new.",
    )


def _section_unknown(board: KnownBoard, wanted: str) -> Resolution:
    return Resolution(
        problem=BoardProblem.SECTION_UNKNOWN,
        message=f"The board “{board.name}” has no section “{_shortened(wanted)}”. Choose the "
        "board or one of its sections.",
        candidates=(Place(board), *(Place(board, each) for each in board.sections)),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LIKELY_TYPED else f"{text[:_LIKELY_TYPED]}…"
