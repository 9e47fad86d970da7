"""The publisher's script in a real browser, on a page of another origin."""

from __future__ import annotations

import re

import pytest

from tests.interactions.publisher import APP, SHOP, Publisher

HREF = "http://pinterest.test/pin/create/button/?url={url}&media=http%3A%2F%2Fshop.test%2Fa.jpg"
LINK = f"""<a id="pin" target="_blank" data-pinapp-entity="bowl"
 href="{HREF.format(url="http%3A%2F%2Fshop.test%2Fbowl%3Fa%3D1%23top")}">Pin it</a>"""
# What Pinterest's script does with a custom button: it listens on the body and opens data-pin-href.
THEIRS = """<script>addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("pin");
  button.dataset.pinHref = button.href;
  button.dataset.pinLog = "button_pinit";
  button.removeAttribute("href");
  document.body.addEventListener("click", (event) => {
    const found = event.target.closest("[data-pin-log]");
    if (found) window.open(found.dataset.pinHref, "pin1", "width=800,height=900");
  });
});</script>"""
POLICY = f"script-src {APP}; connect-src {APP}; style-src 'none'"


class World(Publisher):
    """A page with the script at its end."""

    def open(self, html, *, path="/", before=""):
        super().open(html, path=path, head=before)

    def click(self, **options):
        super().click(**options)


@pytest.fixture
def world(page):
    return World(page.context, page)


def assert_marked(world):
    """The dialog and the beacon speak of the same click."""
    ((path, word, request),) = world.told
    assert path == "/interactions"
    assert word == {
        "site": "site",
        "entity": "bowl",
        "action": "pinit",
        "token": "token-bowl",
        "nonce": word["nonce"],
        "landing": word["landing"],
        "page_url": f"{SHOP}/",
        "trusted": True,
        "consent": False,
    }
    assert re.fullmatch(r"[\w-]{22}", word["nonce"])
    assert word["nonce"] != word["landing"]
    media = f"{APP}/interactions/verify/pinit/token-bowl.{word['nonce']}.jpg"
    assert world.dialog == {"url": f"{SHOP}/bowl?a=1&pinapp={word['landing']}#top", "media": media}
    assert "cookie" not in request.headers
    assert request.headers["content-type"].startswith("text/plain")


def test_a_plain_link(world):
    world.open(LINK)
    world.click()
    assert_marked(world)


def test_with_pinterest_s_own_script(world):
    world.open(LINK, before=THEIRS)
    world.click()
    assert_marked(world)


def test_with_the_keyboard(world):
    world.open(LINK)
    world.page.focus("#pin")
    with world.page.context.expect_page():
        world.page.keyboard.press("Enter")
    world.wait_for_dialog(0)
    assert_marked(world)


def test_in_a_tab_of_its_own(world):
    world.open(LINK)
    world.click(modifiers=["Control"])
    assert_marked(world)


def test_a_strict_policy_of_the_page_is_enough(world):
    world.headers = {"Content-Security-Policy": POLICY}
    world.open(LINK)
    world.click()
    assert_marked(world)


def test_a_button_added_later(world):
    world.open("<p>Nothing yet</p>")
    world.page.evaluate(f"document.body.insertAdjacentHTML('beforeend', `{LINK}`)")
    world.page.wait_for_timeout(150)
    world.click()
    assert_marked(world)


def test_each_click_has_nonces_of_its_own_and_the_page_keeps_the_plain_picture(world):
    world.open(LINK)
    plain = world.page.get_attribute("#pin", "href")
    world.click()
    world.click()
    first, second = (word for _, word, _ in world.told)
    assert len({first["nonce"], second["nonce"], first["landing"], second["landing"]}) == 4
    world.page.wait_for_timeout(1200)
    assert world.page.get_attribute("#pin", "href") == plain


def test_a_click_no_person_made_is_marked(world):
    """T23."""
    world.open(LINK)
    with world.page.context.expect_page():
        world.page.evaluate("document.getElementById('pin').click()")
    world.page.wait_for_timeout(100)
    assert [word["trusted"] for _, word, _ in world.told] == [False]


