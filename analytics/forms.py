"""What a page of figures is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.models import Claimed, ContentType, Source
from pinterest.figures import Filters


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters an address asks for; what is none of the choices is Pinterest's default."""
    usual = Filters()

    def chosen(name: str, values: list[str], default: str) -> str:
        value = query.get(name, "")
        return value if value in values else default

    return Filters(
        content_type=chosen("content", ContentType.values, usual.content_type),
        source=chosen("source", Source.values, usual.source),
        claimed=chosen("claimed", Claimed.values, usual.claimed),
    )
