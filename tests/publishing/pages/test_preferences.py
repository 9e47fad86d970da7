"""The workspace's publishing preferences: what they are, who may change them."""

import pytest

from publishing.models import PublishingPreferences
from publishing.pins.selectors.preferences import preferences_of

pytestmark = pytest.mark.django_db


def test_a_workspace_that_has_chosen_nothing_has_the_defaults(workspace):
    found = preferences_of(workspace)
    assert (found.late_way, found.late_spacing_minutes, found.late_hold_hours) == ("spread", 10, 24)
    assert (found.missing_time, found.doubled_time) == ("later", "first")
    assert (found.repeat_days, found.board_interval_hours, found.alarm_mails) == (7, 24, True)
    assert PublishingPreferences.objects.count() == 0


def test_a_workspace_has_its_own_preferences(workspace, stranger):
    elsewhere = stranger.memberships.get().workspace
    PublishingPreferences.objects.create(workspace=elsewhere, repeat_days=1)
    PublishingPreferences.objects.create(workspace=workspace, repeat_days=30)
    assert preferences_of(workspace).repeat_days == 30


WISHES = {
    "late_way": "now",
    "late_spacing_minutes": "15",
    "late_hold_hours": "",
    "missing_time": "skip",
    "doubled_time": "second",
    "repeat_days": "0",
    "board_interval_hours": "48",
}


def test_an_owner_changes_them(sign_in, owner, workspace):
    browser = sign_in(owner)
    assert browser.get("/pins/preferences/").context["form"]["repeat_days"].value() == 7
    answer = browser.post("/pins/preferences/", WISHES)
    assert (answer.status_code, answer["Location"]) == (302, "/pins/preferences/")
    found = PublishingPreferences.objects.get(workspace=workspace)
    assert (found.late_way, found.late_spacing_minutes, found.late_hold_hours) == ("now", 15, None)
    assert (found.missing_time, found.doubled_time) == ("skip", "second")
    assert (found.repeat_days, found.board_interval_hours, found.alarm_mails) == (0, 48, False)


def test_an_owner_changes_only_their_own_workspace(sign_in, owner, stranger):
    elsewhere = stranger.memberships.get().workspace
    sign_in(owner).post("/pins/preferences/", {**WISHES, "workspace": str(elsewhere.pk)})
    assert not PublishingPreferences.objects.filter(workspace=elsewhere).exists()


@pytest.mark.parametrize("who", ["editor", "viewer"])
def test_others_see_them_and_cannot_change_them(sign_in, who, request, workspace):
    PublishingPreferences.objects.create(workspace=workspace, late_hold_hours=None)
    browser = sign_in(request.getfixturevalue(who))
    page = browser.get("/pins/preferences/")
    assert page.context["form"] is None
    facts = {f["label"]: f["text"] for part in page.context["parts"] for f in part["facts"]}
    assert facts["Pins that missed their time"] == "Spread them from now on"
    assert facts["Hours after which a late Pin needs approval"] == "Never"
    assert facts["Mail the owners when Pins don’t go out"] == "Yes"
    assert browser.post("/pins/preferences/", WISHES).status_code == 403
    assert PublishingPreferences.objects.get().late_way == "spread"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"late_spacing_minutes": "0"}, "Give 1 or more minutes."),
        ({"late_spacing_minutes": "99999"}, "Give 10,080 or fewer minutes."),
        ({"late_hold_hours": "-1"}, "Give 1 or more hours."),
        ({"late_hold_hours": "1.5"}, "Give a whole number of hours."),
        ({"repeat_days": ""}, "Give a number of days."),
    ],
)
def test_a_number_that_makes_no_sense_is_told_beside_its_field(sign_in, owner, wish, told):
    page = sign_in(owner).post("/pins/preferences/", {**WISHES, **wish})
    assert page.status_code == 422
    assert page.context["form"].errors == {next(iter(wish)): [told]}
    assert told in page.content.decode()
    assert not PublishingPreferences.objects.exists()


def test_a_choice_that_is_none_is_refused(sign_in, owner):
    page = sign_in(owner).post("/pins/preferences/", {**WISHES, "late_way": "never"})
    assert list(page.context["form"].errors) == ["late_way"]


def test_the_page_is_linked_from_pins_and_workspace(sign_in, viewer):
    browser = sign_in(viewer)
    for path in ("/pins/", "/workspace/"):
        assert 'href="/pins/preferences/"' in browser.get(path).content.decode()


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get("/pins/preferences/")["Location"].startswith("/accounts/login/")
