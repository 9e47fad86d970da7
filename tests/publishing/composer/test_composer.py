"""Writing a Pin: every mistake gets its sentence beside the field, and nothing typed is lost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import ConnectionStatus
from publishing.delivery.services import claims, engine
from publishing.media.services.media import store_picture
from publishing.models import Board, BoardSection, Media, Pin
from tests import factories
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

FAMILY = "👨‍👩‍👧‍👦"
"""One picture to people, seven code points to Pinterest."""


@pytest.fixture
def filled(connection, bowls, media):
    """What the browser posts for a complete Pin that is saved as a draft."""
    return {
        "connection": str(connection.pk),
        "board": bowls.pinterest_id,
        "media": str(media.pk),
        "title": "A bowl",
        "description": "Blue.",
        "link": "https://example.com/bowl",
        "alt_text": "A blue bowl",
        "when": "draft",
    }


@pytest.fixture
def compose(sign_in, editor, filled):
    """Posts the composer's form with some fields changed."""
    browser = sign_in(editor)

    def posted(**changes):
        return browser.post(reverse("pin_new"), {**filled, **changes})

    return posted


def errors(page):
    assert page.status_code == 422
    return {name: list(texts) for name, texts in page.context["form"].errors.items()}


# Lengths


@pytest.mark.parametrize(
    ("field", "limit"), [("title", 100), ("description", 800), ("alt_text", 500)]
)
@pytest.mark.parametrize(
    "fill",
    [lambda n: "x" * n, lambda n: "🏺" * n, lambda n: FAMILY + "x" * (n - 7)],
    ids=["letters", "emoji", "a family"],
)
def test_text_is_counted_in_code_points(compose, field, limit, fill):
    assert compose(**{field: fill(limit)}).status_code == 302
    assert getattr(Pin.objects.get(), field) == fill(limit)
    assert errors(compose(**{field: fill(limit + 1)})) == {
        field: [f"At most {limit} characters; this has {limit + 1}."]
    }
    assert Pin.objects.count() == 1


def test_a_line_break_counts_once_however_the_browser_sends_it(compose):
    text = "\r\n".join(["x" * 99] * 8) + "y"
    assert len(text.replace("\r\n", "\n")) == 800
    assert compose(description=text).status_code == 302
    assert Pin.objects.get().description == text.replace("\r\n", "\n")
    assert errors(compose(description=text + "y")) == {
        "description": ["At most 800 characters; this has 801."]
    }


def test_blanks_around_a_text_do_not_count(compose):
    assert compose(title="  " + "x" * 100 + "\r\n").status_code == 302
    assert Pin.objects.get().title == "x" * 100


def test_a_link_may_have_2048_characters(compose):
    longest = "https://example.com/" + "a" * 2028
    assert compose(link=longest).status_code == 302
    assert Pin.objects.get().link == longest
    assert errors(compose(link=longest + "a")) == {
        "link": ["At most 2048 characters; this has 2049."]
    }


# Odd values


@pytest.mark.parametrize(
    "field", ["title", "description", "alt_text", "link", "board", "image_url"]
)
def test_null_characters_are_refused(compose, field):
    """No form has them: before the composer reads anything, like all that can't be text."""
    assert compose(**{field: "a\x00b"}).status_code == 400
    assert not Pin.objects.exists()


def test_a_link_without_a_scheme_is_refused_with_what_to_do(compose):
    assert errors(compose(link="example.com/bowl")) == {
        "link": ["Start the link with https:// (or http://), such as https://example.com/page."]
    }


def test_a_link_that_cannot_be_parsed_is_refused_like_any_other(compose):
    assert errors(compose(link="https://[::1")) == {
        "link": ["This is not a complete web address. Copy it from the browser's address bar."]
    }


GONE_BOARD = "This board is not on the account any more. Please choose another."
GONE_SECTION = "This section is not on the board any more. Please choose another."


@pytest.mark.parametrize("board", ["junk", "9" * 70, "/", "/1", "-1", "💥"])
def test_a_board_that_is_none_is_refused(compose, board):
    assert errors(compose(board=board)) == {"board": [GONE_BOARD]}


def test_a_board_id_longer_than_any_is_refused(compose):
    assert errors(compose(board="9" * 71)) == {"board": [GONE_BOARD]}


def test_a_gone_board_is_refused(compose, bowls, now):
    Board.objects.filter(pk=bowls.pk).update(gone_at=now)
    assert errors(compose()) == {"board": [GONE_BOARD]}


