"""What becomes of a Pin, in words: the same on its page, its cards, in lists and in mails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from accounts.moments import moment_words
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.choices.warnings import WarningKind
from publishing.delivery.services.video_upload import PREPARING_REMEDY, PREPARING_TEXT
from publishing.models import Pin
from publishing.pins.policy.lateness import SPACED_TEXT
from publishing.pins.policy.preflight import WORDS
from publishing.pins.policy.prospects import (
    AccountState,
    Cause,
    Fate,
    Level,
    PinFacts,
    Prospect,
    judge_prospect,
)
from publishing.pins.selectors.prospects import facts_of


@dataclass(frozen=True, slots=True)
class Told:
    """A Pin's truth in words.

    `mark` is two or three of them for a card, empty where the status says it all; `text` says what
    becomes of the Pin, `remedy` what to do about it; `level` as in policy/prospects.
    """

    prospect: Prospect
    mark: str
    text: str
    remedy: str = ""

    @property
    def level(self) -> Level:
        return self.prospect.level


def tell(pin: Pin) -> Told:
    """What becomes of a Pin. At no query for Pins that were read `with_prospects`."""
    facts = facts_of(pin)
    prospect = judge_prospect(facts)
    text, remedy = _words(pin, facts, prospect)
    return Told(prospect, _mark(facts, prospect), text, remedy)


_MARKS: Final = {
    Cause.SERVER: "Publishing is stopped",
    Cause.BOARD: "Board is gone",
    Cause.SECTION: "Section is gone",
    Cause.QUESTION: "Needs your answer",
}
_ACCOUNT_MARKS: Final = {
    AccountState.NONE: "No account",
    AccountState.LOST: "Account not connected",
    AccountState.DISCONNECTED: "Account disconnected",
    AccountState.ASKED: "Account not connected",
    AccountState.REPLACED: "Account was replaced",
}
_DOOMED_MARKS: Final = {
    WarningKind.BOARD_GONE: "Board is gone",
    WarningKind.SECTION_GONE: "Section is gone",
    WarningKind.PICTURE_MISSING: "Picture is missing",
}
_STATUS_TEXTS: Final = {
    PinStatus.DRAFT: "Not planned yet. Give it a time, or publish it now.",
    PinStatus.SCHEDULED: "PinApp publishes it by itself; you can close this page.",
    PinStatus.CLAIMED: "It is this Pin's turn. Nothing has been sent yet: it can still be stopped.",
    PinStatus.SENDING: "Pinterest is creating the Pin.",
    PinStatus.PUBLISHED: "It is on Pinterest.",
}
_HELD_TEXTS: Final = {
    HoldReason.ACCOUNT: "Its account is connected again.",
    HoldReason.LATE: "It missed its time, and is not sent unless somebody says so.",
    HoldReason.SPAM: "It waits, because Pinterest took a Pin that leads to the same site for spam.",
    HoldReason.PERSON: "Somebody has put it on hold. It waits until somebody takes it off.",
}
_SERVER_STOPPED: Final = (
    (
        "Publishing is stopped, because Pinterest refuses this server's app. The Pin keeps its "
        "place, and does not go out before publishing goes on."
    ),
    "Only an administrator of this server can let it go on: ask whoever runs it.",
)
_DECIDE: Final = "Publish the Pin, or give it a new time. If its day is over, make it a draft."


def _mark(facts: PinFacts, prospect: Prospect) -> str:
    if prospect.cause is Cause.ACCOUNT:
        return _ACCOUNT_MARKS[facts.account]
    if prospect.cause is Cause.WARNING:
        if prospect.level is Level.LOOK or facts.worst is None:
            return "Check this Pin"
        return _DOOMED_MARKS.get(facts.worst, "Will be refused")
    return _MARKS.get(prospect.cause, "")


def _words(pin: Pin, facts: PinFacts, prospect: Prospect) -> tuple[str, str]:
    """What becomes of it, and what to do."""
    if pin.removed_at:
        since = moment_words(pin.removed_at)
        return f"It was on Pinterest, and has not been there any more since {since}.", ""
    if prospect.cause is Cause.ACCOUNT:
        return _without_account(pin, facts)
    if prospect.cause is Cause.SERVER:
        return _SERVER_STOPPED
    if prospect.fate is Fate.AT_RISK:
        return _at_risk(facts, prospect)
    return _by_status(pin, facts, prospect)


def _without_account(pin: Pin, facts: PinFacts) -> tuple[str, str]:
    account = str(pin.connection)
    remedy = _account_remedy(account, facts.account)
    if facts.status is PinStatus.UNCERTAIN:
        text = "Pinterest did not say whether it was created, so it is not sent again."
        return f"{text} {account} is not connected: PinApp can't look at the board.", remedy
    text = f"{account} is not connected: this Pin does not go out until it is."
    if facts.account is AccountState.DISCONNECTED:
        return f"{text} It is being put on hold.", remedy
    return f"{text} At its time it is put on hold; reconnected before, it goes out.", remedy


def _account_remedy(account: str, state: AccountState) -> str:
    if state is AccountState.ASKED:
        return f"Reconnect {account}, or say whether the other account takes its place."
    if state is AccountState.REPLACED:
        return f"Choose another board in its place, or reconnect {account}."
    return f"Reconnect {account}, or choose another account for this Pin."


def _at_risk(facts: PinFacts, prospect: Prospect) -> tuple[str, str]:
    tried = "PinApp tries it at its time all the same, but expects Pinterest to refuse it."
    if prospect.cause is Cause.BOARD:
        return f"The board is no longer there. {tried}", "Choose another board."
    if prospect.cause is Cause.SECTION:
        return f"The section is no longer there. {tried}", "Choose another section, or none."
    message, remedy = WORDS[facts.worst] if facts.worst else ("", "")
    if facts.worst is WarningKind.PICTURE_MISSING:
        return f"{message} It can't be sent without, and does not go out.", remedy
    return f"{message} {tried}", remedy


def _by_status(pin: Pin, facts: PinFacts, prospect: Prospect) -> tuple[str, str]:
    status = facts.status
    if status is PinStatus.HELD:
        return _held(pin, facts)
    if status is PinStatus.FAILED:
        return _failed(pin, facts)
    if status is PinStatus.UNCERTAIN:
        return _in_doubt(pin, prospect)
    if status is PinStatus.SCHEDULED:
        return _scheduled(pin)
    if status is PinStatus.DRAFT and facts.account not in {
        AccountState.NONE,
        AccountState.CONNECTED,
    }:
        account = str(pin.connection)
        return f"Not planned, and {account} is not connected.", _account_remedy(
            account, facts.account
        )
    return _STATUS_TEXTS[status], ""


def _held(pin: Pin, facts: PinFacts) -> tuple[str, str]:
    reason = facts.held_reason or HoldReason.PERSON
    if facts.account is not AccountState.CONNECTED:
        account = str(pin.connection) if pin.connection else "Its account"
        why = "" if reason is HoldReason.ACCOUNT else f"{_HELD_TEXTS[reason]} "
        then = f"{_account_remedy(account, facts.account)} Then say what becomes of it."
        return f"{why}{account} is not connected, so it does not go out.", then
    stop = " Nothing goes out before publishing goes on." if facts.is_server_stopped else ""
    return f"{_HELD_TEXTS[reason]}{stop}", _DECIDE


def _failed(pin: Pin, facts: PinFacts) -> tuple[str, str]:
    text = "It is not on Pinterest. Nothing is lost: change it and try again."
    if facts.account is AccountState.CONNECTED:
        return text, pin.remedy
    account = str(pin.connection) if pin.connection else "Its account"
    return f"It is not on Pinterest, and {account} is not connected.", _account_remedy(
        account, facts.account
    )


def _in_doubt(pin: Pin, prospect: Prospect) -> tuple[str, str]:
    text = "Pinterest did not say whether it was created, so it is not sent again."
    if prospect.cause is Cause.QUESTION:
        return f"{text} PinApp could not find out.", "Look at the board, then answer on its page."
    if pin.due_at is not None:
        next_look = moment_words(pin.due_at)
        return f"PinApp looks at the board to find out; next at {next_look}.", ""
    return text, ""


def _scheduled(pin: Pin) -> tuple[str, str]:
    if pin.problem == PREPARING_TEXT:
        return PREPARING_TEXT, PREPARING_REMEDY
    at = moment_words(pin.due_at)
    if pin.problem == SPACED_TEXT:
        return f"It goes out by itself at {at}.", ""
    if pin.problem:
        return f"PinApp tries again by itself at {at}.", ""
    return _STATUS_TEXTS[PinStatus.SCHEDULED], ""
