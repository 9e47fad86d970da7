"""A wire that can be listened to, and crowds of due Pins."""

import itertools
import json

import pytest
from requests.adapters import BaseAdapter

from accounts import wire
from publishing.choices.statuses import PinStatus
from publishing.models import Board, Pin
from sandbox.adapter import SandboxAdapter
from tests.conftest import SANDBOX


class Recorder(BaseAdapter):
    """Keeps the bodies that pass, and lets a test look around while a request is on its way."""

    def __init__(self, inner, during=None):
        super().__init__()
        self.inner, self.during, self.bodies = inner, during, []

    def send(self, request, **options):
        if request.method == "POST" and request.url.endswith("/v5/pins"):
            self.bodies.append(json.loads(request.body))
            if self.during:
                self.during()
        return self.inner.send(request, **options)

    def close(self):
        pass


@pytest.fixture
def record(sandbox):
    def recording(during=None):
        recorder = Recorder(SandboxAdapter(sandbox), during)
        wire.pinterest_session().mount(SANDBOX, recorder)
        return recorder

    return recording


@pytest.fixture
def crowd(sandbox, connect, workspace, owner, media, now):
    """Writes due Pins for new accounts: `each` for each of their boards, all at `at` (now)."""
    numbers = itertools.count(1)

    def written(*, accounts, boards, each=1, at=None):
        pins = []
        for _ in range(accounts):
            account = sandbox.add_account(f"account-{next(numbers)}", name="One of many")
            connection = connect(workspace, account, by=owner)
            places = [
                Board.objects.create(
                    connection=connection,
                    pinterest_id=sandbox.add_board(account, f"Board {n}").id,
                    name=f"Board {n}",
                )
                for n in range(boards)
            ]
            pins += [
                Pin(
                    workspace=workspace,
                    connection=connection,
                    board=board,
                    media=media,
                    title=f"{board.name}, {n}",
                    status=PinStatus.SCHEDULED,
                    scheduled_at=now,
                    due_at=now,
                )
                for n in range(each)
                for board in places
            ]
        for pin, moment in zip(pins, at or [], strict=False):
            pin.scheduled_at = pin.due_at = moment
        return Pin.objects.bulk_create(pins)

    return written
