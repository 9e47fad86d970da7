"""The address that Pinterest fetches pictures at."""

from __future__ import annotations

import base64
import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError

from foundation.security_headers import FOR_OTHER_SITES
from interactions.models import CrawlerAddress, Evidence, Interaction
from interactions.policy.caps import PER_MINUTE, REFUSED_AFTER
from interactions.policy.tokens import flaw_of, mint, read_page_token
from interactions.selectors import known_sites
from interactions.selectors.known_sites import key_of
from interactions.services import caps
from interactions.services import spool as spools
from interactions.services.fetches import MOST_EVIDENCE
from interactions.services.signing import offer_token
from interactions.services.spool import Spool, spool
from tests.interactions.asking import (
    CRAWLER,
    PERSON,
    PINTEREST_ADDRESS,
    PROXY,
    DoorClient,
    beacon,
    fetch,
    new_nonce,
    tell,
)

pytestmark = pytest.mark.django_db
IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]"
)


@pytest.fixture
def clicked(site, entity, page_token, media_token):
    """The interaction of `media_token`, clicked."""
    tell(beacon(site, entity, page_token, nonce=media_token.rpartition(".")[2]))
    return Interaction.objects.get()


def bytes_of(entity):
    with default_storage.open(entity.file_name) as file:
        return file.read()


def kinds():
    return sorted(Evidence.objects.values_list("kind", flat=True))


def test_pinterest_gets_the_bytes_themselves(entity, media_token):
    answer = fetch(media_token)
    assert (answer.status_code, answer.content) == (200, bytes_of(entity))
    assert {name: answer[name] for name in answer.headers} == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(entity.size),
        **FOR_OTHER_SITES,
        "Cache-Control": "private, no-store",
    }
    assert answer.cookies == {}


def test_the_crawler_s_fetch_is_claimed_until_its_address_is_checked(clicked, media_token):
    """T1, T3: no Referer is needed, and a user agent alone verifies nothing."""
    fetch(media_token)
    clicked.refresh_from_db()
    assert clicked.level == 3
    address = CrawlerAddress.objects.get()
    assert (address.address, address.verdict) == (PINTEREST_ADDRESS, "unknown")
    assert Evidence.objects.get(kind="crawler_fetch").crawler == address


def test_a_false_referer_makes_a_preview_at_most(clicked, media_token):
    """T2."""
    fetch(media_token, agent=PERSON, headers={"Referer": "https://www.pinterest.com/"})
    clicked.refresh_from_db()
    assert (clicked.level, kinds()) == (2, ["browser_preview", "click"])


@pytest.mark.parametrize(
    "referer",
    [
        "https://evilpinterest.com/",
        "https://pinterest.com.evil.tld/",
        "http://www.pinterest.com/",
        "https://shop.example/pinterest.com",
        "https://www.pinterest.com@evil.tld/",
        "//",
        "https://[",
    ],
)
def test_other_referers_are_no_preview(clicked, media_token, referer):
    fetch(media_token, agent=PERSON, headers={"Referer": referer})
    clicked.refresh_from_db()
    assert (clicked.level, kinds()) == (1, ["click", "other_fetch"])


def test_the_image_proxy_only_previews(clicked, media_token):
    """T9."""
    for _ in range(3):
        fetch(media_token, agent=PROXY)
    clicked.refresh_from_db()
    assert (clicked.level, kinds()) == (2, ["click", "preview_proxy"])


@pytest.mark.parametrize("agents", [[PROXY, CRAWLER], [CRAWLER, PROXY]])
def test_preview_and_fetch_in_any_order_twice_each_are_one_row_each(clicked, media_token, agents):
    """T10."""
    for agent in [*agents, *agents]:
        fetch(media_token, agent=agent)
    assert kinds() == ["click", "crawler_fetch", "preview_proxy"]
    assert Interaction.objects.get().level == 3


def test_the_in_app_browser_is_a_person(clicked, media_token):
    """T30."""
    fetch(media_token, agent=IN_APP, headers={"Referer": "https://www.pinterest.com/pin/1/"})
    clicked.refresh_from_db()
    assert (clicked.level, kinds()) == (2, ["browser_preview", "click"])


@pytest.mark.parametrize(
    "agent",
    [
        "Googlebot-Image/1.0",
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
        "Pinterest",
        "I like Pinterest/0.2",
        "",
    ],
)
def test_others_are_served_and_change_nothing(clicked, entity, media_token, agent):
    """T31."""
    assert fetch(media_token, agent=agent).content == bytes_of(entity)
    clicked.refresh_from_db()
    assert (clicked.level, kinds()) == (1, ["click", "other_fetch"])


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "head"},
        {"headers": {"Range": "bytes=0-1"}},
        {"headers": {"If-None-Match": '"x"'}},
        {"headers": {"If-Modified-Since": "Thu, 26 Nov 2026 10:00:00 GMT"}},
        {"headers": {"Sec-Purpose": "prefetch;prerender"}},
        {"headers": {"Purpose": "prefetch"}},
    ],
)
def test_half_a_fetch_never_raises_the_level(clicked, media_token, asked):
    """T11."""
    assert fetch(media_token, **asked).status_code == 200
    clicked.refresh_from_db()
    assert (clicked.level, kinds()) == (1, ["click", "other_fetch"])


