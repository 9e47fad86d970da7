"""Tables as files: read in any usual encoding and delimiter, written so that nothing runs. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from foundation.documents.encodings import encoding_of, text_in
from foundation.tables.spaces import plain_spaces, trimmed

_DELIMITERS: Final = ",;\t|"
COLUMN_LIMIT: Final = 200
"""Columns of a file; more are no table that somebody wrote."""
_HEAD: Final = 20_000
"""Characters in which the delimiter is looked for."""
_NAMED_DELIMITER: Final = re.compile(r"\"?sep=([,;|\t])\"?[ \t]*(?:\r\n|\r|\n)", re.I)
_RECORD_LIMIT: Final = 100_000
"""Records of a file, empty ones included: spreadsheets leave thousands of those behind."""
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What a spreadsheet takes for a formula, and our mark that it is none.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MARKED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


NOT_A_TABLE: Final = (
    "This is not a CSV file, or it is damaged. Save it as CSV in UTF-8 and upload it again."
)


class FileRejected(ValueError):
    """The file as a whole can't be read; the text says what to do."""


def inert(value: str) -> str:
    """`value` marked as text where a spreadsheet would take it for a formula."""
    return f"'{value}" if _FORMULA.match(value) else value


def plain_cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula; nothing for what is missing."""
    if value is None:
        return ""
    return inert(value.isoformat() if isinstance(value, datetime) else str(value))


def write_table(
    rows: Iterable[Iterable[object]], *, for_spreadsheets: bool = False, quote_all: bool = False
) -> Iterator[str]:
    """The lines of a file, the names of its columns first among `rows`; none for no rows.

    `for_spreadsheets` begins with the mark by which they know UTF-8.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    for number, row in enumerate(rows):
        if for_spreadsheets and number == 0:
            line.write("\ufeff")
        writer.writerow([plain_cell(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def table_text(data: bytes, *, encoding: str = "") -> tuple[str, str, bool]:
    """The text of a table in `encoding`, or in the likeliest for none: text, encoding, is sure.

    Raises FileRejected.
    """
    check_kind(data)
    if encoding:
        text = text_in(data, encoding)
        if text is None:
            raise FileRejected("The file can't be read in this encoding. Choose another one.")
        return text, encoding, False
    found = encoding_of(data)
    if found is None:
        raise FileRejected(NOT_A_TABLE)
    return text_in(data, found.name) or "", found.name, found.is_sure


def check_kind(data: bytes) -> None:
    """Raise FileRejected for a workbook."""
    if data.startswith(_WORKBOOKS):
        raise FileRejected(
            "This is a workbook, not a CSV file. In your spreadsheet choose “Save as” or "
            "“Download” and there “CSV (comma separated)”."
        )


def read_records(text: str, *, knows: Callable[[str], bool]) -> Iterator[tuple[int, list[str]]]:
    """Records that hold anything, with the number a spreadsheet gives them.

    `knows` says whether a plain name is a column's, which tells the delimiter. Raises FileRejected.
    """
    named = _NAMED_DELIMITER.match(text)
    body, delimiter = (
        (text[named.end() :], named[1]) if named else (text, _delimiter_of(text, knows))
    )
    # Without a limit of its own, a quote that is never closed makes one field of the whole file.
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    number = 1 if named else 0
    try:
        for record in reader:
            number += 1
            if len(record) > COLUMN_LIMIT or number > _RECORD_LIMIT:
                raise FileRejected(_too_much(number, len(record)))
            if any(cell.strip() for cell in record):
                yield number, record
    except csv.Error as error:
        raise FileRejected(_unreadable(number + 1, str(error))) from None


def _too_much(number: int, columns: int) -> str:
    if columns > COLUMN_LIMIT:
        return f"Row {number:,} has {columns:,} columns; {COLUMN_LIMIT} are the most."
    return f"This file has more than {_RECORD_LIMIT:,} rows. Split it into several files."


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


def _delimiter_of(text: str, knows: Callable[[str], bool]) -> str:
    """The delimiter by which the first line falls into the most columns that we know.

    Where we know none, it is the one by which the first lines fall into the most columns alike.
    """
    lines = list(islice(filter(str.strip, text[:_HEAD].splitlines()), 5))

    def worth(delimiter: str) -> tuple[int, int]:
        names = [plain_name(name.strip().strip('"')) for name in lines[0].split(delimiter)]
        counts = [_count_outside_quotes(line, delimiter) for line in lines]
        return sum(map(knows, names)), min(counts)

    return max(_DELIMITERS, key=worth) if lines else ","


def _count_outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def plain_name(name: str) -> str:
    """A column's name without case, marks and spaces that do not tell it from others."""
    return " ".join(re.sub(r"[_\-*:]+", " ", plain_spaces(name)).casefold().split())


def clean_cell(cell: str) -> str:
    """A cell's text without our mark that it is no formula."""
    text = trimmed(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return text[1:] if _MARKED.match(text) else text
