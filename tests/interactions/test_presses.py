"""What counts as a press of a Pin-it link: what leads to a dialog with the mark, and no more."""

from __future__ import annotations

import re

import pytest

from tests.interactions.publisher import APP, DIALOG, SHOP, TAG, address, link

HREF = address().replace("&", "&amp;")
# With buttons of its own looks Pinterest's script puts another element in the link's place.
STYLED = """<script>
const dress = () => {
  const before = document.querySelector("[data-pin-do]");
  const written = (name) => new RegExp(`[?&]${name}=([^&]*)`).exec(before.href)[1];
  const pairs = ["url", "media", "description"].map(
    (name) => `&${name}=${encodeURIComponent(decodeURIComponent(written(name)))}`);
  const after = document.createElement("a");
  after.id = "styled";
  after.className = "PIN_1_button_pin PIN_1_save";
  after.href = "http://pinterest.test/pin/create/button/?guid=abc-1" + pairs.join("");
  after.dataset.pinHref = after.href;
  after.dataset.pinLog = "button_pinit";
  after.textContent = "Save";
  before.parentNode.insertBefore(after, before);
  setTimeout(() => before.remove(), 1);
  document.body.addEventListener("click", (event) => {
    const found = [event.target, event.target.parentNode].find((each) => each.dataset.pinLog);
    if (!found) return;
    window.open(found.dataset.pinHref, "pin" + Date.now(), "width=800,height=900");
    event.preventDefault();
  });
};
</script>"""


def script(code: str) -> str:
    return f"<script>addEventListener('DOMContentLoaded', () => {{ {code} }})</script>"


## Other things in the same wrapper


@pytest.mark.parametrize(
    "other",
    [
        "<button type=button id=other>Add to basket</button>",
        "<form onsubmit='return false'><button id=other>Add to basket</button></form>",
        f"<a id=other target=_blank href='{SHOP}/large'>Look closer</a>",
        "<label id=other><input type=checkbox> Gift</label>",
        "<input id=other value=1>",
        "<details><summary id=other>More</summary></details>",
        "<p id=other>A bowl.</p>",
        "<span id=other role=button tabindex=0>Zoom</span>",
    ],
)
def test_another_control_beside_the_link_is_no_press(publisher, other):
    plain = link().replace('data-pinapp-entity="bowl"', "")
    publisher.pages["/large"] = "A bowl"
    publisher.open(f'<div data-pinapp-entity="bowl">{plain}{other}</div>')
    publisher.page.click("#other")
    publisher.page.click("#other", modifiers=["Control"])
    publisher.settle(200)
    publisher.assert_unmarked_page()
    assert (publisher.words, publisher.visited) == ([], [])
    publisher.click()
    publisher.assert_marked()


def test_a_heart_within_the_link_that_does_something_else_is_no_press(publisher):
    heart = "<button id=heart type=button>♥</button>"
    code = "heart.onclick = (event) => { event.preventDefault(); event.stopPropagation(); }"
    publisher.open(link(words=f"Pin it {heart}"), head=script(code))
    publisher.page.click("#heart")
    publisher.settle(1200)
    assert (publisher.words, publisher.visited) == ([], [])
    publisher.assert_unmarked_page()


@pytest.mark.parametrize(
    "inner",
    [
        "<button id=inner>Pin it</button>",
        "<button id=inner type=button>Pin it</button>",
        "<span id=inner role=button>Pin it</span>",
        "<input id=inner>",
        "<input id=inner type=checkbox>",
        "<label id=inner>Pin it <input type=checkbox></label>",
        "<select id=inner><option>1</option></select>",
        "<details><summary id=inner>Pin it</summary></details>",
        "<video id=inner controls width=100 height=60></video>",
    ],
)
def test_a_control_within_the_link_is_a_record_only_if_it_opens_the_dialog(publisher, inner):
    """Browsers differ in what they do: what they do not follow is none."""
    publisher.open(link(words=f"{inner} here"))
    publisher.page.click("#inner")
    publisher.settle(300)
    if publisher.words:
        publisher.assert_marked()
    elif publisher.visited:
        publisher.assert_plain()
    publisher.assert_unmarked_page()


