"""The inbox in the app: its bell, its list, and the choice of mails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mailing, Membership, Notification
from accounts.notifications.kinds import all_kinds
from accounts.notifications.own_kinds import ACCOUNT_LOST
from accounts.selectors.notifications import mails_wanted
from publishing.pins.notifications import PIN_HELD, PUBLISHING_STOPPED
from tests.accounts.notices import NOW, happen

pytestmark = pytest.mark.django_db


def titles(answer) -> list[str]:
    return [entry["title"] for entry in answer.context["entries"]]


def test_the_list_tells_what_happened_the_newest_first(workspace, owner, sign_in) -> None:
    now = timezone.now()
    happen(workspace, count=7, at=now - timedelta(hours=3))
    happen(workspace, kind=PUBLISHING_STOPPED, name="", place=[], planned_at=None, at=now)
    answer = sign_in(owner).get("/notifications/")
    assert titles(answer) == ["Publishing is stopped", "7 Pins were not published"]
    stop, pins = answer.context["entries"]
    assert (stop["lines"], stop["text"]) == ([], "Pinterest said no. Change it.")
    assert (len(pins["lines"]), pins["more"]) == (5, 2)
    page = answer.content.decode()
    assert "planned for Mon 16 Mar 2026, 10:30" in page
    assert "and 2 more" in page


def test_what_differs_is_said_of_each(workspace, owner, sign_in) -> None:
    now = timezone.now()
    happen(workspace, problem="The board is gone.", at=now)
    happen(workspace, problem="The picture is too small.", at=now)
    (entry,) = sign_in(owner).get("/notifications/").context["entries"]
    assert entry["text"] == ""
    assert {line.text for line in entry["lines"]} == {
        "The board is gone. Change it.",
        "The picture is too small. Change it.",
    }


def test_an_inbox_is_its_persons(workspace, owner, editor, viewer, sign_in) -> None:
    happen(workspace, concerns=editor)
    entry = Notification.objects.get(user=editor)
    assert titles(sign_in(viewer).get("/notifications/")) == []
    assert sign_in(owner).post(f"/notifications/{entry.pk}/read/").status_code == 404
    entry.refresh_from_db()
    assert entry.read_at is None


def test_what_is_read_counts_no_more(workspace, owner, sign_in) -> None:
    now = timezone.now()
    happen(workspace, at=now)
    happen(workspace, kind=ACCOUNT_LOST, at=now)
    browser = sign_in(owner)
    page = browser.get("/notifications/")
    assert page.context["bell"]["label"] == "Notifications, 2 unread"
    first, _ = page.context["entries"]
    browser.post(first["read_url"])
    page = browser.get("/notifications/?show=unread")
    assert (page.context["bell"]["unread"], len(titles(page))) == ("1", 1)
    browser.post("/notifications/read/", {"until": page.context["until"]})
    page = browser.get("/notifications/?show=unread")
    assert (page.context["bell"]["label"], titles(page)) == ("Notifications", [])
    assert "No notification is like that." in page.content.decode()
    assert len(titles(browser.get("/notifications/"))) == 2


def test_what_came_after_the_page_was_made_stays_unread(workspace, owner, sign_in) -> None:
    browser = sign_in(owner)
    until = browser.get("/notifications/").context["until"]
    happen(workspace, at=timezone.now())
    browser.post("/notifications/read/", {"until": until})
    assert Notification.objects.get().read_at is None
    for junk in ("", "yesterday", "2026-13-45", "2026-03-16T10:00"):
        assert browser.post("/notifications/read/", {"until": junk}).status_code == 302


def test_the_list_is_narrowed_to_a_kind(workspace, owner, sign_in) -> None:
    happen(workspace)
    happen(workspace, kind=PIN_HELD)
    browser = sign_in(owner)
    page = browser.get("/notifications/?kind=pin_held")
    assert titles(page) == ["A Pin was put on hold"]
    assert [kind["code"] for kind in page.context["kinds"]] == ["pin_failed", "pin_held"]
    assert len(titles(browser.get("/notifications/?kind=moon"))) == 2


def test_opening_an_entry_of_many_leads_to_the_list(workspace, owner, sign_in) -> None:
    happen(workspace, count=3)
    entry = Notification.objects.get()
    answer = sign_in(owner).get(f"/notifications/{entry.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/pins/?show=stopped")
    entry.refresh_from_db()
    assert entry.read_at is not None


def test_a_kind_that_is_known_no_more_is_shown_without_a_way(workspace, owner, sign_in) -> None:
    now = timezone.now()
    entry = Notification.objects.create(
        user=owner, workspace=workspace, kind="moon_landed", count=1, first_at=now, last_at=now
    )
    browser = sign_in(owner)
    assert titles(browser.get("/notifications/")) == ["Something happened"]
    assert browser.get(f"/notifications/{entry.pk}/").status_code == 404


def test_who_left_the_workspace_reaches_nothing_there(workspace, owner, editor, sign_in) -> None:
    happen(workspace, concerns=editor)
    entry = Notification.objects.get(user=editor)
    Membership.objects.filter(user=editor).delete()
    browser = sign_in(editor)
    assert browser.get(f"/notifications/{entry.pk}/").status_code == 404
    assert browser.get(f"/notifications/settings/{workspace.pk}/").status_code == 404
    assert titles(browser.get("/notifications/")) == []


def test_the_bell_counts_each_workspace_by_itself(workspace, owner, stranger, sign_in) -> None:
    other = stranger.memberships.get().workspace
    Membership.objects.create(workspace=other, user=owner, role="owner")
    happen(other)
    page = sign_in(owner).get("/workspace/")
    assert page.context["bell"]["unread"] == ""
    assert [each["unread"] for each in page.context["workspaces"]] == ["", "1"]


@pytest.mark.parametrize(("entries", "events"), [(0, 0), (1, 1), (45, 30)])
def test_the_list_takes_a_fixed_number_of_queries(
    workspace, owner, sign_in, django_assert_num_queries, entries: int, events: int
) -> None:
    kinds = all_kinds()
    now = timezone.now()
    for number in range(entries):
        at = now - timedelta(hours=2 * number)
        happen(workspace, kind=kinds[number % len(kinds)], count=events, concerns=owner, at=at)
    browser = sign_in(owner)
    with django_assert_num_queries(11 if entries else 9):
        browser.get("/notifications/")


@pytest.mark.parametrize("entries", [0, 40])
def test_the_bell_costs_no_query_of_its_own(
    workspace, owner, sign_in, django_assert_num_queries, entries: int
) -> None:
    for number in range(entries):
        happen(workspace, at=NOW + timedelta(hours=2 * number))
    browser = sign_in(owner)
    with django_assert_num_queries(5):
        browser.get("/accounts/profile/")


# What is mailed


def test_a_person_chooses_what_is_mailed_for_one_workspace(
    workspace, owner, editor, sign_in
) -> None:
    url = f"/notifications/settings/{workspace.pk}/"
    browser = sign_in(owner)
    page = browser.get(url)
    assert page.context["form"]["wanted"].value() is True
    assert page.context["form"]["pin_failed"].value() is True
    assert page.context["form"]["pin_gone"].value() is False
    browser.post(url, {"wanted": "on", "pin_gone": "on"})
    wanted, kinds = mails_wanted(user=owner, workspace=workspace)
    assert (wanted, [code for code, by_mail in kinds.items() if by_mail]) == (True, ["pin_gone"])
    assert mails_wanted(user=editor, workspace=workspace)[1]["pin_failed"]
    browser.post(url)
    assert Mailing.objects.get().wanted is False
