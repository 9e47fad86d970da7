"""Pinterest's own bulk CSV format, read leniently and written safely. Pure.

Pinterest's help names the columns, in this order; its dates are ISO 8601.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TITLE, MEDIA_URL, BOARD, THUMBNAIL = "Title", "Media URL", "Pinterest board", "Thumbnail"
DESCRIPTION, LINK, PUBLISH_DATE, KEYWORDS = "Description", "Link", "Publish date", "Keywords"
COLUMNS: Final = (
    TITLE,
    MEDIA_URL,
    BOARD,
    THUMBNAIL,
    DESCRIPTION,
    LINK,
    PUBLISH_DATE,
    KEYWORDS,
)
REQUIRED: Final = (TITLE, MEDIA_URL, BOARD)
ALT_TEXT: Final = "Alt text"
"""A column of our own: read where a file has it, and written only to give it back."""
ACCOUNT: Final = "Account"
"""Another one of ours: whose Pin a row is, in a file with Pins of several accounts."""
ERROR: Final = "Error"
"""Stands at the end of the file of rows that could not be taken; not read again."""
SURPLUS: Final = ""
"""The name under which values beyond the last column are kept."""

FILE_LIMIT: Final = 5 * 1024 * 1024
"""Bytes. 2,000 rows with every field at its limit have about as many."""
ROW_LIMIT: Final = 2_000

_DELIMITERS: Final = ",;\t|"
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHER_NAMES: Final = {
    "pin title": TITLE,
    "image url": MEDIA_URL,
    "board": BOARD,
    "date": PUBLISH_DATE,
    "alternative text": ALT_TEXT,
}
_KNOWN: Final = {
    **{name.casefold(): name for name in (*COLUMNS, ALT_TEXT, ACCOUNT, ERROR)},
    **_OTHER_NAMES,
}
# What a spreadsheet takes for a formula, and our mark that it is none.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MARKED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


class FileRejected(ValueError):
    """The file as a whole can't be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as written; `number` as a spreadsheet counts."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read, and its columns that mean nothing to us."""

    rows: tuple[SheetRow, ...]
    unused: tuple[str, ...]


def read_sheet(data: bytes) -> Sheet:
    """Read a file of any usual encoding and delimiter. Raises FileRejected."""
    if len(data) > FILE_LIMIT:
        raise FileRejected(
            f"This file has {len(data) / 1024 / 1024:.1f} MB; 5 MB is the most. "
            "Split it into several files."
        )
    text = _decode(data)
    records = _records(text)
    header = next((record for _, record in records), None)
    if header is None:
        raise FileRejected("This file is empty. Download the template to see what belongs in it.")
    columns = [_KNOWN.get(_plain(name)) for name in header]
    _check_columns(columns)
    rows: list[SheetRow] = []
    for number, record in records:
        if len(rows) == ROW_LIMIT:
            raise FileRejected(
                f"This file has more than {ROW_LIMIT:,} rows. Split it into several files."
            )
        rows.append(_row(number, record, columns))
    if not rows:
        raise FileRejected(
            "There are no rows under the header, so there is nothing to import. "
            "Add a row for each Pin."
        )
    unused = tuple(
        name.strip()[:60]
        for name, column in zip(header, columns, strict=True)
        if column is None and name.strip()
    )
    return Sheet(rows=tuple(rows), unused=unused)


def write_sheet(
    rows: Iterable[Mapping[str, str]], *, more: Sequence[str] = (), for_spreadsheets: bool = False
) -> Iterator[str]:
    """The lines of a file in Pinterest's columns, then those of `more`.

    Values that a spreadsheet would take for formulas are marked as text; `read_sheet` takes the
    mark away. `for_spreadsheets` begins with the mark by which they know UTF-8.
    """
    line = io.StringIO(newline="")
    if for_spreadsheets:
        line.write("\ufeff")
    columns = (*COLUMNS, *more)
    csv.writer(line).writerow(columns)
    yield _taken(line)
    # All quoted: a semicolon inside must not end a field where spreadsheets expect semicolons.
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([inert(row.get(column, "")) for column in columns])
        yield _taken(line)


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def inert(value: str) -> str:
    """`value` marked as text where a spreadsheet would take it for a formula."""
    return f"'{value}" if _FORMULA.match(value) else value


def _decode(data: bytes) -> str:
    if data.startswith(_WORKBOOKS):
        raise FileRejected(
            "This is a workbook, not a CSV file. In your spreadsheet choose “Save as” or "
            "“Download” and there “CSV (comma separated)”."
        )
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _UNPRINTABLE.search(text):
            return text.removeprefix("\ufeff")
    raise FileRejected(
        "This is not a CSV file, or it is damaged. Save it as CSV in UTF-8 and upload it again."
    )


def _encodings(data: bytes) -> Sequence[str]:
    """Encodings to try, the likeliest first; UTF-16 without a mark shows in its null bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    head = data[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return ("utf-16-le",)
    if head[::2].count(0) > len(head) // 4:
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records that hold anything, with the number a spreadsheet gives them."""
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"\"?sep=([,;|\t])\"?\s*", first, re.I)
    body, delimiter = (rest, named[1]) if named else (text, _delimiter_of(text))
    # Without a limit of its own, a quote that is never closed makes one field of the whole file.
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    number = 1 if named else 0
    try:
        for record in reader:
            number += 1
            if any(cell.strip() for cell in record):
                yield number, record
    except csv.Error as error:
        raise FileRejected(_unreadable(number + 1, str(error))) from None


def _unreadable(number: int, reason: str) -> str:
    if "field larger" in reason:
        return (
            f"Row {number} has a value of more than {csv.field_size_limit():,} characters. "
            "Perhaps a quotation mark is not closed; mend it and upload the file again."
        )
    return (
        f"Row {number} can't be read: a quotation mark is not closed, or stands in the middle of a "
        'value. Inside a value write it twice, such as “12"" plate”.'
    )


def _delimiter_of(text: str) -> str:
    """The delimiter by which the first line falls into the most columns that we know."""
    line = next((line for line in text.splitlines() if line.strip()), "")[:5000]

    def known(delimiter: str) -> int:
        names = (_plain(name.strip().strip('"')) for name in line.split(delimiter))
        return sum(name in _KNOWN for name in names)

    return max(_DELIMITERS, key=known)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[_\-*]+", " ", name).casefold().split())


def _check_columns(columns: Sequence[str | None]) -> None:
    known = [column for column in columns if column]
    if not known:
        raise FileRejected(
            "The first row must name the columns: " + ", ".join(COLUMNS) + ". "
            "Download the template and copy your Pins into it."
        )
    missing = [column for column in REQUIRED if column not in known]
    if missing:
        names = " and ".join(f"“{column}”" for column in missing)
        raise FileRejected(f"The column {names} is missing. Add it and upload the file again.")
    twice = next((column for column in known if known.count(column) > 1), None)
    if twice:
        raise FileRejected(f"The column “{twice}” is there twice. Remove one of them.")


def _row(number: int, record: Sequence[str], columns: Sequence[str | None]) -> SheetRow:
    pairs = zip(columns, record, strict=False)
    cells = {column: _clean(cell) for column, cell in pairs if column and column != ERROR}
    surplus = ", ".join(cell.strip() for cell in record[len(columns) :] if cell.strip())
    if surplus:
        cells[SURPLUS] = surplus[:200]
    return SheetRow(number=number, cells=cells)


def _clean(cell: str) -> str:
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if _MARKED.match(text) else text
