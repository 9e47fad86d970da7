"""What a page of figures is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from analytics.models import Claimed, ContentType, Source
from analytics.services.best_pins import SORTS
from pinterest.figures import Filters


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters an address asks for; what is none of the choices is Pinterest's default."""
    usual = Filters()
    return Filters(
        content_type=_chosen(query, "content", ContentType.values, usual.content_type),
        source=_chosen(query, "source", Source.values, usual.source),
        claimed=_chosen(query, "claimed", Claimed.values, usual.claimed),
    )


def read_order(query: Mapping[str, str]) -> str:
    """The order of the best Pins; by impressions unless another is asked for."""
    return _chosen(query, "best", SORTS, SORTS[0])


def read_compare(query: Mapping[str, str]) -> bool:
    """Whether the days before are to be drawn too."""
    return query.get("compare") == "1"


def _chosen(query: Mapping[str, str], name: str, values: Collection[str], default: str) -> str:
    value = query.get(name, "")
    return value if value in values else default
