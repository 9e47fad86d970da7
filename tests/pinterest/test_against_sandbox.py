"""The client and the sandbox agree, in the same process and over a socket."""

import io

import pytest
from PIL import Image

from pinterest.client import PinterestClient
from pinterest.config import PinterestApp
from pinterest.errors import RefusalReason, Refused, Trouble, Unavailable, Uncertain
from pinterest.http import open_session
from pinterest.media.images import check_image
from pinterest.oauth import OPTIONAL_SCOPES, REQUIRED_SCOPES, missing_scopes, refresh
from pinterest.types import ImageBytes, PinDraft
from sandbox import Sandbox
from sandbox.adapter import SandboxAdapter
from sandbox.faults import Fault
from sandbox.server import serve

SECRET = "the-app-secret"


@pytest.fixture
def sandbox():
    sandbox = Sandbox.empty(seed=11)
    sandbox.add_app(app_id="1234567", secret=SECRET)
    sandbox.add_account("acme")
    return sandbox


@pytest.fixture(params=["in process", "over a socket"])
def wire(request, sandbox):
    """A session and the origin under which it reaches the sandbox."""
    with open_session() as session:
        if request.param == "in process":
            session.mount("http://sandbox.test", SandboxAdapter(sandbox))
            yield session, "http://sandbox.test"
        else:
            with serve(sandbox) as origin:
                yield session, origin.rstrip("/")


@pytest.fixture
def connect(sandbox, wire):
    def connect(username="acme", scopes=REQUIRED_SCOPES):
        session, origin = wire
        token = sandbox.issue_token(username, scopes).access_token
        return PinterestClient(session=session, api_url=f"{origin}/v5", access_token=token)

    return connect


@pytest.fixture
def board(sandbox):
    return sandbox.add_board("acme", "Spring")


def draft_for(board_id, **more):
    out = io.BytesIO()
    Image.new("RGB", (600, 900), (30, 90, 160)).save(out, "PNG")
    checked = check_image(out.getvalue())
    media = ImageBytes(checked.data, checked.content_type)
    written = {"title": "A vase 🏺", "description": "d" * 800, "alt_text": "Blue", **more}
    return PinDraft(
        board_id=board_id, media=media, dominant_color=checked.dominant_color, **written
    )


def test_a_published_pin_is_found_again_with_its_content_and_pictures(connect, sandbox, board):
    section = sandbox.add_section(board, "Blue")
    client = connect()
    draft = draft_for(board.id, board_section_id=section.id, link="https://example.com/vase?a=b")
    created = client.create_pin(draft)
    assert [pin.id for pin in client.iter_board_pins(board.id)] == [created.id]
    assert [pin.id for pin in client.iter_board_pins(board.id, section.id)] == [created.id]
    found = client.get_pin(created.id)
    assert (found.title, found.description, found.link, found.alt_text) == (
        draft.title,
        draft.description,
        draft.link,
        draft.alt_text,
    )
    assert (found.board_id, found.board_section_id) == (board.id, section.id)
    assert found.created_at is not None
    assert found.created_at.utcoffset().total_seconds() == 0
    assert found.images
    client.delete_pin(created.id)
    with pytest.raises(Refused) as caught:
        client.delete_pin(created.id)
    assert caught.value.reason is RefusalReason.PIN_GONE


def test_boards_and_sections_are_created_and_listed(connect):
    client = connect(scopes=[*REQUIRED_SCOPES, *OPTIONAL_SCOPES])
    account = client.get_account()
    made = client.create_board(name="Autumn", description="Leaves", privacy="SECRET")
    section = client.create_section(board_id=made.id, name="Red")
    assert [(each.name, each.privacy) for each in client.iter_boards()] == [("Autumn", "SECRET")]
    assert client.get_board(made.id).owner_username == account.username == "acme"
    assert list(client.iter_sections(made.id)) == [section]
    with pytest.raises(Refused) as caught:
        client.create_board(name="Autumn")
    assert caught.value.reason is RefusalReason.DUPLICATE_BOARD_NAME


def test_all_boards_are_listed_over_several_pages(connect, sandbox):
    for number in range(260):
        sandbox.add_board("acme", f"Board {number}")
    names = [board.name for board in connect().iter_boards()]
    assert sorted(names) == sorted(f"Board {number}" for number in range(260))


