"""The same account connected again: its Pins waited, and a person says what becomes of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Connection
from publishing.delivery.services import claims
from publishing.models import Pin
from sandbox.faults import Fault
from tests.accounts.consent import connect_through_pages, said
from tests.publishing.rounds import publish_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def edda(editor, sign_in):
    return sign_in(editor)


def expire(connection, now):
    """Let the access token run out, so that the next call renews it."""
    Connection.objects.filter(pk=connection.pk).update(access_expires_at=now)


def statuses():
    return sorted(Pin.objects.values_list("status", "held_reason"))


def test_pinterest_refusing_the_grant_holds_the_pins_and_fails_none(
    connection, write_pin, sandbox, sent, now
):
    """T10: a refused refresh token is no fault of the Pin."""
    write_pin(title="Due")
    write_pin(title="Later", at=now + timedelta(days=1))
    sandbox.kill_tokens(connection.pinterest_id)
    expire(connection, now)
    publish_due(now=now)
    connection.refresh_from_db()
    assert connection.status == "needs_reconnecting"
    assert statuses() == [("held", "account"), ("scheduled", "")]
    tomorrow = now + timedelta(days=1)
    publish_due(now=tomorrow)
    claims.hold_due_without_connection(now=tomorrow)
    assert statuses() == [("held", "account"), ("held", "account")]
    assert sent() == []


@pytest.mark.parametrize("status", [500, 503])
def test_an_outage_while_renewing_keeps_the_account_and_the_pin(
    connection, write_pin, sandbox, sent, now, status
):
    """T9: what Pinterest does not answer says nothing about the permission."""
    write_pin()
    expire(connection, now)
    sandbox.arm(Fault(route="POST /v5/oauth/token", kind="status", status=status))
    publish_due(now=now)
    connection.refresh_from_db()
    pin = Pin.objects.get()
    assert (connection.status, pin.status, sent()) == ("active", "scheduled", [])
    publish_due(now=pin.due_at)
    assert (Pin.objects.get().status, sent()) == ("published", [201])


def test_reconnecting_leads_to_the_pins_that_waited_and_sends_none(
    edda, connection, studio, put, write_pin, sent, now
):
    put("held", title="One")
    put("held", title="Two")
    put("held", title="Another reason", held_reason="person")
    write_pin(title="Planned", at=now + timedelta(days=1))
    Connection.objects.update(status="needs_reconnecting")
    answer = connect_through_pages(edda, studio, f"/connections/{connection.pk}/reconnect/")
    assert answer["Location"] == f"/pins/held/?account={connection.pk}"
    assert said(answer) == [
        (
            "success",
            (
                "@clay-studio is reconnected. 2 Pins wait for your answer: publish now, as "
                "planned, at new times, or not at all."
            ),
        )
    ]
    publish_due(now=now + timedelta(hours=1))
    assert sent() == []
    assert statuses() == [
        ("held", "account"),
        ("held", "account"),
        ("held", "person"),
        ("scheduled", ""),
    ]


def test_with_nothing_waiting_the_accounts_page_follows(edda, connection, studio, write_pin, now):
    write_pin(at=now + timedelta(days=1))
    answer = connect_through_pages(edda, studio)
    assert answer["Location"] == "/connections/"
    assert said(answer) == [("success", "@clay-studio is reconnected.")]


@pytest.mark.parametrize(
    ("count", "pins", "fate"),
    [
        (1, "1 Pin", "it; it does not go out unasked."),
        (2, "2 Pins", "them; none goes out unasked."),
    ],
)
@pytest.mark.parametrize(
    ("who", "text", "label"),
    [
        ("editor", "Say what becomes of", "Decide"),
        ("viewer", "An editor or owner says what becomes of", "See {}"),
    ],
)
def test_a_banner_stays_until_it_is_answered(
    sign_in, request, connection, put, who, text, label, count, pins, fate
):
    for _ in range(count):
        put("held")
    browser = sign_in(request.getfixturevalue(who))
    banner = {
        "tone": "calm",
        "title": f"{pins} waited for @clay-studio",
        "text": f"The account is connected. {text} {fate}",
        "action_url": f"/pins/held/?account={connection.pk}",
        "action_label": label.format("it" if count == 1 else "them"),
    }
    for path in ("/", "/pins/", "/connections/"):
        assert browser.get(path).context["banners"] == [banner]
    assert browser.get("/pins/held/").context["banners"] == []
    Pin.objects.update(status="draft", held_reason="")
    assert browser.get("/").context["banners"] == []


def test_pins_of_a_lost_account_are_no_question_yet(edda, connection, put):
    put("held")
    Connection.objects.update(status="needs_reconnecting")
    assert [banner["title"] for banner in edda.get("/").context["banners"]] == [
        "@clay-studio needs reconnecting"
    ]


@pytest.mark.parametrize("accounts", [2, 20])
def test_the_banners_cost_the_same_for_few_accounts_and_for_many(
    edda, workspace, connection, put, accounts, django_assert_num_queries
):
    put("held")
    for number in range(accounts - 1):
        Connection.objects.create(
            workspace=workspace, pinterest_id=str(number), status="needs_reconnecting"
        )
    with django_assert_num_queries(7):
        assert len(edda.get("/workspace/new/").context["banners"]) == accounts


def test_a_disconnected_account_publishes_nothing_and_takes_nothing_new(
    edda, connection, bowls, media, write_pin, sent, now
):
    """T34: what is scheduled for a disabled account waits; planning more is refused in words."""
    pin = write_pin(title="Planned")
    edda.post(f"/connections/{connection.pk}/disconnect/")
    publish_due(now=now)
    claims.hold_due_without_connection(now=now)
    assert (Pin.objects.get().status, sent()) == ("held", [])
    form = {
        "connection": str(connection.pk),
        "board": bowls.pinterest_id,
        "media": str(media.pk),
        "when": "now",
    }
    page = edda.post(reverse("pin_new"), form)
    assert page.context["form"].errors["connection"] == [
        "This account is not connected to this workspace. Choose another one."
    ]
    answer = edda.post(reverse("pin_publish_now", args=[pin.pk]), follow=True).content.decode()
    assert "This Pin still needs @clay-studio to be connected." in answer
    assert Pin.objects.get().status == "held"