def test_a_gone_section_and_one_of_another_board_are_refused(compose, boards, glazed, bowls, now):
    value = f"{bowls.pinterest_id}/{glazed.pinterest_id}"
    assert compose(board=value).status_code == 302
    assert Pin.objects.get().section == glazed
    elsewhere = f"{boards['Vases'].pinterest_id}/{glazed.pinterest_id}"
    assert errors(compose(board=elsewhere)) == {"board": [GONE_SECTION]}
    BoardSection.objects.filter(pk=glazed.pk).update(gone_at=now)
    assert errors(compose(board=value)) == {"board": [GONE_SECTION]}


def test_a_board_of_another_account_is_refused(compose, connect, workspace, sandbox, bowls):
    other = connect(workspace, sandbox.add_account("other"))
    assert errors(compose(connection=str(other.pk))) == {"board": [GONE_BOARD]}


LOST_ACCOUNT = "This account is not connected to this workspace. Choose another one."


@pytest.mark.parametrize("account", ["junk", "12345678-1234-1234-1234-123456789012", "7"])
def test_an_account_that_is_none_is_refused(compose, account):
    assert errors(compose(connection=account)) == {"connection": [LOST_ACCOUNT]}


def test_an_account_of_another_workspace_or_a_lost_one_is_refused(
    compose, connect, connection, sandbox, stranger
):
    elsewhere = stranger.memberships.get().workspace
    theirs = connect(elsewhere, sandbox.add_account("other"), by=stranger)
    assert errors(compose(connection=str(theirs.pk))) == {"connection": [LOST_ACCOUNT]}
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.save(update_fields=["status"])
    assert errors(compose()) == {"connection": [LOST_ACCOUNT]}


def test_a_picture_of_another_workspace_is_refused(compose, stranger):
    elsewhere = stranger.memberships.get().workspace
    theirs = store_picture(workspace=elsewhere, by=stranger, data=factories.picture())
    page = compose(media=str(theirs.pk))
    assert errors(page) == {"media": ["This picture is no longer here. Please add it again."]}
    assert page.context["media"] is None


def test_a_picture_id_that_is_none_is_refused(compose):
    assert errors(compose(media="junk")) == {
        "media": ["This picture is no longer here. Please add it again."]
    }


# Drafts and what goes out


