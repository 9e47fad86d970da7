"""The pages people look at."""

import re
from dataclasses import replace

import pytest

from sandbox import Sandbox
from sandbox.demo_content import ACCOUNTS
from sandbox.seed_demo import seed_demo
from tests.pinterest.films import film
from tests.sandbox.visitor import ORIGIN, PICTURE, base64_source, jpeg, mounted_session

EVIL = '<script>alert("x")</script>'


@pytest.fixture
def page(session):
    def page(path):
        response = session.get(f"{ORIGIN}{path}")
        assert response.status_code == 200, response.text
        return response.text

    return page


def test_a_published_pin_appears_on_its_board_after_a_reload(sandbox, visitor, board, page):
    assert "No Pins here yet" in page("/acme/spring/")
    section = sandbox.add_section(board, "Vases")
    visitor.pin(
        board.id,
        title="Sage dip vase",
        description="Runs differently.",
        link="https://www.shop.test/vase?a=1&b=2",
        alt_text="A green vase",
        board_section_id=section.id,
    )
    text = page("/acme/spring/")
    for words in ("Sage dip vase", "Runs differently.", 'alt="A green vase"', ">Vases<", "1 Pin"):
        assert words in text
    assert 'href="https://www.shop.test/vase?a=1&amp;b=2"' in text
    assert 'rel="nofollow noopener"' in text
    assert ">shop.test</a>" in text


def test_the_picture_of_a_page_is_served(session, visitor, board, page):
    visitor.pin(board.id, media_source=base64_source(jpeg(800, 1200)))
    [source] = re.findall(r'src="(/images/600x/[^"]+)"', page("/acme/spring/"))
    assert session.get(f"{ORIGIN}{source}").headers["content-type"] == "image/jpeg"


def test_the_newest_pin_comes_first(visitor, board, page):
    for title in ("Oldest", "Middle", "Newest"):
        visitor.pin(board.id, title=title)
    titles = re.findall(r"<h2><a [^>]+>(\w+)</a></h2>", page("/acme/spring/"))
    assert titles == ["Newest", "Middle", "Oldest"]


def test_the_closeup_shows_everything_that_was_sent(visitor, board, page):
    pin = visitor.pin(board.id, title="T & Co", alt_text="Alt words", link="https://a.test/").json()
    text = page(f"/pin/{pin['id']}/")
    for words in ("T &amp; Co", "Alt words", "https://a.test/", pin["id"], "600 × 900 JPEG"):
        assert words in text
    assert 'href="/acme/spring/"' in text


def test_nothing_a_client_sends_becomes_markup(sandbox, visitor, session, page):
    visitor.post("/boards", {"name": EVIL, "description": EVIL})
    [board] = sandbox.records.boards.values()
    sandbox.account("acme").name = EVIL
    pin = visitor.pin(
        board.id,
        title=EVIL,
        description=EVIL,
        alt_text=f'"{EVIL}',
        link='https://a.test/"><script>',
    ).json()
    for path in ("/", "/acme/", f"/acme/{board.slug}/", f"/pin/{pin['id']}/"):
        text = page(path)
        assert "<script" not in text
        assert "&lt;script&gt;" in text
    assert "<script" not in session.get(f"{ORIGIN}/<script>/").text


def test_pages_keep_a_strict_policy(session, board):
    for path in ("/", "/acme/", "/acme/spring/", "/nothing/"):
        response = session.get(f"{ORIGIN}{path}")
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert not re.search(r"<script|\sstyle=|\son\w+=|https?://", response.text)


def test_secret_boards_say_so(sandbox, acme, page):
    sandbox.add_board(acme, "Hidden", privacy="SECRET")
    assert '<span class="badge">secret</span>' in page("/acme/")


def test_boards_whose_names_differ_only_in_signs_have_pages_of_their_own(sandbox, acme, page):
    sandbox.add_board(acme, "A & B")
    sandbox.add_board(acme, "A + B")
    sandbox.add_board(acme, "★")
    assert "<h1>A &amp; B</h1>" in page("/acme/a-b/")
    assert "<h1>A + B</h1>" in page("/acme/a-b-2/")
    assert "<h1>★</h1>" in page("/acme/board/")


def test_unicode_addresses_work(sandbox, acme, page):
    sandbox.add_board(acme, "Été à Nîmes")
    [address] = re.findall(r'href="(/acme/[^"]+)"', page("/acme/"))[-1:]
    assert "<h1>Été à Nîmes</h1>" in page(address)