def test_a_button_nobody_can_see_is_marked(world):
    """T23."""
    world.open(f'<div style="opacity:0">{LINK}</div>')
    world.click()
    assert [word["trusted"] for _, word, _ in world.told] == [False]


@pytest.mark.parametrize(
    "style",
    ["float:left", "position:absolute;left:0;top:0", "display:inline-block"],
    ids=["floated", "placed", "inline block"],
)
@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_a_link_is_seen_where_what_is_in_it_is(world, style, way):
    """A link around what floats has no box of its own."""
    inner = f'<i id="inner" style="{style};width:60px;height:40px;background:red"></i>'
    world.open(LINK.replace("Pin it", inner))
    if way == "keyboard":
        world.page.focus("#pin")
    with world.page.context.expect_page():
        if way == "keyboard":
            world.page.keyboard.press("Enter")
        else:
            world.page.click("#inner")
    world.page.wait_for_timeout(100)
    assert [word["trusted"] for _, word, _ in world.told] == [True]


def test_a_link_whose_contents_alone_are_shown_is_seen(world):
    world.open(LINK.replace('id="pin"', 'id="pin" style="display:contents"'))
    box = world.page.evaluate(
        "(() => { const r = document.createRange(); r.selectNodeContents("
        "document.getElementById('pin')); const b = r.getBoundingClientRect();"
        " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
    )
    with world.page.context.expect_page():
        world.page.mouse.click(*box)
    world.page.wait_for_timeout(100)
    assert [word["trusted"] for _, word, _ in world.told] == [True]


def test_who_asks_not_to_be_tracked_has_a_plain_link(world):
    """T29."""
    world.page.add_init_script(
        "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"
    )
    world.open(LINK)
    world.click()
    assert (world.told, world.dialog["media"]) == ([], "http://shop.test/a.jpg")


def test_a_site_that_asks_waits_for_the_answer(world):
    world.offer["consent"] = "asked"
    world.open(LINK)
    world.click()
    assert (world.told, world.dialog["media"]) == ([], "http://shop.test/a.jpg")
    world.page.evaluate("pinapp.pinit.consent(true)")
    world.click()
    assert [word["consent"] for _, word, _ in world.told] == [True]


def test_without_an_offer_the_link_is_the_plain_one(world):
    world.offer_status = 403
    world.open(LINK)
    world.click()
    assert (world.told, world.dialog["media"]) == ([], "http://shop.test/a.jpg")


@pytest.mark.parametrize(
    ("expires", "used"), [("4102444800", "v1.k.site.bowl.p.{}.mac"), ("1700000000", "token-bowl")]
)
def test_a_token_of_the_publisher_s_server_goes_first_while_it_is_good(world, expires, used):
    token = f"v1.k.site.bowl.p.{expires}.mac"
    world.open(
        LINK.replace("data-pinapp-entity", f'data-pinapp-token="{token}" data-pinapp-entity')
    )
    world.click()
    assert [word["token"] for _, word, _ in world.told] == [used.format(expires)]


def test_a_site_may_leave_the_link_as_it_is(world):
    world.offer["tag_landing"] = False
    world.open(LINK)
    world.click()
    assert world.dialog["url"] == f"{SHOP}/bowl?a=1#top"
    assert [("landing" in word) for _, word, _ in world.told] == [False]


def test_a_visit_from_a_pin_is_told(world):
    world.open("<p>A bowl</p>", path="/bowl?pin=AAAAAAAAAAAAAAAAAAAAAA")
    ((path, word, _),) = world.told
    assert (path, word["landing"], word["consent"]) == ("/interactions/landing", "A" * 22, False)
    world.page.evaluate("pinapp.pinit.consent(true)")
    world.page.wait_for_timeout(150)
    assert [word["consent"] for _, word, _ in world.told] == [False, True]


def test_nothing_is_stored_with_the_visitor(world):
    world.open(LINK)
    world.click()
    stored = world.page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    assert stored == ["", 0, 0]
