"""Pins on hold: their page, and the three answers people give to many at a time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Connection
from publishing.delivery.services.claims import HELD_TEXT, claim_due
from publishing.holds.policy.late_times import spaced_times
from publishing.holds.services import holds
from publishing.holds.services.holds import HeldAnswer
from publishing.models import Board, Pin, PinEvent
from publishing.schedule.views.repeat_text import IF_MEANT

pytestmark = pytest.mark.django_db
LOST = {"status": "needs_reconnecting"}


def told(response):
    return [(each.level_tag, str(each)) for each in get_messages(response.wsgi_request)]


@pytest.fixture
def edda(editor, sign_in):
    return sign_in(editor)


@pytest.fixture
def other(connect, workspace, owner, sandbox):
    """Another account of the workspace, with a board."""
    account = sandbox.add_account("glass-house", name="Glass House")
    connection = connect(workspace, account, by=owner)
    board = Board.objects.create(connection=connection, pinterest_id="77", name="Jars")
    return {"connection": connection, "board": board}


@pytest.fixture
def hold(put, now):
    """Puts a Pin on hold that was planned `minutes` ago."""

    def held_pin(title="A bowl", *, minutes=0, reason="account", **content):
        return put(
            "held",
            title=title,
            held_reason=reason,
            scheduled_at=now - timedelta(minutes=minutes),
            problem=HELD_TEXT if reason == "account" else "",
            content=content,
        )

    return held_pin


def state(*pins):
    rows = {pin.pk: pin for pin in Pin.objects.filter(pk__in=[each.pk for each in pins])}
    return [(rows[pin.pk].status, rows[pin.pk].scheduled_at) for pin in pins]


def history(pin):
    return list(PinEvent.objects.filter(pin=pin).order_by("pk").values_list("kind", "actor"))


# The times


def test_times_follow_each_other_from_the_start_on():
    start = datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert spaced_times(start, step=timedelta(minutes=30), count=3) == [
        datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 26, 10, 0, tzinfo=UTC),
    ]
    assert spaced_times(start, step=timedelta(minutes=30), count=0) == []


# The answers


def test_publishing_makes_them_due_at_once_in_the_order_of_their_plan(workspace, owner, hold, now):
    late, early = hold("Late", minutes=1), hold("Early", minutes=9)
    done = holds.publish_held(workspace=workspace, pin_ids=[late.pk, early.pk], by=owner, now=now)
    assert done == HeldAnswer(done=2)
    assert state(early, late) == [
        ("scheduled", now),
        ("scheduled", now + timedelta(milliseconds=1)),
    ]
    early.refresh_from_db()
    assert (early.due_at, early.held_reason, early.problem, early.remedy) == (now, "", "", "")
    assert history(early)[1:] == [("released", owner.pk)]
    soon = now + timedelta(seconds=1)
    assert claim_due(now=soon, limit=9) == [str(early.pk)]


def test_spacing_gives_them_times_in_the_order_of_their_plan(workspace, owner, hold, now):
    pins = [hold(f"Pin {n}", minutes=n) for n in (1, 3, 2)]
    start = now + timedelta(days=1)
    done = holds.space_held(
        workspace=workspace,
        pin_ids=[pin.pk for pin in pins],
        by=owner,
        start=start,
        step=timedelta(minutes=45),
        zone="Europe/Paris",
        now=now,
    )
    assert done == HeldAnswer(done=3)
    assert [at - start for _, at in state(*pins)] == [
        timedelta(minutes=90),
        timedelta(0),
        timedelta(minutes=45),
    ]
    first = Pin.objects.get(pk=pins[1].pk)
    assert (first.due_at, first.time_zone, first.slot_at) == (start, "Europe/Paris", None)
    assert history(first)[1:] == [("spaced", owner.pk)]


def test_dropping_makes_them_drafts_that_keep_what_they_show(workspace, owner, hold, now):
    pin = hold("Kept")
    Pin.objects.filter(pk=pin.pk).update(slot_at=now)
    done = holds.drop_held(workspace=workspace, pin_ids=[pin.pk], by=owner, now=now)
    assert done == HeldAnswer(done=1)
    pin.refresh_from_db()
    assert (pin.status, pin.scheduled_at, pin.due_at, pin.slot_at) == ("draft", None, None, None)
    assert (pin.title, pin.held_reason, pin.problem) == ("Kept", "", "")
    assert history(pin)[1:] == [("unplanned", owner.pk)]


def test_pins_of_an_account_that_is_not_connected_can_only_be_dropped(
    workspace, owner, hold, other, now
):
    mine, theirs = hold("Mine"), hold("Theirs", **other)
    Connection.objects.filter(pk=other["connection"].pk).update(**LOST)
    ids = [mine.pk, theirs.pk]
    done = holds.publish_held(workspace=workspace, pin_ids=ids, by=owner, now=now)
    assert done == HeldAnswer(done=1, not_connected={"@glass-house": 1})
    assert [status for status, _ in state(mine, theirs)] == ["scheduled", "held"]
    spaced = holds.space_held(
        workspace=workspace,
        pin_ids=[theirs.pk],
        by=owner,
        start=now,
        step=timedelta(minutes=1),
        zone="UTC",
        now=now,
    )
    assert spaced == HeldAnswer(not_connected={"@glass-house": 1})
    assert history(theirs)[1:] == []
    dropped = holds.drop_held(workspace=workspace, pin_ids=[theirs.pk], by=owner, now=now)
    assert dropped == HeldAnswer(done=1)


def test_what_lacks_a_part_or_was_moved_on_is_left_out_and_counted(workspace, owner, hold, now):
    bare = Pin.objects.create(workspace=workspace, status="held", held_reason="person")
    moved, ready = hold("Moved"), hold("Ready")
    Pin.objects.filter(pk=moved.pk).update(status="draft", held_reason="")
    ids = [bare.pk, moved.pk, ready.pk, ready.pk, uuid4()]
    done = holds.publish_held(workspace=workspace, pin_ids=ids, by=owner, now=now)
    assert done == HeldAnswer(done=1, incomplete=1, moved_on=2)
    assert [status for status, _ in state(bare, moved, ready)] == ["held", "draft", "scheduled"]


def test_pins_of_another_workspace_are_never_touched(stranger, hold, now):
    pin = hold()
    elsewhere = stranger.memberships.get().workspace
    for answer in (holds.publish_held, holds.drop_held):
        done = answer(workspace=elsewhere, pin_ids=[pin.pk], by=stranger, now=now)
        assert done == HeldAnswer(moved_on=1)
    assert state(pin)[0][0] == "held"


def test_450_pins_are_spaced_in_a_handful_of_statements(
    workspace, owner, hold, now, django_assert_max_num_queries
):
    first = hold()
    Pin.objects.bulk_create(
        Pin(
            workspace=workspace,
            connection=first.connection,
            board=first.board,
            media=first.media,
            status="held",
            held_reason="account",
            scheduled_at=now + timedelta(minutes=number),
        )
        for number in range(1, 450)
    )
    ids = list(Pin.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(9):
        done = holds.space_held(
            workspace=workspace,
            pin_ids=ids,
            by=owner,
            start=now,
            step=timedelta(minutes=2),
            zone="UTC",
            now=now,
        )
    assert done.done == 450
    times = list(Pin.objects.order_by("scheduled_at").values_list("scheduled_at", flat=True))
    assert times == [now + timedelta(minutes=2 * number) for number in range(450)]


# The page


def groups(page):
    return [
        (group["title"], group["count"], [pin["title"] for pin in group["pins"]])
        for group in page.context["groups"]
    ]


def test_the_page_groups_by_reason_and_account(sign_in, viewer, hold, other):
    hold("Second", minutes=1)
    hold("First", minutes=2)
    hold("Glass", **other)
    hold("Old", reason="late")
    hold("Stopped", reason="person")
    hold("Doubtful", reason="spam")
    Connection.objects.filter(pk=other["connection"].pk).update(**LOST)
    page = sign_in(viewer).get(reverse("held_pins"))
    assert groups(page) == [
        ("Waited for @clay-studio", 2, ["First", "Second"]),
        ("@glass-house is not connected", 1, ["Glass"]),
        ("Missed its time · @clay-studio", 1, ["Old"]),
        ("Put on hold by somebody · @clay-studio", 1, ["Stopped"]),
        ("Stopped because Pinterest took one for spam · @clay-studio", 1, ["Doubtful"]),
    ]
    html = page.content.decode()
    assert "Until then this Pin can&#x27;t go out or get a new time" in html
    assert "An editor of the workspace can answer." in html
    assert 'type="checkbox"' not in html


ONE_OR_TWO = {
    "account": (
        "It did not go out meanwhile: say what becomes of this Pin.",
        "Nothing went out meanwhile: say what becomes of these Pins.",
    ),
    "late": ("It was due while nothing", "They were due while nothing"),
    "spam": (
        "Look at its link and words before you publish it:",
        "Look at their links and words before you publish them:",
    ),
    "person": ("stopped it until further notice.", "stopped them until further notice."),
}


@pytest.mark.parametrize("reason", ONE_OR_TWO)
def test_a_group_of_one_is_not_spoken_of_as_many(edda, hold, reason):
    for sentence, other in (ONE_OR_TWO[reason], ONE_OR_TWO[reason][::-1]):
        hold(reason=reason)
        html = edda.get(reverse("held_pins")).content.decode()
        assert sentence in html
        assert other not in html


def test_a_group_that_waits_for_its_account_says_what_its_pins_can_do(edda, hold):
    Connection.objects.update(**LOST)
    for sentence in (
        "this Pin can&#x27;t go out or get a new time; it can go back to draft.",
        "these Pins can&#x27;t go out or get new times; they can go back to drafts.",
    ):
        hold()
        html = edda.get(reverse("held_pins")).content.decode()
        assert f"Reconnect @clay-studio first. Until then {sentence}" in html


def test_the_page_can_be_narrowed_to_an_account_and_a_reason(edda, hold, other):
    hold("Clay")
    hold("Glass", **other)
    hold("Glass late", reason="late", **other)
    account = other["connection"].pk
    page = edda.get(reverse("held_pins"), {"account": account})
    assert [title for _, _, titles in groups(page) for title in titles] == ["Glass", "Glass late"]
    assert [(tab["label"], tab["count"], tab["active"]) for tab in page.context["tabs"]] == [
        ("All accounts", 3, False),
        ("@clay-studio", 1, False),
        ("@glass-house", 2, True),
    ]
    page = edda.get(reverse("held_pins"), {"account": account, "reason": "late"})
    assert [title for _, _, titles in groups(page) for title in titles] == ["Glass late"]
    page = edda.get(reverse("held_pins"), {"account": "junk", "reason": "junk", "page": "junk"})
    assert len(groups(page)) == 3


def test_nothing_on_hold_is_good_news(edda, connection):
    assert "No Pin is on hold" in edda.get(reverse("held_pins")).content.decode()
    page = edda.get(reverse("held_pins"), {"account": connection.pk})
    assert "Nothing waits here" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 100])
def test_the_page_costs_the_same_for_one_pin_and_for_many(
    edda, hold, rows, django_assert_num_queries
):
    for number in range(rows):
        hold(f"Pin {number}", minutes=number)
    with django_assert_num_queries(10):
        page = edda.get(reverse("held_pins"))
    assert [len(titles) for _, _, titles in groups(page)] == [rows]


def test_chosen_pins_are_published(edda, hold):
    one, two = hold("One"), hold("Two")
    answer = edda.post(reverse("held_answer"), {"answer": "publish", "pins": [str(one.pk)]})
    assert told(answer) == [("success", "1 Pin is on its way to Pinterest.")]
    assert [status for status, _ in state(one, two)] == ["scheduled", "held"]


def test_a_group_means_its_pins_on_other_pages_too(edda, hold, other, monkeypatch):
    monkeypatch.setattr("publishing.holds.views.held.PAGE_SIZE", 1)
    clay = [hold(f"Clay {n}") for n in range(3)]
    late, glass = hold("Late", reason="late"), hold("Glass", **other)
    key = f"account:{clay[0].connection_id}"
    answer = edda.post(reverse("held_answer"), {"answer": "drop", "groups": [key, "junk:", "late"]})
    assert told(answer) == [("success", "3 Pins are drafts now.")]
    assert [status for status, _ in state(*clay, late, glass)] == ["draft"] * 3 + ["held"] * 2


def test_all_means_all_that_the_page_is_about(edda, hold, other):
    clay, glass = hold("Clay"), hold("Glass", **other)
    account = glass.connection_id
    url = f"{reverse('held_answer')}?account={account}"
    answer = edda.post(url, {"answer": "drop", "all": "all"})
    assert answer.url == f"{reverse('held_pins')}?account={account}"
    assert [status for status, _ in state(clay, glass)] == ["held", "draft"]


def test_what_stays_on_hold_is_told_with_the_reason(edda, hold, other, workspace):
    hold("Clay")
    hold("Glass", **other)
    Pin.objects.create(workspace=workspace, status="held", held_reason="person")
    Connection.objects.filter(pk=other["connection"].pk).update(**LOST)
    answer = edda.post(reverse("held_answer"), {"answer": "publish", "all": "all"})
    assert told(answer) == [
        ("success", "1 Pin is on its way to Pinterest."),
        (
            "warning",
            (
                "1 Pin of @glass-house stays on hold: the account is not connected. Reconnect it, "
                "then answer again."
            ),
        ),
        (
            "warning",
            "1 Pin stays on hold: a board or a picture is missing. Open each and add it.",
        ),
    ]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"answer": "publish"}, "Choose at least one Pin first, then say what becomes of it."),
        (
            {"answer": "publish", "pins": "junk"},
            "Choose at least one Pin first, then say what becomes of it.",
        ),
        (
            {"answer": "junk", "all": "all"},
            "Choose one of the answers: publish now, as planned, new times, or back to draft.",
        ),
    ],
)
def test_an_answer_that_says_nothing_changes_nothing(edda, hold, sent, sentence):
    pin = hold()
    assert told(edda.post(reverse("held_answer"), sent)) == [("error", sentence)]
    assert state(pin)[0][0] == "held"


# New times


def spacing(pins, **sent):
    at = {"start_date": "2030-03-31", "start_clock": "01:30", "minutes": "30"}
    return {"chosen": ",".join(str(pin.pk) for pin in pins), **at, **sent}


def test_new_times_are_shown_before_they_are_given(edda, hold):
    pins = [hold("Two", minutes=1), hold("One", minutes=2)]
    before = state(*pins)
    page = edda.post(reverse("held_space"), {"pins": [str(pin.pk) for pin in pins]})
    assert [row["title"] for row in page.context["times"]] == ["One", "Two"]
    assert page.context["form"]["minutes"].value() == 10
    page = edda.post(reverse("held_space"), spacing(pins))
    # The night on which Berlin's clocks go forward: half an hour later it is 3 o'clock there.
    assert [(row["title"], row["new_text"]) for row in page.context["times"]] == [
        ("One", "Sun 31 Mar 2030, 01:30"),
        ("Two", "Sun 31 Mar 2030, 03:00"),
    ]
    assert page.context["time_zone"] == "Europe/Berlin"
    assert state(*pins) == before


def test_the_times_that_were_shown_are_given(edda, hold):
    pins = [hold("Two", minutes=1), hold("One", minutes=2)]
    shown = edda.post(reverse("held_space"), spacing(pins))
    seen = {"seen_repeats": shown.context["repeats"]["count"]}
    answer = edda.post(reverse("held_space_give"), spacing(pins, **seen))
    assert told(answer) == [("success", "2 Pins have new times.")]
    assert state(*pins) == [
        ("scheduled", datetime(2030, 3, 31, 1, 0, tzinfo=UTC)),
        ("scheduled", datetime(2030, 3, 31, 0, 30, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(
    ("sent", "sentences"),
    [
        (
            {"start_clock": "02:30"},
            [
                (
                    "02:30 does not exist on 31 March 2030 in Europe/Berlin: the clocks go "
                    "forward then. Choose 03:30 or another time."
                )
            ],
        ),
        (
            {"start_date": "2020-01-01"},
            ["This time has passed (the clock in Europe/Berlin is further). Choose a later one."],
        ),
        ({"minutes": "0"}, ["At least one minute, so that they don't go out all at once."]),
        ({"minutes": "10081"}, ["At most a week, which is 10080 minutes."]),
        (
            {"start_date": "9999-12-31", "start_clock": "23:59", "minutes": "10080"},
            ["The last Pin would get a time that is out of range. Start earlier or space closer."],
        ),
        (
            {"start_date": "", "start_clock": "", "minutes": ""},
            [
                "Choose the day the first Pin goes out.",
                "Choose the time the first Pin goes out.",
                "Say how many minutes lie between two Pins.",
            ],
        ),
    ],
)
def test_times_that_do_not_work_are_refused_in_words(edda, hold, sent, sentences):
    pins = [hold("One"), hold("Two")]
    before = state(*pins)
    for name in ("held_space", "held_space_give"):
        page = edda.post(reverse(name), spacing(pins, **sent))
        assert (page.context["form"].sentences, page.context["times"]) == (sentences, [])
    assert state(*pins) == before


def test_what_would_repeat_something_too_soon_is_told_before_the_times_are_given(edda, hold):
    pins = [hold("Two", minutes=1), hold("One", minutes=2)]
    before = state(*pins)
    page = edda.post(reverse("held_space"), spacing(pins))
    assert [(row["title"], row["note"]) for row in page.context["times"]] == [
        ("One", ""),
        ("Two", "Repeats a link or a picture too soon."),
    ]
    assert page.context["repeats"] == {
        "count": 1,
        "words": "1 of these 2 Pins would repeat a link or a picture too soon",
        "text": IF_MEANT,
        "asked_again": False,
    }
    again = edda.post(reverse("held_space_give"), spacing(pins, minutes="60", seen_repeats="0"))
    assert (again.status_code, again.context["repeats"]["asked_again"]) == (200, True)
    assert 'name="seen_repeats" value="1"' in again.content.decode()
    assert state(*pins) == before
    weekly = edda.post(reverse("held_space_give"), spacing(pins, minutes="10080"))
    assert told(weekly) == [("success", "2 Pins have new times.")]


@pytest.mark.parametrize("rows", [2, 30])
def test_showing_times_costs_the_same_for_few_pins_and_for_many(
    edda, hold, rows, django_assert_num_queries
):
    pins = [hold() for _ in range(rows)]
    with django_assert_num_queries(12):
        edda.post(reverse("held_space"), spacing(pins))


def test_pins_that_get_no_time_are_named(edda, hold, other):
    clay, glass = hold("Clay"), hold("Glass", **other)
    Connection.objects.filter(pk=other["connection"].pk).update(**LOST)
    page = edda.post(reverse("held_space"), spacing([clay, glass]))
    assert [row["title"] for row in page.context["times"]] == ["Clay"]
    assert [row["title"] for row in page.context["waiting"]] == ["Glass"]


def test_spacing_nothing_leads_back(edda, hold):
    hold()
    answer = edda.post(reverse("held_space"), {})
    assert answer.url == reverse("held_pins")
    assert told(answer)[0][0] == "error"


# Who may


WRITES = ["held_answer", "held_space", "held_space_give"]


@pytest.mark.parametrize("name", WRITES)
def test_a_viewer_may_not_answer(sign_in, viewer, hold, name):
    pin = hold()
    sent = spacing([pin], answer="drop", all="all")
    assert sign_in(viewer).post(reverse(name), sent).status_code == 403
    assert state(pin)[0][0] == "held"


@pytest.mark.parametrize("name", WRITES)
def test_a_stranger_reaches_nothing(sign_in, stranger, hold, name):
    pin = hold()
    sent = {**spacing([pin], answer="drop", all="all"), "pins": str(pin.pk)}
    browser = sign_in(stranger)
    assert browser.post(reverse(name), sent).status_code in {200, 302}
    assert state(pin)[0][0] == "held"
    assert groups(browser.get(reverse("held_pins"))) == []


@pytest.mark.parametrize("name", WRITES)
def test_nothing_changes_by_looking(edda, name):
    assert edda.get(reverse(name)).status_code == 405


def test_visitors_are_asked_to_sign_in(client, db):
    page = client.get(reverse("held_pins"))
    assert (page.status_code, page.url.split("?")[0]) == (302, reverse("account_login"))


def test_texts_are_shown_and_never_run(edda, hold):
    nasty = "<script>alert(1)</script>"
    pin = hold(nasty, reason="spam")
    Pin.objects.filter(pk=pin.pk).update(problem=nasty)
    html = edda.get(reverse("held_pins")).content.decode()
    assert nasty not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3
