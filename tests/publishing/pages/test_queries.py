"""Every page about Pins takes the same few queries for one Pin of each kind and for many."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Connection, Succession
from publishing.bulk.policy.bulk import BulkAction
from publishing.models import Import, ImportRow, Slot
from tests.publishing.every_kind import HOUR, EveryKind

pytestmark = pytest.mark.django_db
FEW, MANY = 1, 3
DAY = timedelta(days=1)


@pytest.fixture
def every_kind(workspace, owner, connection, now):
    """Writes Pins of every kind, so many of each."""

    def written(count, *, first=now + DAY, apart=DAY, series=None):
        kinds = EveryKind(workspace, owner, connection, first=first, apart=apart, series=series)
        kinds.write(count)
        return kinds

    return written


@pytest.fixture
def edda(sign_in, editor):
    return sign_in(editor)


def counted(name, queries, *more):
    """Two cases of a page: with one Pin of each kind, and with many."""
    return [
        pytest.param(count, queries, *more, id=f"{name}, {count} of each") for count in (FEW, MANY)
    ]


@pytest.mark.parametrize(
    ("count", "queries", "address", "parameters"),
    [
        *counted("list", 12, "pin_list", {}),
        *counted("list of what needs attention", 12, "pin_list", {"show": "attention"}),
        *counted("dashboard", 16, "dashboard", {}),
        *counted("queue", 10, "queue", {"weeks": "6"}),
        *counted("boards", 15, "board_desk", {}),
        *counted("on hold", 10, "held_pins", {}),
        *counted("export", 7, "pin_export", {}),
        *counted("export as CSV", 8, "pin_export_csv", {}),
        *counted("export as JSON", 6, "pin_export_json", {}),
        *counted("export for Pinterest", 5, "pin_export_pinterest", {}),
    ],
)
def test_a_page(every_kind, edda, django_assert_num_queries, count, queries, address, parameters):
    every_kind(count)
    _count(edda, django_assert_num_queries, queries, reverse(address), parameters)


@pytest.mark.parametrize(
    ("count", "queries", "view"),
    [
        *counted("month", 11, "month"),
        *counted("week", 11, "week"),
        *counted("day", 11, "day"),
    ],
)
def test_the_calendar(every_kind, edda, now, django_assert_num_queries, count, queries, view):
    today = now.astimezone(ZoneInfo("Europe/Berlin")).replace(hour=0, minute=0, second=0)
    monday = today - timedelta(days=today.weekday())
    first, apart = {
        "month": (today.replace(day=1), 20 * HOUR),
        "week": (monday, 5 * HOUR),
        "day": (today, HOUR / 2),
    }[view]
    every_kind(count, first=first, apart=apart)
    _count(
        edda,
        django_assert_num_queries,
        queries,
        reverse("pin_calendar"),
        {"view": view, "date": f"{today:%Y-%m-%d}"},
    )


@pytest.mark.parametrize(
    ("count", "queries", "seed"), [*counted("in order", 12, ""), *counted("shuffled", 12, "abc")]
)
def test_rearranging_a_queue(
    every_kind, edda, connection, django_assert_num_queries, count, queries, seed
):
    every_kind(count)
    for weekday in range(7):
        Slot.objects.create(
            connection=connection, weekday=weekday, clock="09:00", time_zone="Europe/Berlin"
        )
    address = reverse("queue_arrange", args=[connection.pk])
    _count(edda, django_assert_num_queries, queries, address, {"seed": seed} if seed else {})


def _count(edda, django_assert_num_queries, queries, address, parameters=None):
    edda.get(address, parameters)
    with django_assert_num_queries(queries):
        answer = edda.get(address, parameters)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("count", "queries", "part"),
    [
        *counted("page", 14, "pin_detail"),
        *counted("moving parts", 14, "pin_status"),
        *counted("timeline as JSON", 8, "pin_timeline_json"),
        *counted("timeline as CSV", 8, "pin_timeline_csv"),
        *counted("composer", 24, "pin_edit"),
    ],
)
def test_a_pin_whose_series_has_every_kind(
    every_kind, edda, django_assert_num_queries, count, queries, part
):
    """Of the planned picture; what other Pins' own pages need besides does not depend on others."""
    pin = every_kind(count, series=uuid.uuid4()).pins[0]
    _count(edda, django_assert_num_queries, queries, reverse(part, args=[pin.pk]))


