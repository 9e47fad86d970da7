"""Our copy of an account's boards follows Pinterest, and the picker offers what is there."""

import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from requests.adapters import BaseAdapter
from requests.models import Response

from accounts import wire
from pinterest.errors import PinterestError
from publishing.boards.selectors.boards import boards_to_read_sections_of, find_boards
from publishing.boards.services.boards import sync_boards, sync_sections
from publishing.boards.tasks import read_boards
from publishing.models import Board, BoardList, BoardSection
from sandbox.adapter import SandboxAdapter
from sandbox.faults import Fault
from sandbox.scopes import PUBLISHING, SECRET
from tests.conftest import SANDBOX

pytestmark = pytest.mark.django_db


def names(connection):
    return sorted(connection.boards.filter(gone_at=None).values_list("name", flat=True))


def test_all_pages_of_boards_are_read(connection, sandbox, studio, now):
    for number in range(300):
        sandbox.add_board(studio, f"Board {number:03}")
    sync_boards(connection_id=connection.pk, now=now)
    assert connection.boards.count() == 302
    listings = [entry for entry in sandbox.requests if entry.path == "/v5/boards"]
    assert len(listings) == 2
    board_list = BoardList.objects.get(connection=connection)
    assert (board_list.synced_at, board_list.problem) == (now, "")


def test_secret_boards_are_read_when_that_was_granted(
    connect, workspace, connection, sandbox, studio, now
):
    sandbox.add_board(studio, "Wedding", privacy="SECRET")
    sync_boards(connection_id=connection.pk, now=now)
    assert names(connection) == ["Bowls", "Vases"]
    connect(workspace, studio, scopes=[*PUBLISHING, *SECRET])
    sync_boards(connection_id=connection.pk, now=now)
    assert names(connection) == ["Bowls", "Vases", "Wedding"]
    assert connection.boards.get(name="Wedding").privacy == "SECRET"


def test_a_renamed_board_keeps_its_row_and_a_deleted_one_is_gone_but_kept(
    connection, boards, sandbox, now
):
    bowls, vases = boards["Bowls"], boards["Vases"]
    sandbox.board(bowls.pinterest_id).name = "Plates"
    sandbox.delete_board(vases.pinterest_id)
    sync_boards(connection_id=connection.pk, now=now)
    bowls.refresh_from_db()
    vases.refresh_from_db()
    assert (bowls.name, bowls.gone_at, vases.gone_at) == ("Plates", None, now)
    offered = find_boards(connection, text="").boards
    assert [board.name for board in offered] == ["Plates"]


def test_a_board_that_comes_back_is_offered_again(connection, boards, sandbox, now):
    vases = boards["Vases"]
    Board.objects.filter(pk=vases.pk).update(gone_at=now)
    sync_boards(connection_id=connection.pk, now=now)
    vases.refresh_from_db()
    assert vases.gone_at is None


def test_sections_come_go_and_are_renamed(boards, glazed, bowls, sandbox, now):
    raw = sandbox.add_section(bowls.pinterest_id, "Raw")
    sandbox.records.sections[glazed.pinterest_id].name = "Shiny"
    sync_sections(board=bowls, now=now)
    assert set(bowls.sections.filter(gone_at=None).values_list("name", flat=True)) == {
        "Raw",
        "Shiny",
    }
    del sandbox.records.sections[raw.id]
    sync_sections(board=bowls, now=now)
    assert BoardSection.objects.get(pinterest_id=raw.id).gone_at == now


def test_a_board_deleted_while_its_sections_are_read_is_gone(bowls, sandbox, now):
    sandbox.delete_board(bowls.pinterest_id)
    sync_sections(board=bowls, now=now)
    bowls.refresh_from_db()
    assert bowls.gone_at == now


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "nth": 2},
        {"kind": "drop", "nth": 2},
        {"kind": "status", "status": 429, "nth": 2},
        {"kind": "bookmark_loop", "times": None},
        {"kind": "status", "status": 200, "body": "html", "nth": 2},
    ],
)
def test_a_listing_that_fails_half_way_changes_nothing(
    connection, boards, sandbox, studio, now, fault
):
    for number in range(260):
        sandbox.add_board(studio, f"Board {number:03}")
    sandbox.arm(Fault(route="GET /v5/boards", **fault))
    with pytest.raises(PinterestError) as error:
        sync_boards(connection_id=connection.pk, now=now)
    assert names(connection) == ["Bowls", "Vases"]
    board_list = BoardList.objects.get(connection=connection)
    assert (board_list.synced_at, board_list.problem) == (now, str(error.value))


