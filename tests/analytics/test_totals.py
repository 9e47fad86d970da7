"""The dashboard's figures: all accounts of the workspace, thirty days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Connection, Succession
from analytics.services.watching import watch
from analytics.views.total_facts import total_facts
from pinterest.figures import Filters
from tests.analytics.conftest import NOON, keep, lost_account
from tests.analytics.test_page import put

pytestmark = pytest.mark.django_db


def shown(visitor):
    return [(each["value"], each["note"]) for each in visitor.get("/").context["figures"]]


def test_they_are_sums_of_all_accounts_beside_the_days_before(
    sign_in, viewer, workspace, series, connection, owner
):
    visitor = sign_in(viewer)
    assert shown(visitor) == []
    put(series, 33, impression=100, save_count=4)
    put(series, 3, impression=150, save_count=3)
    put(series, 70, impression=9_999)
    other = keep(workspace, "42", "other")
    put(other, 5, impression=50)
    paid = watch(connection=connection, filters=Filters(content_type="PAID"), by=owner, now=NOON)
    put(paid, 3, impression=9_999)
    known = "to the 30 days before, by settled days."
    assert shown(visitor) == [("200", f"+50% {known}"), ("3", f"-25% {known}"), ("–", "")]
    # What one account tells of a day says nothing of another's.
    put(series, 35, impression=9_999)
    assert shown(visitor)[0] == ("200", f"+50% {known}")


def test_accounts_read_as_one_count_once_as_on_the_page_of_analytics(
    sign_in, viewer, workspace, series, connection
):
    earlier = lost_account(workspace)
    before = keep(workspace, "42", "old-studio")
    put(before, 6, impression=10)
    put(before, 2, impression=9_999)
    put(series, 6, impression=9_999)
    put(series, 4, impression=30)
    put(series, 2, impression=5)
    Succession.objects.create(
        workspace=workspace,
        earlier=earlier,
        later=connection,
        asked_at=NOON - timedelta(days=4),
        merges_history=True,
        history_decided_at=NOON,
    )
    visitor = sign_in(viewer)
    page = visitor.get(f"/analytics/?account={series.account_id}&days=30")
    assert page.context["figures"][0]["value"] == "45"
    assert shown(visitor)[0][0] == "45"


def test_an_account_that_two_have_followed_counts_once(workspace, series, connection):
    earlier = lost_account(workspace)
    third = Connection.objects.create(
        workspace=workspace, pinterest_id="43", username="third", status=earlier.status
    )
    for number, later in enumerate((connection, third)):
        Succession.objects.create(
            workspace=workspace,
            earlier=earlier,
            later=later,
            asked_at=NOON - timedelta(days=4 - number),
            merges_history=True,
            history_decided_at=NOON,
        )
    put(keep(workspace, "42", "old-studio"), 20, impression=100)
    put(series, 2, impression=1)
    put(keep(workspace, "43", "third"), 2, impression=1)
    assert total_facts(workspace, now=NOON)[0]["value"] == "102"


def test_other_workspaces_have_their_own(sign_in, stranger, series):
    put(series, 1, impression=150)
    assert shown(sign_in(stranger)) == []


@pytest.mark.parametrize(("accounts", "days"), [(1, 1), (1, 60), (9, 20)])
def test_they_take_four_queries_however_many_accounts_and_days(
    workspace, series, accounts, days, django_assert_num_queries
):
    all_series = [series, *(keep(workspace, str(n), f"u{n}") for n in range(1, accounts))]
    for each in all_series:
        for ago in range(days):
            put(each, ago, impression=1)
    with django_assert_num_queries(4):
        facts = total_facts(workspace, now=NOON)
    assert facts[0]["value"] == str(min(days, 30) * accounts)
