"""A sign is good only for what was looked at, and says when; a link may be said to be fine."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Connection
from publishing.choices.warnings import WarningKind
from publishing.models import Pin, PinEvent, PinWarning, TrustedHost
from publishing.pins.policy.preflight import LINK
from publishing.pins.policy.signs import (
    KINDS,
    LIVE,
    STOPPING,
    UNTOLD,
    WORRYING,
    Finding,
    Sign,
    judge_sign,
)
from publishing.preflight.selectors.preflight import pins_to_preflight
from publishing.preflight.services.preflight import Preflight
from publishing.preflight.services.trusted_hosts import doubt_host, trust_host
from sandbox.faults import Fault
from tests.pinterest.loopback import free_port, in_turn, respond, serve


@pytest.fixture
def _loopback_is_the_web(settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def planned(write_pin, now):
    """Writes a Pin for tomorrow."""

    def written(**content):
        return write_pin(at=now + timedelta(days=1), **content)

    return written


@pytest.fixture
def look(now):
    def looked(pin: Pin) -> None:
        assert Preflight(clock=lambda: now).check(Pin.objects.get(pk=pin.pk))

    return looked


@pytest.fixture
def page(sign_in, editor):
    """A Pin's page as an editor sees it: its signs, the heading over them, the whole of it."""
    browser = sign_in(editor)

    def opened(pin: Pin) -> tuple[dict[str, str], str, str]:
        html = browser.get(reverse("pin_detail", args=[pin.pk])).content.decode()
        signs = dict(re.findall(r'data-sign="(\w+)" data-finding="(\w+)"', html))
        title = re.search(r'id="preflight-title">([^<]+)<', html)
        return signs, title[1] if title else "", html

    return opened


# The rule


@pytest.mark.parametrize(
    ("found", "looked_at", "facts", "shows"),
    [
        (set(), None, {}, Finding.UNSEEN),
        (set(), "now", {}, Finding.GOOD),
        ({WarningKind.LINK_MISSING}, "now", {}, Finding.PROBLEM),
        # What was found holds, though not all could be looked at.
        ({WarningKind.LINK_MISSING}, None, {}, Finding.PROBLEM),
        ({WarningKind.LINK_UNTOLD}, "now", {}, Finding.UNTOLD),
        ({WarningKind.BOARD_GONE}, "now", {}, Finding.GOOD),
        (set(), "now", {"is_absent": True}, Finding.ABSENT),
        (set(), "now", {"is_trusted": True}, Finding.TRUSTED),
        ({WarningKind.LINK_MISSING}, "now", {"is_trusted": True}, Finding.PROBLEM),
    ],
)
def test_what_the_sign_of_a_link_shows(found, looked_at, facts, shows, now):
    moment = now if looked_at else None
    assert judge_sign(Sign.LINK, found=frozenset(found), looked_at=moment, **facts) is shows


def test_every_kind_of_warning_has_one_level_and_at_most_one_sign():
    levels = [UNTOLD, LIVE, STOPPING, WORRYING]
    assert sum(map(len, levels)) == len(frozenset().union(*levels)) == len(WarningKind)
    assert sum(map(len, KINDS.values())) == len(frozenset().union(*KINDS.values()))


# The page


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_no_sign_is_good_before_it_was_looked_at(planned, look, page):
    with serve(respond(200)) as server:
        pin = planned(link=f"{server.url}/p")
        signs, title, html = page(pin)
        assert signs == dict.fromkeys(map(str, Sign), "unseen")
        assert title == "Being looked at"
        assert 'hx-trigger="every 5s"' in html
        look(pin)
    signs, title, html = page(pin)
    assert signs == dict.fromkeys(map(str, Sign), "good")
    assert title == "Ready to go out"


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_what_pinterest_did_not_answer_stays_unseen_and_is_asked_again(
    planned, look, page, sandbox, now
):
    sandbox.arm(Fault(route="GET /v5/*", kind="drop", times=None))
    pin = planned(link=f"http://127.0.0.1:{free_port()}/")
    look(pin)
    signs, title, html = page(pin)
    assert signs == {"account": "unseen", "board": "unseen", "link": "unseen", "picture": "good"}
    assert title == "Being looked at"
    assert "Ready" not in html
    Pin.objects.update(preflighted_at=now - timedelta(minutes=6))
    assert pins_to_preflight(now=now + timedelta(minutes=4), limit=9) == []
    assert pins_to_preflight(now=now + timedelta(minutes=5), limit=9) == [pin]


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_a_site_that_shows_programs_nothing_is_no_good_sign_and_no_warning(planned, look, page):
    with serve(respond(403)) as server:
        pin = planned(link=f"{server.url}/p")
        look(pin)
    signs, title, html = page(pin)
    assert signs["link"] == "untold"
    assert title == "Nothing found that stands in its way"
    assert "The site did not let PinApp see the page." in html


