"""A file of Pins is understood row by row, imported once, and by whoever is alive."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from accounts.models import Connection, Event
from pinterest.media.images import FIRST_OF_SEVERAL, check_image
from publishing.imports.policy import bulk_csv
from publishing.imports.selectors.imports import imports_to_resume
from publishing.imports.services import imports, reading, work
from publishing.imports.services.imports import ImportUnderWay, NothingReady
from publishing.models import Board, Import, ImportRow, Pin, PublishingPreferences, RowStatus
from publishing.pins.services.pins import delete_pin
from tests import factories
from tests.pinterest.loopback import respond, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings):
    """A site with one picture, wherever it is asked."""
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with serve(respond(200, factories.picture(), content_type="image/jpeg")) as server:
        yield server


@pytest.fixture(autouse=True)
def preferences(workspace):
    """Repeats are for the tests that are about them: here every row shows the same picture."""
    return PublishingPreferences.objects.create(workspace=workspace, repeat_days=0)


@pytest.fixture
def repeats_count(preferences):
    """From here on what is repeated within a week is asked about."""
    preferences.repeat_days = 7
    preferences.save()


@pytest.fixture
def row(site, now):
    """Writes a row that is right unless told otherwise."""

    def written(**changes):
        zone = ZoneInfo("Europe/Berlin")
        cells = {
            "title": "A bowl",
            "media": f"{site.url}/a.jpg",
            "board": "Bowls",
            "thumbnail": "",
            "description": "Blue",
            "link": "https://shop.example/bowl",
            "date": f"{now.astimezone(zone) + timedelta(days=30):%Y-%m-%d %H:%M}",
            "keywords": "",
            **changes,
        }
        return list(cells.values())

    return written


def file_of(*rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([bulk_csv.COLUMNS, *rows])
    return text.getvalue().encode()


@pytest.fixture
def take(connection, boards, owner, now):
    """Uploads rows as a file."""

    def taken(*rows, to=connection, at=now):
        batch = imports.take_file(
            connection=to, by=owner, file_name="pins.csv", data=file_of(*rows), now=at
        )
        reading.say_zone(batch=batch, zone="Europe/Berlin", now=at)
        batch.refresh_from_db()
        return batch

    return taken


@pytest.fixture
def run(owner, now):
    """Imports what is ready, as the worker would."""

    def ran(batch, at=now):
        imports.start_import(batch=batch, by=owner, now=at)
        while work.work_on_import(import_id=batch.pk, clock=lambda: at):
            pass
        batch.refresh_from_db()
        return batch

    return ran


def statuses(batch):
    return list(batch.rows.order_by("number").values_list("status", flat=True))


def problems(batch):
    return [
        (row.number, each["column"], each["message"])
        for row in batch.rows.order_by("number")
        for each in row.problems
    ]


def test_looking_at_a_file_plans_nothing(take, row, site):
    batch = take(row(), row(title="Another"))
    assert statuses(batch) == ["ready", "ready"]
    assert (Pin.objects.count(), site.requests, batch.status) == (0, [], "open")


def test_rows_become_pins_with_all_that_is_written(take, run, row, bowls, now, site, owner):
    batch = run(take(row(keywords="clay, bowls", board="bowls / glazed")))
    pin = Pin.objects.get()
    assert (pin.title, pin.description, pin.link, pin.keywords, pin.status) == (
        "A bowl",
        "Blue",
        "https://shop.example/bowl",
        "clay, bowls",
        "scheduled",
    )
    assert (pin.board, pin.section.name, pin.media.origin_url) == (
        bowls,
        "Glazed",
        f"{site.url}/a.jpg",
    )
    assert pin.scheduled_at == now.replace(second=0) + timedelta(days=30)
    assert [(event.kind, event.actor) for event in pin.events.all()] == [("imported", owner)]
    imported = batch.rows.get()
    assert (batch.status, imported.status, imported.pin) == ("done", "done", pin)


def test_a_row_without_a_date_becomes_a_draft(take, run, row):
    batch = take(row(date=""))
    assert batch.rows.get().notes == ["No date, so it becomes a draft."]
    run(batch)
    assert Pin.objects.get().status == "draft"


def test_a_row_without_a_date_takes_the_next_free_slot(take, run, row, connection, now):
    for weekday in range(7):
        connection.slots.create(weekday=weekday, clock="09:00", time_zone="Europe/Berlin")
    batch = take(*[row(date="", title=f"Bowl {n}", link="", media=row()[1]) for n in range(2)])
    assert batch.rows.first().notes == ["No date, so it takes the account's next free slot."]
    run(batch)
    pins = list(Pin.objects.order_by("scheduled_at"))
    assert {pin.status for pin in pins} == {"scheduled"}
    assert len({pin.slot_at for pin in pins}) == 2
    assert [each.scheduled_at == each.slot_at for each in pins] == [True, True]
    assert statuses(take(row(date="", title="Bowl 0", link=""))) == ["same"]


def test_what_is_wrong_is_told_by_column(take, row, now):
    passed = f"{now - timedelta(days=1):%Y-%m-%d %H:%M}"
    batch = take(
        row(title="x" * 101),
        row(description="x" * 801),
        row(link="shop.example"),
        row(media=""),
        row(media="ftp://x.example/a.jpg"),
        row(media="https://x.example/a.MP4?x=1"),
        row(board=""),
        row(date="31/04/2027"),
        row(date=passed),
        row(date="2099-01-01"),
        [*row(title="Too many"), "left over"],
    )
    assert problems(batch) == [
        (2, "Title", "At most 100 characters; this has 101."),
        (3, "Description", "At most 800 characters; this has 801."),
        (4, "Link", "Start the link with https:// (or http://), such as https://example.com/page."),
        (
            5,
            "Media URL",
            "Give the address of the picture: a Pin can't go out without one.",
        ),
        (6, "Media URL", "Start with https:// and give the full address of the picture."),
        (
            7,
            "Media URL",
            "Videos can't be imported from an address. Write this Pin in PinApp and add the file.",
        ),
        (8, "Pinterest board", "Name the board this Pin goes to."),
        (
            9,
            "Publish date",
            "“31/04/2027” is not a day or a time that exists: April 2027 has 30 days.",
        ),
        (
            10,
            "Publish date",
            "This time has passed (the clock in Europe/Berlin is further). Choose a later one.",
        ),
        (11, "Publish date", "This date is out of range. Choose a nearer one."),
        (
            12,
            "",
            (
                "This row has more values than there are columns: “left over” belongs to none. "
                "Put texts with commas in quotation marks."
            ),
        ),
    ]
    assert set(statuses(batch)) == {"wrong"}


def test_a_board_that_could_be_two_is_chosen_once_for_all_its_rows(
    take, row, connection, boards, now
):
    twin = connection.boards.create(pinterest_id="77", name="Bowls", owner_username="friend")
    batch = take(row(), row(title="Another"), row(title="Vase", board="Vases"))
    assert statuses(batch) == ["wrong", "wrong", "ready"]
    first = batch.rows.order_by("number").first()
    assert [each["hint"] for each in first.candidates] == ["@clay-studio", "@friend"]
    imports.choose_board(batch=batch, text=" BOWLS", place="77", now=now)
    assert statuses(batch) == ["ready", "ready", "ready"]
    assert set(batch.rows.values_list("board__pinterest_id", flat=True)) == {
        "77",
        boards["Vases"].pinterest_id,
    }
    assert batch.rows.filter(board=twin).count() == 2


def test_a_place_that_was_made_up_is_no_choice(take, row, now):
    batch = take(row(board="Nowhere"))
    imports.choose_board(batch=batch, text="Nowhere", place="999999", now=now)
    assert statuses(batch) == ["wrong"]


def test_the_same_file_twice_doubles_nothing(take, run, row, now):
    rows = [row(), row(title="Another"), row(date="", title="Draft")]
    run(take(*rows))
    again = take(*rows)
    assert statuses(again) == ["same", "same", "same"]
    day = f"{now.astimezone(ZoneInfo('Europe/Berlin')):%-d %B %Y}"
    first = again.rows.order_by("number").first()
    assert (first.notes[0], first.same_as.title) == (f"Already imported on {day}.", "A bowl")
    with pytest.raises(NothingReady):
        run(again)
    assert Pin.objects.count() == 3


def test_the_same_row_later_in_a_file_is_left_out(take, run, row):
    batch = take(row(), row(title="Another"), row())
    assert statuses(batch) == ["ready", "ready", "same"]
    assert batch.rows.last().notes[0].startswith("It asks for the same Pin as row 2.")
    run(batch)
    assert Pin.objects.count() == 2


@pytest.mark.parametrize("change", ["title", "description", "link", "media", "board", "date"])
def test_a_deliberate_repeat_needs_one_change(take, run, row, site, now, change):
    run(take(row()))
    changes = {
        "media": f"{site.url}/b.jpg",
        "board": "Vases",
        "date": f"{now + timedelta(days=60):%Y-%m-%d %H:%M}",
        "link": "https://shop.example/other",
    }
    run(take(row(**{change: changes.get(change, "Changed")})))
    assert Pin.objects.count() == 2


def test_a_pin_that_was_deleted_can_be_imported_again(take, run, row):
    run(take(row()))
    delete_pin(pin=Pin.objects.get())
    run(take(row()))
    assert Pin.objects.count() == 1


def test_a_pin_that_was_edited_since_is_still_the_one_imported(take, run, row):
    run(take(row()))
    Pin.objects.update(title="Changed here")
    assert statuses(take(row())) == ["same"]


def test_a_pin_that_was_written_here_is_not_doubled_either(take, run, row):
    run(take(row()))
    ImportRow.objects.all().delete()
    again = take(row())
    assert (statuses(again), again.rows.get().notes[0]) == (
        ["same"],
        "This Pin is already in PinApp.",
    )


def test_the_database_refuses_a_second_pin_for_a_key(take, run, row):
    first = run(take(row())).rows.get()
    other = take(row(title="Another")).rows.get()
    other_pin = first.pin
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRow.objects.filter(pk=other.pk).update(
            key=first.key, status=RowStatus.DONE, pin=other_pin
        )


def test_two_files_with_the_same_row_started_at_once_make_one_pin(take, row, owner, now):
    one, two = take(row()), take(row())
    for batch in (one, two):
        imports.start_import(batch=batch, by=owner, now=now)
    for batch in (one, two):
        work.work_on_import(import_id=batch.pk, clock=lambda: now)
    assert (Pin.objects.count(), statuses(one), statuses(two)) == (1, ["done"], ["same"])


def test_what_fails_leaves_the_good_rows_and_can_be_tried_again(
    take, run, row, site, owner, now, settings
):
    batch = take(row(), row(media="http://10.0.0.1/secret.jpg"), row(title="Last"))
    run(batch)
    assert statuses(batch) == ["done", "failed", "done"]
    assert problems(batch) == [
        (
            3,
            "Media URL",
            (
                "This address leads into a private network, which no other service can reach. "
                "Upload the image instead."
            ),
        )
    ]
    event = Event.objects.get()
    assert (event.kind, event.subject_id, event.concerns) == (
        "import_needs_you",
        str(batch.pk),
        owner,
    )
    assert event.payload["problem"] == "1 row was not imported."
    imports.change_row(batch=batch, number=3, cells={"Media URL": f"{site.url}/c"}, now=now)
    run(batch)
    assert (statuses(batch), Pin.objects.count()) == (["done", "done", "done"], 3)
    assert Event.objects.count() == 1, "an import without such rows is no news"


def test_rows_that_failed_are_tried_again(take, run, row, site, owner, now, settings):
    settings.FETCH_ALLOWED_NETWORKS = []
    batch = run(take(row()))
    assert statuses(batch) == ["failed"]
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    imports.try_again(batch=batch, by=owner, now=now)
    work.work_on_import(import_id=batch.pk, clock=lambda: now)
    assert statuses(batch) == ["done"]


def test_a_row_is_mended_in_place(take, row, now):
    batch = take(row(title="x" * 101), row(title="Other"))
    changed = imports.change_row(batch=batch, number=2, cells={"Title": "Short"}, now=now)
    assert (changed.status, changed.cells["Title"], changed.cells["Description"]) == (
        "ready",
        "Short",
        "Blue",
    )
    assert imports.change_row(batch=batch, number=99, cells={}, now=now) is None


def test_another_account_means_other_boards(
    take, row, connect, workspace, sandbox, owner, boards, now
):
    other = connect(workspace, sandbox.add_account("other", name="Other"), by=owner)
    batch = take(row())
    imports.change_account(batch=batch, connection=other, now=now)
    assert (statuses(batch), batch.rows.get().board) == (["wrong"], None)
    other.boards.create(pinterest_id="88", name="Bowls")
    imports.check_again(batch=Import.objects.get(), now=now)
    assert batch.rows.get().board.pinterest_id == "88"


def test_rows_for_another_account_are_left_out(connection, boards, owner, row, now):
    text = io.StringIO(newline="")
    header = [*bulk_csv.COLUMNS, "Account"]
    accounts = ["@Clay-Studio", "clay-studio", "", "@other"]
    csv.writer(text).writerows([header, *([*row(title=f"For {name}"), name] for name in accounts)])
    batch = imports.take_file(
        connection=connection,
        by=owner,
        file_name="both.csv",
        data=text.getvalue().encode(),
        now=now,
    )
    reading.say_zone(batch=batch, zone="Europe/Berlin", now=now)
    assert statuses(batch) == ["ready", "ready", "ready", "same"]
    assert batch.rows.last().notes == [
        "It is for @other. Import the file for that account as well."
    ]


# Who works on it


def test_nothing_is_changed_while_it_runs(take, row, owner, connection, now):
    batch = take(row())
    imports.start_import(batch=batch, by=owner, now=now)
    for change in (
        lambda: imports.check_again(batch=batch, now=now),
        lambda: imports.change_account(batch=batch, connection=connection, now=now),
        lambda: imports.choose_board(batch=batch, text="x", place="1", now=now),
        lambda: imports.change_row(batch=batch, number=2, cells={}, now=now),
        lambda: imports.start_import(batch=batch, by=owner, now=now),
        lambda: imports.try_again(batch=batch, by=owner, now=now),
        lambda: imports.discard(batch=batch),
    ):
        with pytest.raises(ImportUnderWay):
            change()
    assert statuses(batch) == ["ready"]


def test_a_long_import_is_done_in_slices(take, row, owner, now):
    batch = take(*[row(title=f"Bowl {number}") for number in range(4)])
    imports.start_import(batch=batch, by=owner, now=now)
    ticks = iter(range(1000))

    def slow_clock():
        return now + timedelta(seconds=6 * next(ticks))

    assert work.work_on_import(import_id=batch.pk, clock=slow_clock) is True
    done = statuses(batch).count("done")
    assert 0 < done < 4
    while work.work_on_import(import_id=batch.pk, clock=slow_clock):
        pass
    assert (statuses(batch), Pin.objects.count()) == (["done"] * 4, 4)


def test_an_import_whose_worker_died_goes_on_where_it_was(take, row, owner, now, monkeypatch):
    batch = take(row(), row(title="Second"), row(title="Third"))
    imports.start_import(batch=batch, by=owner, now=now)

    class Killed(BaseException):
        """As good as kill -9: nothing of ours gets to run after it."""

    real, made = work.create_pin, []

    def dies_at_the_second(**facts):
        made.append(real(**facts))
        if len(made) == 2:
            raise Killed
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr(work, "create_pin", dies_at_the_second)
        with pytest.raises(Killed):
            work.work_on_import(import_id=batch.pk, clock=lambda: now)
    assert (statuses(batch), Pin.objects.count()) == (["done", "ready", "ready"], 1)
    # As long as it may be alive, nobody else goes on.
    soon = now + timedelta(seconds=59)
    assert imports_to_resume(now=soon) == []
    assert work.work_on_import(import_id=batch.pk, clock=lambda: soon) is False
    later = now + work.LEASE + timedelta(seconds=1)
    assert imports_to_resume(now=later) == [batch.pk]
    work.work_on_import(import_id=batch.pk, clock=lambda: later)
    batch.refresh_from_db()
    assert (batch.status, statuses(batch), Pin.objects.count()) == ("done", ["done"] * 3, 3)
    assert imports_to_resume(now=later) == []


def test_a_row_over_which_workers_die_does_not_keep_the_others(take, run, row):
    batch = take(row(), row(title="Second"))
    batch.rows.filter(number=2).update(tries=work.TRIES)
    run(batch)
    assert statuses(batch) == ["failed", "done"]
    assert batch.rows.first().problems[0]["column"] == "Media URL"


def test_a_worker_that_was_given_up_stops(take, row, owner, now, monkeypatch):
    batch = take(row(), row(title="Second"))
    imports.start_import(batch=batch, by=owner, now=now)
    real = work.import_row

    def loses_its_lease(**facts):
        real(**facts)
        Import.objects.filter(pk=batch.pk).update(leased_until=now + timedelta(hours=1))

    monkeypatch.setattr(work, "import_row", loses_its_lease)
    assert work.work_on_import(import_id=batch.pk, clock=lambda: now) is False
    assert statuses(batch) == ["done", "ready"]


def test_a_board_that_went_while_it_ran_is_told(take, row, owner, now):
    batch = take(row())
    imports.start_import(batch=batch, by=owner, now=now)
    Board.objects.filter(name="Bowls").update(gone_at=now)
    work.work_on_import(import_id=batch.pk, clock=lambda: now)
    assert problems(batch) == [(2, "Pinterest board", "This board is not on the account any more.")]


def test_pictures_of_our_own_are_used_without_being_fetched(take, run, row, media, site, settings):
    settings.PUBLIC_URL = "https://pins.example"
    own = f"https://pins.example/pins/media/{media.pk}/"
    run(take(row(media=own)))
    assert (Pin.objects.get().media, site.requests) == (media, [])
    gone = take(row(media=own.replace(str(media.pk)[:8], "00000000")))
    assert problems(gone) == [
        (
            2,
            "Media URL",
            "This picture is not in this workspace any more. Give its address on the web.",
        )
    ]


def test_discarding_keeps_what_was_imported(take, run, row):
    run(take(row()))
    batch = take(row(), row(title="New"))
    imports.discard(batch=batch)
    assert (Import.objects.count(), Pin.objects.count()) == (1, 1)
    mixed = take(row(title="Good"), row(title="x" * 101))
    run(mixed)
    imports.discard(batch=mixed)
    assert statuses(mixed) == ["done"]


## REPEATS


def test_a_link_that_goes_out_too_near_is_asked_about(take, run, row, now, repeats_count, owner):
    batch = take(row(), row(title="Second", description="Other", media="https://x.example/b.jpg"))
    assert statuses(batch) == ["ready", "asks"]
    day = f"{now.astimezone(ZoneInfo('Europe/Berlin')) + timedelta(days=30):%-d %B %Y}"
    assert batch.rows.last().notes == [
        (
            f"Its link goes out with another row of this file on {day} too: "
            "Pinterest may take that for spam."
        )
    ]
    run(batch)
    assert (statuses(batch), Pin.objects.count()) == (["done", "asks"], 1)


def test_an_address_of_a_picture_that_stands_in_two_rows_is_asked_about(take, row, repeats_count):
    batch = take(row(), row(title="Second", link="https://shop.example/other"))
    assert statuses(batch) == ["ready", "asks"]
    assert (
        batch.rows.last()
        .notes[0]
        .startswith("A picture that looks the same goes out with another row of this file")
    )


def test_a_picture_that_a_pin_shows_already_is_asked_about(take, run, row, repeats_count):
    run(take(row()))
    batch = take(row(title="Second", link="https://shop.example/other"))
    assert statuses(batch) == ["asks"]
    assert (
        batch.rows.get()
        .notes[0]
        .startswith("A picture that looks the same goes out with “A bowl” on")
    )


def test_a_picture_that_turns_out_to_look_the_same_is_asked_about_when_it_is_fetched(
    take, run, row, site, now, repeats_count, owner
):
    other = row(title="Second", link="https://shop.example/other", media=f"{site.url}/other.jpg")
    batch = take(row(), other)
    assert statuses(batch) == ["ready", "ready"]
    run(batch)
    assert (statuses(batch), Pin.objects.count()) == (["done", "asks"], 1)
    imports.check_again(batch=batch, now=now)
    assert statuses(batch) == ["done", "asks"]
    fetched = len(site.requests)
    assert imports.mean_repeats(batch=batch, now=now) == 1
    run(batch)
    assert (statuses(batch), Pin.objects.count()) == (["done", "done"], 2)
    assert len(site.requests) == fetched
    assert Pin.objects.get(title="Second").repeats is True


def test_repeating_on_purpose_is_said_of_one_row_or_of_all(take, run, row, now, repeats_count):
    batch = take(*[row(title=f"Bowl {number}") for number in range(4)])
    assert statuses(batch) == ["ready", "asks", "asks", "asks"]
    imports.mean_repeats(batch=batch, now=now, number=4)
    assert statuses(batch) == ["ready", "asks", "ready", "asks"]
    imports.mean_repeats(batch=batch, now=now)
    run(batch)
    assert (statuses(batch), Pin.objects.count()) == (["done"] * 4, 4)


def test_a_row_that_is_changed_is_asked_about_anew(take, row, now, repeats_count):
    batch = take(row(), row(title="Second"))
    imports.mean_repeats(batch=batch, now=now)
    imports.change_row(batch=batch, number=3, cells={"Title": "Third"}, now=now)
    assert statuses(batch) == ["ready", "asks"]


def test_rows_that_are_far_apart_or_have_no_date_are_not_asked_about(take, row, now, repeats_count):
    later = f"{now + timedelta(days=40):%Y-%m-%d %H:%M}"
    batch = take(row(), row(title="Second", date=later), row(title="Draft", date=""))
    assert statuses(batch) == ["ready"] * 3


def test_a_link_in_very_many_rows_is_told_in_one_sentence(take, row, repeats_count):
    batch = take(*[row(title=f"Bowl {number}") for number in range(11)])
    assert statuses(batch) == ["ready", *["asks"] * 10]
    assert {tuple(each.notes) for each in batch.rows.filter(status="asks")} == {
        ("Its link or picture stands in 11 rows of this file: Pinterest may take that for spam.",)
    }


@pytest.mark.parametrize("rows", [2, 30])
def test_a_file_costs_the_same_queries_with_few_rows_and_with_many(
    take, row, rows, connection, owner, now, repeats_count, django_assert_num_queries
):
    take(row())
    written = [row(title=f"Bowl {n}", link=f"https://shop.example/{n}") for n in range(rows)]
    facts = {"connection": connection, "by": owner, "file_name": "x.csv", "now": now}
    with django_assert_num_queries(16):
        imports.take_file(data=file_of(*written), **facts)


def test_an_account_that_is_away_still_has_its_boards(take, row, connection):
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    assert statuses(take(row())) == ["ready"]


def animation():
    frames = [Image.new("RGB", (600, 900), each) for each in ("red", "green")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def test_a_row_says_that_of_an_animation_only_the_first_picture_goes_out(take, run, row, settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with serve(respond(200, animation())) as moving:
        batch = run(take(row(media=f"{moving.url}/a.gif"), row(title="Still", link="")))
    assert [each.notes for each in batch.rows.order_by("number")] == [[FIRST_OF_SEVERAL], []]


def grainy():
    grain = Image.merge("RGB", [Image.effect_noise((1000, 1500), 20) for _ in range(3)])
    out = io.BytesIO()
    grain.save(out, "JPEG", quality=100, subsampling=0)
    return out.getvalue()


def test_a_picture_that_is_hard_to_store_is_imported_like_any_other(take, run, row):
    with serve(respond(200, grainy())) as site:
        batch = run(take(row(media=f"{site.url}/grainy.jpg"), row(title="Behind it")))
    assert statuses(batch) == ["done", "done"]


def test_a_row_over_which_a_worker_stumbles_lets_those_behind_it_go_first(
    take, row, owner, now, workspace, tmp_path
):
    data = factories.picture(color="#123456")
    place = tmp_path / "media" / str(workspace.pk) / f"{check_image(data).sha256}.jpg"
    (place / "in the way").mkdir(parents=True)
    with serve(respond(200, data)) as site:
        batch = take(row(media=f"{site.url}/bad.jpg"), row(title="Second"), row(title="Third"))
        imports.start_import(batch=batch, by=owner, now=now)
        outcomes = []
        for _ in range(4):  # at one and the same moment: nobody waits for a lease
            try:
                outcomes.append(work.work_on_import(import_id=batch.pk, clock=lambda: now))
            except OSError:
                outcomes.append(statuses(batch))
    assert outcomes == [
        ["ready", "ready", "ready"],
        ["ready", "done", "done"],
        ["ready", "done", "done"],
        False,
    ]
    assert statuses(batch) == ["failed", "done", "done"]
    assert problems(batch)[0][2].startswith("PinApp could not finish with this picture.")
