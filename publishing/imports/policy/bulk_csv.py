"""Pinterest's own bulk CSV format, read leniently and written safely. Pure.

Pinterest's help names the columns, in this order; its dates are ISO 8601.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from foundation.tables.sheets import FileRejected, clean_cell, inert, read_records, table_text
from foundation.tables.spaces import plain_spaces, trimmed
from publishing.imports.policy.column_names import (
    ACCOUNT,
    ALT_TEXT,
    BOARD,
    COLUMNS,
    DESCRIPTION,
    ERROR,
    KEYWORDS,
    LINK,
    MEDIA_URL,
    PUBLISH_DATE,
    SECTION,
    THUMBNAIL,
    TIME,
    TITLE,
    knows,
    name_columns,
)
from publishing.imports.policy.html_codes import decoded

__all__ = [
    "ACCOUNT",
    "ALT_TEXT",
    "BOARD",
    "COLUMNS",
    "DESCRIPTION",
    "ERROR",
    "KEYWORDS",
    "LINK",
    "MEDIA_URL",
    "PUBLISH_DATE",
    "THUMBNAIL",
    "TITLE",
    "Sheet",
    "SheetRow",
    "read_sheet",
    "write_sheet",
]

SURPLUS: Final = ""
"""The name under which values beyond the last column are kept."""
DECODED: Final = "(decoded)"
"""The name under which the columns are kept whose HTML codes were decoded."""

FILE_LIMIT: Final = 5 * 1024 * 1024
"""Bytes. 2,000 rows with every field at its limit have about as many."""
ROW_LIMIT: Final = 2_000

_ADDRESSES: Final = (MEDIA_URL, LINK)
_SPACED: Final = (BOARD, PUBLISH_DATE, SECTION, TIME, ACCOUNT)
"""Columns whose spaces are all alike: in titles and descriptions they may be meant."""

_CUT_CODE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31})$")
_FEWEST_COLUMNS: Final = 3
_LINES_SHOWN: Final = 3
_LINE_SHOWN: Final = 160
_CELL_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as written; `number` as a spreadsheet counts."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read.

    `columns` says for each name of `header` what it means to us, empty for nothing. `lines` are
    some of the file as they were decoded, those with signs beyond ASCII first; `samples` the first
    cells under each name.
    """

    header: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    encoding: str
    is_encoding_sure: bool
    lines: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]

    @property
    def unused(self) -> tuple[str, ...]:
        """Names that mean nothing to us."""
        pairs = zip(self.header, self.columns, strict=True)
        return tuple(trimmed(name)[:60] for name, column in pairs if not column and trimmed(name))


def read_sheet(data: bytes, *, encoding: str = "", columns: Sequence[str] | None = None) -> Sheet:
    """Read a file of any usual encoding and delimiter. Raises FileRejected.

    `encoding` and `columns` are what somebody said of it; without them both are found out.
    """
    if len(data) > FILE_LIMIT:
        raise FileRejected(
            f"This file has {len(data) / 1024 / 1024:.1f} MB; 5 MB is the most. "
            "Split it into several files."
        )
    text, encoding, is_sure = table_text(data, encoding=encoding)
    records = read_records(text, knows=knows)
    header = next((record for _, record in records), None)
    if header is None:
        raise FileRejected("This file is empty. Download the template to see what belongs in it.")
    _check_header(header)
    fits = columns is not None and len(columns) == len(header)
    named = list(columns) if columns is not None and fits else name_columns(header)
    rows = _take_rows(records)
    return Sheet(
        header=tuple(name[:100] for name in header),
        columns=tuple(named),
        rows=tuple(_row(number, record, named) for number, record in rows),
        encoding=encoding,
        is_encoding_sure=is_sure,
        lines=_lines_of(text),
        samples=_samples(len(header), [record for _, record in rows]),
    )


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


def _check_header(header: Sequence[str]) -> None:
    """Refuse what can't be a header: a text that is no table, or a table that begins with a Pin."""
    is_data = any("://" in name for name in header)
    names = sum(bool(trimmed(name)) for name in header)
    if is_data or (names < _FEWEST_COLUMNS and not any(name_columns(header))):
        raise FileRejected(
            "The first row must name the columns: " + ", ".join(COLUMNS) + ". "
            "Download the template and copy your Pins into it."
        )


def _take_rows(records: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The records under the header. Raises FileRejected for none and for too many."""
    rows = list(islice(records, ROW_LIMIT + 1))
    if len(rows) > ROW_LIMIT:
        raise FileRejected(
            f"This file has more than {ROW_LIMIT:,} rows. Split it into several files."
        )
    if not rows:
        raise FileRejected(
            "There are no rows under the header, so there is nothing to import. "
            "Add a row for each Pin."
        )
    return rows


def _samples(columns: int, records: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The first cells of each column that hold anything."""
    found: list[tuple[str, ...]] = []
    for number in range(columns):
        cells = (trimmed(record[number]) for record in records[:50] if len(record) > number)
        found.append(
            tuple(cell[:_CELL_SHOWN] for cell in islice(filter(None, cells), _LINES_SHOWN))
        )
    return tuple(found)


def _row(number: int, record: Sequence[str], columns: Sequence[str]) -> SheetRow:
    cells: dict[str, str] = {}
    with_codes: list[str] = []
    record = _whole_codes(record, len(columns))
    for column, cell in zip(columns, record, strict=False):
        if not column or column == ERROR:
            continue
        text = _plain(column, clean_cell(cell))
        cells[column] = decoded(text, is_address=column in _ADDRESSES)
        if cells[column] != text:
            with_codes.append(column)
    if with_codes:
        cells[DECODED] = ", ".join(with_codes)
    surplus = ", ".join(cell.strip() for cell in record[len(columns) :] if cell.strip())
    if surplus:
        cells[SURPLUS] = surplus[:200]
    return SheetRow(number=number, cells=_joined(cells))


def _whole_codes(record: Sequence[str], count: int) -> Sequence[str]:
    """A record that semicolons of HTML's codes cut into more than `count` cells, put together."""
    if len(record) <= count:
        return record
    joined: list[str] = []
    for cell in record:
        if joined and _CUT_CODE.search(joined[-1]):
            joined[-1] = f"{joined[-1]};{cell}"
        else:
            joined.append(cell)
    return joined if len(joined) >= count else record


def _plain(column: str, text: str) -> str:
    return " ".join(plain_spaces(text).split()) if column in _SPACED else text


def _joined(cells: dict[str, str]) -> dict[str, str]:
    """A day and its clock, a board and its section: one cell, in two columns of some files."""
    clock, section = cells.pop(TIME, ""), cells.pop(SECTION, "")
    if clock and cells.get(PUBLISH_DATE):
        cells[PUBLISH_DATE] = f"{cells[PUBLISH_DATE]} {clock}"
    if section and cells.get(BOARD):
        cells[BOARD] = f"{cells[BOARD]} / {section}"
    return cells


def _lines_of(text: str) -> tuple[str, ...]:
    """Some lines to see the encoding by: those with signs beyond ASCII, else the first."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()]
    telling = [line for line in lines if not line.isascii()] or lines
    return tuple(_around_sign(line) for line in telling[:_LINES_SHOWN])


def _around_sign(line: str) -> str:
    """The part of a long line where its first sign beyond ASCII stands."""
    at = next((index for index, sign in enumerate(line) if not sign.isascii()), 0)
    start = max(0, at - _LINE_SHOWN // 2) if at > _LINE_SHOWN // 2 else 0
    return line[start : start + _LINE_SHOWN]