def test_a_press_that_the_page_cancels_is_none(publisher):
    publisher.open(link(), head=script("pin.onclick = (event) => event.preventDefault()"))
    publisher.page.click("#pin")
    publisher.settle(1200)
    assert (publisher.words, publisher.visited) == ([], [])
    publisher.assert_unmarked_page()


def test_a_link_that_is_saved_instead_of_followed_is_no_press(publisher):
    publisher.open(link())
    publisher.page.click("#pin", modifiers=["Alt"])
    publisher.settle(200)
    assert publisher.words == []
    publisher.assert_unmarked_page()


def test_a_menu_of_the_browser_finds_the_plain_link(publisher):
    """What a visitor chooses there is not told to pages: a link that is copied has no mark."""
    publisher.open(link() + "<script>oncontextmenu = () => { window.seen = pin.href }</script>")
    publisher.page.click("#pin", button="right")
    assert publisher.page.evaluate("window.seen") == address()
    assert publisher.words == []


## Dialogs that the page opens itself


MARKED = {
    "a popup": "pin.onclick = (e) => { e.preventDefault(); open(pin.href, 'pin', 'width=700') }",
    "unreachable": "pin.onclick = (e) => { e.preventDefault(); open(pin.href, '', 'noopener') }",
    "later": "pin.onclick = () => { setTimeout(() => open(pin.href), 200); return false }",
    "by a promise": "pin.onclick = async () => { await 0; open(pin.getAttribute('href')) }",
    "by another link": """pin.onclick = (e) => { e.preventDefault();
        const a = document.createElement('a'); a.href = pin.href; a.target = '_blank';
        document.body.append(a); a.click() }""",
    "before all others": """document.addEventListener('click', (e) => { e.preventDefault();
        e.stopImmediatePropagation(); open(pin.href) }, true)""",
}
PLAIN_ALL_THE_SAME = {
    "read at load": "const at = pin.href; pin.onclick = (e) => { e.preventDefault(); open(at) }",
    "read at load, opened later": """const at = pin.href;
        pin.onclick = () => { setTimeout(open, 300, at); return false }""",
    "much later": "pin.onclick = () => { setTimeout(() => open(pin.href), 1500); return false }",
    "before the click": """const at = pin.href; pin.onmousedown = () => open(at);
        pin.onclick = () => false""",
}


@pytest.mark.parametrize("how", [*MARKED, *PLAIN_ALL_THE_SAME])
def test_what_the_page_opens_is_a_record_if_it_has_the_mark(publisher, how):
    publisher.open(link(), head=script((MARKED | PLAIN_ALL_THE_SAME)[how]))
    publisher.click()
    publisher.settle(1300)
    if how in MARKED:
        publisher.assert_marked()
    else:
        publisher.assert_plain()
    publisher.assert_unmarked_page()


def test_a_page_that_has_locked_window_open_works(publisher):
    lock = "<script>Object.defineProperty(window, 'open', {value: open, writable: false})</script>"
    publisher.open(link(), head=lock)
    publisher.click()
    publisher.assert_marked()


def test_window_open_is_the_page_s_own_before_and_after(publisher):
    publisher.open(link(), head="<script>window.own = window.open</script>")
    publisher.click()
    publisher.settle()
    assert publisher.page.evaluate("window.open === window.own")


@pytest.mark.parametrize("way", ["link", "script"])
def test_in_the_same_tab(publisher, way):
    code = (
        "pin.onclick = () => { location.href = pin.href; return false }" if way == "script" else ""
    )
    publisher.open(link().replace('target="_blank"', ""), head=script(code))
    publisher.click()
    publisher.assert_marked()
    publisher.page.go_back()
    publisher.assert_unmarked_page()


def test_what_was_opened_empty_and_led_on_is_a_record_nobody_can_vouch_for(publisher):
    code = "pin.onclick = () => { const w = open('', 'pin'); w.location = pin.href; return false }"
    publisher.open(link(), head=script(code))
    publisher.click()
    publisher.settle(1200)
    publisher.assert_marked(trusted=False)


