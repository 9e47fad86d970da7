"""The landing page, the dashboard with its first steps and banners, and the health check."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Connection, ConnectionStatus, Membership
from accounts.policy import Role
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.models import Board, Media, Pin
from tests import factories


@pytest.fixture
def make_pin(workspace, owner):
    """Makes a Pin in a status, complete enough for it."""

    def made(status: PinStatus, **facts) -> Pin:
        return Pin.objects.create(workspace=workspace, created_by=owner, status=status, **facts)

    return made


@pytest.fixture
def complete(connection: Connection, workspace) -> dict[str, object]:
    """What a Pin on its way must have."""
    board = Board.objects.create(
        connection=connection, pinterest_id="11", name="Bowls", privacy="PUBLIC"
    )
    media = Media.objects.create(
        workspace=workspace,
        sha256="0" * 64,
        content_type="image/jpeg",
        size=1,
        width=1000,
        height=1500,
        dominant_color="#c96f4a",
    )
    at = timezone.now() + timedelta(hours=1)
    return {
        "connection": connection,
        "board": board,
        "media": media,
        "scheduled_at": at,
        "due_at": at,
    }


def steps(response) -> list[tuple[str, bool]]:
    return [(step["title"], step["done"]) for step in response.context["steps"]]


def test_a_visitor_sees_the_landing_page_with_both_ways_in(db) -> None:
    page = Client().get("/")
    assert page.status_code == 200
    assert page.templates[0].name == "pinapp/landing.html"
    links = set(re.findall(r'href="(/accounts/[^"]+)"', page.content.decode()))
    assert links == {"/accounts/login/", "/accounts/signup/"}


def test_a_new_team_is_shown_its_first_steps(owner, sign_in) -> None:
    page = sign_in(owner).get("/")
    assert page.context["show_steps"] is True
    assert steps(page) == [
        ("Connect a Pinterest account", False),
        ("Schedule your first Pin", False),
        ("Watch it go out", False),
    ]


def test_steps_are_ticked_off_as_they_are_done(owner, sign_in, make_pin, complete) -> None:
    browser = sign_in(owner)
    make_pin(PinStatus.DRAFT)
    assert [done for _, done in steps(browser.get("/"))] == [True, False, False]
    make_pin(PinStatus.SCHEDULED, **complete)
    assert [done for _, done in steps(browser.get("/"))] == [True, True, False]
    make_pin(PinStatus.PUBLISHED, pinterest_id="77", published_at=timezone.now())
    page = browser.get("/")
    assert [done for _, done in steps(page)] == [True, True, True]
    assert page.context["show_steps"] is False
    assert "Get your first Pin out" not in page.content.decode()


def test_a_viewer_is_not_asked_to_do_what_they_may_not(viewer, sign_in) -> None:
    page = sign_in(viewer).get("/")
    assert page.context["show_steps"] is False
    assert page.context["new_pin_url"] is None


def test_the_figures_count_this_workspace_and_this_week(
    owner, sign_in, make_pin, complete, stranger
) -> None:
    now = timezone.now()
    make_pin(PinStatus.SCHEDULED, **complete)
    make_pin(PinStatus.PUBLISHED, pinterest_id="1", published_at=now - timedelta(days=6, hours=23))
    make_pin(PinStatus.PUBLISHED, pinterest_id="2", published_at=now - timedelta(days=7, hours=1))
    make_pin(PinStatus.FAILED)
    make_pin(PinStatus.UNCERTAIN)
    make_pin(PinStatus.HELD, held_reason=HoldReason.PERSON)
    elsewhere = stranger.memberships.get().workspace
    Pin.objects.create(workspace=elsewhere, created_by=stranger, status=PinStatus.FAILED)
    assert sign_in(owner).get("/").context["counts"] == {
        "scheduled": 1,
        "published_7d": 1,
        "late": 0,
        "held": 1,
        "stopped": 3,
        "look": 0,
    }


@pytest.mark.parametrize(
    ("who", "count", "text", "label"),
    [
        ("editor", 0, "Nothing can go out for it until you reconnect it.", "Reconnect"),
        ("editor", 1, "1 Pin waits until you reconnect it.", "Reconnect"),
        ("editor", 2, "2 Pins wait until you reconnect it.", "Reconnect"),
        (
            "viewer",
            2,
            "2 Pins wait until an editor or owner reconnects it.",
            "See the account",
        ),
    ],
)
def test_a_lost_account_is_announced_where_people_work(
    connection, complete, make_pin, sign_in, request, who: str, count: int, text: str, label: str
) -> None:
    """Who may reconnect it is a press away from Pinterest; a person's own pages are left alone."""
    for _ in range(count):
        make_pin(PinStatus.SCHEDULED, **complete)
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING)
    browser = sign_in(request.getfixturevalue(who))
    reconnect = f"/connections/{connection.pk}/reconnect/"
    way = {"post_url": reconnect} if who == "editor" else {"action_url": "/connections/"}
    for path in ("/", "/pins/", "/workspace/"):
        assert browser.get(path).context["banners"] == [
            {
                "tone": "warn",
                "title": "@clay-studio needs reconnecting",
                "text": f"Pinterest no longer lets PinApp act for this account. {text}",
                "action_label": label,
                **way,
            }
        ]
    if who == "editor":
        assert browser.post(reconnect)["Location"].startswith("http://pinterest.test/oauth/?")
    for path in ("/connections/", "/accounts/profile/", "/accounts/2fa/", "/accounts/email/"):
        assert browser.get(path).context["banners"] == []


def test_what_a_person_ended_is_not_announced(connection, owner, sign_in) -> None:
    sign_in(owner).post(f"/connections/{connection.pk}/disconnect/")
    assert sign_in(owner).get("/").context["banners"] == []


def test_the_frame_marks_where_one_is(owner, sign_in, workspace) -> None:
    Membership.objects.create(
        workspace=factories.WorkspaceFactory(name="Tiles"), user=owner, role=Role.VIEWER
    )
    page = sign_in(owner).get("/workspace/")
    assert [item["label"] for item in page.context["nav"] if item["active"]] == ["Workspace"]
    names = [(each["name"], each["active"]) for each in page.context["workspaces"]]
    assert names == [("Clay", True), ("Tiles", False)]


def test_healthz_answers_without_a_database(client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/healthz", "/favicon.ico"])
def test_pages_that_only_show_take_no_posts(db, path: str) -> None:
    assert Client().post(path).status_code == 405
