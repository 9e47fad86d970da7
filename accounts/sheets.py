"""Tables as files: read in any usual encoding and delimiter, written so that nothing runs. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

_DELIMITERS: Final = ",;\t|"
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What a spreadsheet takes for a formula, and our mark that it is none.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MARKED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


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


def decode(data: bytes) -> str:
    """The text of a file of any usual encoding. Raises FileRejected."""
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


def read_records(text: str, *, knows: Callable[[str], bool]) -> Iterator[tuple[int, list[str]]]:
    """Records that hold anything, with the number a spreadsheet gives them.

    `knows` says whether a plain name is a column's, which tells the delimiter. Raises FileRejected.
    """
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"\"?sep=([,;|\t])\"?\s*", first, re.I)
    body, delimiter = (rest, named[1]) if named else (text, _delimiter_of(text, knows))
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


def _delimiter_of(text: str, knows: Callable[[str], bool]) -> str:
    """The delimiter by which the first line falls into the most columns that we know."""
    line = next((line for line in text.splitlines() if line.strip()), "")[:5000]

    def known(delimiter: str) -> int:
        names = (plain_name(name.strip().strip('"')) for name in line.split(delimiter))
        return sum(map(knows, names))

    return max(_DELIMITERS, key=known)


def plain_name(name: str) -> str:
    """A column's name without case, marks and spaces that do not tell it from others."""
    return " ".join(re.sub(r"[_\-*]+", " ", name).casefold().split())


def clean_cell(cell: str) -> str:
    """A cell's text without our mark that it is no formula."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if _MARKED.match(text) else text
