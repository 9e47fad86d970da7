"""What the door for clicks takes, and what it does not."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connections

from interactions.models import Evidence, Interaction
from interactions.policy.caps import PER_MINUTE, REFUSED_AFTER, SUSPECT_AFTER
from interactions.selectors.known_sites import forget_known
from interactions.services import clicks, signing
from interactions.services.group_commit import GroupCommit
from interactions.services.signing import add_signing_key, offer_token
from tests import factories
from tests.interactions.asking import DoorClient, beacon, fetch, new_nonce, tell
from tests.interactions.conftest import SHOP, make_entity

pytestmark = pytest.mark.django_db


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def test_a_click_is_kept_before_it_is_answered(site, entity, page_token):
    told = beacon(site, entity, page_token)
    answer = tell(told)
    kept = Interaction.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(kept.pk),
        "action": "pinit",
        "entity": entity.key,
        "verified": False,
        "created_at": kept.created_at.isoformat().replace("+00:00", "Z"),
    }
    assert (kept.level, kept.page, kept.page_url) == (1, "home", f"{SHOP}/bowl")
    assert list(kept.evidence.values_list("kind", "method", "referer_origin")) == [
        ("click", "POST", SHOP)
    ]


def test_the_same_click_told_again_gives_the_same_record(site, entity, page_token):
    told = beacon(site, entity, page_token)
    first, second = tell(told), tell(told)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Evidence.objects.count() == 1


def test_json_is_taken_as_well_and_its_preflight_is_kept_for_a_day(site, entity, page_token):
    answer = tell(beacon(site, entity, page_token), content_type="application/json")
    assert answer.status_code == 201
    asked = DoorClient().options("/interactions", headers={"Origin": SHOP})
    assert asked.status_code == 204
    assert asked["Access-Control-Max-Age"] == "86400"
    assert "Access-Control-Allow-Credentials" not in asked


def test_pages_of_the_site_may_read_the_answer_and_no_cookie_is_set(site, entity, page_token):
    """T21, T22."""
    answer = tell(beacon(site, entity, page_token))
    assert answer["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer.cookies == {}


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://sub.shop.example",
        "https://shop.example.evil.tld",
        "https://shop.example:8443",
        "http://shop.example",
        "https://SHOP.example",
        "https://shop.example/",
    ],
)
def test_only_the_exact_origin_may_speak(site, entity, page_token, origin):
    """T20."""
    assert code_of(tell(beacon(site, entity, page_token), origin=origin)) == (
        403,
        "origin_not_allowed",
    )
    assert Interaction.objects.count() == 0


def test_a_token_of_one_site_is_no_use_at_another(site, entity, page_token, workspace, now):
    """T26."""
    other = type(site).objects.create(workspace=workspace, name="Two", origins=[SHOP])
    add_signing_key(other, now=now)
    theirs = make_entity(other, title="Vase", page_url=f"{SHOP}/vase")
    assert code_of(tell(beacon(other, theirs, page_token))) == (422, "bad_token")
    assert code_of(tell(beacon(other, entity, page_token))) == (422, "unknown_entity")
    nonce = new_nonce()
    tell(beacon(site, entity, page_token, nonce=nonce))
    own = offer_token(site=other, entity_key=theirs.key, page="", now=now)
    assert code_of(tell(beacon(other, theirs, own, nonce=nonce))) == (422, "nonce_taken")
    assert Interaction.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "short"},
        {"nonce": "A" * 21 + "B"},
        {"trusted": "yes"},
        {"more": 1},
        {"action": "like"},
        {"page_url": "javascript:alert(1)"},
        {"page_url": "https://shop.example/" + "a" * 2000},
        {"token": "x" * 300},
        {"token": ""},
        {"entity": "nothing"},
        {"landing": "short"},
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(site, entity, page_token, change):
    answer = tell(beacon(site, entity, page_token) | change)
    assert answer.status_code in (413, 422)
    assert set(answer.json()) == {"code", "message"}
    assert Interaction.objects.count() == 0


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "\x00", "{}", "[" * 1000])
def test_what_is_no_beacon_is_refused(site, body):
    """T18."""
    assert code_of(tell(body)) == (422, "unreadable")


def test_a_large_body_is_refused_before_it_is_read(site):
    """T18."""
    assert code_of(tell("x" * 10_000_000)) == (413, "too_large")


def test_a_packed_body_is_refused(site, entity, page_token):
    """T18: a gzip bomb is never unpacked."""
    answer = tell(beacon(site, entity, page_token), headers={"Content-Encoding": "gzip"})
    assert code_of(answer) == (415, "encoded")


def test_a_click_no_person_made_is_kept_and_not_counted(site, entity, page_token):
    """T23."""
    assert tell(beacon(site, entity, page_token, trusted=False)).status_code == 201
    kept = Interaction.objects.get()
    assert (kept.level, kept.clicked_at) == (0, None)
    assert kept.evidence.get().kind == "untrusted_click"


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_who_asks_not_to_be_tracked_is_not(site, entity, page_token, header):
    """T29."""
    answer = tell(beacon(site, entity, page_token), headers={header: "1"})
    assert (answer.status_code, answer.json()) == (200, {"recorded": False})
    assert Interaction.objects.count() == 0


def test_a_site_that_asks_first_keeps_only_what_was_agreed_to(site, entity, page_token):
    site.consent = "asked"
    site.save()
    assert tell(beacon(site, entity, page_token)).json() == {"recorded": False}
    assert tell(beacon(site, entity, page_token, consent=True)).status_code == 201


def test_a_paused_site_takes_nothing(site, entity, page_token):
    site.is_paused = True
    site.save()
    assert code_of(tell(beacon(site, entity, page_token))) == (403, "paused")


def test_a_page_token_that_mints_clicks_is_suspect_and_then_refused(site, entity, page_token):
    """T15, T16: bounded by token; the address is another one each time."""
    for number in range(REFUSED_AFTER):
        answer = tell(
            beacon(site, entity, page_token), REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}"
        )
        assert answer.status_code == 201
    assert code_of(tell(beacon(site, entity, page_token), REMOTE_ADDR="10.9.9.9")) == (
        429,
        "token_used_up",
    )
    assert Interaction.objects.filter(is_suspect=True).count() == REFUSED_AFTER - SUSPECT_AFTER


def test_a_token_counts_anew_each_day(site, entity, now, monkeypatch):
    """One of a publisher's own may live for months."""
    monkeypatch.setattr(signing, "OFFERS_LIVE", timedelta(days=90))
    token = offer_token(site=site, entity_key=entity.key, page="", now=now)
    for day in range(3):
        with time_machine.travel(now + timedelta(days=day)):
            for number in range(SUSPECT_AFTER):
                tell(beacon(site, entity, token), REMOTE_ADDR=f"10.0.{day}.{number}")
    found = Interaction.objects.all()
    assert (found.count(), found.filter(is_suspect=True).count()) == (3 * SUSPECT_AFTER, 0)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("/bowl?pin=AAAAAAAAAAAAAAAAAAAAAA", "/bowl"),
        ("/bowl?pin=AAAAAAAAAAAAAAAAAAAAAA&a=1", "/bowl?a=1"),
        ("/bowl?a=1%20b&pin=AAAAAAAAAAAAAAAAAAAAAA", "/bowl?a=1%20b"),
        ("/bowl?1-thread&pin=4711&pinapp=AAAAAAAAAAAAAAAAAAAAAA", "/bowl?1-thread&pin=4711"),
        (
            "/bowl?pin=4711&spin=AAAAAAAAAAAAAAAAAAAAAA",
            "/bowl?pin=4711&spin=AAAAAAAAAAAAAAAAAAAAAA",
        ),
    ],
)
def test_a_page_is_the_same_for_who_came_from_a_pin(site, entity, page_token, told, kept):
    tell(beacon(site, entity, page_token, page_url=SHOP + told))
    assert Interaction.objects.get().page_url == SHOP + kept


