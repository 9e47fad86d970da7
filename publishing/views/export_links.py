"""Where the Pins of a list can be had as files."""

from __future__ import annotations

from django.urls import reverse


def export_links(query: str) -> dict[str, str]:
    """Context of `_export_links.html`: addresses of the files; `query` holds the list's filters."""
    return {
        "csv_url": f"{reverse('pin_export_csv')}?{query}",
        "json_url": f"{reverse('pin_export_json')}?{query}",
    }
