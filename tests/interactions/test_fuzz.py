"""Nothing damaged, however, breaks a door or raises a level."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from interactions.models import Interaction
from interactions.services.spool import spool
from tests.interactions.asking import (
    CRAWLER,
    DoorClient,
    beacon,
    tell,
)

pytestmark = pytest.mark.django_db


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=300), at=st.integers(0, 120), cut=st.integers(0, 40))
def test_no_token_however_damaged_breaks_anything(media_token, entity, text, at, cut):
    """Fuzz: a picture always, and never a level without the very token."""
    token = media_token[:at] + text + media_token[at + cut :]
    answer = DoorClient().get(
        "/interactions/verify/pinit/" + token.replace("?", "").replace("#", ""),
        headers={"User-Agent": CRAWLER},
    )
    assert answer.status_code == 200
    spool.drain()
    made = set(Interaction.objects.values_list("page", flat=True))
    assert made <= {"home"}
    assert Interaction.objects.filter(level__gt=3).count() == 0


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=8,
)


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    change=st.dictionaries(
        st.sampled_from(
            ["site", "entity", "token", "nonce", "landing", "page_url", "trusted", "action", "x"]
        ),
        _json,
        max_size=4,
    )
)
def test_no_beacon_however_damaged_breaks_anything(site, entity, page_token, change):
    """Fuzz: a clear answer always, and never more than a click."""
    told = json.dumps({**beacon(site, entity, page_token), **change})
    answer = tell(told)
    assert answer.status_code in (200, 201, 403, 413, 422, 429)
    assert answer.json()
    assert Interaction.objects.filter(level__gt=1).count() == 0