def test_long_addresses_of_pages_are_taken(site, entity, page_token):
    url = f"{SHOP}/?q=" + "x" * 1980
    word = beacon(site, entity, page_token, page_url=url[:2000], landing=new_nonce())
    assert tell(word).status_code == 201
    assert Interaction.objects.get().page_url == url[:2000]


def test_one_address_can_not_flood(site, entity, now):
    """T18."""
    tokens = [
        offer_token(site=site, entity_key=entity.key, page=f"p{n}", now=now)
        for n in range(PER_MINUTE // 20 + 1)
    ]
    answers = [tell(beacon(site, entity, tokens[n // 20])) for n in range(PER_MINUTE + 1)]
    assert [answer.status_code for answer in answers[:-1]] == [201] * PER_MINUTE
    assert code_of(answers[-1]) == (429, "too_fast")
    assert answers[-1]["Retry-After"] == "60"


def test_a_site_has_so_many_clicks_a_day(site, entity, page_token):
    """T16."""
    site.daily_limit = 2
    site.save()
    answers = [tell(beacon(site, entity, page_token)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert code_of(answers[2]) == (429, "site_full")


def test_a_click_told_after_its_picture_was_fetched_joins_it(site, entity, page_token):
    """T32."""
    told = beacon(site, entity, page_token, landing=new_nonce())
    fetch(f"{page_token}.{told['nonce']}")
    assert Interaction.objects.get().level == 3
    assert tell(told).status_code == 201
    kept = Interaction.objects.get()
    assert (kept.level, kept.page_url) == (3, entity.page_url)
    assert None not in (kept.clicked_at, kept.landing)
    assert tell(told).status_code == 200


def test_no_address_of_a_visitor_is_kept(site, entity, page_token, caplog):
    """T29."""
    tell(beacon(site, entity, page_token), REMOTE_ADDR="203.0.113.77")
    row = Evidence.objects.get()
    assert len(row.address_key) == 22
    assert "203.0.113.77" not in json.dumps(list(Evidence.objects.values()), default=str)
    assert "203.0.113.77" not in caplog.text


def test_no_header_says_where_a_click_comes_from(site, entity, page_token, settings):
    """T8: whatever the number of proxies, which the edge has counted before."""
    settings.TRUSTED_PROXIES = 1
    false = {"X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6", "X-Real-IP": "6.6.6.6"}
    told = {"REMOTE_ADDR": "198.51.100.1"}
    tell(beacon(site, entity, page_token), headers=false, **told)
    tell(beacon(site, entity, page_token), **told)
    assert len(set(Evidence.objects.values_list("address_key", flat=True))) == 1


def test_tokens_of_a_replaced_key_are_taken_until_it_ends(site, entity, page_token, now):
    """T28."""
    add_signing_key(site, now=now)
    forget_known()
    assert tell(beacon(site, entity, page_token)).status_code == 201
    site.signing_keys.exclude(accepted_until=None).update(accepted_until=now)
    forget_known()
    assert code_of(tell(beacon(site, entity, page_token))) == (422, "bad_token")


def test_without_the_database_the_door_says_so(site, entity, page_token, monkeypatch):
    tell(beacon(site, entity, page_token))

    def away(_clicks):
        raise DatabaseError

    line = GroupCommit(away, faults=(DatabaseError,))
    monkeypatch.setattr(clicks, "_TOGETHER", line)
    answer = tell(beacon(site, entity, page_token))
    assert code_of(answer) == (503, "unavailable")
    assert answer["Retry-After"] == "5"


def test_offers_are_for_pages_of_the_site_only(site, entity, workspace, now):
    other = type(site).objects.create(workspace=workspace, name="Two", origins=[SHOP])
    theirs = make_entity(other, title="Vase", page_url=f"{SHOP}/vase")
    query = f"/interactions/offer?site={site.key}&entity={entity.key}&entity={theirs.key}&page=x"
    answer = DoorClient().get(query, headers={"Origin": SHOP})
    offered = answer.json()
    assert (answer.status_code, list(offered["tokens"])) == (200, [entity.key])
    assert offered["media"] == {entity.key: "http://testserver/interactions/verify/pinit/"}
    assert tell(beacon(site, entity, offered["tokens"][entity.key])).status_code == 201
    assert code_of(DoorClient().get(query)) == (403, "origin_not_allowed")


@pytest.mark.parametrize("count", [1, 100])
def test_a_page_full_of_buttons_asks_once(site, django_assert_num_queries, count):
    keys = [
        make_entity(site, title=f"Good {number}", page_url=f"{SHOP}/{number}").key
        for number in range(count)
    ]
    query = f"/interactions/offer?site={site.key}&" + "&".join(f"entity={key}" for key in keys)
    forget_known()
    with django_assert_num_queries(3):  # the site, its signing keys, the entities
        answer = DoorClient().get(query, headers={"Origin": SHOP})
    assert (answer.status_code, list(answer.json()["tokens"])) == (200, keys)
    with django_assert_num_queries(0):
        DoorClient().get(query, headers={"Origin": SHOP})
    more = "".join(f"&entity=more{number}" for number in range(101 - count))
    too_many = DoorClient().get(query + more, headers={"Origin": SHOP})
    assert code_of(too_many) == (422, "how_many")


@pytest.mark.django_db(transaction=True)
def test_clicks_that_come_together_are_written_together(site, entity, now):
    tokens = [
        offer_token(site=site, entity_key=entity.key, page=f"p{n}", now=now) for n in range(8)
    ]
    answers = []

    def visitor(number):
        answers.extend(
            tell(beacon(site, entity, tokens[number]), REMOTE_ADDR=f"10.0.0.{number}")
            for _ in range(5)
        )
        connections.close_all()

    threads = [threading.Thread(target=visitor, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 40
    ids = {answer.json()["id"] for answer in answers}
    assert ids == {str(pk) for pk in Interaction.objects.values_list("pk", flat=True)}
    assert Evidence.objects.count() == 40


def test_one_row_that_can_not_be_written_fails_alone():
    written = []

    def write(rows):
        if "bad" in rows:
            raise DatabaseError
        written.extend(rows)
        return [row.upper() for row in rows]

    line = GroupCommit(write, faults=(DatabaseError,))
    gate, results = threading.Event(), {}

    def submit(row):
        gate.wait()
        try:
            results[row] = line.submit(row)
        except DatabaseError:
            results[row] = "refused"

    threads = [threading.Thread(target=submit, args=(row,)) for row in ("a", "bad", "c")]
    for thread in threads:
        thread.start()
    line._somebody_writes = True
    gate.set()
    while len(line._line) < 3:
        pass
    line._line[0].has_pen = True
    line._line[0].wait.release()
    for thread in threads:
        thread.join()
    assert results == {"a": "A", "bad": "refused", "c": "C"}
    assert sorted(written) == ["a", "c"]


def test_an_empty_workspace_has_no_rows_left_behind(site, entity, page_token, workspace):
    tell(beacon(site, entity, page_token))
    assert factories.WorkspaceFactory() != workspace
    site.delete()
    assert (Interaction.objects.count(), Evidence.objects.count()) == (0, 0)
