"""Files that are sent as they are written, however many lines they have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse


def csv_answer(lines: Iterable[str], *, name: str) -> HttpResponse:
    """A CSV file as a download."""
    return file_answer(lines, name=name, content_type="text/csv; charset=utf-8")


def file_answer(
    parts: Iterable[str] | Iterable[bytes], *, name: str, content_type: str
) -> HttpResponse:
    """A download that is sent part by part; nothing of it is kept."""
    answer = StreamingHttpResponse(parts, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    # Views promise HttpResponse; to Django and its middleware the two are the same.
    return cast("HttpResponse", answer)