def test_a_popup_that_was_blocked_is_none(publisher):
    code = "window.open = () => null; pin.onclick = () => { open(pin.href); return false }"
    publisher.open(link(), head=script(code))
    publisher.page.click("#pin")
    publisher.settle(1200)
    assert publisher.words == []


## The script more than once


def test_two_sites_on_one_page_each_have_their_own(publisher):
    publisher.sites = {"site": {"bowl"}, "other": {"vase"}}
    both = TAG + TAG.replace('"site"', '"other"')
    publisher.open(link() + link("vase", name="vase"), tag=both)
    publisher.click()
    publisher.assert_marked()
    publisher.click("#vase")
    publisher.assert_marked("vase", clicks=2)
    assert [words["site"] for words in publisher.words] == ["site", "other"]
    publisher.settle(1100)
    publisher.assert_unmarked_page()


def test_a_copy_of_before_works_alone(publisher):
    """It knows nothing of other copies: the new one leaves the page to it."""
    before = "<script>window.pinapp = {pinit: {consent() { window.agreed = true }}}</script>"
    publisher.open(link(), head=before)
    publisher.click()
    publisher.assert_plain()
    publisher.page.evaluate("pinapp.pinit.consent(true)")
    assert publisher.page.evaluate("window.agreed")


def test_a_page_that_was_written_anew_is_heard(publisher):
    """Writing a document takes all listeners away."""
    publisher.open("<p>First</p>")
    publisher.page.evaluate(
        "html => { document.open(); document.write(html); document.close() }", link() + TAG
    )
    publisher.settle(400)
    publisher.click()
    publisher.assert_marked()


## What the page changes


def test_a_carousel_is_at_each_press_the_picture_it_shows(publisher):
    publisher.open(link())
    for clicks, good in enumerate(("vase", "carafe", "bowl", "vase"), 1):
        publisher.page.evaluate(
            "([good, href]) => { pin.dataset.pinappEntity = good; pin.href = href }",
            [good, address(good)],
        )
        publisher.settle(500)
        publisher.click()
        publisher.assert_marked(good, clicks=clicks)
    publisher.assert_unmarked_page()


def test_a_carousel_that_moves_on_at_the_press_opens_what_it_shows_then(publisher):
    code = (
        "pin.addEventListener('click', () => { pin.dataset.pinappEntity = 'vase';"
        f" pin.href = '{address('vase')}' }})"
    )
    publisher.open(link() + link("vase", name="vase"), head=script(code))
    publisher.click()
    publisher.assert_marked("vase")
    publisher.assert_unmarked_page()


def test_copies_that_the_page_makes_of_a_link_have_no_mark(publisher):
    code = (
        "pin.addEventListener('click', () => { window.copy = pin.cloneNode(true);"
        " window.text = pin.outerHTML })"
    )
    publisher.open(link() + "<div id=there></div>", head=script(code))
    publisher.click()
    publisher.page.evaluate("there.innerHTML = text; there.append(copy)")
    publisher.settle(50)
    publisher.assert_unmarked_page()


def test_pressed_twice_by_a_script_each_dialog_is_a_record(publisher):
    publisher.open(link())
    publisher.page.evaluate("pin.click(); pin.click()")
    publisher.wait_for_dialog(1)
    assert [words["trusted"] for words in publisher.words] == [False, False]
    opened = "".join(publisher.visited)
    assert all(words["nonce"] in opened for words in publisher.words)


def test_a_press_within_a_press_is_one_record(publisher):
    code = "let n = 0; pin.addEventListener('click', () => { n += 1; if (n < 2) pin.click() })"
    publisher.open(link(), head=script(code))
    publisher.click()
    publisher.settle(300)
    publisher.assert_marked()
    publisher.assert_unmarked_page()


def test_a_link_that_is_gone_when_it_is_followed_leads_there_all_the_same(publisher):
    publisher.open(link(), head=script("pin.addEventListener('click', () => pin.remove())"))
    publisher.click()
    publisher.assert_marked()


