"""What the accounts app tells whoever listens, without knowing them."""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where somebody who has just connected an account goes next, and why, in a sentence."""

    url: str
    text: str


# Sent with `connection` and `renewed` after an account was connected or reconnected. A receiver
# may answer with a NextStep; the first one is taken.
account_connected = Signal()

# Sent with `connection` and `by` inside the transaction that disconnects an account: what hangs on
# it changes with it. A receiver may answer with a sentence about what it did.
account_disconnected = Signal()
