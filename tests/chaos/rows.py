"""A workspace with several accounts, and many Pins: twins, sections, pictures of many shapes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Connection, User, Workspace
from accounts.policy import Role
from accounts.services.connections import connect_account
from pinterest.types import TokenGrant
from publishing.boards.services.boards import sync_boards, sync_sections
from publishing.media.services.media import store_picture
from publishing.models import Board, LateWay, Media, Pin, PublishingPreferences
from publishing.pins.services.pins import PinContent, Plan, create_pin
from sandbox.remote import SandboxControl
from tests import factories

BOARDS = 3
SHAPES = ((600, 900), (1000, 1500), (1000, 1000), (1200, 800), (700, 1400), (900, 1600))
COLOURS = ("#c96f4a", "#4a7bc9", "#5fae57", "#8c5fae")
# An account may write 100 times a minute; more Pins want more accounts.
PINS_OF_AN_ACCOUNT = 90
TWINS = 0.1
BY_HAND = 0.08
"""Shares of Pins: those that have a twin, and those that a person publishes on the web."""


def write(*, pins: int, seed: int) -> dict[str, Any]:
    """Write everything; returns the ids of those planned and of those left to a person."""
    chance = random.Random(seed)  # noqa: S311 - repeatable chance, guards nothing
    workspace = factories.WorkspaceFactory(name="Chaos", time_zone="Europe/Berlin")
    owner = factories.member(workspace, "olga", Role.OWNER)
    # Nothing waits for approval, and an outage leaves no queue: what is late goes out at once.
    PublishingPreferences.objects.create(
        workspace=workspace, late_way=LateWay.NOW, late_hold_hours=None, alarm_mails=False
    )
    boards = _connect_accounts(workspace, owner, accounts=max(2, pins // PINS_OF_AN_ACCOUNT))
    pictures = [
        store_picture(workspace=workspace, by=owner, data=factories.picture(size, color=colour))
        for size in SHAPES
        for colour in COLOURS
    ]
    planned: list[str] = []
    by_hand: list[str] = []
    number = 0
    while len(planned) + len(by_hand) < pins:
        number += 1
        content = _content(chance, number, boards, pictures)
        left_to_a_person = chance.random() < BY_HAND
        copies = 2 if chance.random() < TWINS else 1
        for _ in range(min(copies, pins - len(planned) - len(by_hand))):
            pin = _write_pin(workspace, owner, content, draft=left_to_a_person)
            (by_hand if left_to_a_person else planned).append(str(pin.pk))
    return {"planned": planned, "by_hand": by_hand, "session": _sign_in(owner)}


def _connect_accounts(workspace: Workspace, owner: User, *, accounts: int) -> list[Board]:
    found: list[Board] = []
    with SandboxControl(str(settings.PINTEREST_API_URL).removesuffix("/v5")) as sandbox:
        for number in range(accounts):
            account = sandbox.add_account(f"studio-{number}")
            for name in range(BOARDS):
                board = sandbox.add_board(account, f"Board {number}-{name}")
                sandbox.add_section(board, "Glazed")
            tokens = sandbox.issue_token(account)
            connected = connect_account(
                workspace=workspace,
                by=owner,
                account=factories.wire_account(account),
                grant=TokenGrant(
                    access_token=tokens.access_token,
                    refresh_token=tokens.refresh_token,
                    expires_in=2_592_000,
                    refresh_token_expires_in=5_184_000,
                    scopes=frozenset(tokens.scopes),
                ),
                now=datetime.now(UTC),
            )
            found += _read_boards(connected.connection)
    return found


def _read_boards(connection: Connection) -> list[Board]:
    now = datetime.now(UTC)
    sync_boards(connection_id=connection.pk, now=now)
    boards = list(Board.objects.filter(connection=connection).order_by("name"))
    for board in boards:
        sync_sections(board=board, now=now)
    return boards


def _content(
    chance: random.Random, number: int, boards: list[Board], pictures: list[Media]
) -> PinContent:
    board = boards[number % len(boards)]
    section = board.sections.first() if chance.random() < 0.3 else None
    return PinContent(
        connection=board.connection,
        board=board,
        section=section,
        media=chance.choice(pictures),
        title=f"Chaos {number:05} ☕",
        description=f"The {number}th idea; & its <reason>." if chance.random() < 0.8 else "",
        link=f"https://shop.example/p/{number}?size=1" if chance.random() < 0.8 else "",
        alt_text="A bowl on a table." if chance.random() < 0.5 else "",
    )


def _write_pin(workspace: Workspace, owner: User, content: PinContent, *, draft: bool) -> Pin:
    now = datetime.now(UTC)
    # Tomorrow: the run brings their times forward bit by bit.
    at = None if draft else now + timedelta(days=1)
    return create_pin(
        workspace=workspace,
        by=owner,
        content=content,
        plan=Plan(at=at, time_zone=workspace.time_zone, repeats=True),
        now=now,
    )


def _sign_in(user: User) -> str:
    """The key of a session in which the person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
