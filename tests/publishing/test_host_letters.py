"""The names of hosts that people see are in their own letters where nothing can be mistaken."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("host", "letters"),
    [
        ("xn--strae-oqa.example", "straße.example"),
        ("www.xn--strae-oqa.example", "straße.example"),
        ("xn--80ak6aa92e.example", "xn--80ak6aa92e.example"),
        ("shop.example", "shop.example"),
        ("no host", ""),
        ("", ""),
    ],
)
def test_the_preview_asks_for_a_hosts_letters(sign_in, viewer, host, letters):
    answer = sign_in(viewer).get(reverse("host_letters"), {"host": host})
    assert (answer.status_code, answer.content.decode()) == (200, letters)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_the_letters_are_for_members(client):
    assert client.get(reverse("host_letters"), {"host": "a.example"}).status_code == 302


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://www.straße.example/a", "straße.example"),
        ("https://xn--strae-oqa.example/a", "straße.example"),
        ("https://аррӏе.example/", "xn--80ak6aa92e.example"),
    ],
)
def test_a_pins_page_shows_its_hosts_letters(sign_in, viewer, write_pin, now, link, host):
    pin = write_pin(at=now, link=link)
    page = sign_in(viewer).get(reverse("pin_detail", args=[pin.pk]))
    assert page.context["pin"]["host"] == host
