"""Pins and attempts in Django's admin, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from publishing.models import Attempt, Pin


class ReadOnly:
    """Rows that the engine writes and nobody edits by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AttemptInline(ReadOnly, admin.TabularInline[Attempt, Pin]):
    model = Attempt
    fields = [
        "number",
        "started_at",
        "finished_at",
        "outcome",
        "http_status",
        "code",
        "message",
        "rid",
    ]


@admin.register(Pin)
class PinAdmin(ReadOnly, admin.ModelAdmin[Pin]):
    list_display = ["__str__", "workspace", "board", "status", "scheduled_at", "published_at"]
    list_filter = ["status"]
    list_select_related = ["workspace", "board"]
    search_fields = ["title", "pinterest_id"]
    inlines = [AttemptInline]
