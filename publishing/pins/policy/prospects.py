"""What becomes of a Pin as things are: the one truth that every place tells. Pure.

The state of the server, of the Pin's account and of the Pin itself say together whether it goes
out, what that hangs on, and whether a person has to act.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from publishing.choices.statuses import HoldReason, PinStatus
from publishing.choices.warnings import WarningKind
from publishing.pins.policy.signs import STOPPING, WORRYING

PLANNED: Final = (PinStatus.SCHEDULED, PinStatus.CLAIMED)
"""Has a time, and nothing has been sent yet."""

STUCK: Final = (PinStatus.FAILED, PinStatus.HELD)
"""Goes nowhere by itself."""


class AccountState(StrEnum):
    """How things stand with the account of a Pin."""

    NONE = "none"  # not chosen yet
    CONNECTED = "connected"
    LOST = "lost"  # Pinterest no longer lets PinApp act for it
    DISCONNECTED = "disconnected"  # by somebody, on purpose
    ASKED = "asked"  # gone, and it is asked whether another takes its place
    REPLACED = "replaced"  # gone, and another has taken its place


class Fate(StrEnum):
    """What becomes of a Pin by itself."""

    NOT_PLANNED = "not_planned"
    GOES = "goes"  # at its time
    AT_RISK = "at_risk"  # tried at its time, and expected to be refused
    UNDER_WAY = "under_way"  # in a worker's hand, or at Pinterest
    WAITS = "waits"  # keeps its place until this server may publish again
    STAYS = "stays"  # does not go out before a person acts
    IN_DOUBT = "in_doubt"  # PinApp finds out by itself whether it is out
    OUT = "out"


class Level(StrEnum):
    """How much a Pin asks for a person."""

    NONE = ""
    LOOK = "look"  # worth a look: it goes out, but perhaps not as it was meant
    STOPPED = "stopped"  # will not go out as things are, or waits for an answer


class Cause(StrEnum):
    """What a fate hangs on."""

    NOTHING = "nothing"
    ACCOUNT = "account"
    SERVER = "server"
    BOARD = "board"
    SECTION = "section"
    WARNING = "warning"
    HOLD = "hold"
    REFUSAL = "refusal"
    QUESTION = "question"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class PinFacts:
    """All that decides. `asks`: only a person can say whether it is out; `worst`: a warning."""

    status: PinStatus
    account: AccountState
    held_reason: HoldReason | None = None
    asks: bool = False
    is_server_stopped: bool = False
    is_board_gone: bool = False
    is_section_gone: bool = False
    worst: WarningKind | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What becomes of a Pin, what that hangs on, and how much it asks for a person."""

    fate: Fate
    level: Level = Level.NONE
    cause: Cause = Cause.NOTHING

    @property
    def goes_out(self) -> bool:
        """Whether it goes out without anybody's doing, as far as can be told."""
        return self.fate in {Fate.GOES, Fate.UNDER_WAY, Fate.OUT}


def judge_prospect(pin: PinFacts) -> Prospect:
    """The truth about a Pin; every pair of states has one."""
    if pin.status in PLANNED:
        return _judge_planned(pin)
    if pin.status is PinStatus.UNCERTAIN:
        return _judge_doubt(pin)
    return _OTHERS[pin.status]


_OTHERS: Final = {
    PinStatus.DRAFT: Prospect(Fate.NOT_PLANNED),
    # What has left for Pinterest is out of everybody's hands: neither account nor stop matter.
    PinStatus.SENDING: Prospect(Fate.UNDER_WAY),
    PinStatus.PUBLISHED: Prospect(Fate.OUT),
    PinStatus.FAILED: Prospect(Fate.STAYS, Level.STOPPED, Cause.REFUSAL),
    PinStatus.HELD: Prospect(Fate.STAYS, Level.STOPPED, Cause.HOLD),
}


def _judge_planned(pin: PinFacts) -> Prospect:
    if pin.account is not AccountState.CONNECTED:
        return Prospect(Fate.STAYS, Level.STOPPED, Cause.ACCOUNT)
    if pin.is_server_stopped:
        return Prospect(Fate.WAITS, Level.STOPPED, Cause.SERVER)
    if pin.is_board_gone:
        return Prospect(Fate.AT_RISK, Level.STOPPED, Cause.BOARD)
    if pin.is_section_gone:
        return Prospect(Fate.AT_RISK, Level.STOPPED, Cause.SECTION)
    if pin.worst in STOPPING:
        return Prospect(Fate.AT_RISK, Level.STOPPED, Cause.WARNING)
    fate = Fate.UNDER_WAY if pin.status is PinStatus.CLAIMED else Fate.GOES
    if pin.worst in WORRYING:
        return Prospect(fate, Level.LOOK, Cause.WARNING)
    return Prospect(fate)


def _judge_doubt(pin: PinFacts) -> Prospect:
    if pin.asks:
        return Prospect(Fate.STAYS, Level.STOPPED, Cause.QUESTION)
    if pin.account is not AccountState.CONNECTED:
        # Without the account nobody can look at the board.
        return Prospect(Fate.STAYS, Level.STOPPED, Cause.ACCOUNT)
    return Prospect(Fate.IN_DOUBT, Level.LOOK, Cause.NO_ANSWER)
