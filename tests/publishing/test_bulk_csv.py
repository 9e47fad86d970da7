"""Files of any usual making are read, and whatever is none is refused in words."""

import csv
import io

import pytest

from accounts.sheets import FileRejected
from publishing.policy import bulk_csv
from publishing.policy.bulk_csv import read_sheet, write_sheet
from publishing.policy.publish_dates import DateRejected, read_publish_date

HEADER = "Title,Media URL,Pinterest board,Thumbnail,Description,Link,Publish date,Keywords"
ROW = 'A bowl,https://x.example/a.jpg,Bowls,,"Blue, with ""dots""\nand a rim",https://x.example/,,'
CELLS = {
    "Title": "A bowl",
    "Media URL": "https://x.example/a.jpg",
    "Pinterest board": "Bowls",
    "Thumbnail": "",
    "Description": 'Blue, with "dots"\nand a rim',
    "Link": "https://x.example/",
    "Publish date": "",
    "Keywords": "",
}


def only_row(data):
    (row,) = read_sheet(data).rows
    return row.cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(encoding, ending):
    text = ending.join([HEADER, ROW.replace("Bowls", "Schüsseln 🍲")]) + ending
    assert only_row(text.encode(encoding)) == {**CELLS, "Pinterest board": "Schüsseln 🍲"}


def test_a_file_from_an_old_spreadsheet_is_read():
    text = f"{HEADER}\r\n{ROW.replace('Bowls', 'Größe “L” – 5 €')}"
    assert only_row(text.encode("cp1252"))["Pinterest board"] == "Größe “L” – 5 €"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("named", [False, True])
def test_delimiters_do_not_matter(delimiter, named):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([bulk_csv.COLUMNS, list(CELLS.values())])
    text = (f"sep={delimiter}\r\n" if named else "") + buffer.getvalue()
    (row,) = read_sheet(text.encode()).rows
    assert (row.cells, row.number) == (CELLS, 3 if named else 2)


def test_columns_may_stand_in_any_order_and_be_written_loosely():
    header = ' pinterest_BOARD ,MEDIA  url,"title", Colour,Alt text'
    data = f"{header}\nBowls,https://x.example/a,T,red,A bowl\n".encode()
    sheet = read_sheet(data)
    assert sheet.unused == ("Colour",)
    assert [dict(row.cells) for row in sheet.rows] == [
        {
            "Pinterest board": "Bowls",
            "Media URL": "https://x.example/a",
            "Title": "T",
            "Alt text": "A bowl",
        }
    ]


def test_rows_are_counted_as_a_spreadsheet_does_and_blank_ones_left_out():
    data = f"\n{HEADER}\n{ROW}\n,,,\n\n{ROW}\n".encode()
    assert [row.number for row in read_sheet(data).rows] == [3, 6]


