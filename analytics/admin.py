"""Series in Django's admin: what is read, when, and what stood in the way."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from analytics.models import Series


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin[Series]):
    list_display = ["username", "workspace", "content_type", "source", "claimed", "pulled_at"]
    list_display += ["next_pull_at", "failures", "problem"]
    list_select_related = ["workspace"]
    list_filter = ["content_type", "source"]
    search_fields = ["username", "account_id"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
