"""Bare Django views: one INSERT for each request, and the bytes of a picture."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

TABLE = """
CREATE TABLE IF NOT EXISTS bench_bare (
    id bigserial PRIMARY KEY, nonce text UNIQUE NOT NULL, entity text NOT NULL,
    page_url text NOT NULL, created_at timestamptz NOT NULL
)
"""


class Bare(models.Model):
    """A click with nothing checked."""

    nonce = models.TextField(unique=True)
    entity = models.TextField()
    page_url = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_bare"

    def __str__(self) -> str:
        return self.nonce


def insert(request: HttpRequest) -> HttpResponse:
    """Write the click as it came, in a transaction of its own."""
    body = json.loads(request.body)
    row = Bare.objects.create(nonce=body["nonce"], entity=body["entity"], page_url=body["page_url"])
    return _measured(JsonResponse({"id": row.pk}, status=201))


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
