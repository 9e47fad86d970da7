"""Bare Django views: one INSERT for each request, and the bytes of a picture."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

TABLE = """
CREATE TABLE IF NOT EXISTS bench_bare (
    id bigserial PRIMARY KEY, nonce text UNIQUE NOT NULL, entity text NOT NULL,
    page_url text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
)
"""


def insert(request: HttpRequest) -> HttpResponse:
    """Write the click as it came, in a transaction of its own."""
    body = json.loads(request.body)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_bare (nonce, entity, page_url) VALUES (%s, %s, %s) RETURNING id",
            [body["nonce"], body["entity"], body["page_url"]],
        )
        row = cursor.fetchone()
    return _measured(JsonResponse({"id": row[0]}, status=201))


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Send the same bytes as the media address does."""
    answer = HttpResponse(_bytes(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return _measured(answer)


def _measured(answer: HttpResponse) -> HttpResponse:
    answer["Content-Length"] = str(len(answer.content))
    return answer


@cache
def _bytes() -> bytes:
    return Path(os.environ["BENCH_PICTURE"]).read_bytes()


def up(request: HttpRequest) -> HttpResponse:
    """Say that the server is there."""
    return HttpResponse()


urlpatterns = [path("bare", insert), path("picture/<str:name>", picture), path("healthz", up)]