class Rewriter(BaseAdapter):
    """Changes what the sandbox lists: at the edge, where Pinterest would."""

    def __init__(self, inner, rewrite):
        super().__init__()
        self.inner, self.rewrite = inner, rewrite

    def send(self, request, **options) -> Response:
        response = self.inner.send(request, **options)
        body = json.loads(response.raw.data)
        content = json.dumps(self.rewrite(body)).encode()
        response.raw = type(response.raw)(
            body=io.BytesIO(content), status=200, preload_content=False
        )
        return response

    def close(self):
        pass


@pytest.fixture
def rewrite(sandbox):
    def rewriting(change):
        adapter = Rewriter(SandboxAdapter(sandbox), change)
        wire.pinterest_session().mount(f"{SANDBOX}/v5/boards", adapter)

    return rewriting


def test_a_board_listed_twice_is_kept_once(connection, rewrite, now):
    """A board made while the pages are read pushes another one onto the next page too."""
    rewrite(lambda body: {**body, "items": body["items"] + body["items"]})
    sync_boards(connection_id=connection.pk, now=now)
    assert names(connection) == ["Bowls", "Vases"]


def test_a_section_listed_twice_is_kept_once(bowls, rewrite, now):
    rewrite(lambda body: {**body, "items": body["items"] + body["items"]})
    sync_sections(board=bowls, now=now)
    assert bowls.sections.count() == 1


def test_what_a_column_cannot_hold_does_not_stop_the_reading(connection, rewrite, now):
    def swell(body):
        for item in body["items"]:
            item["name"] = "n" * 500
            item["privacy"] = "P" * 80
            item["pin_count"] = -1
            item["owner"] = {"username": "u" * 300}
            item["media"] = {"image_cover_url": "https://i.pinimg.com/" + "x" * 3000}
        return body

    rewrite(swell)
    sync_boards(connection_id=connection.pk, now=now)
    board = connection.boards.first()
    assert (len(board.name), len(board.privacy), len(board.owner_username)) == (200, 20, 100)
    assert (board.pin_count, board.cover_url) == (None, "")


def test_reading_boards_reads_the_sections_of_each(connection, sandbox, studio):
    sandbox.add_section(sandbox.add_board(studio, "Mugs"), "Large")
    read_boards(connection_id=str(connection.pk))
    assert set(BoardSection.objects.values_list("board__name", "name")) == {
        ("Bowls", "Glazed"),
        ("Mugs", "Large"),
    }
    before = len(sandbox.requests)
    read_boards(connection_id=str(connection.pk))
    assert len(sandbox.requests) - before == 1, "sections are read each half hour only"


def test_one_board_that_refuses_its_sections_does_not_keep_the_others_from_being_read(
    connection, sandbox, studio
):
    for name in ("Cups", "Jugs"):
        sandbox.add_section(sandbox.add_board(studio, name), "Small")
    refusal = {"status": 403, "code": 29, "message": "You are not permitted."}
    sandbox.arm(Fault(route="GET /v5/boards/*/sections", kind="status", **refusal))
    read_boards(connection_id=str(connection.pk))
    assert connection.boards.filter(sections_synced_at=None).count() == 0
    listings = [entry for entry in sandbox.requests if entry.path.endswith("/sections")]
    assert [entry.status for entry in listings] == [403, 200, 200, 200]


def test_boards_whose_sections_were_never_read_come_first(connection, boards, now):
    Board.objects.filter(pk=boards["Bowls"].pk).update(sections_synced_at=now - timedelta(hours=2))
    Board.objects.filter(pk=boards["Vases"].pk).update(sections_synced_at=None)
    waiting = boards_to_read_sections_of(connection, now=now)
    assert [board.name for board in waiting] == ["Vases", "Bowls"]


# The picker


@pytest.fixture
def many_boards(connection, sandbox, studio, now):
    for number in range(70):
        sandbox.add_board(studio, f"Plate {number:02}")
    sync_boards(connection_id=connection.pk, now=now)


