"""The rules of telling people: who, what belongs together, when a mail goes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from accounts.notifications.kinds import Audience, MailWay

Person = TypeVar("Person", bound=Hashable)

SETTLES_IN: Final = timedelta(seconds=20)
"""What happens to many Pins in the same moment stands in one mail, so the first waits a little."""

MAILS_APART: Final = timedelta(minutes=15)
"""Between two mails of one workspace to one person; what happens meanwhile waits for the next."""

ALIKE_WITHIN: Final = timedelta(hours=1)
"""Unread and alike: what follows within this time joins an entry of the inbox."""

MOST_TRIES: Final = 12
"""With an hour at most between them, a mail server may be away for eight hours."""

LINES_OF_A_KIND: Final = 5
"""Named in a mail or an entry; the rest is counted, and behind the link."""

KEPT_FOR: Final = timedelta(days=180)


def audience_of(
    audience: Audience,
    *,
    owners: Collection[Person],
    members: Collection[Person],
    concerns: Person | None,
    actor: Person | None,
) -> set[Person]:
    """Who is told: members only, and nobody of what they have done themselves."""
    told: set[Person] = set()
    if audience is not Audience.CONCERNED:
        told.update(owners)
    if audience is not Audience.OWNERS and concerns is not None:
        told.add(concerns)
    return {person for person in told if person in members and person != actor}


def is_mailed(way: MailWay, *, wish: bool | None, wanted: bool) -> bool:
    """Whether a kind goes into mails; `wish` is None for who has not said, `wanted` is for all."""
    if way is MailWay.NEVER or not wanted:
        return False
    return way is MailWay.USUAL if wish is None else wish


def mail_due_at(*, now: datetime, last_at: datetime | None) -> datetime:
    """When the next mail goes, with something in it since `now`."""
    soon = now + SETTLES_IN
    return soon if last_at is None else max(soon, last_at + MAILS_APART)


def try_again_at(*, now: datetime, tries: int) -> datetime | None:
    """When a mail server that did not take a mail is asked again; None when it has had its chances.

    `tries` counts those in vain, this one among them.
    """
    if tries >= MOST_TRIES:
        return None
    return now + timedelta(minutes=min(2 ** (tries - 1), 60))
