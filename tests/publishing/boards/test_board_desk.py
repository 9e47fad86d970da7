"""The board manager: what is there and what waits for it; boards are made once."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.limits import counters
from accounts.models import Connection
from pinterest.errors import Refused, Unavailable
from publishing.boards.services.board_making import (
    BoardBusy,
    BoardExists,
    OutcomeUnknown,
    SectionExists,
    create_board,
    create_section,
    rename_section,
)
from publishing.boards.services.boards import sync_boards, sync_sections
from publishing.models import Board, BoardSection, Pin
from sandbox.faults import Fault
from sandbox.scopes import PUBLISHING, SECRET

pytestmark = pytest.mark.django_db


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def posts(sandbox, path):
    return [
        entry.status
        for entry in sandbox.requests
        if entry.method == "POST" and entry.path.endswith(path)
    ]


@pytest.fixture
def make(connection, owner, now):
    def made(name="Mugs", **more):
        facts = {"description": "", "privacy": "PUBLIC", **more}
        return create_board(connection=connection, by=owner, name=name, now=now, **facts)

    return made


@pytest.fixture
def divide(bowls, owner, now):
    def made(name="Raw"):
        return create_section(board=bowls, by=owner, name=name, now=now)

    return made


def section_names(sandbox, board):
    return sorted(
        section.name
        for section in sandbox.records.sections.values()
        if section.board_id == board.pinterest_id
    )


# Making boards


def test_a_board_is_made_at_pinterest_and_here(make, sandbox, connection):
    board = make(description="For coffee")
    there = sandbox.board(board.pinterest_id)
    assert (there.name, there.description, there.privacy) == ("Mugs", "For coffee", "PUBLIC")
    assert (board.name, board.connection, board.gone_at) == ("Mugs", connection, None)


@pytest.mark.parametrize("name", ["Bowls", "bowls", "  BOWLS"])
def test_a_board_of_that_name_is_offered_and_none_is_made(make, sandbox, boards, name):
    with pytest.raises(BoardExists) as refused:
        make(name)
    assert (refused.value.board, posts(sandbox, "/boards")) == (boards["Bowls"], [])


def test_a_board_made_elsewhere_a_moment_ago_is_found(make, sandbox, studio):
    sandbox.add_board(studio, "Mugs")
    with pytest.raises(BoardExists) as refused:
        make()
    assert refused.value.board.name == "Mugs"


def test_a_name_that_only_pinterest_knows_as_taken_is_told(make, sandbox):
    sandbox.arm(
        Fault(
            route="POST /v5/boards",
            kind="status",
            status=400,
            code=58,
            message="Try a different name for your board.",
        )
    )
    with pytest.raises(BoardExists) as refused:
        make()
    assert refused.value.board is None


def test_a_friends_board_of_that_name_is_no_hindrance(make, connection, sandbox, boards):
    friend = sandbox.add_account("friend", name="Friend")
    sandbox.add_board(friend, "Mugs")
    assert make().owner_username == "clay-studio"


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
def test_a_board_whose_answer_was_lost_is_found_and_not_made_again(make, sandbox, kind):
    fault = {
        "drop_after": {"kind": "drop", "when": "after"},
        "status_after": {"kind": "status", "status": 500, "when": "after"},
    }[kind]
    sandbox.arm(Fault(route="POST /v5/boards", **fault))
    board = make()
    assert sandbox.board(board.pinterest_id).name == "Mugs"
    assert Board.objects.filter(name="Mugs").count() == 1


def test_a_board_of_which_nothing_is_to_be_seen_is_left_open(make, sandbox):
    sandbox.arm(Fault(route="POST /v5/boards", kind="drop"))
    with pytest.raises(OutcomeUnknown) as open_question:
        make()
    assert "PinApp looks before it makes anything." in str(open_question.value)
    assert make().name == "Mugs"
    assert len([b for b in sandbox.records.boards.values() if b.name == "Mugs"]) == 1


def test_when_looking_fails_too_nothing_is_made(make, sandbox, boards):
    sandbox.arm(Fault(route="POST /v5/boards", kind="drop", when="after"))
    sandbox.arm(Fault(route="GET /v5/boards", kind="status", status=500, nth=2))
    with pytest.raises(OutcomeUnknown):
        make()
    with pytest.raises(BoardExists) as refused:
        make()
    assert (refused.value.board.name, len(posts(sandbox, "/boards"))) == ("Mugs", 1)


def test_a_secret_board_takes_the_permission_for_it(make, connect, workspace, studio, sandbox):
    with pytest.raises(Refused):
        make(privacy="SECRET")
    connect(workspace, studio, scopes=[*PUBLISHING, *SECRET])
    assert make(privacy="SECRET").privacy == "SECRET"


# Making and renaming sections


def test_a_section_is_made_at_pinterest_and_here(divide, sandbox, bowls):
    section = divide()
    assert (section.name, section.board) == ("Raw", bowls)
    assert section_names(sandbox, bowls) == ["Glazed", "Raw"]


def test_a_section_of_that_name_is_offered_and_none_is_made(divide, sandbox, bowls, glazed):
    with pytest.raises(SectionExists) as refused:
        divide("glazed ")
    assert refused.value.section == glazed
    assert section_names(sandbox, bowls) == ["Glazed"]


def test_a_section_whose_answer_was_lost_is_found_and_not_made_again(divide, sandbox, bowls):
    sandbox.arm(Fault(route="POST /v5/boards/*/sections", kind="drop", when="after"))
    assert divide().name == "Raw"
    with pytest.raises(SectionExists):
        divide()
    assert section_names(sandbox, bowls) == ["Glazed", "Raw"]


def test_a_section_is_renamed_and_keeps_its_row(sandbox, bowls, glazed, owner, now):
    rename_section(section=glazed, by=owner, name="Shiny", now=now)
    glazed.refresh_from_db()
    assert (glazed.name, section_names(sandbox, bowls)) == ("Shiny", ["Shiny"])
    rename_section(section=glazed, by=owner, name="SHINY", now=now)
    assert section_names(sandbox, bowls) == ["SHINY"]


def test_a_section_does_not_take_the_name_of_another(divide, glazed, owner, now):
    divide()
    with pytest.raises(SectionExists):
        rename_section(section=glazed, by=owner, name="raw", now=now)


def test_a_board_to_which_something_is_being_written_is_left_alone(
    divide, glazed, bowls, owner, now, sandbox
):
    turn = counters.board_turn(
        connection_id=bowls.connection_id, board_id=bowls.pinterest_id, seconds=60
    )
    with turn, pytest.raises(BoardBusy):
        divide()
    assert section_names(sandbox, bowls) == ["Glazed"]
    assert divide().name == "Raw"


def test_a_busy_board_at_pinterest_is_told(divide, sandbox):
    sandbox.arm(Fault(route="POST /v5/boards/*/sections", kind="status", status=409, code=409))
    with pytest.raises(Unavailable):
        divide()


# The page


@pytest.fixture
def desk(sign_in, editor, connection, boards):
    browser = sign_in(editor)

    def opened(**query):
        return browser.get(reverse("board_desk"), query)

    opened.browser = browser
    return opened


def test_each_board_shows_its_sections_and_what_waits(desk, write_pin, put, boards, glazed, now):
    write_pin(at=now + timedelta(days=2))
    first = write_pin(at=now + timedelta(days=1), section=glazed)
    write_pin(at=None)
    put("published", board_id=boards["Vases"].pk)
    cards = {card["name"]: card for card in desk().context["boards"]}
    assert list(cards) == ["Bowls", "Vases"]
    bowls = cards["Bowls"]
    assert (bowls["planned_text"], bowls["published_text"], bowls["next_at"]) == (
        "2 planned",
        "0 published here",
        first.scheduled_at,
    )
    assert [section["name"] for section in bowls["sections"]] == ["Glazed"]
    assert (cards["Vases"]["published_text"], cards["Vases"]["next_text"]) == (
        "1 published here",
        "",
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ["Bowls", "Vases"]), ("glaz", ["Bowls"]), ("VAS", ["Vases"]), ("x", [])],
)
def test_boards_are_searched_by_their_names_and_their_sections(desk, text, names):
    assert [card["name"] for card in desk(q=text).context["boards"]] == names


def test_accounts_have_their_boards_each(desk, connect, workspace, sandbox, connection, now):
    other = connect(workspace, sandbox.add_account("other", name="Other"))
    other.boards.create(pinterest_id="500", name="Theirs")
    page = desk(account=str(other.pk))
    assert [card["name"] for card in page.context["boards"]] == ["Theirs"]
    assert [tab["label"] for tab in page.context["tabs"]] == ["@clay-studio", "@other"]


def test_without_an_account_the_page_says_what_to_do(sign_in, editor):
    page = sign_in(editor).get(reverse("board_desk"))
    assert "Connect a Pinterest account" in page.content.decode()


def test_an_account_that_is_lost_shows_its_boards_but_no_buttons(desk, connection):
    Connection.objects.update(status="needs_reconnecting")
    html = desk().content.decode()
    assert "is not connected, so its boards can’t be read or changed." in html
    assert reverse("board_new") not in html
    answer = desk.browser.post(reverse("board_new"), {"account": connection.pk, "name": "X"})
    assert answer.status_code == 404


def test_boards_are_read_now(desk, connection, sandbox, studio):
    sandbox.add_board(studio, "Mugs")
    answer = desk.browser.post(reverse("board_sync"), {"account": connection.pk}, follow=True)
    assert told(answer)[-1].startswith("The boards are read.") or "Mugs" in str(answer.content)
    assert Board.objects.filter(name="Mugs").exists()


def test_what_went_wrong_with_reading_is_shown(desk, connection, sandbox):
    sandbox.arm(Fault(route="GET /v5/boards", kind="status", status=500))
    desk.browser.post(reverse("board_sync"), {"account": connection.pk})
    assert "The boards could not be read" in desk().content.decode()


def test_a_board_is_made_on_the_page(desk, connection, sandbox):
    answer = desk.browser.post(
        reverse("board_new"),
        {"account": connection.pk, "name": " Big\n mugs ", "privacy": "PUBLIC"},
    )
    board = Board.objects.get(name="Big mugs")
    assert answer.url == f"/pins/boards/manage/?account={connection.pk}#board-{board.pk}"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Give the board a name."),
        ({"name": "x" * 51}, "At most 50 characters; this has 51."),
        ({"name": "Mugs", "description": "x" * 501}, "At most 500 characters; this has 501."),
        ({"name": "Mugs", "privacy": "SECRET"}, "Select a valid choice."),
        ({"name": "bowls"}, "There is a board “Bowls” on this account already."),
    ],
)
def test_a_board_that_can_not_be_made_is_told_beside_the_field(desk, connection, fields, words):
    answer = desk.browser.post(
        reverse("board_new"), {"account": connection.pk, "privacy": "PUBLIC", **fields}
    )
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Board.objects.count() == 2


def test_pinterests_refusal_is_told_on_the_form(desk, connection, sandbox):
    sandbox.arm(Fault(route="POST /v5/boards", kind="status", status=429))
    answer = desk.browser.post(
        reverse("board_new"), {"account": connection.pk, "name": "Mugs", "privacy": "PUBLIC"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_sections_are_made_and_renamed_on_the_page(desk, bowls, glazed):
    answer = desk.browser.post(reverse("section_new", args=[bowls.pk]), {"name": "Raw"})
    assert told(answer) == ["The section “Raw” is made."]
    answer = desk.browser.post(reverse("section_new", args=[bowls.pk]), {"name": "raw"})
    assert told(answer)[-1] == "“Bowls” has a section “Raw” already."
    answer = desk.browser.post(reverse("section_rename", args=[glazed.pk]), {"name": "Shiny"})
    assert told(answer)[-1] == "The section is called “Shiny” now."
    answer = desk.browser.post(reverse("section_rename", args=[glazed.pk]), {"name": " "})
    assert told(answer)[-1] == "Give the section a name."


# What is gone


def test_pins_of_a_board_that_is_gone_are_moved(desk, write_pin, put, bowls, glazed, boards, now):
    planned, draft = write_pin(at=now + timedelta(days=1), section=glazed), write_pin(at=None)
    out, sending = put("published"), put("sending")
    bowls.gone_at = now
    bowls.save()
    html = desk().content.decode()
    assert "“Bowls” is gone at Pinterest" in html
    assert "2 Pins wait for it and can&#x27;t go out." in html
    answer = desk.browser.post(
        reverse("stranded_move"), {"from": f"board-{bowls.pk}", "to": "vases"}
    )
    assert told(answer) == ["2 Pins go to “Vases” now."]
    for pin in (planned, draft):
        pin.refresh_from_db()
        assert (pin.board, pin.section) == (boards["Vases"], None)
        assert pin.events.order_by("at", "pk").last().note == "Moved from “Bowls” to “Vases”."
    assert planned.scheduled_at == now + timedelta(days=1)
    assert {Pin.objects.get(pk=pin.pk).board for pin in (out, sending)} == {bowls}
    assert desk().context["stranded"] == []


def test_pins_of_a_section_that_is_gone_are_moved(desk, write_pin, bowls, glazed, now):
    pin, other = write_pin(section=glazed), write_pin()
    glazed.gone_at = now
    glazed.save()
    assert [place["name"] for place in desk().context["stranded"]] == ["Bowls / Glazed"]
    answer = desk.browser.post(
        reverse("stranded_move"), {"from": f"section-{glazed.pk}", "to": "Bowls"}
    )
    assert told(answer) == ["1 Pin goes to “Bowls” now."]
    assert Pin.objects.get(pk=pin.pk).section is None
    assert not Pin.objects.get(pk=other.pk).events.filter(note__startswith="Moved").exists()


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("", "Name the board this Pin goes to."),
        ("Vase", "There is no board “Vase” on this account."),
        ("Bowls", "There is no board “Bowls” on this account."),
    ],
)
def test_pins_are_not_moved_to_what_is_not_there(desk, write_pin, bowls, now, to, words):
    pin = write_pin()
    bowls.gone_at = now
    bowls.save()
    answer = desk.browser.post(reverse("stranded_move"), {"from": f"board-{bowls.pk}", "to": to})
    assert told(answer)[0].startswith(words)
    assert Pin.objects.get(pk=pin.pk).board == bowls


# What is asked of the database


@pytest.mark.parametrize("more", [0, 100])
def test_the_page_costs_the_same_for_few_boards_and_for_many(
    desk, connection, write_pin, bowls, glazed, more, now, django_assert_num_queries
):
    write_pin()
    connection.boards.create(pinterest_id="9999", name="Gone", gone_at=now)
    for number in range(more):
        board = connection.boards.create(pinterest_id=str(number + 1), name=f"B {number}")
        board.sections.create(pinterest_id=str(number + 1), name="S")
        write_pin(board=board)
        connection.boards.create(pinterest_id=str(number + 5000), name="Gone", gone_at=now)
    with django_assert_num_queries(15):
        assert desk().status_code == 200


# Who may


@pytest.mark.parametrize(
    "name", ["board_sync", "board_new", "stranded_move", "section_new", "section_rename"]
)
@pytest.mark.parametrize(("person", "status"), [("viewer", 403), ("stranger", 404)])
def test_only_editors_of_the_workspace_change_boards(
    sign_in, request, connection, bowls, glazed, write_pin, sandbox, name, person, status, now
):
    write_pin()
    arguments = {"section_new": [bowls.pk], "section_rename": [glazed.pk]}.get(name, [])
    fields = {
        "account": connection.pk,
        "name": "Theirs",
        "privacy": "PUBLIC",
        "from": f"board-{bowls.pk}",
        "to": "Vases",
    }
    browser = sign_in(request.getfixturevalue(person))
    before = len(sandbox.requests)
    assert browser.post(reverse(name, args=arguments), fields).status_code == status
    assert len(sandbox.requests) == before
    assert (Pin.objects.get().board, BoardSection.objects.get().name) == (bowls, "Glazed")
    assert browser.get(reverse(name, args=arguments)).status_code == 405


def test_a_viewer_looks_and_is_offered_nothing(sign_in, viewer, connection, boards):
    html = sign_in(viewer).get(reverse("board_desk")).content.decode()
    assert "Bowls" in html
    assert 'action="/pins/boards/manage/' not in html


def test_visitors_sign_in_and_strangers_find_no_account(client, sign_in, stranger, connection):
    assert client.get(reverse("board_desk")).status_code == 302
    url = reverse("board_desk")
    assert sign_in(stranger).get(url, {"account": str(connection.pk)}).status_code == 404
    assert sign_in(stranger).get(url, {"account": "junk"}).status_code == 404


def test_names_from_pinterest_are_shown_and_never_run(desk, sandbox, studio, connection, now):
    nasty = "<script>alert(1)</script>"
    board = sandbox.add_board(studio, nasty)
    sandbox.add_section(board, nasty)
    sync_boards(connection_id=connection.pk, now=now)
    sync_sections(board=Board.objects.get(name=nasty), now=now)
    assert nasty not in desk().content.decode()