def test_other_methods_are_refused(media_token):
    """T11."""
    assert fetch(media_token, method="post").status_code == 405
    assert Interaction.objects.count() == 0


def damaged(token, site, entity, now):
    page_token, _, nonce = token.rpartition(".")
    key = {"key_id": page_token.split(".")[1], "site": site.key, "entity": entity.key}
    return {
        "cut": token[:-5],
        "flipped": token[:-30] + ("A" if token[-30] != "A" else "B") + token[-29:],
        "wrong case": token.swapcase(),
        "another key": mint(key=b"x", page="", expires_at=now + timedelta(days=1), **key)
        + f".{nonce}",
        "over": offer_token(site=site, entity_key=entity.key, page="", now=now - timedelta(days=8))
        + f".{nonce}",
        "from the future": offer_token(
            site=site, entity_key=entity.key, page="", now=now + timedelta(days=500)
        )
        + f".{nonce}",
        "no nonce": page_token,
        "unknown key": page_token.replace(key["key_id"], "ffffff") + f".{nonce}",
    }


@pytest.mark.parametrize(
    "how",
    ["cut", "flipped", "another key", "over", "from the future", "unknown key"],
)
def test_a_bad_token_gives_the_same_bytes_and_no_evidence(site, entity, media_token, now, how):
    """T12: no oracle."""
    good, bad = fetch(media_token), fetch(damaged(media_token, site, entity, now)[how])
    assert (bad.status_code, bad.content, bad.headers) == (200, good.content, good.headers)
    assert Interaction.objects.count() == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        "x",
        "",
        "..%2e%2e",
        "%00",
        "v1.é.ü",
        "a" * 8000,
        "v1.a.b.c.d.99999999999.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
        "../../etc/passwd",
        "//evil.example",
    ],
)
def test_nonsense_gets_a_neutral_picture(site, entity, nonsense):
    """T12, T24: never an error, never a redirect."""
    answer = DoorClient().get(f"/interactions/verify/pinit/{nonsense}.jpg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Interaction.objects.count() == 0


def test_a_hundred_thousand_guesses_find_no_token(site, entity, page_token, now):
    """T13: at what the doors ask; the head is a real one, only the secret is not known."""
    head = page_token.rpartition(".")[0]
    found = 0
    for _ in range(100_000):
        mac = base64.urlsafe_b64encode(os.urandom(16)).rstrip(b"=").decode()
        found += flaw_of(read_page_token(f"{head}.{mac}"), key_of=key_of, now=now) is None
    assert found == 0
    assert flaw_of(read_page_token(page_token), key_of=key_of, now=now) is None


def test_guessed_tokens_hit_nothing(site, entity, page_token):
    """T13, through the door."""
    head = page_token.rpartition(".")[0]
    for _ in range(2000):
        mac = base64.urlsafe_b64encode(os.urandom(16)).rstrip(b"=").decode()
        DoorClient().get(f"/interactions/verify/pinit/{head}.{mac}.{new_nonce()}.jpg")
    spool.drain()
    assert Interaction.objects.count() == 0


def test_a_third_party_who_fetches_again_counts_nothing(clicked, media_token):
    """T14."""
    fetch(media_token)
    for number in range(5):
        fetch(media_token, agent=PERSON, address=f"203.0.113.{number}")
    assert Interaction.objects.get().level == 3
    assert kinds() == ["click", "crawler_fetch", *["other_fetch"] * 5]


def test_evidence_of_one_interaction_is_bounded(clicked, media_token):
    """T14, T18."""
    for number in range(MOST_EVIDENCE + 20):
        DoorClient().get(
            f"/interactions/verify/pinit/{media_token}.jpg",
            headers={"User-Agent": PERSON},
            REMOTE_ADDR=f"203.0.{number // 250}.{number % 250}",
        )
        if number % 50 == 0:
            spool.drain()
    spool.drain()
    fetch(media_token, agent=PERSON, address="198.51.100.1")
    assert Evidence.objects.count() <= MOST_EVIDENCE + 50


def test_fetches_that_mint_interactions_are_bounded(page_token):
    """T15."""
    for number in range(REFUSED_AFTER + 20):
        make_up(page_token, address=f"10.0.{number // 250}.{number % 250}")
    spool.drain()
    assert Interaction.objects.count() == REFUSED_AFTER


def test_one_address_mints_only_so_many(page_token):
    for _ in range(PER_MINUTE + 5):
        make_up(page_token, address="10.0.0.1")
    spool.drain()
    assert Interaction.objects.count() == PER_MINUTE


@pytest.mark.parametrize("agent", [CRAWLER, PROXY])
def test_fetches_made_up_use_up_no_click_of_the_site_s_day(site, entity, page_token, agent):
    site.daily_limit = 20
    site.save()
    for number in range(25):
        make_up(page_token, address=f"10.0.0.{number}", agent=agent)
    spool.drain()
    assert Interaction.objects.count() == 20
    caps.clicks.__init__(of_site=caps.clicks._counted)
    assert tell(beacon(site, entity, page_token)).status_code == 201


def make_up(page_token, *, address, agent=CRAWLER):
    """Fetch the picture of a click that never was."""
    DoorClient().get(
        f"/interactions/verify/pinit/{page_token}.{new_nonce()}.jpg",
        headers={"User-Agent": agent},
        REMOTE_ADDR=address,
    )


def test_a_fetch_nobody_clicked_for_makes_the_interaction(site, entity, media_token):
    """T32: the beacon never came."""
    fetch(media_token)
    made = Interaction.objects.get()
    assert (made.level, made.clicked_at, made.site, made.entity) == (3, None, site, entity)


def test_only_fetches_of_pinterest_s_make_one(media_token):
    fetch(media_token, agent=PERSON)
    assert Interaction.objects.count() == 0


def test_a_fetch_is_in_the_file_before_the_picture_leaves(entity, media_token, settings):
    """T28: the database is away; what was known goes on being served."""
    fetch(media_token)

    def away(*_args, **_more):
        raise DatabaseError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spools, "keep_fetches", away)
        patch.setattr(known_sites._SITES, "_read", away)
        patch.setattr(known_sites._ENTITIES, "_read", away)
        patch.setattr(known_sites.time, "monotonic", lambda: 10**9)
        with pytest.raises(DatabaseError):
            fetch(media_token, agent=PROXY)
        answer = DoorClient().get(
            f"/interactions/verify/pinit/{media_token}.jpg",
            headers={"User-Agent": PROXY},
            REMOTE_ADDR=PINTEREST_ADDRESS,
        )
        assert (answer.status_code, answer.content) == (200, bytes_of(entity))
        assert kinds() == ["crawler_fetch"]
    spool.drain()
    assert kinds() == ["crawler_fetch", "preview_proxy"]


