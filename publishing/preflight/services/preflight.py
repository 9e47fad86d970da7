"""Looking, before a Pin goes out, for what may keep it from going out as meant.

Nothing here changes or holds back a Pin: it only writes warnings, and takes back those that no
longer hold. What could not be asked (Pinterest is away, our network is) changes no warning.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.limits.counters import day_left
from accounts.models import RowId
from accounts.services.tokens import ConnectionLost, call_pinterest
from foundation.bounded import BoundedFailure
from foundation.fetching.hosts import plain_host_of
from foundation.fetching.links import LinkLook, LinkProblem
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused
from pinterest.types import Board
from publishing.choices.statuses import PinStatus
from publishing.choices.warnings import WarningKind
from publishing.media.selectors.videos import ready_upload
from publishing.models import Media, Pin, PinWarning, Video
from publishing.pins.policy import preflight as policy
from publishing.pins.policy.preflight import WORDS
from publishing.pins.policy.signs import LOOK_AGAIN_AFTER, Sign
from publishing.pins.services.time_scale import PACE
from publishing.preflight.selectors.preflight import links_of, pins_to_look_at, trusted_hosts
from publishing.preflight.services.link_pages import forbids_pins, look_at

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

_WRITES = "org_write"
_GONE = {RefusalReason.BOARD_GONE, RefusalReason.NOT_FOUND}
_CLOSED = {
    RefusalReason.BOARD_NOT_PERMITTED,
    RefusalReason.NOT_PERMITTED,
    RefusalReason.MISSING_SCOPE,
}
_ASKED_FOR = {
    Sign.ACCOUNT: policy.ACCOUNT,
    Sign.BOARD: policy.BOARD,
    Sign.LINK: policy.LINK,
    # Whether its address on the web still works is said where it is known; ours is what counts.
    Sign.PICTURE: policy.PICTURE,
}
_LINK_PROBLEMS = {
    LinkProblem.PRIVATE_ADDRESS: WarningKind.LINK_PRIVATE,
    LinkProblem.LOOPS: WarningKind.LINK_LEAVES,
    LinkProblem.UNREACHABLE: WarningKind.LINK_UNREACHABLE,
    LinkProblem.BAD_URL: WarningKind.LINK_UNTOLD,
}


@dataclass(slots=True)
class Findings:
    """What was asked about, and what was found; kinds that were not asked about are left alone."""

    asked: set[WarningKind] = field(default_factory=set)
    found: set[WarningKind] = field(default_factory=set)

    def note(self, kinds: Iterable[WarningKind], *found: WarningKind | None) -> None:
        """`kinds` were asked about, and `found` of them hold."""
        self.asked.update(kinds)
        self.found.update(kind for kind in found if kind is not None)

    def settles(self, sign: Sign) -> bool:
        """Whether all that a sign stands for was asked about."""
        return _ASKED_FOR[sign] <= self.asked


@dataclass(frozen=True, slots=True)
class _BoardAnswer:
    """What Pinterest says of a board; None where it does not answer."""

    warning: WarningKind | None = None
    sections: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _LinkAnswer:
    """What is wrong with a link, if anything is."""

    warning: WarningKind | None


class Preflight:
    """Looks at one Pin after another; what it has learnt of a board it need not ask again."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._boards: dict[tuple[RowId, str], _BoardAnswer | None] = {}

    def check(self, pin: Pin) -> bool:
        """Look at a planned Pin and write down what was found; False when another worker does.

        Once more where the Pin, or its account, has changed under the look.
        """
        began_at = self._take_turn(pin)
        if began_at is None:
            return False
        if not self._look(pin, now=began_at):
            again = Pin.objects.filter(pk=pin.pk, preflighted_at=None).first()
            began_at = self._take_turn(again) if again else None
            if again and began_at:
                self._look(again, now=began_at)
        return True

    def _take_turn(self, pin: Pin) -> datetime | None:
        """Who looks says so first; gives when the look begins, or None when another was quicker."""
        now = self._clock()
        turn = Pin.objects.filter(
            pk=pin.pk, status=PinStatus.SCHEDULED, preflighted_at=pin.preflighted_at
        )
        return now if turn.update(preflighted_at=now) == 1 else None

    def _look(self, pin: Pin, *, now: datetime) -> bool:
        """Look at all of it; False when what was seen is of no use, because it has changed."""
        # Read now that the turn is taken: what changes from here on takes the turn away.
        fresh = pins_to_look_at().filter(pk=pin.pk).first()
        if fresh is None:
            return True
        found = Findings()
        pinterest_answers = self._ask_pinterest(fresh, found)
        _look_at_pictures(fresh, found)
        _look_at_video(fresh, found, now=now)
        _look_at_links(fresh, found, network_is_up=pinterest_answers)
        _look_at_limits(fresh, found, now=now)
        return _write_down(fresh, found, now=now)

    def _ask_pinterest(self, pin: Pin, found: Findings) -> bool:
        """Ask about account, board and section; False when Pinterest did not answer."""
        connection, board = pin.connection, pin.board
        if connection is None or board is None:
            return False
        if not connection.is_active:
            found.note(policy.ACCOUNT, WarningKind.ACCOUNT_LOST)
            return False
        place = (connection.pk, board.pinterest_id)
        try:
            if place not in self._boards:
                self._boards[place] = self._read_board(pin)
        except ConnectionLost:
            found.note(policy.ACCOUNT, WarningKind.ACCOUNT_LOST)
            return False
        answer = self._boards[place]
        if answer is None:
            return False
        found.note(policy.ACCOUNT)
        found.note(policy.BOARD, answer.warning)
        if answer.sections is not None:
            there = pin.section is None or pin.section.pinterest_id in answer.sections
            found.note(policy.SECTION, None if there else WarningKind.SECTION_GONE)
        return True

    def _read_board(self, pin: Pin) -> _BoardAnswer | None:
        """Read the Pin's board at Pinterest. Raises ConnectionLost."""
        connection, board = pin.connection, pin.board
        if connection is None or board is None:
            return None
        try:
            there, sections = call_pinterest(
                connection_id=connection.pk,
                now=self._clock(),
                call=partial(_board_and_sections, board_id=board.pinterest_id),
            )
        except Refused as error:
            return _refused(error)
        except PinterestError as error:
            logger.info("preflight_unanswered board=%s status=%s", board.pk, error.status)
            return None
        owner = policy.judge_board_owner(owner=there.owner_username, account=connection.username)
        return _BoardAnswer(warning=owner, sections=sections)


