"""Pinterest's own bulk CSV format, read leniently and written safely. Pure.

Pinterest's help names the columns, in this order; its dates are ISO 8601.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.sheets import FileRejected, clean_cell, decode, inert, plain_name, read_records

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
    records = read_records(decode(data), knows=lambda name: name in _KNOWN)
    header = next((record for _, record in records), None)
    if header is None:
        raise FileRejected("This file is empty. Download the template to see what belongs in it.")
    columns = [_KNOWN.get(plain_name(name)) for name in header]
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
    cells = {column: clean_cell(cell) for column, cell in pairs if column and column != ERROR}
    surplus = ", ".join(cell.strip() for cell in record[len(columns) :] if cell.strip())
    if surplus:
        cells[SURPLUS] = surplus[:200]
    return SheetRow(number=number, cells=cells)