def test_without_a_database_and_nothing_known_pinterest_is_asked_to_come_again(
    media_token, monkeypatch
):
    """A neutral picture would be pinned for good."""

    def away(_key):
        raise DatabaseError

    monkeypatch.setattr(known_sites._ENTITIES, "_read", away)
    monkeypatch.setattr(known_sites._SITES, "_read", away)
    known_sites.forget_known()
    answer = DoorClient().get(f"/interactions/verify/pinit/{media_token}.jpg")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_what_a_dead_process_left_is_carried_over_once(media_token, clicked, settings):
    """T28: killed between the answer and the database; told twice it counts once."""
    DoorClient().get(
        f"/interactions/verify/pinit/{media_token}.jpg", headers={"User-Agent": CRAWLER}
    )
    (file,) = (settings.VAR_DIR / "spool").iterdir()
    left = file.read_bytes()
    spool.drain()
    for number in range(2):
        copy = settings.VAR_DIR / "spool" / f"fetches-0-{number}.jsonl"
        copy.write_bytes(left + left + b'{"site_id": "half a li')
    assert Spool().drain() == 4
    assert kinds() == ["click", "crawler_fetch"]
    assert list((settings.VAR_DIR / "spool").iterdir()) == []


def test_the_spool_holds_no_address_of_a_visitor(media_token, settings):
    """T29."""
    for agent in (PERSON, PROXY):
        DoorClient().get(
            f"/interactions/verify/pinit/{media_token}.jpg",
            headers={"User-Agent": agent},
            REMOTE_ADDR="203.0.113.77",
        )
    (file,) = (settings.VAR_DIR / "spool").iterdir()
    assert b"203.0.113.77" not in file.read_bytes()
    spool.drain()


def test_a_full_disk_costs_evidence_and_no_picture(entity, media_token, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spools.os, "write", full)
    assert fetch(media_token).content == bytes_of(entity)


def test_tokens_name_nobody(site, entity, page_token, owner):
    """T29."""
    for secret in (
        str(owner.pk),
        owner.email,
        str(site.pk),
        str(entity.pk),
        str(site.workspace_id),
    ):
        assert secret not in page_token


@pytest.mark.parametrize("name", ["x" * 13, "x" * 60_000, "a%00b"])
def test_a_name_that_can_be_none_is_not_looked_up(db, name, django_assert_num_queries):
    known_sites.forget_known()
    with django_assert_num_queries(0):
        answer = DoorClient().get(f"/interactions/pictures/{name}.jpg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
