"""What is added to an address, or taken out again, leaves every other character as it was.

The marks are put in by the script, in a browser, and read and removed by both.
"""

from __future__ import annotations

import re
import subprocess
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interactions.policy.dialogs import dialog_link
from interactions.policy.entity_lists import read_list
from interactions.policy.marks import mark_in, plain_page
from interactions.policy.nonces import read_nonce, write_nonce
from tests.chromium import ROOT
from tests.interactions.addresses import TO_BE_MARKED, WITH_MARKS, M, N

ODD = [
    *("?", "&", "=", "#", ";", "+", "/", "%20", "%2B", "%26", "%3D", "%3f", "%3F", "%23"),
    *("%25", "%2523", "%c3%a9", "%ff", "%", "%2", "é", "🏺", ",", "'", '"', "(", "~", "a", "1"),
    *("pin", "pinapp", "pin=4711", "pin=", "pinapp=no", "url=", "media=", "description="),
]
TEXTS = st.lists(st.sampled_from(ODD), max_size=14).map("".join)
ADDRESSES = TEXTS.map(lambda text: f"https://s.example/{text}")


@pytest.fixture(scope="module")
def script(browser):
    """The script's own functions, each called with a list of arguments for every case."""
    page = browser.new_page()
    bundled = subprocess.run(
        [
            *(ROOT / "node_modules" / ".bin" / "esbuild", "static/pinit/addresses.js", "--bundle"),
            *("--format=iife", "--global-name=addresses", "--target=es2019"),
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    page.evaluate(bundled.stdout.replace("var addresses =", "window.addresses ="))

    def call(name, cases):
        return page.evaluate(
            "([name, cases]) => cases.map((each) => addresses[name](...each))", [name, cases]
        )

    yield call
    page.close()


@pytest.mark.parametrize(("address", "plain", "mark"), WITH_MARKS)
def test_a_mark_is_read_and_taken_out(address, plain, mark):
    assert plain_page(address) == plain
    found = mark_in(address)
    assert (write_nonce(found) if found else None) == mark


def test_the_script_reads_and_takes_out_the_same(script):
    cases = [[address] for address, _, _ in WITH_MARKS]
    assert script("withoutMark", cases) == [plain for _, plain, _ in WITH_MARKS]
    assert script("markOf", cases) == [mark for _, _, mark in WITH_MARKS]


def test_a_mark_is_put_before_the_fragment_and_after_all_else(script):
    marked = [marked for _, marked in TO_BE_MARKED]
    assert script("marked", [[address, M] for address, _ in TO_BE_MARKED]) == marked
    assert [mark_in(each) for each in marked] == [read_nonce(M)] * len(marked)


def test_it_is_put_the_same_where_the_address_is_a_value(script):
    """Within a link to Pinterest's dialog, however its value is written."""
    for spell in (lambda text: quote(text, safe=""), lambda text: quote(text, safe="/:!'()*")):
        links = [
            f"https://p/pin/create/button/?description=a+b&url={spell(address)}&media=m#x"
            for address, _ in TO_BE_MARKED
        ]
        found = script(
            "withClick", [[link, "https://m/?a b", M, "https://page/"] for link in links]
        )
        for link, address in zip(found, (marked for _, marked in TO_BE_MARKED), strict=True):
            head, value, tail = re.fullmatch("(.*&url=)(.*)(&media=.*)", link).groups()
            assert unquote(value) == address
            assert head == "https://p/pin/create/button/?description=a+b&url="
            assert tail == "&media=https%3A%2F%2Fm%2F%3Fa%20b#x"


@pytest.mark.parametrize(
    ("link", "dressed"),
    [
        ("//p/pin/create/button/", "//p/pin/create/button/?media=m%20m&url={page}"),
        (" /pin/create/link/?media \n", " /pin/create/link/?media=m%20m&url={page} \n"),
        ("/pin/create/?url=&media=&x", "/pin/create/?url={page}&media=m%20m&x"),
        ("/pin/create/?x=1&x=2#?url=a", "/pin/create/?x=1&x=2&media=m%20m&url={page}#?url=a"),
        ("/pin/create/?media=1&m%65dia=2", "/pin/create/?media=m%20m&m%65dia=m%20m&url={page}"),
        ("/pin/create/?a;b&url=http://s/a+b", "/pin/create/?a;b&url={other}&media=m%20m"),
    ],
)
def test_what_a_link_lacks_is_added_at_its_end(script, link, dressed):
    page = quote(f"https://page/?a=b&pinapp={M}", safe="")
    other = f"http://s/a+b%3Fpinapp%3D{M}"
    (found,) = script("withClick", [[link, "m m", M, "https://page/?a=b"]])
    assert found == dressed.format(page=page, other=other)
    if "{page}" in dressed:
        (unmarked,) = script("withClick", [[link, "m m", None, "https://page/?a=b"]])
        assert unmarked == dressed.format(page=quote("https://page/?a=b", safe=""))


@settings(max_examples=12, deadline=None)
@given(st.lists(ADDRESSES, min_size=80, max_size=80))
def test_every_address_comes_back_as_it_was(script, addresses):
    """Each is marked in a browser, as it is and within a link; Python takes the mark out."""
    plain = [each for each in addresses if mark_in(each) is None]
    for address, marked in zip(plain, script("marked", [[each, M] for each in plain]), strict=True):
        assert mark_in(marked) == read_nonce(M)
        assert plain_page(marked) == address
        at = marked.index(f"pinapp={M}")
        assert (marked[: at - 1] + marked[at + 29 :]) == address
    links = [[f"/pin/create/?url={quote(each, safe='')}&q=a+b", "m", M, "p"] for each in plain]
    for address, link in zip(plain, script("withClick", links), strict=True):
        value = re.fullmatch(r"/pin/create/\?url=(.*)&q=a\+b&media=m", link)
        assert value is not None
        assert plain_page(unquote(value[1])) == address
        assert mark_in(unquote(value[1])) == read_nonce(M)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from([M, N, ""]), TEXTS), min_size=80, max_size=80))
def test_both_read_and_take_out_the_same(script, cases):
    addresses = [f"https://s.example/?{a}pinapp={mark}&pin={mark}{b}" for a, mark, b in cases]
    asked = [[each] for each in addresses]
    assert script("withoutMark", asked) == [plain_page(each) for each in addresses]
    marks = [mark_in(each) for each in addresses]
    assert script("markOf", asked) == [write_nonce(mark) if mark else None for mark in marks]


@given(st.text(), st.text(), st.text())
@example("https://s.example/?a=b c+d", "https://s.example/a.jpg", "Blue bowl + spoon & fork; 20 %")
def test_pinterests_script_reads_in_a_link_what_was_put_there(page_url, media, description):
    """It splits at `&` and `=`, and takes a value apart by decodeURIComponent: `+` stays one."""
    values = [page_url, media, description]
    if any("\ud800" <= letter <= "\udfff" for text in values for letter in text):
        return
    link = dialog_link(page_url=page_url, media=media, description=description)
    assert "+" not in link
    assert " " not in link
    (query,) = link.split("?")[1:]
    pairs = [pair.split("=") for pair in query.split("&")]
    assert [name for name, _ in pairs] == ["url", "media", "description"]
    assert [unquote(value, errors="strict") for _, value in pairs] == values


def test_a_page_in_a_list_is_added_without_the_mark_of_whoever_copied_its_address():
    data = f"Page\nhttps://s.example/?a;b&pinapp={M}#top\n".encode()
    assert [row.page_url for row in read_list(data).rows] == ["https://s.example/?a;b#top"]
