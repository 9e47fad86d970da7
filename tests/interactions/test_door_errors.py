"""Whatever goes wrong at the doors, the answer is JSON with a code, and nothing secret is in it."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError

from interactions.views import clicks, landings
from tests.interactions.asking import DoorClient, beacon, tell

pytestmark = pytest.mark.django_db


def code_of(answer):
    assert answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"code", "message"}
    return answer.status_code, answer.json()["code"]


def broken(error):
    def fail(*_args, **_kwargs):
        raise error

    return fail


def test_a_host_that_is_not_ours(settings, site, entity, page_token):
    settings.ALLOWED_HOSTS = ["pinapp.example"]
    told = beacon(site, entity, page_token)
    assert code_of(tell(told, headers={"Host": "evil.example"})) == (400, "bad_host")


def test_a_database_that_is_away(monkeypatch, site, entity, page_token):
    monkeypatch.setattr(clicks, "keep_click", broken(OperationalError("secret host")))
    answer = tell(beacon(site, entity, page_token))
    assert code_of(answer) == (503, "unavailable")
    assert (answer["Retry-After"], "secret" in answer.content.decode()) == ("5", False)


@pytest.mark.parametrize("path", ["/interactions/landing", "/interactions/crawl"])
def test_a_fault_of_ours(monkeypatch, caplog, site, path):
    monkeypatch.setattr(landings, "small_body", broken(RuntimeError("of our own")))
    with caplog.at_level(logging.ERROR):
        assert code_of(tell({"site": site.key}, path=path)) == (500, "failed")
    assert f"door_failed door={path}" in caplog.text


def test_a_length_that_is_no_number(site, entity, page_token):
    told = beacon(site, entity, page_token)
    assert code_of(tell(told, CONTENT_LENGTH="1e3")) == (400, "bad_length")


def test_a_method_that_a_picture_has_not():
    answer = DoorClient().delete("/interactions/verify/pinit/x.jpg")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_what_is_no_door_goes_inside():
    """The pages' own middleware answers: a redirect to the slash, the sign-in."""
    assert DoorClient().get("/interactions/sites/new").status_code == 302
    assert DoorClient().post("/interactions/nowhere").status_code == 404
