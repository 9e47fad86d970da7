"""Results prepared for templates and files: words and addresses, no decisions left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from foundation.percents import percent
from interactions.policy import results as rules
from interactions.policy.results import Unknowns

_STEP_WORDS = {
    "clicked": ("Clicked", "unauthenticated: what browsers said"),
    "previewed": ("Previewed or more", "Pinterest's dialog showed the picture"),
    "verified": ("Verified", "Pinterest fetched the picture after the click"),
    "corroborated": ("Corroborated", "and somebody came from the Pin"),
}


def step_facts(
    name: str, sums: Mapping[str, int], clicked: Mapping[str, int], before: Mapping[str, int]
) -> dict[str, Any]:
    """A step of the funnel: its sum, how it was before, and how many of the clicks came so far.

    `clicked`: the sums of those of which a click was told; others are no part of the clicks.
    """
    label, note = _STEP_WORDS[name]
    rate = rules.share(clicked[name], clicked["clicked"])
    of_clicks = "" if name == "clicked" or rate is None else f"{percent(rate, 1)} of the clicks; "
    return {
        "label": label,
        "value": f"{sums[name]:,}",
        "note": f"{of_clicks}{note}. {_change(sums[name], before[name])}",
    }


def entity_facts(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was pinned, with its share of all clicks there are in `rows`."""
    most = max((row["clicked"] for row in rows), default=0)
    return [
        {
            **row,
            "most": most,
            "label": row["title"],
            "url": reverse("entity_detail", args=[row["key"]]),
        }
        for row in rows
    ]


def page_facts(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The pages that were clicked on."""
    most = max((row["clicked"] for row in rows), default=0)
    return [
        {**row, "most": most, "label": row["page_url"] or "The page was not told", "url": ""}
        for row in rows
    ]


def unknown_facts(unknowns: Unknowns) -> list[dict[str, Any]]:
    """What can't be told, in words that claim nothing."""
    return [
        _unknown(
            "Previewed and nothing after",
            unknowns.only_previewed,
            "Pinterest's dialog was opened. Whether a Pin was saved nobody says.",
        ),
        _unknown(
            "Fetched by what calls itself Pinterest, unproved",
            unknowns.undecided,
            "DNS has not said yet, or can't say, whose the address is." + _of(unknowns),
        ),
        _unknown(
            "Fetched by what only calls itself Pinterest",
            unknowns.disproved,
            "The address is not Pinterest's: never counted as verified.",
        ),
        _unknown(
            "Fetched without a click",
            unknowns.unclicked,
            "The click was not told: blocked, lost, or never made.",
        ),
        _unknown(
            "Clicked by a script",
            unknowns.untrusted,
            "The browser says that no person did it: not counted.",
        ),
        _unknown(
            "Suspect",
            unknowns.suspect,
            "One of unusually many with the same page token. Counted until you say otherwise.",
        ),
        _unknown("Abuse", unknowns.abuse, "Marked by a reviewer: not counted."),
        _unknown(
            "Other fetches of the pictures",
            unknowns.other_fetches,
            "Other programs, and requests that prove nothing (HEAD, ranges, prefetches).",
        ),
    ]


def file_rows(rows: Sequence[Mapping[str, Any]], *, name: str) -> list[dict[str, Any]]:
    """Rows of a file: `name` says what they are by, then the steps."""
    return [{name: row[name], **{step: row[step] for step in rules.STEPS}} for row in rows]


def _unknown(label: str, value: int, text: str) -> dict[str, Any]:
    return {"label": label, "value": f"{value:,}", "text": text}


def _of(unknowns: Unknowns) -> str:
    rate = rules.share(unknowns.undecided, unknowns.fetched)
    return "" if rate is None else f" {percent(rate, 1)} of all such fetches."


def _change(now: int, before: int) -> str:
    rate = rules.change(now, before)
    if rate is None:
        return "None in the days before." if not before and now else ""
    return f"{percent(rate, signed=True)} to the days before ({before:,})."
