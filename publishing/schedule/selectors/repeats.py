"""Which planned Pins repeat a link or a picture of the workspace too soon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.models import RowId, Workspace
from publishing.choices.statuses import PinStatus
from publishing.models import Media, Pin, PublishingPreferences
from publishing.pins.policy.normalise import link_key
from publishing.pins.selectors.preferences import preferences_of
from publishing.schedule.policy.repeats import Distance, Sameness, Shelf, Shown, distance_for

_PLANNED = [
    PinStatus.SCHEDULED,
    PinStatus.CLAIMED,
    PinStatus.SENDING,
    PinStatus.UNCERTAIN,
    PinStatus.HELD,
]
_NEW = "new:"

_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Pin that somebody wants to plan: `key` is the caller's name for it.

    `pin_id` where it is there already (its row is then not compared with); `on_purpose` where
    somebody has said that repeating is meant: it is not asked about, but counts for the others.
    Those of one `series` keep the distance between boards, not that between repeats. `picture`
    names a picture that nobody has looked at yet: those of one name are the same.
    """

    key: str
    at: datetime
    link: str = ""
    media: Media | None = None
    picture: str = ""
    pin_id: RowId | None = None
    on_purpose: bool = False
    series: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A Pin that shows the same too near in time.

    `pin` with its board and connection, or None where it is another candidate: `other_key`.
    """

    same: Sameness
    at: datetime
    pin: Pin | None
    other_key: str = ""


def distance_of(preferences: PublishingPreferences) -> Distance:
    """How far apart Pins of the same link or picture should be."""
    return distance_for(
        repeat_days=preferences.repeat_days,
        board_interval_hours=preferences.board_interval_hours,
    )


def candidate_of(pin: Pin, *, at: datetime) -> Candidate:
    """A Pin that is there already, as if it went out at `at`; its picture is read with it."""
    return Candidate(
        key=str(pin.pk),
        at=at,
        link=pin.link,
        media=pin.media,
        pin_id=pin.pk,
        on_purpose=pin.repeats,
        series=str(pin.series or ""),
    )


def nearest_repeat(pin: Pin) -> Repeat | None:
    """The Pin nearest in time that a planned Pin repeats too soon; None where that is meant."""
    if pin.scheduled_at is None or pin.repeats:
        return None
    candidate = candidate_of(pin, at=pin.scheduled_at)
    found = find_repeats(pin.workspace, [candidate], most=1)
    return next((repeat for repeats in found.values() for repeat in repeats), None)


def repeating_keys(workspace: Workspace, candidates: Sequence[Candidate]) -> list[str]:
    """The keys of the candidates that repeat something too soon, in their order.

    By the rules of `find_repeats`, without saying what they repeat. Two queries.
    """
    distance = distance_of(preferences_of(workspace))
    if not distance or not candidates:
        return []
    shelf, found = Shelf(_around(workspace, candidates, distance=distance)), set()
    # One after the other, so that each is asked only about those before it, the nearest first.
    for candidate in sorted(candidates, key=lambda each: each.at):
        shown = shown_of(candidate)
        if not candidate.on_purpose and any(shelf.near_ones(shown, distance=distance)):
            found.add(candidate.key)
        shelf.add(shown)
    return [candidate.key for candidate in candidates if candidate.key in found]


def find_repeats(
    workspace: Workspace,
    candidates: Sequence[Candidate],
    *,
    distance: Distance | None = None,
    most: int | None = None,
) -> dict[str, list[Repeat]]:
    """The repeats of each candidate by its key, nearest first; one without is left out.

    Looks at all boards, accounts and members of the workspace, and among the candidates
    themselves, where the later of two repeats the earlier. Three queries, however many
    candidates; two with `distance` given (default: the workspace's preference). `most` is how
    many of each are told.
    """
    if distance is None:
        distance = distance_of(preferences_of(workspace))
    if not distance or not any(shown_of(candidate).says_anything for candidate in candidates):
        return {}
    wanted = [shown_of(candidate) for candidate in candidates]
    ranks = {each.id: (each.at, number) for number, each in enumerate(wanted)}
    shelf = Shelf([*_around(workspace, candidates, distance=distance), *wanted])
    near = {
        candidate.key: [
            (pin, same)
            for pin, same in shelf.too_near(each, distance=distance)
            if pin.id not in ranks or ranks[pin.id] < ranks[each.id]
        ][:most]
        for candidate, each in zip(candidates, wanted, strict=True)
        if not candidate.on_purpose
    }
    pins = _with_places(pin.id for found in near.values() for pin, _ in found)
    repeats = {
        key: [
            Repeat(same, pin.at, pins.get(pin.id), _other_key(pin))
            for pin, same in found
            if pin.id in pins or _other_key(pin)
        ]
        for key, found in near.items()
    }
    return {key: found for key, found in repeats.items() if found}


class Schedule:
    """What a workspace shows from an instant on, read month by month as far as it is asked for."""

    def __init__(
        self, workspace: Workspace, *, since: datetime, without: Iterable[RowId] = ()
    ) -> None:
        self._workspace = workspace
        self._without = list(without)
        self._known_until = since
        self._shelf = Shelf([])

    def until(self, moment: datetime) -> Shelf:
        """All that is planned or went out up to an instant."""
        while self._known_until < moment:
            since, self._known_until = self._known_until, self._known_until + _MONTH
            rows = shown_between(
                self._workspace, since=since, until=self._known_until, without=self._without
            )
            for pin in rows:
                self._shelf.add(pin)
        return self._shelf


def first_clear_moment(
    workspace: Workspace, candidate: Candidate, *, since: datetime, distance: Distance
) -> datetime:
    """The first moment from `since` on at which a candidate repeats nothing too soon."""
    without = [candidate.pin_id] if candidate.pin_id else []
    schedule = Schedule(workspace, since=since - distance.others, without=without)
    shown, moment = shown_of(candidate), since
    while True:
        shelf = schedule.until(moment + distance.others)
        clear = shelf.first_clear(shown, since=since, distance=distance)
        if clear == moment:
            return moment
        moment = clear


def shown_between(
    workspace: Workspace, *, since: datetime, until: datetime, without: Iterable[RowId] = ()
) -> list[Shown]:
    """What goes out or went out between two instants, to compare with. One query."""
    out = Q(status=PinStatus.PUBLISHED, published_at__range=(since, until), removed_at=None)
    planned = Q(status__in=_PLANNED, scheduled_at__range=(since, until))
    rows = (
        Pin.objects.filter(out | planned, workspace=workspace)
        .exclude(pk__in=list(without))
        .values_list(
            "pk",
            "published_at",
            "scheduled_at",
            "link_key",
            "media__likeness",
            "media__sha256",
            "series",
        )
    )
    return [
        Shown(str(pk), at, key, likeness or "", file or "", str(series or ""))
        for pk, published, planned_for, key, likeness, file, series in rows
        if (at := published or planned_for) is not None
    ]


def shown_of(candidate: Candidate) -> Shown:
    """A candidate as the rules compare it."""
    media = candidate.media
    return Shown(
        id=f"{_NEW}{candidate.key}",
        at=candidate.at,
        link_key=link_key(candidate.link),
        likeness=media.likeness if media else "",
        file=media.sha256 if media else candidate.picture,
        series=candidate.series,
    )


def _around(
    workspace: Workspace, candidates: Sequence[Candidate], *, distance: Distance
) -> list[Shown]:
    """What is there already and could be too near to one of the candidates."""
    times = [candidate.at for candidate in candidates]
    return shown_between(
        workspace,
        since=min(times) - distance.others,
        until=max(times) + distance.others,
        without=[candidate.pin_id for candidate in candidates if candidate.pin_id],
    )


def _other_key(pin: Shown) -> str:
    return pin.id.removeprefix(_NEW) if pin.id.startswith(_NEW) else ""


def _with_places(ids: Iterable[str]) -> dict[str, Pin]:
    wanted = [pin_id for pin_id in set(ids) if not pin_id.startswith(_NEW)]
    rows = Pin.objects.filter(pk__in=wanted).select_related("board", "section", "connection")
    return {str(pin.pk): pin for pin in rows}


def repeating_at(workspace: Workspace, times: Mapping[UUID, datetime]) -> list[UUID]:
    """Those Pins that would repeat a link or a picture too soon at `times`, in their order.

    Those whose repeating is meant are left out. Three queries, however many Pins.
    """
    if not times:
        return []
    rows = workspace.pins.filter(pk__in=list(times)).select_related("media")
    there = {pin.pk: pin for pin in rows}
    candidates = [candidate_of(there[pk], at=at) for pk, at in times.items() if pk in there]
    return [UUID(key) for key in repeating_keys(workspace, candidates)]
