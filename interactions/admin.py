"""Interactions in Django's admin, for those who review them."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html

from foundation.tables.downloads import csv_answer
from foundation.tables.sheets import write_table
from interactions.models import CrawlerAddress, Entity, Evidence, Interaction, SigningKey, Site
from interactions.policy.levels import EvidenceKind, Verdict
from interactions.services.reckoning import reckon
from interactions.services.reviewing import DecidedMeanwhile, review
from interactions.views.tones import level_tone

_COLUMNS = (
    "id",
    "site__key",
    "entity__key",
    "entity__title",
    "page_url",
    "level",
    "is_abuse",
    "is_suspect",
    "created_at",
    "clicked_at",
    "previewed_at",
    "verified_at",
    "corroborated_at",
    "confirmed_at",
)


class ReadOnly:
    """Rows that the doors write and nobody edits by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VerdictFilter(admin.SimpleListFilter):
    """What DNS said of the crawler that fetched."""

    title = "verdict on the crawler"
    parameter_name = "verdict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The verdicts."""
        return [("yes", "Pinterest's"), ("no", "not Pinterest's"), ("none", "not checked yet")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Interaction]
    ) -> QuerySet[Interaction]:
        """Those with such a check; without any, of those that something fetched."""
        checks = Evidence.objects.filter(
            interaction=OuterRef("pk"), kind=EvidenceKind.CRAWLER_CHECK.value
        )
        if self.value() in (Verdict.YES, Verdict.NO):
            return queryset.filter(Exists(checks.filter(verdict=self.value())))
        if self.value() == "none":
            return queryset.filter(~Exists(checks), fetched_at__isnull=False)
        return queryset


class EvidenceInline(ReadOnly, admin.TabularInline[Evidence, Interaction]):
    model = Evidence
    fk_name = "interaction"
    ordering = ["id"]
    fields = ["at", "kind", "verdict", "ptr", "method", "user_agent", "referer_origin", "said_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """With who said it, in one query."""
        return super().get_queryset(request).select_related("said_by")


@admin.register(Interaction)
class InteractionAdmin(ReadOnly, admin.ModelAdmin[Interaction]):
    list_display = [
        "created_at",
        "site",
        "entity",
        "level_badge",
        "marks",
        "verified_at",
    ]
    list_filter = ["level", VerdictFilter, "is_abuse", "is_suspect", "created_at", "site"]
    list_select_related = ["site", "entity"]
    search_fields = ["id", "page_url", "entity__title", "site__key"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    list_per_page = 50
    inlines = [EvidenceInline]
    # Of evidence and level nothing is changed by hand; `id` is a name, the others are links.
    fields = [
        *("id", "site", "entity", "page_url", "level_badge", "marks", "policy_version"),
        *("created_at", "clicked_at", "previewed_at", "fetched_at", "verified_at"),
        *("corroborated_at", "confirmed_at"),
    ]
    actions = ["recompute", "mark_as_abuse", "mark_as_fine", "export_as_csv"]

    @admin.display(description="Level", ordering="level")
    def level_badge(self, row: Interaction) -> str:
        """The level in words, and in its tone."""
        return badge(row.get_level_display(), level_tone(row.level))

    @admin.display(description="Marks", empty_value="")
    def marks(self, row: Interaction) -> str:
        """Abuse, or else suspect."""
        if row.is_abuse:
            return badge("Abuse", "bad")
        return badge("Suspect", "warn") if row.is_suspect else ""

    @admin.action(description="Recompute levels from the evidence", permissions=["view"])
    def recompute(self, request: HttpRequest, chosen: QuerySet[Interaction]) -> None:
        """Reckon them anew."""
        changed = reckon(chosen.values_list("pk", flat=True))
        self.message_user(
            request, f"Reckoned anew: {changed} of {chosen.count()} changed.", messages.SUCCESS
        )

    @admin.action(description="Mark as abuse: not counted", permissions=["view"])
    def mark_as_abuse(self, request: HttpRequest, chosen: QuerySet[Interaction]) -> None:
        """A reviewer's word on each."""
        self._review(request, chosen, is_abuse=True)

    @admin.action(description="Mark as fine: counted", permissions=["view"])
    def mark_as_fine(self, request: HttpRequest, chosen: QuerySet[Interaction]) -> None:
        """Taken back."""
        self._review(request, chosen, is_abuse=False)

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_as_csv(self, _request: HttpRequest, chosen: QuerySet[Interaction]) -> HttpResponse:
        """The chosen, row by row."""
        rows = chosen.order_by("created_at").values_list(*_COLUMNS).iterator(chunk_size=2000)
        return csv_answer(write_table(chain([_COLUMNS], rows)), name="interactions.csv")

    def _review(
        self, request: HttpRequest, chosen: QuerySet[Interaction], *, is_abuse: bool
    ) -> None:
        now, marked = timezone.now(), 0
        for each in chosen:
            try:
                review(interaction=each, by=request.user, is_abuse=is_abuse, now=now)  # type: ignore[arg-type]  # the admin lets nobody else in
            except DecidedMeanwhile as decided:
                self.message_user(request, f"{each}: {decided}", messages.WARNING)
            else:
                marked += 1
        if marked:
            words = "marked as abuse and not counted" if is_abuse else "marked as fine and counted"
            self.message_user(request, f"{marked} {words}.", messages.SUCCESS)


@admin.register(Site)
class SiteAdmin(ReadOnly, admin.ModelAdmin[Site]):
    list_display = ["name", "workspace", "key", "is_paused", "created_at"]
    list_select_related = ["workspace"]
    list_filter = ["is_paused"]
    search_fields = ["name", "key"]


@admin.register(Entity)
class EntityAdmin(ReadOnly, admin.ModelAdmin[Entity]):
    list_display = ["title", "site", "key", "page_url", "archived_at"]
    list_select_related = ["site"]
    search_fields = ["title", "key", "page_url"]


@admin.register(CrawlerAddress)
class CrawlerAddressAdmin(ReadOnly, admin.ModelAdmin[CrawlerAddress]):
    list_display = ["address", "verdict", "ptr", "reason", "tries", "checked_at", "next_check_at"]
    list_filter = ["verdict"]
    search_fields = ["address", "ptr"]


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnly, admin.ModelAdmin[SigningKey]):
    list_display = ["site", "key_id", "created_at", "accepted_until"]
    list_select_related = ["site"]
    fields = ["site", "key_id", "created_at", "accepted_until"]


def badge(text: str, tone: str) -> str:
    """A small label as on the other pages."""
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, text)
