"""The dashboard's figures: all connected accounts of the workspace, thirty days."""

from __future__ import annotations

import pytest

from accounts.models import Connection, ConnectionStatus
from accounts.spans import days_until
from analytics.selectors.totals import totals_of
from analytics.services.watching import USUAL, watch
from pinterest.figures import Filters
from tests.analytics.conftest import NOON, TODAY, keep
from tests.analytics.test_page import put

pytestmark = pytest.mark.django_db


def shown(visitor):
    return [(each["value"], each["note"]) for each in visitor.get("/").context["figures"]]


def test_they_are_sums_of_connected_accounts_beside_the_days_before(
    sign_in, viewer, workspace, series, connection, owner
):
    visitor = sign_in(viewer)
    assert shown(visitor) == []
    put(series, 40, impression=100, save_count=4)
    put(series, 1, impression=150, save_count=3)
    put(series, 70, impression=9_999)
    put(keep(workspace, "42", "gone"), 1, impression=9_999)
    paid = watch(connection=connection, filters=Filters(content_type="PAID"), by=owner, now=NOON)
    put(paid, 1, impression=9_999)
    assert shown(visitor) == [
        ("150", "+50% to the 30 days before."),
        ("3", "-25% to the 30 days before."),
        ("–", ""),
    ]
    put(series, 2, impression=50)
    assert shown(visitor)[0] == ("200", ""), "fewer of the days before are known"
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING, lost_reason="Gone.")
    assert shown(visitor) == []


def test_other_workspaces_have_their_own(sign_in, stranger, series):
    put(series, 1, impression=150)
    assert shown(sign_in(stranger)) == []


@pytest.mark.parametrize("days", [1, 60])
def test_they_are_one_query_however_many_days(workspace, series, days, django_assert_num_queries):
    for ago in range(days):
        put(series, ago, impression=1)
    with django_assert_num_queries(1):
        totals = totals_of(
            workspace, days_until(TODAY, days=30), filters=USUAL, counts=("impression",)
        )
    assert totals["impression"].now == min(days, 30)
