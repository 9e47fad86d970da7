"""Pages are read in the encoding that a browser would read them in."""

from __future__ import annotations

import codecs

import pytest

from foundation.documents.charset_labels import CODECS
from foundation.documents.charsets import codec_of, guess_codec
from foundation.documents.markup import parse_html

# What browsers call the encodings that Python has under another name.
NAMES = {
    "big5hkscs": "big5",
    "cp866": "ibm866",
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "mac_cyrillic": "x-mac-cyrillic",
    "mac_roman": "macintosh",
    "utf-16-be": "utf-16be",
    "utf-16-le": "utf-16le",
}
TWINS = {"iso-8859-8-i": "iso-8859-8", "gbk": "gb18030", "x-user-defined": "windows-1252"}
"""Encodings of browsers that say the same as another, as far as pages are read here."""


def name_of(codec):
    if codec.startswith("iso8859_"):
        return codec.replace("iso8859_", "iso-8859-")
    return NAMES.get(codec, codec.replace("cp125", "windows-125"))


def test_a_browser_knows_the_same_labels(page):
    found = page.evaluate(
        "labels => labels.map((label) => new TextDecoder(label).encoding)", list(CODECS)
    )
    theirs = dict(zip(CODECS, found, strict=True))
    ours = {label: name_of(codec) for label, codec in CODECS.items()}
    assert ours == {label: TWINS.get(name, name) for label, name in theirs.items()}
    assert len(CODECS) > 200


def test_python_knows_every_codec():
    assert {codecs.lookup(codec).name for codec in CODECS.values()}


@pytest.mark.parametrize("label", ["utf-7", "UTF7", "rot13", "zlib", "idna", "punycode", "", "hz"])
def test_what_no_browser_knows_is_none(label):
    assert codec_of(label) == ""


def title_of(data, charset=""):
    node = parse_html(data, charset=charset).css_first("title")
    return "" if node is None else node.text()


def page_of(text, codec, head=""):
    return f"<!doctype html><html><head>{head}<title>{text}</title></head>".encode(codec)


BEDROOM = "Уютная спальня"
SHOP = "手作りの陶器①㈱"


@pytest.mark.parametrize(
    ("data", "charset", "title"),
    [
        (page_of(BEDROOM, "cp1251", '<meta charset="windows-1251">'), "", BEDROOM),
        (page_of(BEDROOM, "cp1251", "<META CHARSET=' CP1251 '>"), "", BEDROOM),
        (page_of(BEDROOM, "koi8-r", "<meta charset=koi8-r>"), "", BEDROOM),
        (page_of(SHOP, "cp932", "<meta charset=x-sjis>"), "", SHOP),
        (
            page_of(
                "Zażółć",
                "iso8859_2",
                '<meta http-equiv="Content-Type" content="text/html; charset = \'latin2\'">',
            ),
            "",
            "Zażółć",
        ),
        (page_of("„5 €“ – Süß", "cp1252", "<meta charset=iso-8859-1>"), "", "„5 €“ – Süß"),
        (page_of("手工陶瓷碗", "gb18030", "<meta charset=gb2312>"), "", "手工陶瓷碗"),
        (page_of("도자기", "cp949", "<meta charset=euc-kr>"), "", "도자기"),
        # The header goes before the page, a byte order mark before both.
        (page_of(BEDROOM, "cp1251", "<meta charset=utf-8>"), "windows-1251", BEDROOM),
        (page_of(BEDROOM, "utf-8-sig", "<meta charset=windows-1251>"), "koi8-r", BEDROOM),
        (page_of(BEDROOM, "utf-16", "<meta charset=windows-1251>"), "", BEDROOM),
        (page_of(BEDROOM, "utf-16-le"), "utf-16", BEDROOM),
        (page_of(BEDROOM, "utf-16-be"), "", BEDROOM),
        # A label that browsers do not know says nothing.
        (page_of(BEDROOM, "cp1251", "<meta charset=windows-1251>"), "utf-7", BEDROOM),
        (page_of(BEDROOM, "utf-8", "<meta charset=utf-7><meta charset=utf-8>"), "", BEDROOM),
        (page_of(BEDROOM, "utf-8", "<meta charset=utf-16>"), "", BEDROOM),
        # What is no declaration declares nothing.
        (page_of(BEDROOM, "utf-8", "<!-- <meta charset=koi8-r> -->"), "", BEDROOM),
        (page_of(BEDROOM, "utf-8", "<script>'<meta charset=koi8-r>'</script>"), "", BEDROOM),
        (page_of(BEDROOM, "utf-8", "<meta content='a; charset=koi8-r'>"), "", BEDROOM),
        # Far down in the page, as large scripts push it.
        (
            page_of(BEDROOM, "cp1251", f"<script>{'a' * 9000}</script><meta charset=cp1251>"),
            "",
            BEDROOM,
        ),
        (
            b'<?xml version="1.0" encoding="windows-1251"?>' + page_of(BEDROOM, "cp1251"),
            "",
            BEDROOM,
        ),
        # One bad byte is one bad byte.
        (page_of("Süße Schüssel", "utf-8") + b"<p>\xc3", "", "Süße Schüssel"),
        (
            "<title>Süße Schüssel für Suppe</title><p>Größe: Übergröße".encode() + b"\xff",
            "",
            "Süße Schüssel für Suppe",
        ),
        ("<title>Süße".encode() + b"\xff</title>", "utf-8", "Süße\ufffd"),
        # Nothing is declared: the language helps, and so do the letters.
        (page_of("Süße Schüssel", "utf-8"), "", "Süße Schüssel"),
        (page_of("Süße Schüssel", "cp1252"), "", "Süße Schüssel"),
        (page_of("España, mañana", "cp1252"), "", "España, mañana"),
        (page_of("Уютная спальня для семьи", "cp1251"), "", "Уютная спальня для семьи"),
        (b"<html lang=tr>" + "<title>şık kâse</title>".encode("cp1254"), "", "şık kâse"),
        (b"<html lang=pl>" + "<title>zażółć jaźń</title>".encode("cp1250"), "", "zażółć jaźń"),
        (b"<html lang=zh-CN>" + "<title>手工陶瓷碗</title>".encode("gbk"), "", "手工陶瓷碗"),
        (b"<html lang=ja>" + "<title>手作りの陶器</title>".encode("euc_jp"), "", "手作りの陶器"),
        # Any HTML at all.
        (b"<titLE\n>Bowl &amp; cup", "", "Bowl & cup"),
        (b"<p>No head<title>Bowl</title>", "", "Bowl"),
        (b"<title>a\x00b</title>", "", "a\ufffdb"),
        (b"\x00\xff\xfe", "", ""),
        (b"", "", ""),
    ],
)
def test_a_page_is_read_as_a_browser_reads_it(data, charset, title):
    assert title_of(data, charset) == title


def test_a_page_that_is_cut_off_within_a_letter_is_no_other_encoding():
    text = "Süße Schüssel ".encode() * 50
    assert guess_codec(text[:-10] + b"\xc3") == "utf-8"
