"""Filters and order of the list of Pins, read from its address and written into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from accounts.models import Workspace
from accounts.selectors import members_of
from publishing.choices.statuses import PinKind, PinStatus
from publishing.pins.policy.prospects import Level
from publishing.pins.selectors.filters import PinFilter
from publishing.pins.views.queries import text_of
from publishing.schedule.policy.calendars import EARLIEST_DAY, LATEST_DAY, day_span
from publishing.schedule.views.filters import (
    LEVEL_CHOICES,
    Chosen,
    filter_fields,
    level_in,
    number_text,
    uuid_text,
)

# The list's tabs: name, words, statuses (none means all), and the order that fits them.
TABS: list[tuple[str, str, list[PinStatus], str]] = [
    ("all", "All", [], "changed"),
    (
        "scheduled",
        "Scheduled",
        [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING],
        "first",
    ),
    ("drafts", "Drafts", [PinStatus.DRAFT], "changed"),
    ("published", "Published", [PinStatus.PUBLISHED], "published"),
    ("stopped", LEVEL_CHOICES[Level.STOPPED], [], "changed"),
    ("look", LEVEL_CHOICES[Level.LOOK], [], "first"),
]
SORTS: dict[str, tuple[str, str]] = {
    "changed": ("Changed last", "-updated_at"),
    "first": ("Planned first", "scheduled_at"),
    "last": ("Planned last", "-scheduled_at"),
    "published": ("Published last", "-published_at"),
    "title": ("Title", "title"),
}
KINDS = {kind.value: kind.value.title() for kind in PinKind}


@dataclass(frozen=True, slots=True)
class ListChosen:
    """What an address of the list asks for: what makes no sense is left out."""

    show: str = "all"
    text: str = ""
    account: str = ""
    board: str = ""
    since: date | None = None
    until: date | None = None
    kind: str = ""
    who: str = ""
    sort: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What an address needs to ask for the same again, without the tab."""
        pairs = {
            "q": self.text,
            "account": self.account,
            "board": self.board,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "kind": self.kind,
            "who": self.who,
            "sort": self.sort,
        }
        return {name: value for name, value in pairs.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether there is a filter besides the tab."""
        return bool(self.parameters.keys() - {"sort"})

    @property
    def order(self) -> str:
        sort = self.sort or next(sort for name, _, _, sort in TABS if name == self.show)
        return SORTS[sort][1]

    @property
    def statuses(self) -> tuple[str, ...]:
        return tuple(next(found for name, _, found, _ in TABS if name == self.show))

    def pin_filter(self, *, any_status: bool = False) -> PinFilter:
        """The filter, in the time zone of the person; `any_status` leaves the tab out."""
        zone = timezone.get_current_timezone_name()
        return PinFilter(
            statuses=() if any_status else self.statuses,
            level=Level.NONE if any_status else level_in(self.show),
            connection=UUID(self.account) if self.account else None,
            board=int(self.board) if self.board else None,
            kind=self.kind,
            created_by=UUID(self.who) if self.who else None,
            since=day_span(self.since, zone=zone).start if self.since else None,
            before=day_span(self.until, zone=zone).end if self.until else None,
            text=self.text,
        )


def list_chosen_in(query: QueryDict) -> ListChosen:
    """What an address of the list asks for."""
    show, sort, kind = query.get("show", ""), query.get("sort", ""), query.get("kind", "")
    show = level_in(show).value or show
    return ListChosen(
        show=show if any(show == name for name, *_ in TABS) else "all",
        text=text_of(query, "q"),
        account=uuid_text(query.get("account", "")),
        board=number_text(query.get("board", "")),
        since=_day(query.get("from", "")),
        until=_day(query.get("to", "")),
        kind=kind if kind in KINDS else "",
        who=uuid_text(query.get("who", "")),
        sort=sort if sort in SORTS else "",
    )


def list_filter_fields(workspace: Workspace, chosen: ListChosen) -> dict[str, Any]:
    """Context of the list's filters, in three queries."""
    members = [membership.user for membership in members_of(workspace)]
    return {
        **filter_fields(workspace, Chosen(account=chosen.account, board=chosen.board)),
        "kinds": _options(KINDS.items(), chosen.kind),
        "people": _options([(str(user.pk), str(user)) for user in members], chosen.who),
        "sorts": _options([(name, words) for name, (words, _) in SORTS.items()], chosen.sort),
        "since": chosen.since.isoformat() if chosen.since else "",
        "until": chosen.until.isoformat() if chosen.until else "",
        "any": chosen.narrows,
        "count": len(chosen.parameters.keys() - {"sort", "q"}),
    }


def _options(pairs: Any, chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in pairs]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_DAY <= day <= LATEST_DAY else None
