"""What people are told about lists of pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.notifications.kinds import Audience, Kind, register


def _list(ids: Sequence[str]) -> str:
    """The list, or where all sites are."""
    return reverse("list_detail", args=ids) if len(ids) == 1 else reverse("interactions")


LIST_NEEDS_YOU = Kind(
    code="list_needs_you",
    label="Your list of pages can’t be read, or has pages to mend",
    one="A list of pages needs you",
    many="{count} lists of pages need you",
    icon="globe",
    tone="warn",
    action="See what to mend",
    link=_list,
    audience=Audience.CONCERNED,
)

register(LIST_NEEDS_YOU)
