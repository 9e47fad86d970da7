"""Exports prepared for templates: what is in the files and what Pinterest makes of it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from publishing.exports.policy import pinterest_files
from publishing.exports.policy.pinterest_files import LeftOut, Packing, Part
from publishing.exports.selectors.pinterest_exports import PinterestExport, part_name

PARTS_SHOWN = 50

# One Pin, several Pins.
_LEFT_OUT = {
    LeftOut.GONE_OUT: (
        "is published or on its way already",
        "are published or on their way already",
    ),
    LeftOut.PAST: (
        "is planned for a time that has passed",
        "are planned for times that have passed",
    ),
    LeftOut.NO_TITLE: ("has no title", "have no title"),
    LeftOut.NO_BOARD: ("has no board", "have no board"),
    LeftOut.NO_PICTURE: ("has no picture", "have no picture"),
    LeftOut.OTHER_KIND: ("is a video or a carousel", "are videos or carousels"),
}


def export_facts(export: PinterestExport, *, query: str, zone: str) -> dict[str, Any]:
    """Context of `export.html`; `query` holds the list's filters, `zone` is the workspace's."""
    packing = export.packing
    left_out = packing.left_out.total()
    return {
        "count": packing.count,
        "total": packing.count + left_out,
        "total_text": _pins(packing.count + left_out),
        "left_out": [
            f"{number:,} {_LEFT_OUT[reason][number > 1]}"
            for reason, number in sorted(packing.left_out.items())
        ],
        "left_out_text": f"{_pins(left_out)} of this list {_are(left_out)} not in it"
        if left_out
        else "",
        "title": f"{_pins(packing.count)} in {_files(len(packing.parts))}",
        "notes": list(_notes(packing)),
        "pictures_text": f"Picture addresses work for anybody who has them until "
        f"{date_format(export.until.astimezone(UTC), 'j F Y')}: long enough for Pinterest to fetch "
        "them at the upload or at the Pin’s time. Deleting a Pin, or changing its picture, ends "
        "its address within five minutes.",
        "reach_text": _reach_text(export),
        "parts": [
            {
                "url": f"{reverse('pin_export_pinterest')}?{_with(query, number)}",
                "name": part_name(export, number),
                "text": _part_text(part),
            }
            for number, part in enumerate(packing.parts[:PARTS_SHOWN], start=1)
        ],
        "more_parts": max(len(packing.parts) - PARTS_SHOWN, 0),
        "archive_url": f"{reverse('pin_export_archive')}?{query}",
        "csv_url": f"{reverse('pin_export_csv')}?{query}",
        "csv_utc_url": f"{reverse('pin_export_csv')}?{query}{'&' if query else ''}times=utc",
        "json_url": f"{reverse('pin_export_json')}?{query}",
        "zone": zone,
    }


def _notes(packing: Packing) -> Iterator[str]:
    """What Pinterest does with the files that nobody would expect."""
    if packing.same_link:
        yield (
            f"{_pins(packing.same_link)} {_have(packing.same_link)} the same link as another. "
            "Pinterest keeps one Pin of each link in a file and drops the others without a word, "
            "so they stand in different files."
        )
    if packing.same_title:
        yield (
            f"{_pins(packing.same_title)} {_have(packing.same_title)} the same title as another. "
            "Pinterest refuses a title that is in a file twice, so they stand in different files."
        )
    if packing.shortened:
        one = packing.shortened == 1
        yield (
            f"{packing.shortened:,} {'description has' if one else 'descriptions have'} more than "
            f"{pinterest_files.DESCRIPTION_LIMIT} characters and {_are(packing.shortened)} cut "
            "after the last word that fits."
        )
    if packing.undated:
        yield (
            f"{_pins(packing.undated)} {_have(packing.undated)} no date. Pinterest publishes "
            f"{'it' if packing.undated == 1 else 'them'} as soon as the file is uploaded."
        )
    if packing.planned:
        it = "it" if packing.planned == 1 else "them"
        twice = "it is" if packing.planned == 1 else "they are"
        yield (
            f"{_pins(packing.planned)} {_are(packing.planned)} planned here as well: PinApp "
            f"publishes {it} too. Take {it} back to draft or put {it} on hold before you upload, "
            f"or {twice} on Pinterest twice."
        )
    later = sum(part.since is not None for part in packing.parts)
    if later:
        yield (
            f"{_files(later)} can only be uploaded later: Pinterest takes dates up to "
            f"{pinterest_files.DAYS_AHEAD.days} days ahead. The days stand beside "
            f"{'it' if later == 1 else 'them'}."
        )


def _reach_text(export: PinterestExport) -> str:
    if not export.out_of_reach:
        return ""
    count = export.out_of_reach
    return (
        f"Pinterest can’t fetch the {'picture' if count == 1 else f'pictures of {_pins(count)}'}: "
        f"{settings.PUBLIC_URL} or the address {'it' if count == 1 else 'they'} came from is only "
        "reached from this machine or network. Set PUBLIC_URL to the address at which the internet "
        "reaches PinApp, then export again."
    )


def _part_text(part: Part) -> str:
    count = _pins(len(part.keys))
    if part.since and part.before:
        return f"{count}, upload from {_moment(part.since)} to {_moment(part.before)}"
    if part.before:
        return f"{count}, upload before {_moment(part.before)}"
    return f"{count}, upload at any time"


def _moment(moment: datetime) -> str:
    return f"{date_format(moment.astimezone(UTC), 'D j M Y, H:i')} UTC"


def _with(query: str, number: int) -> str:
    return f"{query}{'&' if query else ''}part={number}"


def _pins(count: int) -> str:
    return f"{count:,} {'Pin' if count == 1 else 'Pins'}"


def _files(count: int) -> str:
    return f"{count:,} {'file' if count == 1 else 'files'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
