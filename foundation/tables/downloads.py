"""Answers that a browser saves as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase


def csv_answer(lines: Iterable[str], *, name: str) -> HttpResponse:
    """A CSV file as a download."""
    return file_answer(lines, name=name, content_type="text/csv; charset=utf-8")


def json_answer(body: Any, *, name: str) -> HttpResponse:
    """A JSON file as a download; dates and UUIDs among its values are written as texts."""
    answer = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    _mark(answer, name)
    return answer


def file_answer(
    parts: Iterable[str] | Iterable[bytes], *, name: str, content_type: str
) -> HttpResponse:
    """A download that is sent as it is written, however long it is; nothing of it is kept."""
    answer = StreamingHttpResponse(parts, content_type=content_type)
    _mark(answer, name)
    # Views promise HttpResponse; to Django and its middleware the two are the same.
    return cast("HttpResponse", answer)


def refused_answer(problem: str) -> HttpResponse:
    """Why there is no file: words for who asked, and nothing to save."""
    return HttpResponse(f"{problem}\n", status=422, content_type="text/plain; charset=utf-8")


def _mark(answer: HttpResponseBase, name: str) -> None:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
