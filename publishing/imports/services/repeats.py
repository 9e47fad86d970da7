"""Rows that repeat a link or a picture too soon: a person is asked, none is dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from publishing.imports.policy import bulk_csv
from publishing.imports.selectors.imports import media_reference
from publishing.models import Import, ImportRow, Media, RowAsks
from publishing.schedule.policy.repeats import Sameness
from publishing.schedule.selectors.repeats import Candidate, Repeat, find_repeats, repeating_keys

if TYPE_CHECKING:
    from publishing.imports.services.verdicts import Verdict

_COMPARED: Final = 10
"""Rows with the same link or picture up to which each says what it repeats: of more each says only
that it does, since every one would be compared with every other."""

_SAME: Final = {
    Sameness.LINK: "Its link goes",
    Sameness.PICTURE: "A picture that looks the same goes",
    Sameness.BOTH: "Its link and its picture go",
}


def ask_about_repeats(
    batch: Import,
    rows: Sequence[ImportRow],
    verdicts: Sequence[Verdict],
    *,
    pictures: Mapping[str, Media],
) -> None:
    """Ask about rows that are ready otherwise; `pictures` are those here, by their reference.

    A picture that was never fetched is known by its address alone; it is looked at when it is.
    """
    candidates = [
        _candidate(number, row, verdict, pictures)
        for number, (row, verdict) in enumerate(zip(rows, verdicts, strict=True))
        if verdict.is_ready and verdict.at
    ]
    links = Counter(each.link for each in candidates if each.link)
    shown = Counter(_picture_name(each) for each in candidates if _picture_name(each))
    many = [
        each
        for each in candidates
        if links[each.link] > _COMPARED or shown[_picture_name(each)] > _COMPARED
    ]
    others = {each.key for each in many}
    few = [each for each in candidates if each.key not in others]
    for key, repeats in find_repeats(batch.workspace, few, most=1).items():
        verdicts[int(key)].ask(RowAsks.REPEATS, repeat_text(repeats[0], zone=batch.time_zone))
    by_key = {each.key: each for each in many}
    for key in repeating_keys(batch.workspace, many):
        candidate = by_key[key]
        count = max(links[candidate.link], shown[_picture_name(candidate)])
        verdicts[int(key)].ask(
            RowAsks.REPEATS,
            f"Its link or picture stands in {count:,} rows of this file: Pinterest may take that "
            "for spam.",
        )


def repeat_text(repeat: Repeat, *, zone: str) -> str:
    """What a row repeats, and when that goes out."""
    other = f"“{repeat.pin.title or 'Untitled Pin'}”" if repeat.pin else "another row of this file"
    day = f"{repeat.at.astimezone(ZoneInfo(zone)):%-d %B %Y}"
    return f"{_SAME[repeat.same]} out with {other} on {day} too: Pinterest may take that for spam."


def _candidate(
    number: int, row: ImportRow, verdict: Verdict, pictures: Mapping[str, Media]
) -> Candidate:
    reference = media_reference(row.cells.get(bulk_csv.MEDIA_URL, ""))
    assert verdict.at is not None  # noqa: S101 - the caller takes those with a time
    return Candidate(
        key=str(number),
        at=verdict.at,
        link=row.cells.get(bulk_csv.LINK, ""),
        media=pictures.get(reference),
        picture=reference,
        on_purpose=row.repeats,
    )


def _picture_name(candidate: Candidate) -> str:
    return candidate.media.sha256 if candidate.media else candidate.picture