def test_a_pin_without_a_link_has_no_sign_for_one(planned, look, page):
    pin = planned()
    look(pin)
    signs, title, _ = page(pin)
    assert (signs["link"], title) == ("absent", "Ready to go out")


def test_the_sign_of_an_account_is_what_its_row_says(planned, look, page, connection):
    pin = planned()
    look(pin)
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    signs, title, _ = page(pin)
    assert (signs["account"], title) == ("problem", "Before it goes out")
    Connection.objects.filter(pk=connection.pk).update(status="active")
    assert page(pin)[0]["account"] == "unseen"


# Links that are fine


@pytest.fixture
def doubted(planned, look):
    """Two Pins to one host that programs can't open, and one to another."""
    pins = [planned(link=link) for link in ("https://bit.ly/a", "https://www.bit.ly/b")]
    pins.append(planned(link="https://tinyurl.com/c"))
    for pin in pins:
        look(pin)
    assert PinWarning.objects.filter(kind="link_shortened").count() == 3
    return pins


def test_a_link_said_to_be_fine_counts_for_all_pins_to_its_host(
    doubted, sign_in, editor, look, page, workspace, now
):
    pin, second, other = doubted
    browser = sign_in(editor)
    answer = browser.post(reverse("pin_trust_link", args=[pin.pk]), {"host": "bit.ly"})
    assert [str(m) for m in get_messages(answer.wsgi_request)] == [
        "Links to bit.ly count as fine in this workspace, and are not looked at any more."
    ]
    row = TrustedHost.objects.get()
    assert (row.workspace, row.host, row.said_by) == (workspace, "bit.ly", editor)
    assert list(PinWarning.objects.values_list("pin", flat=True)) == [other.pk]
    assert set(PinEvent.objects.filter(kind="link_trusted").values_list("pin", flat=True)) == {
        pin.pk,
        second.pk,
    }
    look(pin)
    assert not PinWarning.objects.filter(pin=pin).exists()
    signs, title, html = page(pin)
    assert (signs["link"], title) == ("trusted", "Ready to go out")
    assert "Edda said on" in html
    look(other)
    assert PinWarning.objects.filter(pin=other).exists()


def test_a_link_can_be_looked_at_again(doubted, editor, look, workspace, now):
    pin, *_ = doubted
    trust_host(workspace=workspace, host="bit.ly", by=editor, now=now)
    assert doubt_host(workspace=workspace, host="bit.ly", by=editor, now=now) == 2
    look(pin)
    assert PinWarning.objects.get(pin=pin).kind in LINK


def test_another_workspace_has_its_own_opinion(doubted, editor, look, stranger, now):
    elsewhere = stranger.memberships.get().workspace
    assert trust_host(workspace=elsewhere, host="bit.ly", by=stranger, now=now) == 0
    assert PinWarning.objects.count() == 3


@pytest.mark.parametrize("host", ["tinyurl.com", "", "%", "evil.example"])
def test_only_a_host_that_the_pin_leads_to_can_be_said_to_be_fine(doubted, sign_in, editor, host):
    url = reverse("pin_trust_link", args=[doubted[0].pk])
    sign_in(editor).post(url, {"host": host})
    assert not TrustedHost.objects.exists()


def test_who_may_say_that_a_link_is_fine(doubted, sign_in, viewer, stranger):
    url = reverse("pin_trust_link", args=[doubted[0].pk])
    assert sign_in(viewer).post(url, {"host": "bit.ly"}).status_code == 403
    assert sign_in(stranger).post(url, {"host": "bit.ly"}).status_code == 404
    assert "are fine" not in sign_in(viewer).get(f"/pins/{doubted[0].pk}/").content.decode()


@pytest.mark.usefixtures("_loopback_is_the_web")
def test_a_trusted_host_is_not_asked(planned, look, editor, workspace, now):
    asked = []

    def answer(request, *rest):
        asked.append(request)
        return respond(200)(request, *rest)

    with serve(in_turn(answer, answer)) as server:
        trust_host(workspace=workspace, host="127.0.0.1", by=editor, now=now)
        look(planned(link=f"{server.url}/p"))
    assert asked == []
