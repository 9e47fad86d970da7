"""The kinds of events that people are told of; each app brings its own when it starts.

So that whoever tells them (inbox, mails) need not know what a Pin is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Audience(StrEnum):
    """Who is told, besides nobody who did it themselves."""

    OWNERS = "owners"
    CONCERNED = "concerned"
    CONCERNED_AND_OWNERS = "concerned_and_owners"


class MailWay(StrEnum):
    """Whether a kind is mailed: unless switched off, only when switched on, or told elsewhere."""

    USUAL = "usual"
    ON_WISH = "on_wish"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: words for one and for many ({count}), a look, and where to mend it.

    `code` stands in rows: never rename it. `link` gives the path of the page where something can
    be done about the subjects with these ids; `action` is the words on its button.
    """

    code: str
    label: str
    one: str
    many: str
    icon: str
    tone: str
    action: str
    link: Callable[[Sequence[str]], str]
    audience: Audience = Audience.CONCERNED_AND_OWNERS
    mail: MailWay = MailWay.USUAL

    def title(self, count: int) -> str:
        """What happened, in a sentence without its full stop."""
        return self.one if count == 1 else self.many.format(count=count)


_KINDS: Final[dict[str, Kind]] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known; called once for each by the app that they belong to."""
    _KINDS.update((kind.code, kind) for kind in kinds)


def known_kind(code: str) -> Kind | None:
    """The kind of that code; None for one that this version does not know (any more)."""
    return _KINDS.get(code)


def all_kinds() -> list[Kind]:
    """All kinds, in the order in which they were made known."""
    return list(_KINDS.values())
