"""Files of any usual making are read, and whatever is none is refused in words."""

import csv
import io

import pytest

from foundation.tables.sheets import FileRejected
from publishing.imports.policy import bulk_csv
from publishing.imports.policy.bulk_csv import read_sheet, write_sheet

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
        (
            b"Pins for October,,,\nTitle,Media URL,Pinterest board\nt,u,b\n",
            "The first row must name",
        ),
        (b"hello world\nthis is text\n", "The first row must name the columns"),
        (b"https://x.example/,A,B\nx,y,z\n", "The first row must name the columns"),
        (b"PK\x03\x04rest", "This is a workbook, not a CSV file."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is not a CSV file"),
        (HEADER.encode() + b"\nA\x00B,c,d\n", "This is not a CSV file"),
        (b"\xff\xfe\x00\xd8\x41\x00", "This is not a CSV file"),
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
    "header",
    [
        "board_name,title,description,link,image_url,published_at",
        "Title,Media file URL,Pinterest board,Description,Link,Publish date,Keywords",
        "Title,Media URL,Pinterest board,Thumbnail,Description,Link,Publish date,Keywords or tags",
        "Pin Title,Image URL,Board,Destination URL,Scheduled Time",
        "Caption,Board name,Image,Post title,Date",
        "TITLE (required),Media URL (optional),Pinterest board*",
        "Title\u00a0,Media\u202fURL,\ufeffPinterest\u00a0board",
        "Titel,Bild-URL,Pinnwand,Beschreibung,Link,Veröffentlichungsdatum,Schlagwörter",
        "Titre,URL du média,Tableau,Description,Lien,Date de publication,Mots-clés",
        "Título,URL de la imagen,Tablero,Descripción,Enlace,Fecha de publicación,Palabras clave",
        "Título,URL da imagem,Pasta,Descrição,Link,Data de publicação,Palavras-chave",
        "Titolo,URL immagine,Bacheca,Descrizione,Link,Data di pubblicazione,Parole chiave",
    ],
)
def test_names_that_other_products_use_are_known(header):
    columns = header.split(",")
    sheet = read_sheet(f"{header}\n{','.join('x' for _ in columns)}\n".encode())
    assert {"Title", "Media URL", "Pinterest board"} <= set(sheet.columns)
    assert sheet.unused == ()


def test_of_two_names_for_one_column_the_likelier_is_taken():
    sheet = read_sheet(b"Title,Media URL,Image,Pinterest board\nt,u,v,b\n")
    assert sheet.columns == ("Title", "Media URL", "", "Pinterest board")
    assert sheet.unused == ("Image",)


def test_a_name_that_is_there_twice_is_for_a_person_to_choose():
    assert read_sheet(b"Title,TITLE,Media URL\na,b,c\n").columns == ("", "", "Media URL")


def test_columns_that_somebody_chose_are_taken():
    sheet = read_sheet(b"A,B,C\n1,2,3\n", columns=["Pinterest board", "", "Title"])
    assert dict(sheet.rows[0].cells) == {"Pinterest board": "1", "Title": "3"}
    assert sheet.unused == ("B",)
    assert sheet.samples == (("1",), ("2",), ("3",))


def test_a_day_and_its_clock_a_board_and_its_section_may_have_columns_of_their_own():
    cells = only_row(b"Title,Image,Board,Section,Date,Time\nt,u,Bowls,Glazed,2027-06-10,2:30 PM\n")
    assert (cells["Publish date"], cells["Pinterest board"]) == (
        "2027-06-10 2:30 PM",
        "Bowls / Glazed",
    )
    assert only_row(b"Title,Image,Board,Time\nt,u,b,2027-06-10 14:30\n")["Publish date"] == (
        "2027-06-10 14:30"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mac &amp; Cheese &#8217;n&#8217; Peas", "Mac & Cheese ’n’ Peas"),
        ("&eacute;t&eacute; &#x2013; 10&nbsp;%", "été – 10\u00a0%"),
        ("Mac &amp;amp; Cheese", "Mac & Cheese"),
        ("Salt & Pepper; A&B; R&D", "Salt & Pepper; A&B; R&D"),
        ("&nosuchcode; &#0; &#3;", "&nosuchcode; \ufffd &#3;"),
    ],
)
def test_html_codes_in_cells_are_decoded_with_a_note(written, meant):
    cells = only_row(f'Title,Media URL,Pinterest board\n"{written}",u,b\n'.encode())
    assert cells["Title"] == meant
    assert cells.get(bulk_csv.DECODED) == ("Title" if written != meant else None)


def test_codes_that_a_semicolon_would_cut_stay_whole():
    head = "Title;Media URL;Pinterest board;Link"
    line = "Mac &amp; Cheese &#8217;n&#8217; Peas;u;b;https://shop.example/?a=1&amp;b=2"
    cells = only_row(f"{head}\n{line}\n".encode())
    assert (cells["Title"], cells["Pinterest board"], cells["Link"]) == (
        "Mac & Cheese ’n’ Peas",
        "b",
        "https://shop.example/?a=1&b=2",
    )
    assert bulk_csv.SURPLUS not in cells
    assert only_row(f"{head}\nR&D;u;b;l;left\n".encode())["Title"] == "R&D"


def test_addresses_lose_their_codes_and_keep_their_parameters():
    link = "https://shop.example/?a=1&amp;b=2&copy=3&lang;&reg;=4"
    cells = only_row(f"Title,Media URL,Pinterest board,Link\nt,u,b,{link}\n".encode())
    assert cells["Link"] == "https://shop.example/?a=1&b=2&copy=3&lang;&reg;=4"


def test_odd_spaces_are_spaces_except_in_texts():
    line = "A\u00a0bowl,\u200bhttps://x.example/a\ufeff,Blue\u202fBowls\u2060,2027-06-10\u00a014:30"
    cells = only_row(f"Title,Media URL,Pinterest board,Publish date\n{line}\n".encode())
    assert dict(cells) == {
        "Title": "A\u00a0bowl",
        "Media URL": "https://x.example/a",
        "Pinterest board": "Blue Bowls",
        "Publish date": "2027-06-10 14:30",
    }


def test_lines_are_shown_that_tell_the_encoding():
    sheet = read_sheet("Title,Media URL,Pinterest board\nx,u,b\nŁódź,u,b\n".encode("cp1250"))
    assert (sheet.encoding, sheet.is_encoding_sure) == ("cp1250", False)
    assert sheet.lines == ("Łódź,u,b",)


def test_another_encoding_can_be_chosen_and_one_that_can_not_be_is_refused():
    data = "Title,Media URL,Pinterest board\nЛодка,u,b\n".encode("cp1251")
    assert read_sheet(data, encoding="cp1252").rows[0].cells["Title"] == "Ëîäêà"
    with pytest.raises(FileRejected, match="can't be read in this encoding"):
        read_sheet(data, encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [
        b"Title,Media URL,Pinterest board\n" + b"," * 300 + b"\n",
        b"Title,Media URL,Pinterest board" + b",x" * 300 + b"\nt,u,b\n",
        b"Title,Media URL,Pinterest board\n" + b"\n" * 200_000,
    ],
)
def test_tables_that_nobody_wrote_are_refused_before_they_take_all_memory(data):
    with pytest.raises(FileRejected):
        read_sheet(data)
