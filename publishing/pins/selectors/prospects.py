"""What decides about Pins, read with them; and how many need a person, counted the same way.

`is_stopped` and `is_worth_a_look` say in the database's words what `policy/prospects` says; a test
holds them together.
"""

from __future__ import annotations

from django.db.models import (
    Case,
    CharField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import ConnectionStatus, Succession
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.choices.warnings import WarningKind
from publishing.models import Pin, PinWarning
from publishing.pins.policy.prospects import (
    PLANNED,
    STUCK,
    AccountState,
    Level,
    PinFacts,
    Prospect,
    judge_prospect,
)
from publishing.pins.policy.signs import STOPPING, WORRYING
from publishing.pins.selectors.stops import stops_of_this_app

_CONNECTED = Q(connection__status=ConnectionStatus.ACTIVE)
_PLANNED = Q(status__in=PLANNED)
_MAY_NEED_SOMEBODY = [*STUCK, PinStatus.UNCERTAIN, *PLANNED]


def with_prospects(pins: QuerySet[Pin]) -> QuerySet[Pin]:
    """Pins with what `prospect_of` needs beside their own rows, at no query of its own."""
    return pins.annotate(
        worst_warning=_worst_warning(),
        account_state=_account_state(),
        is_server_stopped=Exists(stops_of_this_app()),
    )


def facts_of(pin: Pin) -> PinFacts:
    """All that decides about a Pin. One that was read without it is read once more."""
    if not hasattr(pin, "account_state"):
        pin = with_prospects(Pin.objects.select_related("board", "section")).get(pk=pin.pk)
    worst, state, stopped = _annotated(pin)
    return PinFacts(
        status=PinStatus(pin.status),
        account=AccountState(state),
        held_reason=HoldReason(pin.held_reason) if pin.held_reason else None,
        asks=bool(pin.question),
        is_server_stopped=stopped,
        is_board_gone=pin.board is not None and pin.board.gone_at is not None,
        is_section_gone=pin.section is not None and pin.section.gone_at is not None,
        worst=WarningKind(worst) if worst else None,
    )


def prospect_of(pin: Pin) -> Prospect:
    """What becomes of a Pin as things are."""
    return judge_prospect(facts_of(pin))


def is_stopped() -> Q:
    """What Pins have in common whose level is STOPPED."""
    obstacle = (
        ~_CONNECTED
        | Q(board__gone_at__isnull=False)
        | Q(section__gone_at__isnull=False)
        | Exists(stops_of_this_app())
        | _has_warning(STOPPING)
    )
    doubt = Q(status=PinStatus.UNCERTAIN) & (~Q(question="") | ~_CONNECTED)
    # The plain bound repeats part of the exact one: it is what the index can use.
    return Q(status__in=_MAY_NEED_SOMEBODY) & (Q(status__in=STUCK) | doubt | _PLANNED & Q(obstacle))


def is_worth_a_look() -> Q:
    """What Pins have in common whose level is LOOK."""
    may_be = Q(status=PinStatus.UNCERTAIN) | _PLANNED & _has_warning(WORRYING)
    return Q(may_be) & ~is_stopped()


def of_level(level: Level) -> Q:
    """What Pins of a level have in common; NONE asks for nothing."""
    if level is Level.STOPPED:
        return is_stopped()
    return is_worth_a_look() if level is Level.LOOK else Q()


def _annotated(pin: Pin) -> tuple[str, str, bool]:
    return (
        getattr(pin, "worst_warning", ""),
        getattr(pin, "account_state", AccountState.NONE),
        getattr(pin, "is_server_stopped", False),
    )


def _has_warning(kinds: frozenset[WarningKind]) -> Q:
    # Found from the few warnings there are, not from the many Pins.
    return Q(pk__in=PinWarning.objects.filter(kind__in=sorted(kinds)).values("pin"))


def _worst_warning() -> Case:
    """The kind of the gravest warning that stands at a planned Pin; empty for none."""
    gravest = Case(When(kind__in=sorted(STOPPING), then=0), default=1, output_field=IntegerField())
    told = PinWarning.objects.filter(pin=OuterRef("pk"), kind__in=sorted(STOPPING | WORRYING))
    first = told.order_by(gravest, "pk").values("kind")[:1]
    return Case(
        When(_PLANNED, then=Coalesce(Subquery(first), Value(""))),
        default=Value(""),
        output_field=CharField(),
    )


def _account_state() -> Case:
    of_account = Succession.objects.filter(earlier=OuterRef("connection"))
    asked = of_account.filter(keeps_schedule=None, later__status=ConnectionStatus.ACTIVE)
    return Case(
        When(connection=None, then=Value(AccountState.NONE.value)),
        When(_CONNECTED, then=Value(AccountState.CONNECTED.value)),
        When(
            Exists(of_account.filter(keeps_schedule=True)), then=Value(AccountState.REPLACED.value)
        ),
        When(Exists(asked), then=Value(AccountState.ASKED.value)),
        When(
            connection__status=ConnectionStatus.DISCONNECTED,
            then=Value(AccountState.DISCONNECTED.value),
        ),
        default=Value(AccountState.LOST.value),
        output_field=CharField(),
    )