@pytest.mark.parametrize("where", ["around", "on the link"])
def test_buttons_of_pinterest_s_own_looks(publisher, where):
    """They take the link's place: what it pins is known from its address, or stands around it."""
    mark = 'data-pinapp-entity="bowl"'
    inner = link(more='data-pin-do="buttonPin"')
    if where == "around":
        inner = f"<span {mark}>{inner.replace(mark, '')}</span>"
    publisher.page.clock.install()
    publisher.open(inner, head=STYLED)
    publisher.page.evaluate("dress()")
    for _ in range(3):
        publisher.settle()
        publisher.page.clock.fast_forward(11_000)
    publisher.settle()
    publisher.click("#styled")
    publisher.assert_marked()
    publisher.click("#styled", modifiers=["Control"])
    publisher.assert_unmarked_page()


def test_the_grid_of_pictures_of_pinterest_s_script_is_no_record(publisher):
    code = """pin.dataset.pinLog = 'button_pinit_bookmarklet'; pin.dataset.pinHref = pin.href;
        pin.removeAttribute('href')"""
    publisher.open(link(), head=script(code))
    publisher.page.click("#pin")
    publisher.settle(1200)
    assert publisher.words == []
    publisher.assert_unmarked_page()


def test_in_a_closed_shadow_tree_the_dialog_is_the_publisher_s_own(publisher):
    publisher.open('<div id="host" data-pinapp-entity="bowl"></div>')
    publisher.page.evaluate(
        "html => { const root = host.attachShadow({mode: 'closed'}); root.innerHTML = html }",
        link(),
    )
    publisher.settle()
    publisher.click("#host", position={"x": 12, "y": 9})
    publisher.assert_plain()


def test_in_a_frame_of_its_own(publisher):
    publisher.pages["/frame"] = f"<!doctype html>{link()}{TAG}"
    publisher.open('<iframe src="/frame"></iframe>')
    before = len(publisher.visited)
    publisher.page.frame_locator("iframe").locator("#pin").click()
    publisher.wait_for_dialog(before)
    publisher.assert_marked()
    assert publisher.words[0]["page_url"] == f"{SHOP}/frame"


def test_in_a_frame_without_an_address(publisher):
    inner = f"<!doctype html>{link()}{TAG}".replace('"', "&quot;")
    publisher.open(f'<iframe srcdoc="{inner}"></iframe>', tag="")
    publisher.settle()
    before = len(publisher.visited)
    publisher.page.frame_locator("iframe").locator("#pin").click()
    publisher.wait_for_dialog(before)
    publisher.assert_marked()
    assert publisher.words[0]["page_url"] == ""


## Asking ahead


def test_a_hundred_late_buttons_ask_together(publisher):
    publisher.open("<p>Nothing yet</p>")
    for _ in range(2):
        publisher.page.evaluate(
            "html => document.body.insertAdjacentHTML('beforeend', html)",
            "".join(link(f"good{number}", name=f"pin{number}") for number in range(100)),
        )
        publisher.settle(300)
    assert [len(entities) for entities in publisher.offers] == [100]
    publisher.click("#pin77 >> nth=0")
    publisher.assert_marked("good77")


def test_buttons_that_come_one_by_one_ask_a_few_times_a_second(publisher):
    publisher.open("<p>Nothing yet</p>")
    publisher.page.evaluate(
        "async html => { for (let n = 0; n < 60; n += 1) {"
        " document.body.insertAdjacentHTML('beforeend', html.replaceAll('good0', 'good' + n));"
        " await new Promise((done) => setTimeout(done, 10)) } }",
        link("good0", name="good0"),
    )
    publisher.settle(600)
    assert len({each for entities in publisher.offers for each in entities}) == 60
    assert len(publisher.offers) <= 6


def test_buttons_far_away_ask_when_they_come_near(publisher):
    publisher.open(link() + "<div style='height: 9000px'></div>" + link("vase", name="vase"))
    assert publisher.offers == [["bowl"]]
    publisher.page.evaluate("vase.scrollIntoView()")
    publisher.settle(300)
    publisher.click("#vase")
    publisher.assert_marked("vase")


