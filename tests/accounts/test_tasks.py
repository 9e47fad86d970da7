"""Work that nobody waits for: only what is due, and one failure is nobody else's."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import tasks
from accounts.models import Connection, ConnectionStatus
from accounts.services.connections import disconnect_account
from pinapp.celery import app
from sandbox.faults import Fault


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """Tasks run where they are handed out."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def several(connect, workspace, owner, sandbox) -> list[Connection]:
    """Four connected accounts."""
    names = ["clay", "tiles", "glass", "paper"]
    return [connect(workspace, sandbox.add_account(name)) for name in names]


def set_expiry(connection: Connection, **span: float) -> None:
    Connection.objects.filter(pk=connection.pk).update(
        access_expires_at=timezone.now() + timedelta(**span)
    )


def renewed(several: list[Connection]) -> list[str]:
    before = {each.pk: each.tokens_renewed_at for each in several}
    return [
        each.username
        for each in Connection.objects.order_by("connected_at")
        if each.tokens_renewed_at != before[each.pk]
    ]


def test_only_tokens_in_their_last_week_are_renewed(several, sandbox) -> None:
    set_expiry(several[0], days=7, hours=1)
    set_expiry(several[1], days=6, hours=23)
    set_expiry(several[2], days=-1)
    tasks.renew_ageing_tokens()
    assert renewed(several) == ["tiles", "glass"]


def test_accounts_that_are_not_connected_are_left_alone(several, owner, sandbox) -> None:
    for each in several:
        set_expiry(each, days=1)
    disconnect_account(connection=several[0], by=owner)
    Connection.objects.filter(pk=several[1].pk).update(status=ConnectionStatus.NEEDS_RECONNECTING)
    tasks.renew_ageing_tokens()
    assert renewed(several) == ["glass", "paper"]


def test_one_lost_account_does_not_keep_the_others_waiting(several, sandbox) -> None:
    for number, each in enumerate(several):
        set_expiry(each, days=number)
    sandbox.kill_tokens("clay")
    sandbox.arm(Fault(route="POST /v5/oauth/token", kind="status", status=503, account="tiles"))
    tasks.renew_ageing_tokens()
    assert renewed(several) == ["glass", "paper"]
    states = Connection.objects.order_by("connected_at").values_list("username", "status")
    assert list(states) == [
        ("clay", "needs_reconnecting"),
        ("tiles", "active"),
        ("glass", "active"),
        ("paper", "active"),
    ]


def test_tokens_that_cannot_be_opened_do_not_keep_the_others_waiting(several) -> None:
    for each in several:
        set_expiry(each, days=1)
    Connection.objects.filter(pk=several[0].pk).update(access_token_sealed="v1.00000000.lost")
    tasks.renew_ageing_tokens()
    assert renewed(several) == ["tiles", "glass", "paper"]


def test_profiles_are_read_again_after_a_day(several, sandbox) -> None:
    day_ago = timezone.now() - timedelta(days=1)
    for number, each in enumerate(several):
        read_at = day_ago + timedelta(minutes=number - 1.5)
        Connection.objects.filter(pk=each.pk).update(profile_refreshed_at=read_at)
    for account in sandbox.records.accounts.values():
        account.name = f"New {account.username}"
    sandbox.arm(Fault(route="GET /v5/user_account", kind="drop"))
    tasks.refresh_profiles()
    names = Connection.objects.order_by("connected_at").values_list("display_name", flat=True)
    assert list(names) == ["clay", "New tiles", "glass", "paper"]
