"""Lists of pages that can be pinned, as CSV files; what each row means. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from foundation.fetching.hosts import shown
from foundation.tables.sheets import FileRejected, clean_cell, plain_name, read_records, table_text
from interactions.policy.marks import plain_page
from interactions.policy.origins import read_origin

PAGE, PICTURE, TITLE, DESCRIPTION = "Page", "Picture", "Title", "Description"
COLUMNS: Final = (PAGE, PICTURE, TITLE, DESCRIPTION)
ROW_LIMIT: Final = 2_000
FILE_LIMIT: Final = 5 * 1024 * 1024
_LONGEST_ADDRESS: Final = 2000
_NAMES: Final = {
    PAGE: ("page", "page url", "page address", "url", "link", "address", "product url", "loc"),
    PICTURE: (
        "picture",
        "picture url",
        "picture address",
        "image",
        "image url",
        "image link",
        "image address",
        "image src",
        "media url",
        "media",
    ),
    TITLE: ("title", "name", "product name", "pin title"),
    DESCRIPTION: ("description", "text", "words"),
}
_KNOWN: Final = {name: column for column, names in _NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a list; `number` as a spreadsheet counts. All but the page may be empty."""

    number: int
    page_url: str
    image_url: str = ""
    title: str = ""
    description: str = ""


class ListedFile(NamedTuple):
    """What a file lists; `guessed_encoding` may be said; empty where its bytes leave no doubt."""

    rows: list[ListedRow]
    guessed_encoding: str


def read_list(data: bytes, *, encoding: str = "") -> ListedFile:
    """Read a CSV file of any usual encoding and delimiter. Raises FileRejected.

    `encoding` is what somebody said of it; without it, it is found out.
    """
    if len(data) > FILE_LIMIT:
        raise FileRejected("This file has more than 5 MB. Split it into several files.")
    text, encoding, is_sure = table_text(data, encoding=encoding)
    records = read_records(text, knows=lambda name: name in _KNOWN)
    header = next((record for _, record in records), None)
    if header is None:
        raise FileRejected("This file is empty. Give it a row for each page.")
    columns = [_KNOWN.get(plain_name(name)) for name in header]
    _check(columns)
    rows: list[ListedRow] = []
    for number, record in records:
        if len(rows) == ROW_LIMIT:
            raise FileRejected(
                f"This file has more than {ROW_LIMIT:,} rows. Split it into several files."
            )
        rows.append(_row(number, record, columns))
    if not rows:
        raise FileRejected("There are no rows under the header. Give the file a row for each page.")
    return ListedFile(rows, "" if is_sure else encoding)


def problem_of(row: ListedRow, *, origins: Collection[str]) -> str:
    """Why a row can't be used and what to do; empty when it can."""
    if not row.page_url:
        return "The page's address is missing."
    if len(row.page_url) > _LONGEST_ADDRESS or len(row.image_url) > _LONGEST_ADDRESS:
        return f"An address has more than {_LONGEST_ADDRESS:,} characters."
    origin = read_origin(row.page_url)
    if origin is None:
        return "The page's address is none. Write it in full, as https://shop.example/bowl."
    if origin not in origins:
        return (
            f"The page is not on this site. Add {shown(origin)} in its settings, or leave the page "
            "out."
        )
    if row.image_url and read_origin(row.image_url) is None:
        return "The picture's address is none. Write it in full, or leave it empty."
    return ""


def _check(columns: Sequence[str | None]) -> None:
    known = [column for column in columns if column]
    if PAGE not in known:
        raise FileRejected(
            "The first row must name the columns: Page, and if you like Picture, Title and "
            "Description."
        )
    twice = next((column for column in known if known.count(column) > 1), None)
    if twice:
        raise FileRejected(f"The column “{twice}” is there twice. Remove one of them.")


def _row(number: int, record: Sequence[str], columns: Sequence[str | None]) -> ListedRow:
    cells = {
        column: clean_cell(cell).replace("\x00", "")
        for column, cell in zip(columns, record, strict=False)
        if column
    }
    return ListedRow(
        number=number,
        page_url=plain_page(cells.get(PAGE, "")),
        image_url=cells.get(PICTURE, ""),
        title=" ".join(cells.get(TITLE, "").split())[:200],
        description=cells.get(DESCRIPTION, "")[:500],
    )