@pytest.mark.parametrize(
    ("fault", "exists"),
    [
        ({"kind": "drop", "when": "before"}, False),
        ({"kind": "drop", "when": "after"}, True),
        ({"kind": "status", "status": 500, "when": "before"}, False),
        ({"kind": "status", "status": 502, "when": "after", "body": "html"}, True),
        ({"kind": "status", "status": 201, "when": "after", "body": "empty"}, True),
        (
            {
                "kind": "status",
                "status": 400,
                "code": 1,
                "message": "Something went wrong on our end",
            },
            False,
        ),
    ],
)
def test_a_create_without_a_clear_answer_is_uncertain_whether_or_not_it_took(
    connect, sandbox, board, fault, exists
):
    client = connect()
    sandbox.arm(Fault(route="POST /v5/pins", **fault))
    with pytest.raises(Uncertain):
        client.create_pin(draft_for(board.id))
    assert len(sandbox.pins(board)) == int(exists)


def test_each_reason_not_to_publish_is_named(connect, sandbox, board):
    sandbox.add_account("other")
    foreign = sandbox.add_board("other", "Theirs")
    tiny = io.BytesIO()
    Image.new("RGB", (20, 20)).save(tiny, "PNG")
    cases = {
        RefusalReason.BOARD_NOT_PERMITTED: draft_for(foreign.id),
        RefusalReason.SECTION_GONE: draft_for(board.id, board_section_id="99999"),
        RefusalReason.INVALID: draft_for(board.id, title="t" * 101),
        RefusalReason.BAD_LINK: draft_for(board.id, link="example.com"),
        RefusalReason.IMAGE_TOO_SMALL: PinDraft(
            board_id=board.id, media=ImageBytes(tiny.getvalue(), "image/png")
        ),
        RefusalReason.IMAGE_BROKEN: PinDraft(
            board_id=board.id, media=ImageBytes(b"no picture", "image/png")
        ),
    }
    client = connect()
    found = {}
    for reason, draft in cases.items():
        with pytest.raises(Refused) as caught:
            client.create_pin(draft)
        found[reason] = caught.value.reason
    assert found == {reason: reason for reason in cases}
    assert sandbox.pins() == []


def test_a_token_that_died_is_told_from_a_scope_that_is_missing(connect, sandbox, board):
    with pytest.raises(Refused) as caught:
        connect(scopes=["boards:read", "pins:read"]).create_pin(draft_for(board.id))
    assert caught.value.reason is RefusalReason.MISSING_SCOPE
    client = connect()
    sandbox.kill_tokens("acme")
    with pytest.raises(Refused) as caught:
        client.get_account()
    assert caught.value.reason is RefusalReason.TOKEN_DEAD


def test_an_app_on_trial_is_told_so(connect, sandbox, board):
    sandbox.set_tier("trial")
    with pytest.raises(Refused) as caught:
        connect().create_pin(draft_for(board.id))
    assert caught.value.reason is RefusalReason.TRIAL_ACCESS


def test_a_used_up_quota_says_when_to_come_back(connect, sandbox):
    sandbox.set_quota("org_read", 1)
    client = connect()
    client.get_account()
    with pytest.raises(Unavailable) as caught:
        client.get_account()
    assert caught.value.reason is Trouble.RATE_LIMITED
    assert 0 < caught.value.retry_after <= 60


def test_spoiled_lists_are_survived_or_refused_but_never_believed(connect, sandbox, board):
    client = connect()
    for kind in ("extra_fields", "unknown_values"):
        sandbox.arm(Fault(route="GET /v5/boards", kind=kind))
        assert [each.id for each in client.iter_boards()] == [board.id]
    sandbox.arm(Fault(route="GET /v5/boards", kind="bookmark_loop", times=None))
    with pytest.raises(Unavailable) as caught:
        list(client.iter_boards())
    assert caught.value.reason is Trouble.BAD_ANSWER


def test_a_refresh_replaces_both_tokens_and_the_old_one_is_refused(sandbox, wire):
    session, origin = wire
    app = PinterestApp("1234567", SECRET, f"{origin}/v5", f"{origin}/oauth/")
    old = sandbox.issue_token("acme", REQUIRED_SCOPES)
    new = refresh(session=session, app=app, refresh_token=old.refresh_token)
    client = PinterestClient(session=session, api_url=app.api_url, access_token=new.access_token)
    assert client.get_account().username == "acme"
    assert missing_scopes(new.scopes, REQUIRED_SCOPES) == frozenset()
    assert new.refresh_token not in (None, old.refresh_token)
    with pytest.raises(Refused) as caught:
        refresh(session=session, app=app, refresh_token=old.refresh_token)
    assert caught.value.reason is RefusalReason.GRANT_REFUSED
    wrong = PinterestApp("1234567", "another-secret", app.api_url, app.oauth_url)
    with pytest.raises(Refused) as caught:
        refresh(session=session, app=wrong, refresh_token=new.refresh_token)
    assert caught.value.reason is RefusalReason.APP_CREDENTIALS_WRONG
