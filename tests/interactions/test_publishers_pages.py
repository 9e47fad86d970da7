"""Publishers' pages as they are: each way to build one, to press its link, to miss PinApp.

One real press is one trusted record and a mark in the dialog, or else a plain dialog and no record.
The page keeps no mark, whatever it does to its DOM.
"""

from __future__ import annotations

from functools import cache
from html import escape

import pytest

from tests.chromium import ROOT
from tests.interactions.publisher import APP, TAG, Publisher, address, bundle, link

PAGES = ROOT / "tests" / "interactions" / "pages"
# What Pinterest's own script does with a button of custom looks: it listens on the body.
CUSTOM = """<script>addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("pin");
  button.dataset.pinHref = button.href;
  button.dataset.pinLog = "button_pinit";
  button.removeAttribute("href");
  document.body.addEventListener("click", (event) => {
    const found = [event.target, event.target.parentNode].find((each) => each.dataset.pinLog);
    if (found) {
      window.open(found.dataset.pinHref, "pin" + Date.now(), "width=800,height=900");
      event.preventDefault();
    }
  });
});</script>"""


@cache
def built(name: str) -> str:
    return bundle(next(PAGES.glob(f"{name}.js*")))


def with_root(publisher: Publisher, name: str) -> None:
    publisher.scripts[f"/{name}.js"] = built(name)
    root = f'<div id="root" data-href="{escape(address())}"></div>'
    publisher.open(f'{root}<script src="/{name}.js"></script>')


def plain(publisher: Publisher) -> None:
    publisher.open(link())


def strict_policy(publisher: Publisher) -> None:
    publisher.headers = {
        "Content-Security-Policy": f"default-src 'none'; script-src {APP}; connect-src {APP};"
        " require-trusted-types-for 'script'"
    }
    publisher.open(link())


def translated(publisher: Publisher) -> None:
    publisher.open(link(words="<font style='vertical-align: inherit;'><font>Merken</font></font>"))


def custom_of_pinterest(publisher: Publisher) -> None:
    publisher.open(link(more='data-pin-do="buttonPin" data-pin-custom="true"'), head=CUSTOM)


def stopped(publisher: Publisher) -> None:
    """The page lets no listener hear of a press but the first of its own."""
    stop = "for (const name of ['click', 'auxclick', 'pointerdown', 'pointerover', 'focusin'])"
    stop += " document.addEventListener(name, (event) => event.stopImmediatePropagation(), true)"
    publisher.open(link(), head=f"<script>{stop}</script>")


def cleaned(publisher: Publisher) -> None:
    """Scripts are taken out of the page once they have run, as Pinterest's does with its own."""
    clean = "addEventListener('load', () => document.querySelector('script[src]').remove())"
    publisher.open(link(), head=f"<script>{clean}</script>")


def twice(publisher: Publisher) -> None:
    """A theme's tag, a plugin's with a version, and a tag manager's, which drops attributes."""
    manager = f"""<script>setTimeout(() => {{
      const tag = document.createElement("script");
      tag.src = "{APP}/pinit.js?site=site";
      document.head.append(tag);
    }}, 20)</script>"""
    versioned = TAG.replace("pinit.js", "pinit.js?ver=6.4")
    publisher.open(link() + TAG, head=versioned + manager)


def turbo(publisher: Publisher) -> None:
    """The script stands in the body, which is another one after a visit."""
    publisher.scripts["/turbo.js"] = built("turbo")
    head = '<script src="/turbo.js"></script>'
    publisher.pages["/bowl"] = (
        f"<!doctype html><head>{head}</head><body><h1>Bowl</h1>"
        f"<a id=back href=/start>Back</a>{link()}{TAG}"
    )
    publisher.open('<a id="visit" href="/bowl">Bowl</a>', path="/start", head=head)
    publisher.page.click("#visit")
    publisher.page.wait_for_selector("h1")
    publisher.settle()


def swapped_in(publisher: Publisher) -> None:
    publisher.scripts["/htmx.js"] = built("htmx")
    publisher.pages["/part"] = f"<p>{link()}</p>"
    load = '<div hx-get="/part" hx-trigger="load delay:50ms"></div>'
    publisher.open(f'{load}<script src="/htmx.js"></script>')
    publisher.page.wait_for_selector("#pin")
    publisher.settle()


