"""Which column of a file is which, by the names that people and other products give them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from foundation.tables.sheets import plain_name

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
"""Pinterest's own, in its order."""

WANTED: Final = (TITLE, MEDIA_URL, BOARD)
"""Columns without which every row lacks something."""

ALT_TEXT: Final = "Alt text"
"""A column of our own: read where a file has it, and written only to give it back."""
ACCOUNT: Final = "Account"
"""Another one of ours: whose Pin a row is, in a file with Pins of several accounts."""
SECTION: Final = "Section"
"""Read only: the board's section, where it has a column of its own."""
TIME: Final = "Time"
"""Read only: the clock, where the day has a column of its own."""
ERROR: Final = "Error"
"""Stands at the end of the file of rows that could not be taken; not read again."""

ASSIGNABLE: Final = (*COLUMNS, ALT_TEXT, SECTION, TIME, ACCOUNT)
"""What a person may say that a column is."""

# The likeliest first: where a file has several of them, the first one is taken.
_NAMES: Final[dict[str, str]] = {
    TITLE: "title; pin title; post title; pin name; headline; name; titel; titre; título; titolo",
    MEDIA_URL: (
        "media url; media file url; image url; image file url; pin image url; picture url; "
        "photo url; media link; image link; picture link; media; image; images; picture; photo; "
        "media urls; image urls; featured image; image src; file url; pin image; bild url; bild; "
        "medien url; url du média; url de l'image; url de la imagen; "
        "url del archivo multimedia; imagen; url da imagem; imagem; url immagine; immagine"
    ),
    BOARD: (
        "pinterest board; board; board name; pinterest board name; pin board; boards; "
        "board names; pinterest boards; board id; pinterest board id; pinnwand; "
        "pinterest pinnwand; tableau; tableau pinterest; tablero; tablero de pinterest; pasta; "
        "bacheca"
    ),
    THUMBNAIL: (
        "thumbnail; video thumbnail; thumbnail url; video cover; cover image; cover; thumbnail time"
    ),
    DESCRIPTION: (
        "description; pin description; caption; text; post text; message; content; post content; "
        "body; copy; beschreibung; descripción; descrição; descrizione"
    ),
    LINK: (
        "link; destination link; destination url; pin link; pin url; link url; target url; "
        "landing page; landing page url; website; website url; source url; page url; web url; url; "
        "source; destination; ziel url; lien; enlace; collegamento"
    ),
    PUBLISH_DATE: (
        "publish date; publish date and time; published at; publish at; publish time; publish on; "
        "publication date; scheduled at; scheduled for; scheduled date; schedule date; "
        "scheduled time; schedule time; schedule; date and time; date time; datetime; date & time; "
        "post date; post at; posting time; posting date; posted at; send at; due at; "
        "go live date; date; datum; fecha; data; "
        "veröffentlichungsdatum; veröffentlichen am; date de publication; fecha de publicación; "
        "data de publicação; data di pubblicazione"
    ),
    KEYWORDS: "keywords; keywords or tags; keyword; tags; hashtags; topics; tagged topics; labels; "
    "schlagwörter; stichwörter; mots clés; palabras clave; palavras chave; parole chiave",
    ALT_TEXT: "alt text; alternative text; image alt text; media alt text; alt; alt tag; alttext",
    SECTION: "section; board section; pinterest section; section name",
    TIME: "time; publish clock; hour; time of day; post time; uhrzeit; hora; heure; ora",
    ACCOUNT: "account; pinterest account; account name; username; profile",
    ERROR: "error",
}
_KNOWN: Final = {
    name: (column, rank)
    for column, names in _NAMES.items()
    for rank, name in enumerate(names.split("; "))
}
_ADDED: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^][]*\])\s*$|\s*(?:optional|required)$")


def knows(name: str) -> bool:
    """Whether a plain name is that of a column."""
    return _found(name) is not None


def name_columns(header: Sequence[str]) -> list[str]:
    """The column that each name of a header means; empty for none, and where two mean the same.

    Names of one column that are not alike: the likelier one is it.
    """
    found = [_found(plain_name(name)) for name in header]
    best: dict[str, int] = {}
    for column, rank in filter(None, found):
        best[column] = min(rank, best.get(column, rank))
    named = [each[0] if each and best[each[0]] == each[1] else "" for each in found]
    named = [column if named.count(column) == 1 else "" for column in named]
    if PUBLISH_DATE not in named and TIME in named:
        named[named.index(TIME)] = PUBLISH_DATE
    return named


def missing_in(columns: Sequence[str]) -> list[str]:
    """Columns without which every row of a file lacks something."""
    return [column for column in WANTED if column not in columns]


def header_digest(header: Sequence[str]) -> str:
    """What files with the same header row share, however it is spaced and written."""
    return hashlib.sha256("\n".join(map(plain_name, header)).encode()).hexdigest()


def assigned(header: Sequence[str], chosen: Mapping[int, str]) -> list[str]:
    """The columns that a person chose, by number; none twice (the first of them counts)."""
    columns: list[str] = []
    for number in range(len(header)):
        column = chosen.get(number, "")
        columns.append(column if column in ASSIGNABLE and column not in columns else "")
    return columns


def _found(name: str) -> tuple[str, int] | None:
    return _KNOWN.get(name) or _KNOWN.get(_ADDED.sub("", name))
