"""The demo shop: a publisher's site that PinApp lays out and runs beside itself."""

from __future__ import annotations

import json
import re
import stat
import threading
import time
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.files.storage import default_storage
from django.core.management import call_command

from interactions.models import Entity, SigningKey, Site
from interactions.policy.reports import sign_report
from interactions.services.signing import open_secret
from pinapp.demo.shop.goods import GOODS
from pinapp.demo.shop.keys import Keys, read_keys, write_keys
from pinapp.demo.shop.pages import Place
from pinapp.demo.shop.reports import Crawl, crawl_of, signed
from pinapp.demo.shop.server import ShopServer
from tests.pinterest.loopback import in_turn, respond, serve

SHOP = "http://127.0.0.1:8200"
KEYS = Keys(
    site="site23456789",
    key_id="abc123",
    secret="kept to itself",
    entities={good.slug: f"key{number}" for number, good in enumerate(GOODS)},
)


@pytest.fixture
def demo(db, settings, tmp_path: Path) -> Path:
    """Where `manage.py demo` leaves the shop's keys, with a shop to run."""
    settings.DEMO_PASSWORD = "four-unrelated-words"
    settings.SHOP_URL = SHOP
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def pinapp_url() -> str:
    return "http://pinapp.test"


@pytest.fixture
def shop(tmp_path: Path, pinapp_url: str):
    """The shop's server on a free port; gives its URL."""
    place = Place("http://shop.test", pinapp_url, "http://pinterest.test")
    with ShopServer(("127.0.0.1", 0), place, tmp_path) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def buttons(page: str) -> list[dict[str, str]]:
    """The attributes of each Pin-it button."""
    links = re.findall(r'<a class="pin-it"([^>]*)>', page)
    return [
        {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', link)}
        for link in links
    ]


## What the demo lays out


def test_the_demo_lays_out_the_shop_with_three_things_to_pin(demo: Path) -> None:
    call_command("demo")

    site = Site.objects.get()
    assert (site.name, site.origins, site.workspace.name) == (
        "Maison Clay",
        [SHOP],
        "Demo workspace",
    )
    entities = {entity.title: entity for entity in Entity.objects.all()}
    assert {title: entity.page_url for title, entity in entities.items()} == {
        good.name: f"{SHOP}/{good.slug}" for good in GOODS
    }
    for entity in entities.values():
        with default_storage.open(entity.file_name) as picture:
            assert len(picture.read()) == entity.size


def test_the_shop_is_told_its_keys_in_a_file_that_only_this_account_reads(demo: Path) -> None:
    call_command("demo")

    keys = read_keys(demo)
    assert keys is not None
    assert keys.site == Site.objects.get().key
    assert keys.secret == open_secret(SigningKey.objects.get(key_id=keys.key_id))
    assert keys.entities == {good.slug: Entity.objects.get(title=good.name).key for good in GOODS}
    assert stat.S_IMODE((demo / "shop.json").stat().st_mode) == 0o600
    assert keys.secret not in repr(keys)


def test_laying_it_out_again_changes_nothing(demo: Path) -> None:
    call_command("demo")
    before = (demo / "shop.json").read_text()
    call_command("demo")
    assert (demo / "shop.json").read_text() == before
    assert (Site.objects.count(), Entity.objects.count(), SigningKey.objects.count()) == (1, 3, 1)


def test_what_a_person_changed_stays(demo: Path) -> None:
    call_command("demo")
    Site.objects.update(name="My shop", is_paused=True, origins=["https://shop.example", SHOP])
    call_command("demo")
    site = Site.objects.get()
    assert (site.name, site.is_paused, site.origins) == (
        "My shop",
        True,
        ["https://shop.example", SHOP],
    )


def test_a_shop_that_moved_to_another_port_is_allowed_there_too(demo: Path, settings) -> None:
    call_command("demo")
    settings.SHOP_URL = "http://127.0.0.1:9200"
    call_command("demo")
    assert Site.objects.get().origins == [SHOP, "http://127.0.0.1:9200"]
    assert Entity.objects.count() == 6


def test_a_key_that_can_no_longer_be_opened_is_replaced(demo: Path, settings) -> None:
    call_command("demo")
    settings.TOKEN_KEYS = ["TlROVE5OVE5OTlROTk5UTk5OTlROTk5UTk5OTlROTk4="]
    call_command("demo")
    keys = read_keys(demo)
    assert keys is not None
    assert keys.secret == open_secret(SigningKey.objects.get(accepted_until=None))


def test_without_a_shop_nothing_is_laid_out(demo: Path, settings) -> None:
    settings.SHOP_URL = ""
    call_command("demo")
    assert Site.objects.count() == 0
    assert not (demo / "shop.json").exists()


## What the shop serves


def test_each_button_is_a_plain_link_that_names_what_it_pins(shop: str, tmp_path: Path) -> None:
    write_keys(tmp_path, KEYS)
    answer = requests.get(f"{shop}/", timeout=5)

    assert answer.status_code == 200
    for button, good in zip(buttons(answer.text), GOODS, strict=True):
        address = urlsplit(button["href"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == (
            "http://pinterest.test/pin/create/button/"
        )
        assert parse_qs(address.query) == {
            "url": [f"http://shop.test/{good.slug}"],
            "media": [f"http://shop.test/pictures/{good.slug}.jpg"],
            "description": [good.words],
        }
        assert button["data-pinapp-entity"] == KEYS.entities[good.slug]
    assert (
        '<script async src="http://pinapp.test/pinit.js" data-site="site23456789">' in answer.text
    )
    assert KEYS.secret not in answer.text
    assert "unsafe-inline" not in answer.headers["content-security-policy"]


def test_each_page_and_each_picture_is_there(shop: str, tmp_path: Path) -> None:
    write_keys(tmp_path, KEYS)
    for good in GOODS:
        page = requests.get(f"{shop}/{good.slug}?any=thing", timeout=5)
        assert page.status_code == 200
        assert good.story in unescape(page.text)
        assert len(buttons(page.text)) == 1
        picture = requests.get(f"{shop}/pictures/{good.slug}.jpg", timeout=5)
        assert (picture.headers["content-type"], picture.content[:2]) == (
            "image/jpeg",
            b"\xff\xd8",
        )
    head = requests.head(f"{shop}/", timeout=5)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["/nothing", "/pictures/nothing.jpg", "/../shop.json", "/shop.json", "/sage-dip-vase/x"]
)
def test_anything_else_is_missing_in_words(shop: str, path: str, tmp_path: Path) -> None:
    write_keys(tmp_path, KEYS)
    answer = requests.get(f"{shop}{path}", timeout=5)
    assert answer.status_code == 404
    assert "No such pot" in answer.text


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", '{"site": 1', "null"])
def test_without_keys_its_buttons_work_all_the_same(shop: str, tmp_path: Path, content) -> None:
    if content is not None:
        (tmp_path / "shop.json").write_text(content)
    page = requests.get(f"{shop}/", timeout=5).text
    assert len(buttons(page)) == 3
    assert "pinit.js" not in page
    assert "data-pinapp-entity" not in page


def test_new_keys_count_from_the_next_page_on(shop: str, tmp_path: Path) -> None:
    assert "pinit.js" not in requests.get(f"{shop}/", timeout=5).text
    write_keys(tmp_path, KEYS)
    assert "pinit.js" in requests.get(f"{shop}/", timeout=5).text


## What the shop reports

LANDING = "AbCdEfGhIjKlMnOpQrStUv"
PINTERESTBOT = "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)"
IN_APP = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 [Pinterest/iOS]"


def test_a_report_is_signed_as_the_documentation_says() -> None:
    crawl = Crawl(LANDING, PINTERESTBOT, "54.236.1.11")
    report = signed(crawl, keys=KEYS, at=1_800_000_000)
    words = {name: report[name] for name in report.keys() - {"mac"}}
    assert report["mac"] == sign_report(KEYS.secret.encode(), **words)


@pytest.mark.parametrize(
    ("query", "agent"),
    [
        (f"pin={LANDING}", IN_APP),
        (f"pin={LANDING}", "Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0.0.0"),
        (f"pin={LANDING}", ""),
        ("", PINTERESTBOT),
        ("pin=", PINTERESTBOT),
        ("pin=short", PINTERESTBOT),
        (f"pin={LANDING}x", PINTERESTBOT),
        (f"other={LANDING}", PINTERESTBOT),
        ("pin=%00%ff", PINTERESTBOT),
    ],
)
def test_only_the_crawler_at_a_pins_own_address_is_reported(query: str, agent: str) -> None:
    assert crawl_of(query, user_agent=agent, address="127.0.0.1") is None


@pytest.mark.parametrize("query", ["pinapp={}&pin=4711", "pin={}", "a&b=c%20d&pinapp={}"])
def test_the_mark_is_read_under_its_name_of_today_and_of_before(query: str) -> None:
    crawl = crawl_of(query.format(LANDING), user_agent=PINTERESTBOT, address="54.236.1.11")
    assert crawl == Crawl(LANDING, PINTERESTBOT, "54.236.1.11")


class TestReporting:
    @pytest.fixture
    def reports(self):
        """PinApp's door: what was reported, and how it answers."""
        with serve(in_turn(respond(503), respond(204))) as loopback:
            yield loopback

    @pytest.fixture
    def pinapp_url(self, reports) -> str:
        return reports.url

    def test_a_crawl_is_reported_until_pinapp_has_it(
        self, shop: str, reports, tmp_path: Path
    ) -> None:
        write_keys(tmp_path, KEYS)
        address = f"{shop}/breakfast-bowl?pin={LANDING}"
        requests.head(address, headers={"User-Agent": PINTERESTBOT}, timeout=5)
        requests.get(f"{shop}/none?pin={LANDING}", headers={"User-Agent": PINTERESTBOT}, timeout=5)
        requests.get(address, headers={"User-Agent": PINTERESTBOT}, timeout=5)

        give_up_at = time.monotonic() + 10
        while len(reports.requests) < 2 and time.monotonic() < give_up_at:
            time.sleep(0.05)

        told = [json.loads(each.partition(b"\r\n\r\n")[2]) for each in reports.requests]
        assert [(each["landing"], each["address"], each["site"]) for each in told] == [
            (LANDING, "127.0.0.1", KEYS.site)
        ] * 2
        assert reports.requests[0].startswith(b"POST /interactions/crawl ")
        assert KEYS.secret.encode() not in b"".join(reports.requests)