def test_a_draft_may_lack_everything(compose):
    nothing = dict.fromkeys(
        ["connection", "board", "media", "title", "description", "link", "alt_text"], ""
    )
    assert compose(**nothing).status_code == 302
    pin = Pin.objects.get()
    assert (pin.status, pin.scheduled_at, pin.connection, pin.board, pin.media) == (
        "draft",
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize("when", ["now", "at"])
def test_what_goes_out_needs_an_account_a_board_and_a_picture(compose, when):
    page = compose(connection="", board="", media="", when=when)
    expected = {
        "connection": ["Choose the Pinterest account to publish with."],
        "board": ["Choose the board this Pin goes to."],
        "image": ["Add a picture: a Pin can't go out without one."],
    }
    if when == "at":
        expected["scheduled_date"] = ["Choose the day it goes out."]
        expected["scheduled_clock"] = ["Choose the time it goes out."]
    assert errors(page) == expected


@pytest.mark.parametrize("when", ["", "tomorrow"])
def test_a_way_to_send_that_is_none_is_refused(compose, when):
    assert list(errors(compose(when=when))) == ["when"]


def test_publish_now_is_due_at_once(compose, editor):
    page = compose(when="now")
    pin = Pin.objects.get()
    assert page.url == reverse("pin_detail", args=[pin.pk])
    assert (pin.status, pin.due_at, pin.created_by) == ("scheduled", pin.scheduled_at, editor)
    assert timedelta(0) <= datetime.now(UTC) - pin.due_at < timedelta(minutes=1)


# Times (the workspace is in Berlin)


def at(date, clock):
    return {"when": "at", "scheduled_date": date, "scheduled_clock": clock}


@time_machine.travel(datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("date", "clock", "field", "sentence"),
    [
        (
            "2026-03-01",
            "12:59",
            "scheduled_clock",
            (
                "This time has passed (the clock in Europe/Berlin is further). "
                "Choose a later one, or publish now."
            ),
        ),
        (
            "2026-03-29",
            "02:30",
            "scheduled_clock",
            (
                "02:30 does not exist on 29 March 2026 in Europe/Berlin: the clocks go forward "
                "then. Choose 03:30 or another time."
            ),
        ),
        (
            "9999-12-31",
            "23:59",
            "scheduled_date",
            "This date is out of range. Choose a nearer one.",
        ),
        (
            "0001-01-01",
            "00:00",
            "scheduled_date",
            "This date is out of range. Choose a nearer one.",
        ),
        (
            "2036-03-01",
            "12:00",
            "scheduled_date",
            "This date is out of range. Choose a nearer one.",
        ),
        ("2026-02-30", "12:00", "scheduled_date", "Enter a valid date."),
        ("soon", "12:00", "scheduled_date", "Enter a valid date."),
        ("20226-03-01", "12:00", "scheduled_date", "Enter a valid date."),
        ("2026-04-01", "25:00", "scheduled_clock", "Enter a valid time."),
        ("2026-04-01", "", "scheduled_clock", "Choose the time it goes out."),
        ("", "12:00", "scheduled_date", "Choose the day it goes out."),
    ],
)
def test_a_time_at_which_nothing_can_go_out_is_refused(compose, date, clock, field, sentence):
    page = compose(**at(date, clock))
    assert errors(page) == {field: [sentence]}
    assert not Pin.objects.exists()


@time_machine.travel(datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("date", "clock", "instant", "shown"),
    [
        ("2026-03-01", "13:00", datetime(2026, 3, 1, 12, 0, tzinfo=UTC), "Sun 1 Mar 2026, 13:00"),
        ("2026-03-29", "03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Sun 29 Mar 2026, 03:00"),
        ("2036-02-25", "13:00", datetime(2036, 2, 25, 12, 0, tzinfo=UTC), "Mon 25 Feb 2036, 13:00"),
    ],
)
def test_a_time_is_understood_in_the_workspaces_zone(compose, date, clock, instant, shown):
    page = compose(**at(date, clock))
    pin = Pin.objects.get()
    assert page.status_code == 302
    assert (pin.scheduled_at, pin.time_zone) == (instant, "Europe/Berlin")
    assert told(page) == [f"Scheduled for {shown}."]


@time_machine.travel(datetime(2026, 10, 1, 12, 0, tzinfo=UTC), tick=False)
def test_an_hour_that_comes_twice_is_explained(compose):
    page = compose(**at("2026-10-25", "02:30"))
    assert Pin.objects.get().scheduled_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    (sentence,) = told(page)
    assert sentence == (
        "Scheduled for Sun 25 Oct 2026, 02:30 (first, CEST). The clocks go back that night and "
        "show this hour twice; the first one is meant."
    )


def told(response):
    """The messages a redirect carries to the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_persons_own_zone_comes_before_the_workspaces(compose, editor):
    editor.time_zone = "America/New_York"
    editor.save(update_fields=["time_zone"])
    with time_machine.travel(datetime(2026, 6, 1, 12, 0, tzinfo=UTC), tick=False):
        compose(**at("2026-06-02", "09:00"))
    pin = Pin.objects.get()
    assert (pin.scheduled_at, pin.time_zone) == (
        datetime(2026, 6, 2, 13, 0, tzinfo=UTC),
        "America/New_York",
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scheduled_date": "junk"}, "scheduled_date"),
        ({"link": "junk"}, "link"),
        ({"title": "x" * 101}, "title"),
    ],
)
def test_a_draft_is_refused_wrong_values_all_the_same(compose, changes, field):
    assert list(errors(compose(**changes))) == [field]


# Nothing is lost


def value_of(html, name):
    field = re.search(rf'<(input|textarea)[^>]*name="{name}"[^>]*>([^<]*)', html)
    value = re.search(r'value="([^"]*)"', field.group(0))
    return value.group(1) if value else field.group(2).strip()


def test_everything_typed_is_there_again_after_a_mistake(compose, connection, glazed, bowls, media):
    board = f"{bowls.pinterest_id}/{glazed.pinterest_id}"
    page = compose(
        title="x" * 101,
        description="Two\r\nlines",
        board=board,
        **at("2026-02-30", "12:15"),
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert value_of(html, "title") == "x" * 101
    assert value_of(html, "description").replace("\r\n", "\n") == "Two\nlines"
    assert value_of(html, "link") == "https://example.com/bowl"
    assert value_of(html, "alt_text") == "A blue bowl"
    assert value_of(html, "media") == str(media.pk)
    assert value_of(html, "scheduled_date") == "2026-02-30"
    assert value_of(html, "scheduled_clock") == "12:15"
    assert f'<option value="{connection.pk}" selected>' in html
    assert re.search(rf'name="board" value="{board}"[^>]*checked', squeezed(html))
    assert re.search(r'value="at"[^>]*checked', html)
    assert reverse("media_preview", args=[media.pk]) in html


def test_an_uploaded_picture_survives_another_mistake(compose, media):
    upload = SimpleUploadedFile("bowl.png", factories.picture((600, 900), kind="PNG"))
    page = compose(image=upload, media="", title="x" * 101)
    stored = Media.objects.exclude(pk=media.pk).get()
    assert list(errors(page)) == ["title"]
    assert value_of(page.content.decode(), "media") == str(stored.pk)
    assert page.context["media"]["width"] == 600


def test_a_wrong_file_keeps_the_picture_that_was_there(compose, media):
    page = compose(image=SimpleUploadedFile("bowl.pdf", b"%PDF-1.7"), when="now")
    assert errors(page) == {
        "image": ["This is a PDF file. Save it as JPEG or PNG and upload that."]
    }
    assert value_of(page.content.decode(), "media") == str(media.pk)


def test_an_address_that_leads_inside_is_refused_beside_its_field(compose):
    page = compose(image_url="http://127.0.0.1/x.jpg", media="", when="now")
    assert list(errors(page)) == ["image_url"]
    assert value_of(page.content.decode(), "image_url") == "http://127.0.0.1/x.jpg"


# Editing


def edit(browser, pin, filled, **changes):
    return browser.post(reverse("pin_edit", args=[pin.pk]), {**filled, **changes})


def test_editing_starts_from_what_the_pin_is(sign_in, editor, write_pin, glazed, media):
    with time_machine.travel(datetime(2026, 6, 1, 12, 0, tzinfo=UTC), tick=False):
        pin = write_pin(at=datetime(2026, 7, 1, 7, 30, tzinfo=UTC), section=glazed)
    html = sign_in(editor).get(reverse("pin_edit", args=[pin.pk])).content.decode()
    assert value_of(html, "title") == "A bowl"
    assert value_of(html, "scheduled_date") == "2026-07-01"
    assert value_of(html, "scheduled_clock") == "09:30"
    assert value_of(html, "media") == str(media.pk)


def test_an_edit_replaces_the_plan(sign_in, editor, write_pin, filled):
    pin = write_pin()
    page = edit(sign_in(editor), pin, filled, title="A better bowl")
    pin.refresh_from_db()
    assert page.url == reverse("pin_detail", args=[pin.pk])
    assert (pin.title, pin.status, pin.due_at) == ("A better bowl", "draft", None)


LOCKED = "This Pin is being published right now, so it can't be changed any more."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("sending", LOCKED),
        (
            "uncertain",
            (
                "Pinterest did not say whether this Pin was created, so it can't be changed "
                "until that is settled."
            ),
        ),
        (
            "published",
            (
                "This Pin is already on Pinterest. Published Pins can't be changed here; "
                "you can duplicate it and publish the copy."
            ),
        ),
    ],
)
def test_an_edit_that_comes_too_late_is_refused_and_not_lost(
    sign_in, editor, put, filled, status, sentence
):
    pin = put(status)
    browser = sign_in(editor)
    page = edit(browser, pin, filled, title="Too late")
    assert page.status_code == 409
    assert list(page.context["form"].non_field_errors()) == [sentence]
    assert value_of(page.content.decode(), "title") == "Too late"
    pin.refresh_from_db()
    assert (pin.status, pin.title) == (status, "A bowl")
    opened = browser.get(reverse("pin_edit", args=[pin.pk]))
    assert (opened.status_code, told(opened)) == (302, [sentence])


def test_an_edited_pin_goes_out_with_its_new_words(sign_in, editor, write_pin, filled, sandbox):
    pin = write_pin()
    edit(sign_in(editor), pin, filled, title="New words", when="now")
    now = datetime.now(UTC)
    for pin_id in claims.claim_due(now=now, limit=5):
        engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    assert [there.title for there in sandbox.pins()] == ["New words"]


def test_without_an_account_a_draft_can_still_be_written(sign_in, editor):
    browser = sign_in(editor)
    assert browser.get(reverse("pin_new")).status_code == 200
    assert browser.post(reverse("pin_new"), {"title": "Later", "when": "draft"}).status_code == 302
    assert Pin.objects.get().title == "Later"