def _board_and_sections(client: PinterestClient, *, board_id: str) -> tuple[Board, frozenset[str]]:
    sections = frozenset(section.id for section in client.iter_sections(board_id))
    return client.get_board(board_id), sections


def _refused(error: Refused) -> _BoardAnswer | None:
    if error.reason in _GONE:
        return _BoardAnswer(warning=WarningKind.BOARD_GONE)
    if error.reason in _CLOSED:
        return _BoardAnswer(warning=WarningKind.BOARD_CLOSED)
    return None


def _look_at_pictures(pin: Pin, found: Findings) -> None:
    pictures = _pictures_of(pin)
    files: list[Media | Video] = [*pictures, *([pin.video] if pin.video else [])]
    whole = bool(files) and all(_is_readable(file) for file in files)
    found.note(policy.PICTURE, None if whole else WarningKind.PICTURE_MISSING)
    if pin.attempts.exists():
        found.note(policy.ORIGIN)  # what was tried before goes as our own copy
        return
    looks = [look_at(media.origin_url) for media in pictures if media.origin_url]
    if all(look.problem is None for look in looks):
        gone = any(look.status in {404, 410} for look in looks)
        found.note(policy.ORIGIN, WarningKind.ORIGIN_GONE if gone else None)


def _look_at_video(pin: Pin, found: Findings, *, now: datetime) -> None:
    """Whether the video is ready at Pinterest when its Pin's time is near."""
    is_late = (
        pin.video_id is not None
        and pin.connection_id is not None
        and pin.due_at is not None
        and pin.due_at - now <= min(policy.AHEAD)
        and ready_upload(connection_id=pin.connection_id, video_id=pin.video_id) is None
    )
    found.note(policy.VIDEO, WarningKind.VIDEO_NOT_READY if is_late else None)


