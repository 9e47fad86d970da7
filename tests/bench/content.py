"""Workspaces, accounts, boards and Pins to measure with; models exist once Django is set up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection as database

from accounts.models import Connection, User, Workspace
from accounts.policy import Role
from accounts.services.connections import connect_account
from analytics.models import Series
from analytics.services.watching import keep_all_connected
from pinterest.types import Account, TokenGrant
from publishing.media.services.media import store_picture
from publishing.models import Board, Media, Pin
from sandbox.remote import SandboxControl
from sandbox.scopes import PUBLISHING
from tests import factories

PICTURE = factories.picture((600, 900))
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Studio:
    """A workspace with accounts at the sandbox, their boards and a picture."""

    workspace: Workspace
    owner: User
    boards: Sequence[Board]
    media: Media
    tokens: Sequence[str]

    def token_of(self, board: Board) -> str:
        return self.tokens[self.boards.index(board) * len(self.tokens) // len(self.boards)]


def make_studio(sandbox: SandboxControl, *, accounts: int, boards: int) -> Studio:
    """Connect so many accounts with so many boards each."""
    workspace = factories.WorkspaceFactory(name="Bench", time_zone="Europe/Berlin")
    owner = factories.member(workspace, "olga", Role.OWNER)
    found: list[Board] = []
    tokens: list[str] = []
    for number in range(accounts):
        account = sandbox.add_account(f"studio-{number}")
        granted = sandbox.issue_token(account)
        tokens.append(granted.access_token)
        connection = connect(
            workspace,
            owner,
            account=factories.wire_account(account),
            access=granted.access_token,
            refresh=granted.refresh_token,
        )
        found += [
            Board(
                connection=connection,
                pinterest_id=sandbox.add_board(account, f"Board {name}").id,
                name=f"Board {name}",
                privacy="PUBLIC",
            )
            for name in range(boards)
        ]
    media = store_picture(workspace=workspace, by=owner, data=PICTURE)
    return Studio(workspace, owner, Board.objects.bulk_create(found), media, tokens)


def put_figures_off() -> None:
    """Figures of new accounts are read at once, which is no part of what is measured."""
    now = datetime.now(UTC)
    keep_all_connected(now=now)
    Series.objects.update(next_pull_at=now + timedelta(days=1), asked_at=None)


def make_room(name: str, *, boards: int = 5) -> tuple[Workspace, User, list[Board], Media]:
    """A workspace with an account that no sandbox knows: for pages, which call nobody."""
    workspace = factories.WorkspaceFactory(name=name, time_zone="Europe/Berlin")
    owner = factories.member(workspace, f"owner-{uuid.uuid4().hex[:8]}", Role.OWNER)
    account = Account(id=uuid.uuid4().hex, username=name.lower().replace(" ", "-"))
    connection = connect(workspace, owner, account=account, access="a", refresh="r")
    places = Board.objects.bulk_create(
        Board(
            connection=connection,
            pinterest_id=str(uuid.uuid4().int)[:18],
            name=f"Board {n}",
            privacy="PUBLIC",
        )
        for n in range(boards)
    )
    media = store_picture(workspace=workspace, by=owner, data=PICTURE)
    return workspace, owner, list(places), media


def plan_pins(
    boards: Sequence[Board],
    media: Media,
    *,
    count: int,
    first: datetime,
    apart: timedelta = timedelta(),
) -> None:
    """Plan Pins on the boards in turn, the first at `first`."""
    workspace_id = media.workspace_id
    Pin.objects.bulk_create(
        (
            Pin(
                workspace_id=workspace_id,
                connection_id=boards[n % len(boards)].connection_id,
                board=boards[n % len(boards)],
                media=media,
                title=f"Pin {n}",
                description="One of many.",
                link=f"https://shop.example/p/{n}",
                status="scheduled",
                scheduled_at=first + n * apart,
                due_at=first + n * apart,
            )
            for n in range(count)
        ),
        batch_size=1000,
    )


def fill_up(
    boards: Sequence[Board],
    media: Media,
    *,
    count: int,
    apart: timedelta = timedelta(minutes=1),
) -> None:
    """Plan so many Pins in the next years, by one statement on the server."""
    with database.cursor() as cursor:
        columns = [field.column for field in Pin._meta.local_concrete_fields]
        (sample,) = Pin.objects.bulk_create(
            [
                Pin(
                    workspace_id=media.workspace_id,
                    connection_id=boards[0].connection_id,
                    board=boards[0],
                    media=media,
                    title="A Pin of years to come",
                    status="scheduled",
                    scheduled_at=datetime.now(UTC) + MONTH,
                    due_at=datetime.now(UTC) + MONTH,
                )
            ]
        )
        moment = "now() + interval '2 days' + n * %(apart)s"
        special = {
            "id": "gen_random_uuid()",
            "board_id": "(%(boards)s::bigint[])[1 + n %% %(count_of_boards)s]",
            "connection_id": "(%(connections)s::uuid[])[1 + n %% %(count_of_boards)s]",
            "scheduled_at": moment,
            "due_at": moment,
        }
        values = ", ".join(special.get(column, f"p.{column}") for column in columns)
        cursor.execute(
            f"INSERT INTO publishing_pin ({', '.join(columns)}) SELECT {values} "  # noqa: S608
            "FROM publishing_pin p, generate_series(1, %(count)s) n WHERE p.id = %(sample)s",
            {
                "boards": [board.pk for board in boards],
                "connections": [board.connection_id for board in boards],
                "count_of_boards": len(boards),
                "count": count - 1,
                "sample": sample.pk,
                "apart": apart,
            },
        )


def connect(
    workspace: Workspace, owner: User, *, account: Account, access: str, refresh: str
) -> Connection:
    return connect_account(
        workspace=workspace,
        by=owner,
        account=account,
        grant=TokenGrant(
            access_token=access,
            refresh_token=refresh,
            expires_in=2_592_000,
            refresh_token_expires_in=5_184_000,
            scopes=frozenset(PUBLISHING),
        ),
        now=datetime.now(UTC),
    ).connection
