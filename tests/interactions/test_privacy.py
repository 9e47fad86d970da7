"""Taking away and erasing what is kept of a site."""

from __future__ import annotations

import json

import pytest

from interactions.models import Entity, Evidence, Interaction
from tests.interactions.asking import beacon, fetch, tell
from tests.interactions.test_results import interaction

pytestmark = pytest.mark.django_db


def test_an_owner_takes_everything_away(sign_in, owner, site, entity, page_token):
    """T29: nobody's address, no secret."""
    told = beacon(site, entity, page_token)
    tell(told, REMOTE_ADDR="203.0.113.77")
    fetch(f"{page_token}.{told['nonce']}")
    answer = sign_in(owner).get(f"/interactions/sites/{site.key}/data/export.ndjson")
    text = b"".join(answer.streaming_content).decode()
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["kind"] for record in records] == ["site", "entity", "interaction"]
    assert [row["kind"] for row in records[2]["evidence"]] == ["click", "crawler_fetch"]
    assert records[2]["level"] == "claimed"
    for secret in ("203.0.113.77", owner.email, site.signing_keys.get().secret_sealed):
        assert secret not in text


def test_an_owner_erases_after_typing_the_name(sign_in, owner, site, entity, now):
    interaction(site, entity, "click", "crawler_fetch", at=now)
    visitor, path = sign_in(owner), f"/interactions/sites/{site.key}/data/"
    assert visitor.post(path, {"name": "clay"}).status_code == 422
    assert Interaction.objects.count() == 1
    assert visitor.post(path, {"name": "Clay shop"}).status_code == 302
    assert (Interaction.objects.count(), Evidence.objects.count()) == (0, 0)
    assert Entity.objects.count() == 1


def test_nobody_else_does(sign_in, editor, stranger, site):
    path = f"/interactions/sites/{site.key}/data/"
    assert sign_in(editor).post(path, {"name": "Clay shop"}).status_code == 403
    assert sign_in(editor).get(f"{path}export.ndjson").status_code == 403
    assert sign_in(stranger).get(f"{path}export.ndjson").status_code == 404
