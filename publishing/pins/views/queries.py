"""What people put into a page's address, made fit to look up."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

Row = TypeVar("Row", bound=Model)

_LONGEST = 100


def text_of(query: QueryDict, name: str) -> str:
    """A parameter as text to search for: no null characters, which PostgreSQL does not take."""
    return query.get(name, "").replace("\x00", "").strip()[:_LONGEST]


def row_of(rows: QuerySet[Row], row_id: str) -> Row:
    """The row with an id that somebody may have made up. Raises Http404."""
    try:
        return get_object_or_404(rows, pk=UUID(row_id))
    except ValueError:
        raise Http404 from None
