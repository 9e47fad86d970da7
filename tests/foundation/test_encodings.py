"""The encoding of a file is told by its bytes, or guessed from the little that a short file has."""

import pytest

from foundation.documents.encodings import ENCODINGS, encoding_of, text_in
from foundation.tables.spaces import plain_spaces, trimmed

HEAD = "Title;Media URL;Pinterest board;Description;Link;Publish date\n"


def file_with(title, encoding):
    return f"{HEAD}{title};https://pictures.example/a.jpg;Home;;;\n".encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("cp1250", "Żółte świąteczne gwiazdki, Łódź"),
        ("cp1250", "Příliš žluťoučký kůň"),
        ("cp1250", "Őszi dekoráció ötletek"),
        ("cp1250", "Čokoládové dorty pro děti"),
        ("iso8859-2", "Żółte świąteczne gwiazdki, Łódź"),
        ("iso8859-2", "Őszi dekoráció ötletek"),
        ("iso8859-2", "Książka"),
        ("mac-latin2", "Żółte świąteczne gwiazdki, Łódź"),
        ("cp852", "Żółte świąteczne gwiazdki"),
        ("mac-roman", "Frühstück für zwei"),
        ("mac-roman", "Crème brûlée façon grand-mère"),
        ("mac-roman", "Mañana en el jardín"),
        ("mac-roman", "Käsekuchen"),
        ("cp1252", "Frühstück für zwei"),
        ("cp1252", "Größe “L” – 5 €"),
        ("cp1252", "Café crème à la française"),
        ("cp1252", "Mañana en el jardín"),
        ("cp1252", "Jack’s bowl"),
        ("cp1252", "São Paulo decoração"),
        ("cp1252", "£20 bowl"),
        ("cp850", "Frühstück für zwei"),
        ("cp850", "Käsekuchen"),
        ("cp1251", "Уютная спальня"),
        ("cp1251", "Затишна спальня з їжаком"),
        ("koi8-r", "Уютная спальня"),
        ("koi8-r", "Сад"),
        ("koi8-u", "Їжа для дому"),
        ("mac-cyrillic", "Уютная спальня"),
        ("cp866", "Уютная спальня"),
        ("gbk", "客厅装饰"),
        ("gbk", "蓝色陶瓷碗"),
        ("gbk", "春天的花"),
        ("cp932", "リビングの飾り付け"),
        ("cp932", "手作りの陶器"),
        ("cp949", "거실 장식 아이디어"),
        ("big5", "手工陶瓷碗"),
        ("cp1253", "Όμορφο σαλόνι"),
        ("cp1254", "Şık salon dekorasyonu için ipuçları"),
        ("cp1254", "Güneşli küçük bahçe, ışık çiçeği"),
        ("cp1252", "Falleg skál með íslenskum blómum og þykku gleri"),
        ("cp1255", "רעיונות לסלון"),
        ("cp1256", "أفكار لغرفة المعيشة"),
        ("cp1257", "Rudens dekoracijos idėjos namams šiltai žiemai"),
        ("cp874", "สูตรเค้กแอปเปิ้ลในชามสวย"),
        ("cp874", "ไอเดียแต่งห้องนั่งเล่น"),
    ],
)
def test_a_single_title_tells_the_encoding(encoding, title):
    data = file_with(title, encoding)
    found = encoding_of(data)
    assert title in text_in(data, found.name)
    assert (found.is_sure, found.name in ENCODINGS) == (False, True)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_unicode_is_sure(encoding, name):
    data = file_with("Żółte 客厅 🍲", encoding)
    found = encoding_of(data)
    assert (found.name, found.is_sure) == (name, True)
    assert text_in(data, found.name).startswith("Title;")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00\x01binary", b"A\x00B,c,d\n"])
def test_what_is_no_text_has_no_encoding(data):
    assert encoding_of(data) is None


def test_every_offered_encoding_is_one():
    assert all("ä".encode().decode(name, errors="replace") for name in ENCODINGS)


def test_odd_spaces_are_spaces():
    odd = "\u00a0\u202f\u2009\u200b\ufeff\u2060\u3000"
    assert plain_spaces(f"a{odd}b").split() == ["a", "b"]
    assert trimmed(f"{odd}a\u00a0b{odd}") == "a\u00a0b"
    assert trimmed("👩\u200d🍳") == "👩\u200d🍳"