@pytest.mark.parametrize("count", [FEW, MANY])
def test_the_page_of_any_kind(every_kind, edda, count):
    """No kind's own page asks for more when there are more of its siblings."""
    kinds = every_kind(count, series=uuid.uuid4())
    most = {}
    for pin in kinds.pins:
        with CaptureQueriesContext(database) as asked:
            assert edda.get(reverse("pin_detail", args=[pin.pk])).status_code == 200
        most[pin.status] = max(most.get(pin.status, 0), len(asked))
    assert most == {
        "scheduled": 17,
        "draft": 12,
        "held": 12,
        "claimed": 12,
        "sending": 12,
        "uncertain": 15,
        "failed": 12,
        "published": 13,
    }


@pytest.mark.parametrize(
    ("count", "queries", "action"),
    [
        *counted("shift", 9, "shift"),
        *counted("spread", 12, "spread"),
        *counted("hold", 9, "hold"),
        *counted("release", 9, "release"),
        *counted("cancel", 9, "cancel"),
        *counted("delete", 9, "delete"),
        *counted("board", 17, "board"),
    ],
)
def test_what_a_change_of_many_would_do(
    every_kind, edda, django_assert_num_queries, count, queries, action
):
    chosen = {"action": BulkAction(action), "pins": _ids(every_kind(count).pins)}
    edda.post(reverse("pin_bulk"), chosen)  # boards are read from Pinterest once
    with django_assert_num_queries(queries):
        assert edda.post(reverse("pin_bulk"), chosen).status_code == 200


@pytest.mark.parametrize(("count", "queries"), counted("space", 12))
def test_spacing_what_is_on_hold(every_kind, edda, now, django_assert_num_queries, count, queries):
    held = every_kind(count).of_status("held")
    tomorrow = timezone.localtime(now + DAY)
    spacing = {
        "pins": _ids(held),
        "start_date": f"{tomorrow:%Y-%m-%d}",
        "start_clock": "10:00",
        "minutes": "60",
    }
    with django_assert_num_queries(queries):
        assert edda.post(reverse("held_space"), spacing).status_code == 200


@pytest.mark.parametrize(("count", "queries"), counted("import", 12))
def test_an_import_whose_rows_are_pins(
    every_kind, edda, workspace, owner, connection, now, django_assert_num_queries, count, queries
):
    batch = Import.objects.create(
        workspace=workspace,
        connection=connection,
        file_name="pins.csv",
        time_zone="Europe/Berlin",
        created_by=owner,
    )
    for number, pin in enumerate(every_kind(count).pins):
        same = number % 3 == 0
        ImportRow.objects.create(
            batch=batch,
            workspace=workspace,
            number=number + 2,
            cells={"Title": pin.title},
            status="same" if same else "done",
            board=pin.board,
            section=pin.section,
            scheduled_at=pin.scheduled_at,
            key=f"{number:064}",
            imported_at=now,
            **{"same_as" if same else "pin": pin},
        )
    address = reverse("import_detail", args=[batch.pk])
    _count(edda, django_assert_num_queries, queries, address)


@pytest.mark.parametrize(("count", "queries"), counted("succession", 12))
def test_a_question_about_another_account(
    every_kind,
    edda,
    workspace,
    connect,
    sandbox,
    connection,
    owner,
    django_assert_num_queries,
    count,
    queries,
):
    every_kind(count)
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    connect(workspace, sandbox.add_account("glass-house"), by=owner)
    succession = Succession.objects.get()
    address = reverse("succession", args=[succession.pk])
    _count(edda, django_assert_num_queries, queries, address)


def _ids(pins):
    return [str(pin.pk) for pin in pins]
