"""For every state of an account, of the server and of a Pin there is one truth, told everywhere."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Connection, Succession
from pinterest.errors import RefusalReason, Refused
from publishing.choices.warnings import WarningKind
from publishing.delivery.services.stops import stop_publishing
from publishing.models import Pin, PinWarning
from publishing.outlook.views.prospect_text import tell
from publishing.pins.policy.prospects import Level
from publishing.pins.policy.signs import Sign
from publishing.pins.selectors.pins import pins_of
from publishing.pins.selectors.prospects import of_level, prospect_of

# What becomes of each Pin while its account is connected, while the server is stopped besides, and
# while the account is not connected: whether it goes out, and how much it asks for a person.
GOES, STAYS = True, False
TRUTHS = {
    "draft": [(STAYS, ""), (STAYS, ""), (STAYS, "")],
    "soon": [(GOES, ""), (STAYS, "stopped"), (STAYS, "stopped")],
    "later": [(GOES, ""), (STAYS, "stopped"), (STAYS, "stopped")],
    "retry": [(GOES, ""), (STAYS, "stopped"), (STAYS, "stopped")],
    "warned": [(GOES, "look"), (STAYS, "stopped"), (STAYS, "stopped")],
    "doomed": [(STAYS, "stopped"), (STAYS, "stopped"), (STAYS, "stopped")],
    "claimed": [(GOES, ""), (STAYS, "stopped"), (STAYS, "stopped")],
    "sending": [(GOES, ""), (GOES, ""), (GOES, "")],
    "uncertain": [(STAYS, "look"), (STAYS, "look"), (STAYS, "stopped")],
    "asking": [(STAYS, "stopped"), (STAYS, "stopped"), (STAYS, "stopped")],
    "held_account": [(STAYS, "stopped"), (STAYS, "stopped"), (STAYS, "stopped")],
    "held_late": [(STAYS, "stopped"), (STAYS, "stopped"), (STAYS, "stopped")],
    "held_spam": [(STAYS, "stopped"), (STAYS, "stopped"), (STAYS, "stopped")],
    "held_person": [(STAYS, "stopped"), (STAYS, "stopped"), (STAYS, "stopped")],
    "failed": [(STAYS, "stopped"), (STAYS, "stopped"), (STAYS, "stopped")],
    "published": [(GOES, ""), (GOES, ""), (GOES, "")],
}
ACCOUNTS = ["connected", "lost", "disconnected", "asked", "replaced"]
PROMISES = re.compile(
    r"publishes it (?:by itself|at its time)|goes out by itself|tries again by itself"
    r"|Ready to go out"
)
DENIALS = re.compile(
    r"does not go out|not sent unless|is not on Pinterest|It waits|is not connected|expects "
    r"Pinterest to refuse|Publish the Pin, or give|could not find out|Not planned|next at"
)


@pytest.fixture
def world(put, write_pin, now):
    """A Pin in each state, by its name, which is its title too."""
    soon, later = now + timedelta(minutes=1), now + timedelta(days=2)
    columns = {"scheduled_at": later}
    put("draft", title="draft")
    for title, at in (("soon", soon), ("later", later), ("warned", later), ("doomed", later)):
        write_pin(title=title, at=at)
    write_pin(title="retry", at=soon)
    Pin.objects.filter(title="retry").update(problem="Pinterest was away.", remedy="Wait.")
    for title, kind in (("warned", "link_missing"), ("doomed", "picture_missing")):
        PinWarning.objects.create(
            pin=Pin.objects.get(title=title), kind=kind, message="m", remedy="r", found_at=now
        )
    # Looked at from all sides, and nothing found.
    signs = {f"{sign}_looked_at": now for sign in Sign}
    Pin.objects.filter(title__in=["soon", "later"]).update(preflighted_at=now, **signs)
    put("claimed", title="claimed", **columns)
    put("sending", title="sending", **columns)
    put("uncertain", title="uncertain", due_at=later, **columns)
    put("uncertain", title="asking", question="several", **columns)
    for reason in ("account", "late", "spam", "person"):
        put("held", title=f"held_{reason}", held_reason=reason, **columns)
    put("failed", title="failed", **columns)
    put("published", title="published", **columns)
    assert set(TRUTHS) == set(Pin.objects.values_list("title", flat=True))


@pytest.fixture
def arrange(connection, workspace, now):
    """Puts the account, and the server, into a state."""

    def arranged(account: str, *, stopped: bool) -> None:
        status = {"connected": "active", "disconnected": "disconnected"}
        columns = {"status": status.get(account, "needs_reconnecting")}
        if account == "disconnected":
            columns |= {"access_token_sealed": "", "refresh_token_sealed": ""}
        Connection.objects.filter(pk=connection.pk).update(**columns)
        if account in {"asked", "replaced"}:
            later = Connection.objects.create(
                workspace=workspace,
                pinterest_id="4711",
                username="new-studio",
                status="active",
                access_token_sealed="x",
                access_expires_at=now + timedelta(days=9),
            )
            decided = {"keeps_schedule": True, "schedule_decided_at": now}
            Succession.objects.create(
                workspace=workspace,
                earlier=connection,
                later=later,
                asked_at=now,
                **(decided if account == "replaced" else {}),
            )
        if stopped:
            refusal = Refused("No.", remedy="Ask.", reason=RefusalReason.TRIAL_ACCESS)
            stop_publishing(refusal=refusal, now=now)

    return arranged


def truth_of(title: str, account: str, *, stopped: bool) -> tuple[bool, str]:
    connected, halted, gone = TRUTHS[title]
    if account != "connected":
        return gone
    return halted if stopped else connected


CASES = [(account, stopped) for account in ACCOUNTS for stopped in (False, True)]


@pytest.mark.parametrize(("account", "stopped"), CASES)
def test_the_database_and_the_policy_know_the_same_truth(
    world, arrange, workspace, account, stopped, django_assert_num_queries
):
    arrange(account, stopped=stopped)
    with django_assert_num_queries(1):
        found = {
            pin.title: (prospect_of(pin).goes_out, prospect_of(pin).level.value)
            for pin in pins_of(workspace)
        }
    assert found == {title: truth_of(title, account, stopped=stopped) for title in TRUTHS}
    for level in (Level.STOPPED, Level.LOOK):
        counted = set(workspace.pins.filter(of_level(level)).values_list("title", flat=True))
        assert counted == {title for title, (_, shown) in found.items() if shown == level}


@pytest.mark.parametrize(("account", "stopped"), CASES)
def test_every_place_tells_it_the_same_way(world, arrange, sign_in, viewer, account, stopped, now):
    arrange(account, stopped=stopped)
    browser = sign_in(viewer)
    rows = {pin["title"]: pin for pin in browser.get(reverse("pin_list")).context["pins"]}
    when = (now + timedelta(days=2)).date().isoformat()
    day = browser.get(reverse("pin_calendar"), {"view": "day", "date": when}).context
    cards = [c for column in day["columns"] for hour in column["hours"] for c in hour["cards"]]
    for title in TRUTHS:
        goes_out, level = truth_of(title, account, stopped=stopped)
        with timezone.override("Europe/Berlin"):
            told = tell(Pin.objects.get(title=title))  # as a mail would ask
        assert (rows[title]["level"], rows[title]["mark"]) == (level, told.mark)
        assert [c["mark"] for c in cards if c["title"] == title] in ([], [told.mark])
        page = browser.get(rows[title]["url"])
        assert page.context["pin"]["status_text"].startswith(told.text)
        assert bool(PROMISES.search(_words(page))) <= goes_out
        if title == "later":
            assert ("Ready to go out" in _words(page)) is goes_out
        if not goes_out:
            assert DENIALS.search(f"{told.text} {told.remedy}"), told.text
            assert page.context["pin"]["goes_out_at"] is None or title == "doomed"
        if level:
            assert told.mark or rows[title]["status"] in {"held", "failed", "uncertain"}
    shown = {level: _titles(browser, level) for level in ("stopped", "look")}
    for level, titles in shown.items():
        expected = {t for t in TRUTHS if truth_of(t, account, stopped=stopped)[1] == level}
        assert titles == expected


@pytest.mark.parametrize(("account", "stopped"), CASES)
def test_there_is_one_count_everywhere(world, arrange, sign_in, viewer, account, stopped):
    arrange(account, stopped=stopped)
    browser = sign_in(viewer)
    stopped_count, look_count = (
        sum(truth_of(title, account, stopped=stopped)[1] == level for title in TRUTHS)
        for level in ("stopped", "look")
    )
    dashboard = browser.get(reverse("dashboard")).context
    page = browser.get(reverse("pin_list")).context
    tabs = {tab["label"]: tab["count"] for tab in page["tabs"]}
    badges = {item["label"]: item["badge"] for item in page["nav"]}
    assert dashboard["counts"]["stopped"] == tabs["Stopped"] == badges["Pins"] == stopped_count
    assert dashboard["counts"]["look"] == tabs["Worth a look"] == look_count


@pytest.mark.parametrize("kind", WarningKind)
def test_a_warning_of_any_kind_has_the_same_level_everywhere(write_pin, workspace, kind, now):
    pin = write_pin(at=now + timedelta(days=1))
    PinWarning.objects.create(pin=pin, kind=kind, message="m", remedy="r", found_at=now)
    level = prospect_of(pins_of(workspace).get()).level
    for each in (Level.STOPPED, Level.LOOK):
        assert workspace.pins.filter(of_level(each)).exists() is (level is each)


def test_a_board_that_is_gone_stops_its_pins(write_pin, workspace, bowls, now):
    write_pin(at=now + timedelta(days=1))
    bowls.gone_at = now
    bowls.save()
    told = tell(pins_of(workspace).get())
    assert (told.level, told.mark) == (Level.STOPPED, "Board is gone")
    assert told.remedy == "Choose another board."
    assert workspace.pins.filter(of_level(Level.STOPPED)).count() == 1


def test_a_pin_that_was_read_without_it_is_asked_about(write_pin, connection, now):
    pin = write_pin(at=now + timedelta(days=1))
    Connection.objects.update(status="needs_reconnecting")
    assert prospect_of(Pin.objects.get(pk=pin.pk)).level is Level.STOPPED


def _titles(browser, level: str) -> set[str]:
    return {
        pin["title"] for pin in browser.get(reverse("pin_list"), {"show": level}).context["pins"]
    }


def _words(page) -> str:
    """What the page says of the Pin, without its history."""
    html = page.content.decode()
    status = html[html.index('id="pin-status"') : html.index('id="facts-title"')]
    return re.sub(r"<[^>]+>", " ", status)