@pytest.mark.parametrize("path", ["/nobody/", "/acme/nothing/", "/pin/1/", "/a/b/c/"])
def test_a_page_that_is_not_there_says_so_kindly(session, acme, path):
    response = session.get(f"{ORIGIN}{path}")
    assert response.status_code == 404
    assert "This sandbox has no such page" in response.text


def test_the_demo_shows_two_accounts_and_all_their_pictures():
    sandbox = Sandbox.empty(seed=1)
    seed_demo(sandbox)
    with mounted_session(sandbox) as session:
        front = session.get(f"{ORIGIN}/").text
        for account in ACCOUNTS:
            assert account.name.replace("&", "&amp;") in front
        maker = sandbox.account("maison-clay")
        boards = [one for one in sandbox.records.boards.values() if one.owner_id == maker.id]
        assert len(boards) == 9
        assert [one.name for one in boards if one.privacy == "SECRET"] == ["Autumn launch"]
        assert len(sandbox.records.sections) == 3
        for picture in sandbox.records.pictures:
            served = session.get(f"{ORIGIN}/images/150x150/{picture}")
            assert served.headers["content-type"] == "image/jpeg"


def test_demo_pictures_are_the_same_each_time():
    def picture():
        sandbox = Sandbox.empty(seed=1)
        seed_demo(sandbox)
        first = next(iter(sandbox.records.pictures.values()))
        return sandbox.pictures.rendition(first, "150x150")

    assert picture() == picture()


def test_a_very_full_board_shows_its_newest_200_pins(sandbox, visitor, board, page):
    first = visitor.pin(board.id, title="First").json()["id"]
    oldest = sandbox.records.pins[first]
    for _ in range(202):
        sandbox.keep_pin(replace(oldest, id=sandbox.ids.entity("pin"), title="Later"))
    text = page("/acme/spring/")
    assert text.count("<h2>") == 200
    assert "And 3 Pins more" in text
    assert "First" not in text


def test_a_carousel_is_a_strip_with_links_for_arrows(session, visitor, board):
    item = {"content_type": "image/jpeg", "data": PICTURE["data"]}
    slides = [
        item | {"title": "First", "link": "https://a.test/1"},
        item | {"description": "Second <b>"},
        item,
    ]
    source = {"source_type": "multiple_image_base64", "items": slides}
    pin = visitor.pin(board.id, media_source=source).json()["id"]
    page = session.get(f"{ORIGIN}/pin/{pin}/").text
    assert re.findall(r'id="(slide-\d)"', page) == ["slide-1", "slide-2", "slide-3"]
    assert re.findall(r'href="#(slide-\d)"', page) == ["slide-2", "slide-1", "slide-3", "slide-2"]
    assert re.findall(r"<span>(\d of \d)</span>", page) == ["1 of 3", "2 of 3", "3 of 3"]
    assert '<figcaption>First <a href="https://a.test/1"' in page
    assert "<figcaption>Second &lt;b&gt; </figcaption>" in page


def test_a_video_is_marked_on_its_board_and_its_own_page(sandbox, session, visitor, board):
    place = visitor.post("/media", {"media_type": "video"}).json()
    fields = [(name, (None, value)) for name, value in place["upload_parameters"].items()]
    session.post(place["upload_url"], files=[*fields, ("file", ("v", film(75, 720, 1280)))])
    sandbox.clock.advance(60)
    source = {"source_type": "video_id", "media_id": place["media_id"]}
    source["cover_image_key_frame_time"] = 4
    pin = visitor.pin(board.id, media_source=source).json()["id"]
    pages = (f"{ORIGIN}/acme/spring/", f"{ORIGIN}/pin/{pin}/")
    for page in pages:
        assert "Video in processing" in session.get(page).text
    sandbox.clock.advance(60)
    for page in pages:
        assert "▶ Video" in session.get(page).text
    closeup = session.get(pages[1]).text
    assert "<dt>Video</dt><dd>1:15, 720 × 1280</dd>" in closeup
    assert "<dt>Cover</dt><dd>720 × 1280 JPEG</dd>" in closeup
    [cover] = re.findall(r'<img src="(/images/1200x/[^"]+)"', closeup)
    assert session.get(f"{ORIGIN}{cover}").headers["content-type"] == "image/jpeg"