STACKS = {
    "plain": plain,
    "strict policy": strict_policy,
    "translated": translated,
    "pinterest's script": custom_of_pinterest,
    "stopped": stopped,
    "cleaned": cleaned,
    "twice": twice,
    "turbo": turbo,
    "htmx": swapped_in,
    **{
        name: lambda publisher, name=name: with_root(publisher, name)
        for name in ("react", "react-popup", "vue", "alpine", "lit")
    },
}
WAYS = {
    "pointer": lambda publisher: publisher.click(),
    "keyboard": lambda publisher: publisher.press(),
    "another tab": lambda publisher: publisher.click(modifiers=["Control"]),
    "another window": lambda publisher: publisher.click(modifiers=["Shift"]),
    "middle button": lambda publisher: publisher.click(button="middle"),
    "finger": lambda publisher: tap(publisher),
}
# What Pinterest's script does with its own kind of link: no address to follow, and no key for it.
NOT_THERE = {
    ("pinterest's script", "keyboard"),
    ("pinterest's script", "middle button"),
}


def tap(publisher: Publisher) -> None:
    before = len(publisher.visited)
    publisher.page.tap("#pin")
    publisher.wait_for_dialog(before)


@pytest.mark.parametrize("stack", STACKS)
def test_each_press_is_one_record_and_a_mark(publisher, stack):
    STACKS[stack](publisher)
    clicks = 0
    for way, press in WAYS.items():
        if (stack, way) in NOT_THERE:
            continue
        press(publisher)
        clicks += 1
        publisher.assert_marked(clicks=clicks)
        publisher.assert_unmarked_page()
    assert len({words["nonce"] for words in publisher.words}) == clicks
    assert len({words["landing"] for words in publisher.words}) == clicks


def test_a_page_that_turbo_brings_back_has_no_mark(publisher):
    """It is a copy, made while the visitor was about to leave."""
    turbo(publisher)
    publisher.page.evaluate("pin.addEventListener('click', () => setTimeout(() => back.click()))")
    publisher.click()
    publisher.page.wait_for_selector("#visit")
    publisher.page.go_back()
    publisher.page.wait_for_selector("#pin")
    publisher.settle()
    publisher.assert_unmarked_page()
    publisher.click()
    publisher.assert_marked(clicks=2)


def nothing_answers(publisher: Publisher) -> None:
    publisher.is_down = True


def no_offers(publisher: Publisher) -> None:
    publisher.offer_status = 503


def not_agreed(publisher: Publisher) -> None:
    publisher.offer["consent"] = "asked"


@pytest.mark.parametrize("down", [nothing_answers, no_offers, not_agreed])
@pytest.mark.parametrize("stack", STACKS)
def test_without_pinapp_each_dialog_is_the_publisher_s_own(publisher, stack, down):
    down(publisher)
    STACKS[stack](publisher)
    for way in ("pointer", "keyboard"):
        if (stack, way) not in NOT_THERE:
            WAYS[way](publisher)
            publisher.assert_plain()
    publisher.assert_unmarked_page()


@pytest.mark.parametrize("stack", STACKS)
def test_down_after_the_offer_no_dialog_names_a_picture_that_nobody_serves(publisher, stack):
    """Who points at the link before pressing it asks whether PinApp is there."""
    publisher.page.clock.install()
    STACKS[stack](publisher)
    publisher.is_down = True
    publisher.page.clock.fast_forward(2500)
    publisher.page.hover("#pin")
    publisher.settle(100)
    for way in ("pointer", "keyboard"):
        if (stack, way) not in NOT_THERE:
            WAYS[way](publisher)
            publisher.assert_plain()
    publisher.assert_unmarked_page()


@pytest.mark.parametrize("stack", STACKS)
def test_with_the_beacon_blocked_the_dialog_is_right_all_the_same(publisher, stack):
    """Its picture is there: the fetch will make the record."""
    publisher.takes_beacons = False
    STACKS[stack](publisher)
    publisher.click()
    assert publisher.dialog["media"].startswith(f"{APP}/interactions/verify/pinit/token-bowl.")
    publisher.assert_unmarked_page()