def test_a_button_in_a_box_that_opens_later_is_ready(publisher):
    publisher.open(f"<dialog id=box>{link()}</dialog>")
    publisher.page.evaluate("box.showModal()")
    publisher.click()
    publisher.assert_marked()


def test_as_long_as_a_button_is_near_pinapp_is_asked_whether_it_is_there(publisher):
    publisher.page.clock.install()
    publisher.open(link())
    for seconds in (0, 11, 11, 11):
        publisher.page.clock.fast_forward(seconds * 1000)
        publisher.settle()
    assert len(publisher.offers) == 4
    publisher.click()
    publisher.assert_marked()
    publisher.is_down = True
    publisher.page.clock.fast_forward(11_000)
    publisher.settle()
    publisher.click()
    publisher.assert_plain(clicks=1)


def test_nobody_is_asked_for_a_page_that_nobody_looks_at(publisher):
    publisher.page.clock.install()
    publisher.open(link())
    for _ in range(30):
        publisher.page.clock.fast_forward(11_000)
    publisher.settle()
    assert len(publisher.offers) <= 13


def test_after_a_while_out_of_sight_a_press_without_an_answer_is_plain(publisher):
    """A sign that PinApp is there is good for a quarter of a minute."""
    publisher.page.clock.install()
    publisher.open(link())
    publisher.page.evaluate("setInterval = 0")
    publisher.is_down = True
    publisher.page.clock.fast_forward(16_000)
    publisher.page.evaluate("pin.click()")
    publisher.wait_for_dialog(0)
    publisher.assert_plain()


## Consent


@pytest.mark.parametrize(
    "given",
    [
        "window.pinapp = window.pinapp || []; pinapp.push(['pinit.consent', true])",
        "window.pinapp = window.pinapp || []; pinapp.push(() => pinapp.pinit.consent(true))",
        "window.pinapp ||= []; (function () { pinapp.push(arguments) })('pinit.consent', true)",
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_consent_is_kept_whenever_it_is_given(publisher, given, when):
    publisher.offer["consent"] = "asked"
    if when == "before":
        publisher.open(link(), head=f"<script>{given}</script>")
    else:
        publisher.open(link())
        publisher.page.evaluate(given)
        publisher.settle()
    publisher.click()
    publisher.assert_marked()
    assert publisher.words[0]["consent"] is True


def test_consent_that_is_taken_back_ends_it(publisher):
    publisher.offer["consent"] = "asked"
    publisher.open(link(), head="<script>pinapp = [['pinit.consent', true]]</script>")
    publisher.page.evaluate("pinapp.push(['pinit.consent', false])")
    publisher.click()
    publisher.assert_plain()


def test_words_for_other_scripts_stay_in_the_queue(publisher):
    words = "<script>pinapp = [['page'], () => { throw new Error('own') }]</script>"
    publisher.open(link(), head=words)
    assert publisher.page.evaluate("[pinapp.length, pinapp[0]]") == [1, ["page"]]
    publisher.page.evaluate("pinapp.push(['track', 'x'])")
    assert publisher.page.evaluate("[...pinapp]") == [["page"], ["track", "x"]]
    publisher.click()
    publisher.assert_marked()


def test_a_link_without_a_page_pins_this_one_without_the_mark_the_visitor_came_by(publisher):
    came = f"/bowl?1-thread&pin=4711&pinapp={'A' * 22}#top"
    bare = f'<a id="pin" data-pinapp-entity="bowl" target="_blank" href="{DIALOG}">Pin it</a>'
    publisher.open(bare, path=came)
    publisher.click()
    (words,) = publisher.words
    assert words["page_url"] == f"{SHOP}/bowl?1-thread&pin=4711"
    assert publisher.dialog["url"] == f"{SHOP}/bowl?1-thread&pin=4711&pinapp={words['landing']}"
    assert re.fullmatch(rf"{APP}/interactions/verify/pinit/.*", publisher.dialog["media"])
