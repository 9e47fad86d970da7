"""Files for Pinterest hold what Pinterest takes, and say what it would drop."""

from datetime import UTC, datetime, timedelta

import pytest

from publishing.choices.statuses import PinKind, PinStatus
from publishing.exports.policy.pinterest_files import (
    LeftOut,
    Offered,
    is_out_of_reach,
    pack,
    shortened,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def offered(number=0, **changes):
    facts = {
        "key": f"{number:05}",
        "account": "clay",
        "status": PinStatus.SCHEDULED,
        "kind": PinKind.IMAGE,
        "title": f"Pin {number}",
        "link": f"https://shop.example/{number}",
        "at": NOW + DAY,
        "has_board": True,
        "has_picture": True,
        "is_long": False,
    }
    return Offered(**{**facts, **changes})


def sizes(packing):
    return [len(part.keys) for part in packing.parts]


def test_a_file_has_a_hundred_rows_at_most():
    assert sizes(pack((offered(n) for n in range(250)), now=NOW)) == [100, 100, 50]
    assert sizes(pack([offered(n) for n in range(100)], now=NOW)) == [100]


def test_a_title_stands_in_a_file_once_however_it_is_written():
    pins = [offered(1, title="Blue  Bowl"), offered(2, title="blue bowl"), offered(3)]
    packing = pack(pins, now=NOW)
    assert [part.keys for part in packing.parts] == [["00001", "00003"], ["00002"]]
    assert packing.same_title == 1


def test_a_link_stands_in_a_file_once_and_no_link_as_often_as_it_likes():
    same = [offered(n, link="https://shop.example/bowl") for n in range(3)]
    packing = pack([*same, offered(8, link=""), offered(9, link="")], now=NOW)
    assert sizes(packing) == [3, 1, 1]
    assert packing.same_link == 2


def test_a_title_and_a_link_in_different_files_take_no_more_files_than_needed():
    link = "https://shop.example/"
    pins = [offered(n, link=link) for n in range(3)]
    packing = pack([*pins, offered(8, title="pin 2", link="")], now=NOW)
    assert [part.keys for part in packing.parts] == [["00000", "00008"], ["00001"], ["00002"]]


def test_dates_further_ahead_wait_in_files_of_their_own_with_a_day_to_upload_them_on():
    days = [1, 14, 15, 20, 27, 28, 29]
    packing = pack([offered(n, at=NOW + n * DAY) for n in days], now=NOW)
    assert [part.keys for part in packing.parts] == [
        ["00001", "00014"],
        ["00015", "00020", "00027", "00028"],
        ["00029"],
    ]
    first, second, third = packing.parts
    assert (first.since, first.before) == (None, NOW + 1 * DAY)
    assert (second.since, second.before) == (NOW + 14 * DAY, NOW + 15 * DAY)
    assert (third.since, third.before) == (NOW + 15 * DAY, NOW + 29 * DAY)


def test_pins_without_a_date_go_with_the_first_file_and_are_counted():
    packing = pack([offered(1), offered(2, at=None, status=PinStatus.DRAFT)], now=NOW)
    assert (sizes(packing), packing.undated, packing.planned) == ([2], 1, 1)


def test_accounts_do_not_share_a_file():
    packing = pack([offered(1), offered(2, account="other"), offered(3)], now=NOW)
    assert [(part.account, part.keys) for part in packing.parts] == [
        ("clay", ["00001", "00003"]),
        ("other", ["00002"]),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": PinStatus.PUBLISHED}, LeftOut.GONE_OUT),
        ({"status": PinStatus.SENDING}, LeftOut.GONE_OUT),
        ({"status": PinStatus.UNCERTAIN}, LeftOut.GONE_OUT),
        ({"at": NOW}, LeftOut.PAST),
        ({"title": " "}, LeftOut.NO_TITLE),
        ({"has_board": False}, LeftOut.NO_BOARD),
        ({"has_picture": False}, LeftOut.NO_PICTURE),
        ({"kind": PinKind.VIDEO}, LeftOut.OTHER_KIND),
        ({"kind": PinKind.CAROUSEL}, LeftOut.OTHER_KIND),
    ],
)
def test_what_pinterest_would_refuse_or_double_is_left_out_with_its_reason(changes, reason):
    packing = pack([offered(1), offered(2, **changes)], now=NOW)
    assert (packing.left_out, packing.count) == ({reason: 1}, 1)


def test_many_pins_of_one_link_are_shared_out_in_their_order():
    pins = [
        offered(n, link="https://shop.example/", at=NOW + n * DAY / 300) for n in range(1, 2001)
    ]
    packing = pack(pins, now=NOW)
    assert len(packing.parts) == 2000
    assert [part.keys for part in packing.parts] == [[f"{n:05}"] for n in range(1, 2001)]


def test_nothing_makes_no_file():
    assert pack([], now=NOW).parts == ()


def test_descriptions_are_cut_between_words():
    words = "word " * 120
    assert shortened("short") == "short"
    assert shortened("x" * 500) == "x" * 500
    cut = shortened(words)
    assert (len(cut) <= 500, cut.endswith("word…"), words.startswith(cut[:-1])) == (True,) * 3
    assert shortened("x" * 501) == "x" * 499 + "…"


@pytest.mark.parametrize(
    ("url", "out_of_reach"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("https://[::1]", True),
        ("http://192.168.1.20", True),
        ("http://10.0.0.1:8000", True),
        ("http://100.64.0.1", True),
        ("https://pinapp", True),
        ("https://pinapp.lan", True),
        ("https://pins.localhost.", True),
        ("https://pins.company.com", False),
        ("https://8.8.8.8", False),
    ],
)
def test_addresses_of_private_places_are_known(url, out_of_reach):
    assert is_out_of_reach(url) is out_of_reach
