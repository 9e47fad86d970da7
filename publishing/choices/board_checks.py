"""What a look at a board shows, and why a person is asked about a Pin. Pure."""

from __future__ import annotations

from enum import StrEnum


class LookResult(StrEnum):
    """What one look at the board showed. A match ends the search and needs no name here."""

    NOTHING = "nothing"
    SEVERAL = "several"
    INCONCLUSIVE = "inconclusive"  # the list failed, or did not reach back far enough


class AskReason(StrEnum):
    """Why a person must decide."""

    SEVERAL = "several"  # there are Pins that may be ours
    VANISHED = "vanished"  # there was one that may have been ours, and it is gone
    SENT_TWICE = "sent_twice"  # all the more tries there are ended unknown too
    NO_ANSWER = "no_answer"  # the board can't be read