def test_short_rows_are_read_and_surplus_values_are_kept_to_be_told():
    sheet = read_sheet(b"Title,Media URL,Pinterest board\nT,u\nT,u,b,left,over,\n")
    assert [dict(row.cells) for row in sheet.rows] == [
        {"Title": "T", "Media URL": "u"},
        {"Title": "T", "Media URL": "u", "Pinterest board": "b", "": "left, over"},
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf \r\n\r\n", "This file is empty."),
        (HEADER.encode(), "There are no rows under the header"),
        (HEADER.encode() + b"\n,,,,,,,\n\n", "There are no rows under the header"),
        (b"hello world\nthis is text\n", "The first row must name the columns"),
        (b"Title,Link\nx,y\n", "The column “Media URL” and “Pinterest board” is missing."),
        (b"Title,Media URL,Pinterest board,TITLE\na,b,c,d\n", "The column “Title” is there twice."),
        (b"PK\x03\x04rest", "This is a workbook, not a CSV file."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is not a CSV file"),
        (HEADER.encode() + b"\nA\x00B,c,d\n", "This is not a CSV file"),
        (b"\xff\xfe\x00\xd8\x41\x00", "This is not a CSV file"),
        (HEADER.encode() + b"\n\x81\x8d\x8f,c,d\n", "This is not a CSV file"),
        (HEADER.encode() + b'\n"never closed,a,b\n', "Row 2 can't be read: a quotation mark"),
        (HEADER.encode() + b'\nT,u,b\n12" plate,"a"b,c\n', "Row 3 can't be read: a quotation mark"),
        (HEADER.encode() + b"\n" + b"x" * 1_000_000 + b",a,b\n", "Row 2 has a value of more than"),
        (b"x" * (5 * 1024 * 1024 + 1), "This file has 5.0 MB; 5 MB is the most."),
        (
            HEADER.encode() + b"\nt,u,b" * 3_000,
            "This file has more than 2,000 rows. Split it into several files.",
        ),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(data, words):
    with pytest.raises(FileRejected) as refused:
        read_sheet(data)
    assert str(refused.value).startswith(words)


def test_two_thousand_rows_are_taken():
    assert len(read_sheet(HEADER.encode() + b"\nt,u,b" * 2_000).rows) == 2_000


FORMULAS = ["=1+1", "+49 30", "-5 °C", "@home", '=HYPERLINK("x")', "'=1", "''=1", "＝1"]


@pytest.mark.parametrize("value", [*FORMULAS, "plain", "'quoted'", "a=b;=c", 'say "hi", now\nok'])
def test_values_are_inert_in_spreadsheets_and_come_back_as_they_were(value):
    text = "".join(write_sheet([{**CELLS, "Title": value}]))
    assert text.splitlines()[0] == HEADER
    cell = list(csv.reader(io.StringIO(text)))[1][0]
    assert (cell[0] in "=+-@＝") is False
    assert only_row(text.encode())["Title"] == value


def test_a_file_for_spreadsheets_has_the_mark_of_utf_8_and_its_own_columns():
    lines = list(write_sheet([], more=["Error"], for_spreadsheets=True))
    assert lines == [f"\ufeff{HEADER},Error\r\n"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-06-10T14:30:00", "2026-06-10T12:30:00+00:00"),
        ("2026-06-10 14:30", "2026-06-10T12:30:00+00:00"),
        ("2026-6-1 9:05", "2026-06-01T07:05:00+00:00"),
        ("2026/06/10 2:30 PM", "2026-06-10T12:30:00+00:00"),
        ("10.06.2026 14:30", "2026-06-10T12:30:00+00:00"),
        ("2026-06-10T14:30:00.123Z", "2026-06-10T14:30:00+00:00"),
        ("2026-06-10T14:30:00+05:30", "2026-06-10T09:00:00+00:00"),
        ("2026-06-10 14:30 -0400", "2026-06-10T18:30:00+00:00"),
        ("2026-06-10", "2026-06-10T07:00:00+00:00"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(text, instant):
    assert read_publish_date(text, zone="Europe/Berlin").at.isoformat() == instant


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("2026-06-10 14:30", ()),
        ("2026-06-10", ("The date has no time, so 09:00 is taken.",)),
        (
            "2026-10-25 02:30",
            ("The clocks go back that night and show this time twice; the first is meant.",),
        ),
        ("2026-10-25T02:30:00+01:00", ()),
    ],
)
def test_what_was_assumed_about_a_date_is_told(text, note):
    assert read_publish_date(text, zone="Europe/Berlin").notes == note


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("06/10/2026 14:30", "“06/10/2026 14:30” can be read in two ways."),
        ("1-2-26", "“1-2-26” can be read in two ways."),
        ("tomorrow", "“tomorrow” is not a date we can read."),
        ("2026-06-10 25:00", "“2026-06-10 25:00” is not a day or a time that exists."),
        ("2026-06-10 13:00 pm", "“2026-06-10 13:00 pm” is not a day or a time that exists."),
        ("2026-02-30", "“2026-02-30” is not a day or a time that exists."),
        ("0001-01-01 00:00", "“0001-01-01 00:00” is not a day or a time that exists."),
        ("2026-06-10T10:00:00+99:00", "“2026-06-10T10:00:00+99:00” is not a day or a time"),
        ("2026-03-29 02:30", "02:30 does not exist on 29 March 2026 in Europe/Berlin"),
        ("٢٠٢٦-٠٦-١٠", "“٢٠٢٦-٠٦-١٠” is not a date we can read."),
        ("46183.6041666667", "“46183.6041666667” is not a date we can read."),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text, words):
    with pytest.raises(DateRejected) as refused:
        read_publish_date(text, zone="Europe/Berlin")
    assert str(refused.value).startswith(words)