def test_the_picker_lists_sixty_boards_and_says_how_many_more(connection, many_boards):
    page = find_boards(connection, text="")
    assert (len(page.boards), page.more) == (60, 12)
    assert [board.name for board in page.boards[:2]] == ["Bowls", "Plate 00"]


def test_the_picker_keeps_the_chosen_board_first(connection, many_boards):
    vases = connection.boards.get(name="Vases")
    page = find_boards(connection, text="plate 0", keep=vases.pinterest_id)
    assert [board.name for board in page.boards] == [
        "Vases",
        *(f"Plate {number:02}" for number in range(10)),
    ]


def test_the_picker_does_not_keep_a_board_that_is_gone(connection, boards, now):
    vases = boards["Vases"]
    Board.objects.filter(pk=vases.pk).update(gone_at=now)
    page = find_boards(connection, text="", keep=vases.pinterest_id)
    assert [board.name for board in page.boards] == ["Bowls"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("vas", ["Vases"]), ("GLAZ", ["Bowls"]), ("%", []), ("_", []), ("nothing", [])],
)
def test_the_picker_searches_boards_and_sections(connection, boards, text, found):
    page = find_boards(connection, text=text)
    assert [board.name for board in page.boards] == found


def options(browser, **query):
    return browser.get(reverse("board_options"), query)


def test_the_pickers_answer_marks_the_chosen_section(sign_in, editor, boards, glazed, bowls):
    value = f"{bowls.pinterest_id}/{glazed.pinterest_id}"
    page = options(sign_in(editor), board=value)
    assert [(o["value"], o["checked"]) for o in page.context["options"]] == [
        (bowls.pinterest_id, False),
        (value, True),
        (boards["Vases"].pinterest_id, False),
    ]


def test_a_search_without_a_match_says_so(sign_in, editor, boards):
    page = options(sign_in(editor), q="<b>")
    assert "No board matches “&lt;b&gt;”." in page.content.decode()


@pytest.mark.parametrize("query", [{"q": "\x01"}, {"board": "\x01"}, {"board": "9" * 5000}])
def test_odd_queries_are_answered(sign_in, editor, boards, query):
    assert options(sign_in(editor), **query).status_code == 200


@pytest.mark.parametrize("account", ["junk", "12345678-1234-1234-1234-123456789012"])
def test_an_account_that_is_none_is_not_found(sign_in, editor, boards, account):
    assert options(sign_in(editor), connection=account).status_code == 404


def test_the_boards_of_another_workspace_are_not_found(sign_in, stranger, connection, boards):
    browser = sign_in(stranger)
    assert options(browser, connection=str(connection.pk)).status_code == 404
    refresh = browser.post(reverse("boards_refresh"), {"connection": str(connection.pk)})
    assert refresh.status_code == 404


def test_refreshing_reads_the_boards_again(sign_in, editor, boards, sandbox, studio):
    sandbox.add_board(studio, "Mugs")
    page = sign_in(editor).post(reverse("boards_refresh"))
    assert [o["label"] for o in page.context["options"] if not o["section_label"]] == [
        "Bowls",
        "Mugs",
        "Vases",
    ]


def test_refreshing_while_pinterest_is_away_shows_why_and_what_is_known(
    sign_in, editor, boards, sandbox
):
    sandbox.arm(Fault(route="GET /v5/boards", kind="status", status=503))
    page = sign_in(editor).post(reverse("boards_refresh"))
    assert page.context["problem"] == (
        "Pinterest has a problem of its own. "
        "Try again later. If it lasts for hours, look at Pinterest's status page."
    )
    assert len(page.context["options"]) == 3


def test_the_first_composer_reads_the_boards_when_none_were_read(sign_in, editor, connection):
    assert connection.boards.count() == 0
    page = sign_in(editor).get(reverse("pin_new"))
    assert [o["label"] for o in page.context["options"]] == ["Bowls", "Vases"]


def test_sections_are_read_anew_when_somebody_asks(connection, boards, sandbox, now):
    bowls = boards["Bowls"]
    sandbox.add_section(sandbox.board(bowls.pinterest_id), "Plain")
    read_boards(connection_id=str(connection.pk))
    assert not bowls.sections.filter(name="Plain").exists()  # its sections are not half an hour old
    asked_at = now + timedelta(seconds=1)
    read_boards(connection_id=str(connection.pk), asked_at=asked_at.isoformat())
    assert bowls.sections.filter(name="Plain").exists()