def _pictures_of(pin: Pin) -> list[Media]:
    slides = [slide.media for slide in pin.slides.select_related("media")]
    return slides or ([pin.media] if pin.media else [])


def _is_readable(file: Media | Video) -> bool:
    try:
        return default_storage.size(file.file_name) == file.size
    except OSError:
        return False


def _look_at_links(pin: Pin, found: Findings, *, network_is_up: bool) -> None:
    """Look at the page of each link that the Pin has: one that can't be asked leaves them open."""
    answers = [_judge_link(link, network_is_up=network_is_up) for link in _doubtful_links(pin)]
    known = [answer.warning for answer in answers if answer is not None]
    if len(known) == len(answers):
        found.note(policy.LINK, *known)
    else:
        found.note(frozenset(), *known)


def _doubtful_links(pin: Pin) -> list[str]:
    """The Pin's links without those that somebody has said to be fine."""
    links = links_of(pin)
    trusted = trusted_hosts(pin.workspace) if links else {}
    return [link for link in links if plain_host_of(link) not in trusted]


def _judge_link(link: str, *, network_is_up: bool) -> _LinkAnswer | None:
    """What is wrong with a link; None where nobody can say now."""
    if policy.is_shortened(link):
        return _LinkAnswer(WarningKind.LINK_SHORTENED)
    look = look_at(link)
    if look.problem is None:
        return _judge_page(look)
    if look.problem is LinkProblem.UNREACHABLE and not network_is_up:
        return None
    return _LinkAnswer(_LINK_PROBLEMS[look.problem])


def _judge_page(look: LinkLook) -> _LinkAnswer | None:
    try:
        forbids = forbids_pins(look)
    except BoundedFailure:
        return None
    return _LinkAnswer(
        policy.judge_page(status=look.status, left_for=look.left_for, forbids_pins=forbids)
    )


def _look_at_limits(pin: Pin, found: Findings, *, now: datetime) -> None:
    if pin.due_at is None or pin.connection_id is None:
        return
    minute = pin.due_at.replace(second=0, microsecond=0)
    planned = Pin.objects.filter(status=PinStatus.SCHEDULED)
    in_its_minute = planned.filter(
        connection_id=pin.connection_id,
        due_at__gte=minute,
        due_at__lt=minute + timedelta(minutes=1),
    )
    left = day_left(_WRITES) if pin.due_at - now < timedelta(days=1) else None
    before_it = planned.filter(due_at__lt=pin.due_at)[: left + 1].count() if left else 0
    found.note(
        policy.LIMITS,
        *policy.judge_limits(
            in_its_minute=in_its_minute.count(), before_it_today=before_it, left_today=left
        ),
    )


@transaction.atomic
def _write_down(pin: Pin, findings: Findings, *, now: datetime) -> bool:
    """Keep what was found; False where the Pin has changed, so that it was about another one."""
    turn = Pin.objects.filter(pk=pin.pk, status=PinStatus.SCHEDULED, preflighted_at=now)
    if turn.select_for_update().first() is None:
        return False
    open_signs = [sign for sign in Sign if not findings.settles(sign)]
    turn.update(
        preflight_again_at=_again_at(findings, open_signs, now=now),
        **{f"{sign}_looked_at": now for sign in Sign if sign not in open_signs},
    )
    warnings = PinWarning.objects.filter(pin=pin)
    warnings.filter(kind__in=findings.asked - findings.found).delete()
    PinWarning.objects.bulk_create(
        [
            PinWarning(
                pin=pin, kind=kind, message=WORDS[kind][0], remedy=WORDS[kind][1], found_at=now
            )
            for kind in sorted(findings.found)
        ],
        ignore_conflicts=True,
    )
    return True


def _again_at(findings: Findings, open_signs: list[Sign], *, now: datetime) -> datetime | None:
    """When to try once more. What waits for the account is looked at when that is back."""
    waits = {Sign.BOARD} if WarningKind.ACCOUNT_LOST in findings.found else set()
    return now + LOOK_AGAIN_AFTER * PACE if set(open_signs) - waits else None
