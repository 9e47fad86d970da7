"""Pins found at Pinterest through a connected account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.services.tokens import call_pinterest
from interactions.models import Evidence, Interaction
from interactions.policy.marks import mark_in
from interactions.policy.nonces import read_nonce
from interactions.selectors.confirming import workspaces_to_confirm
from interactions.services.attaching import look_at_told_pin
from interactions.services.confirming import confirm_workspace
from pinterest.types import ImageBytes, PinDraft
from sandbox.faults import Fault
from tests import factories
from tests.interactions.asking import PROXY, beacon, fetch, new_nonce, tell
from tests.interactions.conftest import SHOP

pytestmark = pytest.mark.django_db


@pytest.fixture
def fetched(site, entity, page_token):
    """A clicked and fetched interaction, and the mark in its Pin's link."""
    mark = new_nonce()
    told = beacon(site, entity, page_token, landing=mark)
    tell(told)
    fetch(f"{page_token}.{told['nonce']}")
    return Interaction.objects.get(), mark


def pin_it(connection, sandbox, link):
    """Make a Pin at Pinterest that leads to `link`."""
    board = next(each for each in sandbox.records.boards.values() if each.name == "Bowls")
    draft = PinDraft(
        board_id=board.id,
        title="Bowl",
        link=link,
        media=ImageBytes(content_type="image/jpeg", data=factories.picture((600, 900))),
    )
    return call_pinterest(
        connection_id=connection.pk,
        now=datetime.now(UTC),
        call=lambda client: client.create_pin(draft),
    )


def test_a_click_that_was_only_previewed_is_looked_for_too(
    site, entity, page_token, workspace, now
):
    """A save may not fetch again what the preview has."""
    told = beacon(site, entity, page_token, landing=new_nonce())
    tell(told)
    assert workspaces_to_confirm(since=now - timedelta(days=1)) == []
    fetch(f"{page_token}.{told['nonce']}", agent=PROXY)
    assert workspaces_to_confirm(since=now - timedelta(days=1)) == [str(workspace.pk)]


def test_a_pin_of_a_connected_account_confirms_it(fetched, connection, sandbox, workspace, now):
    interaction, mark = fetched
    assert workspaces_to_confirm(since=now - timedelta(days=1)) == [str(workspace.pk)]
    pin_it(connection, sandbox, f"{SHOP}/other")
    assert confirm_workspace(workspace=workspace, now=now) == 0
    pin = pin_it(connection, sandbox, f"{SHOP}/bowl?pin={mark}")
    assert confirm_workspace(workspace=workspace, now=now) == 1
    interaction.refresh_from_db()
    found = Evidence.objects.get(kind="pin_found")
    assert (interaction.level, interaction.confirmed_at, found.detail) == (6, now, pin.id)
    assert confirm_workspace(workspace=workspace, now=now) == 0
    assert workspaces_to_confirm(since=now - timedelta(days=1)) == []


def test_pins_that_can_not_be_read_are_no_evidence(fetched, connection, sandbox, workspace, now):
    _, mark = fetched
    pin_it(connection, sandbox, f"{SHOP}/bowl?pin={mark}")
    sandbox.arm(Fault(route="GET /v5/pins", kind="status", status=500, times=1))
    assert confirm_workspace(workspace=workspace, now=now) == 0
    assert confirm_workspace(workspace=workspace, now=now) == 1


def test_a_pin_that_somebody_told_is_asked_for(fetched, connection, sandbox, now):
    """Its link must have the mark of this very click."""
    interaction, mark = fetched
    look = {"interaction_id": interaction.pk, "now": now}
    other = pin_it(connection, sandbox, f"{SHOP}/bowl?pin={new_nonce()}")
    assert look_at_told_pin(pin_id=other.id, **look) is False
    assert look_at_told_pin(pin_id="99999999", **look) is False
    pin = pin_it(connection, sandbox, f"{SHOP}/bowl?pin={mark}")
    assert look_at_told_pin(pin_id=pin.id, **look) is True
    interaction.refresh_from_db()
    assert interaction.level == 6


def test_another_workspace_s_account_confirms_nothing(fetched, connection, sandbox, now):
    """T26."""
    _, mark = fetched
    pin_it(connection, sandbox, f"{SHOP}/bowl?pin={mark}")
    assert confirm_workspace(workspace=factories.WorkspaceFactory(), now=now) == 0


@pytest.mark.parametrize(
    ("link", "mark"),
    [
        (f"{SHOP}/bowl?a=1&pin={'A' * 22}#x", "A" * 22),
        (f"{SHOP}/bowl?pin={'A' * 21}", None),
        (f"{SHOP}/bowl?pin={'A' * 22}&pin={'A' * 22}", None),
        (f"{SHOP}/bowl", None),
        ("https://[", None),
        ("", None),
        (None, None),
    ],
)
def test_a_mark_is_read_from_a_link(link, mark):
    assert mark_in(link) == (read_nonce(mark) if mark else None)
