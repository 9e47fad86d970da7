"""A person says which Pin a click led to. It is a claim until Pinterest shows the Pin."""

from __future__ import annotations

from html import unescape

import pytest

from interactions.models import Evidence
from interactions.policy.pin_addresses import NoPinAddress, read_pin_address
from interactions.services.attaching import attach_pin, look_at_told_pin
from tests.interactions.test_results import interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(sign_in, editor):
    return sign_in(editor)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(
        "interactions.tasks.look_at_told_pin.delay_on_commit", lambda **_given: None
    )


def test_a_pin_is_told_and_taken_back(visitor, editor, site, entity, now):
    found = interaction(site, entity, "click", at=now)
    path = f"/interactions/records/{found.pk}/"
    address = "https://www.pinterest.co.uk/pin/123456789/?utm=x"
    answer = visitor.post(f"{path}pin/", {"address": address}, follow=True)
    page = unescape(answer.content.decode())
    assert "/pin/123456789/" in page
    assert f"{editor} said so on" in page
    found.refresh_from_db()
    assert found.level == 1, "a claim proves nothing"
    visitor.post(f"{path}pin/", {"take_back": "1"})
    assert visitor.get(path).context["pin"] is None
    told = Evidence.objects.filter(kind="pin_told").order_by("pk")
    assert list(told.values_list("detail", "said_by__email")) == [
        ("123456789", editor.email),
        ("", editor.email),
    ]


@pytest.mark.parametrize(
    ("text", "pin_id"),
    [
        ("https://www.pinterest.com/pin/123456/", "123456"),
        ("pinterest.de/pin/123456", "123456"),
        ("https://de.pinterest.com/pin/blue-bowl--123456/", "123456"),
        ("https://www.pinterest.com.au/pin/123456/#x", "123456"),
        (" 123456 ", "123456"),
        ("http://127.0.0.1:8110/pin/123456/", "123456"),
    ],
)
def test_addresses_of_pins_are_read(text, pin_id):
    assert read_pin_address(text, also="http://127.0.0.1:8110") == pin_id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://pin.it/abc", "short address"),
        ("https://pinterest.com.evil.example/pin/123456/", "no Pin"),
        ("https://evil.example/pin/123456/", "no Pin"),
        ("https://notpinterest.com/pin/123456/", "no Pin"),
        ("https://www.pinterest.com/shop/bowls/", "no Pin"),
        ("https://[::1/pin/1", "no Pin"),
        ("javascript:alert(1)", "no Pin"),
        ("https://www.pinterest.com:8080/pin/123456/", "no Pin"),
    ],
)
def test_other_addresses_are_refused_with_what_to_do(visitor, site, entity, now, text, words):
    with pytest.raises(NoPinAddress, match=words):
        read_pin_address(text)
    found = interaction(site, entity, "click", at=now)
    answer = visitor.post(f"/interactions/records/{found.pk}/pin/", {"address": text})
    page = unescape(answer.content.decode())
    assert (answer.status_code, words in page, text in page) == (422, True, True)
    assert not Evidence.objects.filter(kind="pin_told").exists()


def test_viewers_and_strangers_tell_nothing(sign_in, viewer, stranger, site, entity, now):
    found = interaction(site, entity, "click", at=now)
    path, given = f"/interactions/records/{found.pk}/pin/", {"address": "123456"}
    assert sign_in(viewer).post(path, given).status_code == 403
    assert sign_in(stranger).post(path, given).status_code == 404


def test_without_an_account_nothing_is_proved(editor, site, entity, now):
    found = interaction(site, entity, "click", at=now)
    attach_pin(interaction=found, by=editor, pin_id="123456", now=now)
    assert look_at_told_pin(interaction_id=found.pk, pin_id="123456", now=now) is False
