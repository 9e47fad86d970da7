"""A host is read as browsers read it, whoever reads it."""

from __future__ import annotations

import pytest

from foundation.fetching.hosts import (
    host_of,
    join,
    mailbox_on_the_wire,
    plain_host_of,
    read_web_address,
    shown,
)

HOSTS = {
    "straße.example": "xn--strae-oqa.example",
    "STRAßE.example": "xn--strae-oqa.example",
    "STRASSE.example": "strasse.example",
    "faß.de": "xn--fa-hia.de",
    "βόλος.example": "xn--nxasmm1c.example",
    "نامه\u200cای.example": "xn--mgba3gch31f060k.example",
    "☕.example": "xn--53h.example",
    "bücher.example": "xn--bcher-kva.example",
    "bu\u0308cher.example": "xn--bcher-kva.example",
    "日本語。jp": "xn--wgv71a119e.jp",
    "ｓｈｏｐ．example": "shop.example",
    "нормально.рф": "xn--80awbddcel5i.xn--p1ai",
    "xn--strae-oqa.example": "xn--strae-oqa.example",
    "XN--STRAE-OQA.example": "xn--strae-oqa.example",
    "%73tra%C3%9Fe.example": "xn--strae-oqa.example",
    "sh\u00adop.example": "shop.example",
    "İstanbul.example": "xn--istanbul-o0e.example",
    "my_shop.example": "my_shop.example",
    "-a--b-.example": "-a--b-.example",
    "shop.example.": "shop.example.",
    "localhost": "localhost",
    "127.1": "127.0.0.1",
    "0x7f.1": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "１２７.0.0.1": "127.0.0.1",
    "[0:0:0:0:0:0:0:1]": "[::1]",
    "[::ffff:127.0.0.1]": "[::ffff:7f00:1]",
    # What no browser opens.
    "1.2.3.256": "",
    "shop.0x4": "",
    "a|b.example": "",
    "xn--☕.example": "",
    "%ff.example": "",
    "\u0301a.example": "",
    "أab.example": "",
    "a\u200cb.example": "",
    "⒈com": "",
    "[fe80::1%25eth0]": "",
    "[::1": "",
}


@pytest.mark.parametrize(("written", "read"), HOSTS.items())
def test_a_host_is_read_as_browsers_read_it(written, read):
    assert host_of(f"https://{written}/bowl?a=1") == read.strip("[]")


def test_a_browser_agrees(page):
    """The table above is what it says: every row asked of a real browser."""
    read = """hosts => hosts.map((host) => {
        try { return new URL(`https://${host}/bowl?a=1`).hostname; } catch { return ""; }
    })"""
    assert dict(zip(HOSTS, page.evaluate(read, list(HOSTS)), strict=True)) == HOSTS


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://straße.example:443/a?b#c", "https://xn--strae-oqa.example"),
        ("HTTP://shop.example:80", "http://shop.example"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443"),
        ("https://shop.example\\.other.example/", "https://shop.example"),
        ("https:\\\\shop.example\\a", "https://shop.example"),
        ("https://shop.exa\nmple/", "https://shop.example"),
    ],
)
def test_an_origin_is_what_a_browser_sends(written, origin):
    address = read_web_address(written)
    assert address is not None
    assert address.origin == origin


@pytest.mark.parametrize(
    "text",
    ["", "shop.example", "//shop.example/a", "/a", "javascript:alert(1)", "ftp://shop.example/",
     "file:///etc/passwd", "https://", "https://shop.example:99999/", "https://\ud800.example/",
     "https://" + "a" * 9000],
)  # fmt: skip
def test_what_is_no_web_address_has_no_host(text):
    assert read_web_address(text) is None
    assert (host_of(text), plain_host_of(text)) == ("", "")


def test_an_address_is_taken_apart_for_the_wire():
    address = read_web_address("https://olga:secret@[::1]:8443/a b/ä;x?q=é#part")
    assert address is not None
    assert (address.scheme, address.host, address.port) == ("https", "::1", 8443)
    assert (address.target, address.has_user) == ("/a%20b/%C3%A4;x?q=%C3%A9", True)


def test_the_same_site_has_one_plain_host():
    written = ["https://www.Straße.example/a", "http://xn--strae-oqa.example./b"]
    assert {plain_host_of(text) for text in written} == {"xn--strae-oqa.example"}


@pytest.mark.parametrize(
    ("reference", "joined"),
    [
        ("../b?c", "https://shop.example/b?c"),
        ("//straße.example/x", "https://xn--strae-oqa.example/x"),
        ("https://[bad", ""),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,AAAA", ""),
    ],
)
def test_references_lead_where_a_browser_goes(reference, joined):
    assert join("https://shop.example/a/page", reference) == joined


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna.b+c@Ｓｈｏｐ。example", "anna.b+c@shop.example"),
        ("anna@Shop.example", "anna@Shop.example"),
        ("anna", "anna"),
        ("straße.example", "straße.example"),
        ("anna@straße.example/x", "anna@straße.example/x"),
        ("anna@\u0301a.example", "anna@\u0301a.example"),
    ],
)
def test_mails_go_to_the_domain_that_was_meant(written, sent):
    assert mailbox_on_the_wire(written) == sent


@pytest.mark.parametrize(
    ("ascii_text", "read"),
    [
        ("xn--strae-oqa.example", "straße.example"),
        ("https://xn--strae-oqa.example:8443", "https://straße.example:8443"),
        ("https://shop.example", "https://shop.example"),
        ("xn--a.example", "xn--a.example"),
        ("xn--wgv71a119e.jp", "日本語.jp"),
        ("xn--80awbddcel5i.xn--p1ai", "нормально.рф"),
        ("xn--nxasmm1c.example", "βόλος.example"),
        # Cyrillic, which looks like apple.example; Latin with one Cyrillic letter; a sign.
        ("xn--80ak6aa92e.example", "xn--80ak6aa92e.example"),
        ("xn--pple-43d.example", "xn--pple-43d.example"),
        ("xn--53h.example", "xn--53h.example"),
        ("https://[::1]:80", "https://[::1]:80"),
        ("", ""),
    ],
)
def test_people_read_names_in_their_own_letters(ascii_text, read):
    assert shown(ascii_text) == read
