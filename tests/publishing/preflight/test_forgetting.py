"""Whoever changes what was looked at, what was seen of it is forgotten: the database sees to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database

from accounts.models import Connection, ConnectionStatus, Succession
from publishing.boards.services import board_moves
from publishing.bulk.policy.bulk import BulkAction, BulkOrder
from publishing.bulk.services import bulk
from publishing.choices.warnings import WarningKind
from publishing.handover.services.handover import hand_over
from publishing.holds.services import holds
from publishing.models import Pin, PinWarning, Reach
from publishing.pins.policy.preflight import BOARD, LIMITS, LINK, PICTURE, SECTION
from publishing.pins.policy.signs import FORGETTINGS, Sign
from publishing.pins.services import pins
from publishing.pins.services.pins import Plan, content_of
from publishing.pins.services.slides import SlideContent
from publishing.preflight.services.preflight import Preflight
from publishing.reconcile.services import answers
from publishing.schedule.policy.rearranging import digest
from publishing.schedule.selectors.rearranging import plan_rearrangement
from publishing.schedule.services import moves, queue, rearranging
from publishing.schedule.services.slots import add_slots
from tests import factories

pytestmark = pytest.mark.django_db

PLACE = BOARD | SECTION
EVERYTHING = frozenset(WarningKind)


@pytest.fixture
def seen(write_pin, now) -> Callable[..., Pin]:
    """Writes a planned Pin, looked at from all sides, with every warning there is."""

    def written(**content) -> Pin:
        return look_like_seen(write_pin(at=now + timedelta(days=2), **content), now=now)

    return written


def look_like_seen(pin: Pin, *, now) -> Pin:
    signs = {f"{sign}_looked_at": now for sign in Sign}
    Pin.objects.filter(pk=pin.pk).update(preflighted_at=now, **signs)
    PinWarning.objects.bulk_create(
        PinWarning(pin=pin, kind=kind, message="m", remedy="r", found_at=now)
        for kind in WarningKind
    )
    pin.refresh_from_db()
    return pin


def forgotten(pin: Pin) -> tuple[bool, set[str]]:
    """Whether the Pin is to be looked at again, and the kinds of warnings that are gone."""
    pin.refresh_from_db()
    left = set(PinWarning.objects.filter(pin=pin).values_list("kind", flat=True))
    return pin.preflighted_at is None, set(WarningKind) - left


def changed(content, **columns):
    kept = {name: getattr(content, name) for name in content.__dataclass_fields__}
    return type(content)(**{**kept, **columns})


# Each writer


@pytest.fixture
def world(seen, connection, boards, bowls, glazed, editor, now, workspace):
    """What a writer needs, by name."""
    return {
        "seen": seen,
        "connection": connection,
        "boards": boards,
        "bowls": bowls,
        "glazed": glazed,
        "by": editor,
        "now": now,
        "workspace": workspace,
    }


def rewrites(world, **columns) -> Pin:
    pin = world["seen"](section=world["glazed"])
    content = changed(content_of(pin), **columns)
    plan = Plan(at=pin.scheduled_at, time_zone=pin.time_zone)
    pins.rewrite_pin(pin=pin, by=world["by"], content=content, plan=plan, now=world["now"])
    return pin


def gives_a_board(world) -> Pin:
    return rewrites(world, board=world["boards"]["Vases"], section=None)


def gives_a_section(world) -> Pin:
    return rewrites(world, section=None)


def gives_a_link(world) -> Pin:
    return rewrites(world, link="https://shop.example/other")


def gives_a_picture(world) -> Pin:
    data = factories.picture((800, 1200))
    from publishing.media.services.media import store_picture  # noqa: PLC0415 - as the others name theirs

    return rewrites(
        world, media=store_picture(workspace=world["workspace"], by=world["by"], data=data)
    )


def plans_anew(world) -> Pin:
    pin = world["seen"]()
    at = pin.scheduled_at + timedelta(hours=1)
    pins.plan_pin(pin=pin, by=world["by"], plan=Plan(at=at, time_zone="UTC"), now=world["now"])
    return pin


def publishes_now(world) -> Pin:
    pin = world["seen"]()
    pins.publish_now(pin=pin, by=world["by"], now=world["now"])
    return pin


def moves_in_the_calendar(world) -> Pin:
    pin = world["seen"]()
    at = pin.scheduled_at + timedelta(days=1)
    moves.reschedule_pin(pin=pin, by=world["by"], at=at, now=world["now"], time_zone="UTC")
    return pin


def orders(world, pin: Pin, order: BulkOrder, **place) -> Pin:
    done = bulk.apply_to_many(
        workspace=world["workspace"],
        pin_ids=[pin.pk],
        order=order,
        by=world["by"],
        now=world["now"],
        zone="UTC",
        **place,
    )
    assert done.done == 1
    return pin


def shifts_many(world) -> Pin:
    return orders(world, world["seen"](), BulkOrder(BulkAction.SHIFT, days=1))


def spreads_many(world) -> Pin:
    start = world["now"] + timedelta(days=5)
    order = BulkOrder(BulkAction.SPREAD, start=start, step=timedelta(hours=1))
    return orders(world, world["seen"](), order)


def gives_many_a_board(world) -> Pin:
    order = BulkOrder(BulkAction.BOARD)
    return orders(world, world["seen"](), order, board=world["boards"]["Vases"])


def on_hold(world) -> Pin:
    pin = world["seen"]()
    Pin.objects.filter(pk=pin.pk).update(status="held", held_reason="person", due_at=None)
    return look_like_seen_again(pin, now=world["now"])


def look_like_seen_again(pin: Pin, *, now) -> Pin:
    PinWarning.objects.filter(pin=pin).delete()
    return look_like_seen(pin, now=now)


def takes_many_off_hold(world) -> Pin:
    return orders(world, on_hold(world), BulkOrder(BulkAction.RELEASE))


def publishes_what_was_held(world) -> Pin:
    pin = on_hold(world)
    holds.publish_held(
        workspace=world["workspace"], pin_ids=[pin.pk], by=world["by"], now=world["now"]
    )
    return pin


def spaces_what_was_held(world) -> Pin:
    pin, now = on_hold(world), world["now"]
    holds.space_held(
        workspace=world["workspace"],
        pin_ids=[pin.pk],
        by=world["by"],
        start=now + timedelta(days=3),
        step=timedelta(hours=1),
        zone="UTC",
        now=now,
    )
    return pin


def moves_off_a_vanished_board(world) -> Pin:
    pin = world["seen"]()
    board_moves.move_from_board(
        board=world["bowls"],
        to=world["boards"]["Vases"],
        section=None,
        by=world["by"],
        now=world["now"],
    )
    return pin


def moves_off_a_vanished_section(world) -> Pin:
    pin = world["seen"](section=world["glazed"])
    board_moves.move_from_section(
        gone=world["glazed"], to=world["bowls"], section=None, by=world["by"], now=world["now"]
    )
    return pin


def rearranges_the_queue(world) -> Pin:
    connection, now = world["connection"], world["now"]
    pin = world["seen"]()
    Pin.objects.filter(pk=pin.pk).update(slot_at=pin.scheduled_at)
    clock = (pin.scheduled_at - timedelta(hours=3)).time().replace(second=0)
    add_slots(connection=connection, weekdays=range(7), clock=clock, zone="UTC")
    waiting = list(Pin.objects.select_related("media").filter(slot_at__gt=now))
    plan = plan_rearrangement(connection, waiting, seed="", now=now)
    done = rearranging.rearrange_queue(
        connection=connection, by=world["by"], seed="", seen=digest(plan), now=now
    )
    assert done == 1
    return pin


def takes_a_slot(world) -> Pin:
    pin, now = world["seen"](), world["now"]
    clock = (now + timedelta(hours=3)).time().replace(second=0)
    add_slots(connection=world["connection"], weekdays=range(7), clock=clock, zone="UTC")
    queue.queue_pin(pin=pin, by=world["by"], now=now)
    return pin


def sends_again_what_was_in_doubt(world) -> Pin:
    pin, now = world["seen"](), world["now"]
    row = Pin.objects.filter(pk=pin.pk)
    row.update(status="claimed", claimed_at=now)
    row.update(status="sending", claimed_at=None, sending_since=now)
    row.update(status="uncertain", sending_since=None, due_at=None, question="several")
    answers.say_absent(pin=pin, by=world["by"], send=True, now=now)
    return pin


def hands_over(world) -> Pin:
    pin, earlier = world["seen"](), world["connection"]
    later = Connection.objects.get(pk=earlier.pk)
    later.pk, later.pinterest_id, later.username = None, "999", "new-studio"
    later._state.adding = True
    later.save()
    board = world["bowls"].__class__.objects.create(
        connection=later, pinterest_id=world["bowls"].pinterest_id, name="Bowls", privacy="PUBLIC"
    )
    succession = Succession.objects.create(
        workspace=world["workspace"], earlier=earlier, later=later, asked_at=world["now"]
    )
    Reach.objects.create(
        succession=succession, board_id=board.pinterest_id, result="yes", checked_at=world["now"]
    )
    assert hand_over(succession=succession, by=world["by"], now=world["now"]).moved == 1
    return pin


WRITERS = [
    (gives_a_board, PLACE),
    (gives_a_section, SECTION),
    (gives_a_link, LINK),
    (gives_a_picture, PICTURE),
    (plans_anew, LIMITS),
    (publishes_now, LIMITS),
    (moves_in_the_calendar, LIMITS),
    (shifts_many, LIMITS),
    (spreads_many, LIMITS),
    (gives_many_a_board, PLACE),
    (takes_many_off_hold, EVERYTHING),
    (publishes_what_was_held, EVERYTHING),
    (spaces_what_was_held, EVERYTHING),
    (moves_off_a_vanished_board, PLACE),
    (moves_off_a_vanished_section, PLACE),
    (rearranges_the_queue, LIMITS),
    (takes_a_slot, LIMITS),
    (sends_again_what_was_in_doubt, EVERYTHING),
    (hands_over, PLACE),
]


@pytest.mark.parametrize(("write", "gone"), WRITERS, ids=[w.__name__ for w, _ in WRITERS])
def test_every_writer_has_the_pin_looked_at_again(world, write, gone):
    pin = write(world)
    is_to_be_seen, lost = forgotten(pin)
    assert is_to_be_seen
    assert gone <= lost


def test_words_alone_change_nothing_that_was_seen(world, now):
    pin = rewrites(world, title="Another title", description="And more.")
    assert forgotten(pin) == (False, set())
    assert pin.link_looked_at == now


def test_a_new_time_keeps_what_was_seen_of_the_link(world, now):
    pin = plans_anew(world)
    assert (pin.link_looked_at, pin.board_looked_at) == (now, now)
    assert not LINK & forgotten(pin)[1]


# Each column


@pytest.mark.parametrize("forgetting", FORGETTINGS, ids=lambda each: each.name)
def test_the_database_forgets_whoever_writes_the_column(
    seen, forgetting, boards, glazed, connect, workspace, sandbox, media, now
):
    pin = seen(section=glazed)
    values = {
        "connection_id": connect(workspace, sandbox.add_account("other")).pk,
        "board_id": boards["Vases"].pk,
        "section_id": None,
        "link": "https://else.example/",
        "scheduled_at": now + timedelta(days=9),
        "slide_count": 3,
        "media_id": None,
    }
    column = next(name for name in (*forgetting.columns, "slide_count") if name in values)
    more = {"kind": "carousel", "slide_count": 3} if forgetting.name == "media" else {}
    columns = {"slide_count": 3, **more} if forgetting.name == "media" else {column: values[column]}
    assert Pin.objects.filter(pk=pin.pk).update(**columns) == 1
    is_to_be_seen, lost = forgotten(pin)
    assert is_to_be_seen
    assert lost == set(forgetting.kinds)
    assert [sign for sign in Sign if getattr(pin, f"{sign}_looked_at") is None] == list(
        forgetting.signs
    )


BEARS_NOT = {
    *("id", "workspace", "title", "description", "alt_text", "keywords", "time_zone", "due_at"),
    *("slot_at", "claimed_at", "sending_since", "published_at", "pinterest_id", "pinterest_url"),
    *("removed_at", "seen_at", "question", "held_reason", "problem", "remedy", "link_key"),
    *("repeats", "series", "created_by", "created_at", "updated_at"),
    *("preflighted_at", "preflight_again_at", *(f"{sign}_looked_at" for sign in Sign)),
    "status",  # has a trigger of its own: planned anew, all is forgotten
}


def test_every_column_of_a_pin_is_judged():
    """A new column must be put into one or the other."""
    watched = {column for each in FORGETTINGS for column in each.columns}
    columns = {field.attname: field.name for field in Pin._meta.concrete_fields}
    assert {name for name in columns if name not in watched} == {
        attname for attname, name in columns.items() if name in BEARS_NOT
    }
    assert watched <= set(columns)


def test_a_write_by_hand_counts_too(seen):
    pin = seen()
    with database.cursor() as cursor:
        cursor.execute("UPDATE publishing_pin SET link = 'https://by.hand/'")
        assert cursor.rowcount == 1
    assert forgotten(pin) == (True, set(LINK))


def test_another_picture_or_link_in_a_carousel_is_looked_at(seen, write_pin, media, editor, now):
    slides = tuple(SlideContent(media, link=f"https://shop.example/{n}") for n in range(2))
    pin = look_like_seen(write_pin(at=now + timedelta(days=1), slides=slides), now=now)
    pin.slides.filter(position=1).update(link="https://shop.example/new")
    is_to_be_seen, lost = forgotten(pin)
    assert is_to_be_seen
    assert lost >= LINK | PICTURE


@pytest.mark.parametrize("status", ["needs_reconnecting", "active"])
def test_what_was_seen_of_an_account_ends_with_its_state(seen, connection, status):
    other = "active" if status == "needs_reconnecting" else "needs_reconnecting"
    Connection.objects.filter(pk=connection.pk).update(status=other)
    pin = seen()
    Connection.objects.filter(pk=connection.pk).update(status=ConnectionStatus(status))
    is_to_be_seen, lost = forgotten(pin)
    assert is_to_be_seen
    assert lost == {WarningKind.ACCOUNT_LOST, *PLACE}
    assert pin.account_looked_at is None
    assert pin.link_looked_at is not None


# A change under the look


def test_a_change_under_the_look_discards_what_was_seen_of_the_old(write_pin, boards, sandbox, now):
    pin = write_pin(at=now + timedelta(days=1))
    sandbox.delete_board(pin.board.pinterest_id)
    to = boards["Vases"]
    moments = iter([0])

    def clock():
        # The second question for the time comes in the middle of the look.
        if next(moments, None) is None:
            Pin.objects.filter(pk=pin.pk, board=pin.board).update(board=to)
        return now

    assert Preflight(clock=clock).check(Pin.objects.get())
    assert not PinWarning.objects.exists()
    pin.refresh_from_db()
    assert (pin.board, pin.board_looked_at) == (to, now)
