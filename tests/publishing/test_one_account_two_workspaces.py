"""Several workspaces with one Pinterest account: each for itself, whatever the other does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Connection, Succession
from publishing.boards.services.boards import sync_boards
from publishing.delivery.services import claims
from publishing.media.services.media import store_picture
from publishing.models import Board, Pin
from publishing.pins.services.pins import PinContent, Plan, create_pin
from tests import factories
from tests.publishing.rounds import publish_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(connect, stranger, studio, now):
    """The studio's account in the stranger's workspace too, with its boards."""
    connection = connect(stranger.memberships.get().workspace, studio, by=stranger)
    sync_boards(connection_id=connection.pk, now=now)
    return connection


@pytest.fixture
def write_elsewhere(twin, stranger, now):
    """Writes a Pin in the stranger's workspace."""
    workspace = twin.workspace
    media = store_picture(workspace=workspace, by=stranger, data=factories.picture())

    def written(title, at):
        content = PinContent(
            connection=twin,
            board=Board.objects.get(connection=twin, name="Bowls"),
            section=None,
            media=media,
            title=title,
        )
        plan = Plan(at=at, time_zone="UTC")
        return create_pin(workspace=workspace, by=stranger, content=content, plan=plan, now=now)

    return written


def test_neither_sees_pins_boards_or_timelines_of_the_other(
    sign_in, owner, stranger, put, write_elsewhere, now
):
    ours = put("held", title="Our secret plan")
    theirs = write_elsewhere("Their secret plan", now + timedelta(days=1))
    Pin.objects.filter(pk=theirs.pk).update(status="held", held_reason="account", due_at=None)
    for person, own, other in ((owner, ours, theirs), (stranger, theirs, ours)):
        browser = sign_in(person)
        for path in ("/", "/pins/", "/pins/held/", "/connections/"):
            html = browser.get(path).content.decode()
            assert other.title not in html
            assert str(other.pk) not in html
            assert str(other.connection_id) not in html
        assert own.title in browser.get("/pins/held/").content.decode()
        for name in ("pin_detail", "pin_status", "pin_timeline_json", "pin_timeline_csv"):
            assert browser.get(reverse(name, args=[other.pk])).status_code == 404
        boards = browser.get(reverse("board_options"), {"connection": str(other.connection_id)})
        assert boards.status_code == 404


def test_neither_can_answer_for_pins_on_hold_of_the_other(
    sign_in, stranger, put, twin, connection, now
):
    pin = put("held")
    browser = sign_in(stranger)
    keys = [f"account:{connection.pk}", f"account:{twin.pk}"]
    sent = {"answer": "drop", "pins": str(pin.pk), "groups": keys, "all": "all"}
    for query in ("", f"?account={connection.pk}"):
        browser.post(f"{reverse('held_answer')}{query}", sent)
    assert Pin.objects.get(pk=pin.pk).status == "held"


def test_what_one_loses_or_ends_the_other_keeps(
    sign_in, owner, connection, twin, write_pin, write_elsewhere, sandbox, now
):
    ours, theirs = write_pin(title="Ours"), write_elsewhere("Theirs", now)
    sign_in(owner).post(f"/connections/{connection.pk}/disconnect/")
    claims.hold_due_without_connection(now=now)
    publish_due(now=now)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.status, theirs.status) == ("held", "published")
    assert [pin.title for pin in sandbox.pins()] == ["Theirs"]
    twin.refresh_from_db()
    assert twin.status == "active"


def test_a_question_is_of_the_workspace_that_lost_the_account(
    sign_in, owner, stranger, connect, connection, twin, put, sandbox, workspace
):
    put("held")
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    other = sandbox.add_account("glass-house", name="Glass House")
    connect(twin.workspace, other, by=stranger)
    assert Succession.objects.count() == 0
    connect(workspace, other, by=owner)
    succession = Succession.objects.get()
    assert (succession.workspace, succession.earlier) == (workspace, connection)
    url = reverse("succession", args=[succession.pk])
    assert sign_in(owner).get(url).status_code == 200
    assert sign_in(stranger).get(url).status_code == 404
