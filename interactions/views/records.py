"""Each interaction with its evidence: the list, and what a person says of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from foundation.leases.nudge import nudge
from foundation.tables.downloads import csv_answer, file_answer
from foundation.tables.sheets import write_table
from interactions.forms.pin_addresses import PinAddressForm
from interactions.forms.records import Asked, read_sought, write_cursor
from interactions.models import KIND_LABELS, LEVEL_LABELS, Evidence, Interaction
from interactions.policy.levels import EvidenceKind, Level, Verdict
from interactions.selectors import records
from interactions.selectors.sites import sites_to_choose
from interactions.services.attaching import attach_pin
from interactions.services.reviewing import DecidedMeanwhile, review
from interactions.tasks import look_at_told_pin
from interactions.views.record_facts import filter_facts, pin_facts
from interactions.views.tones import level_tone

PAGE_SIZE = 50
_VERDICT_WORDS = {
    Verdict.YES: "It is Pinterest's",
    Verdict.NO: "It is not Pinterest's",
    Verdict.UNKNOWN: "DNS does not say",
    Verdict.ABUSE: "Abuse: not counted",
    Verdict.FINE: "Fine: counted",
}


@require_GET
@member_view()
def interaction_list(request: MemberRequest) -> HttpResponse:
    """The workspace's interactions: what is looked for, newest first, page by page."""
    asked = _asked(request)
    found = records.records_of(request.workspace, asked.sought)
    if asked.cursor:
        found = records.after(found, asked.cursor)
    rows = list(found[: PAGE_SIZE + 1])
    query, site = urlencode(asked.fields), asked.sought.site
    path = reverse("interaction_list")
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    context = {
        "rows": [_row(each) for each in rows[:PAGE_SIZE]],
        "filters": filter_facts(asked, sites_to_choose(request.workspace)),
        "older_url": f"{path}?{query}&after={quote(write_cursor(last.created_at, last.pk))}"
        if last
        else "",
        "newest_url": f"{path}?{query}" if asked.cursor else "",
        "clear_url": f"{path}?site={site.key}" if site else path,
        "exports": [
            {"label": "CSV", "url": f"{reverse('interactions_csv')}?{query}"},
            {"label": "JSON", "url": f"{reverse('interactions_json')}?{query}"},
        ],
        "back_url": reverse("site_results", args=[site.key]) if site else reverse("interactions"),
        "back_label": f"Results of {site}" if site else "Pin-its",
    }
    return render(request, "interactions/records.html", context)


@require_GET
@member_view()
def interactions_csv(request: MemberRequest) -> HttpResponse:
    """All that match, row by row."""
    rows = records.export_of(records.records_of(request.workspace, _asked(request).sought))
    return csv_answer(write_table(_table(rows), for_spreadsheets=True), name="interactions.csv")


@require_GET
@member_view()
def interactions_json(request: MemberRequest) -> HttpResponse:
    """All that match, a JSON object on each line."""
    encode = msgspec.json.Encoder().encode
    rows = records.export_of(records.records_of(request.workspace, _asked(request).sought))
    lines = (encode(row) + b"\n" for row in rows)
    return file_answer(lines, name="interactions.ndjson", content_type="application/x-ndjson")


@require_GET
@member_view()
def interaction_detail(request: MemberRequest, interaction_id: UUID) -> HttpResponse:
    """An interaction and all evidence of it."""
    return _page(request, _find(request, interaction_id))


def _page(
    request: MemberRequest, found: Interaction, form: PinAddressForm | None = None
) -> HttpResponse:
    evidence = records.evidence_of(found)
    may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    context = {
        **_row(found),
        "id": str(found.pk),
        "page_url": found.page_url,
        "site": found.site.name,
        "evidence": [_evidence(row) for row in evidence],
        "back_url": f"{reverse('interaction_list')}?site={found.site.key}",
        "review_url": reverse("interaction_review", args=[found.pk]) if may_edit else None,
        "review_seen": max(
            (row.pk for row in evidence if row.kind == EvidenceKind.REVIEW), default=0
        ),
        "pin": pin_facts(evidence),
        "pin_url": reverse("interaction_pin", args=[found.pk]) if may_edit else None,
        "pin_form": form or PinAddressForm(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "interactions/record.html", context, status=status)


@require_POST
@member_view(Role.EDITOR)
def interaction_pin(request: MemberRequest, interaction_id: UUID) -> HttpResponse:
    """Say which Pin it is, or take that back."""
    found = _find(request, interaction_id)
    now = timezone.now()
    if request.POST.get("take_back"):
        attach_pin(interaction=found, by=request.user, pin_id="", now=now)
        messages.success(request, "Taken back.")
        return redirect("interaction_detail", found.pk)
    form = PinAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    pin_id = form.cleaned_data["address"]
    attach_pin(interaction=found, by=request.user, pin_id=pin_id, now=now)
    nudge(look_at_told_pin, interaction_id=str(found.pk), pin_id=pin_id)
    messages.success(
        request, "Noted. Pinterest is asked for it; only Pins of your accounts can be proved."
    )
    return redirect("interaction_detail", found.pk)


@require_POST
@member_view(Role.EDITOR)
def interaction_review(request: MemberRequest, interaction_id: UUID) -> HttpResponse:
    """Mark an interaction as abuse, or as fine."""
    found = _find(request, interaction_id)
    is_abuse = request.POST.get("abuse") == "yes"
    said = request.POST.get("seen", "")
    seen = int(said) if said.isascii() and said.isdigit() else None
    try:
        review(interaction=found, by=request.user, is_abuse=is_abuse, now=timezone.now(), seen=seen)
    except DecidedMeanwhile as decided:
        messages.warning(request, f"{decided} Decide again if it should be otherwise.")
    else:
        words = "It is no longer counted." if is_abuse else "It is counted again."
        messages.success(request, words)
    return redirect("interaction_detail", found.pk)


def _asked(request: MemberRequest) -> Asked:
    zone = ZoneInfo(request.workspace.time_zone)
    return read_sought(request.GET.dict(), workspace=request.workspace, zone=zone)


def _table(rows: Iterable[dict[str, Any]]) -> Iterator[Iterable[object]]:
    for number, row in enumerate(rows):
        if number == 0:
            yield row.keys()
        yield row.values()


def _find(request: MemberRequest, interaction_id: UUID) -> Interaction:
    found = records.record_of(request.workspace, interaction_id)
    if found is None:
        raise Http404
    return found


def _row(each: Interaction) -> dict[str, Any]:
    level = Level(each.level)
    return {
        "title": each.entity.title,
        "url": reverse("interaction_detail", args=[each.pk]),
        "level": LEVEL_LABELS[level],
        "tone": level_tone(level),
        "at": each.created_at,
        "site_name": each.site.name,
        "is_abuse": each.is_abuse,
        "is_suspect": each.is_suspect,
        "was_clicked": each.clicked_at is not None,
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    kind = EvidenceKind(row.kind)
    verdict = _VERDICT_WORDS[Verdict(row.verdict)] if row.verdict else ""
    details = [verdict, row.ptr, row.detail, row.method, row.referer_origin, row.user_agent]
    return {
        "label": KIND_LABELS[kind],
        "at": row.at,
        "by": row.said_by,
        "text": " · ".join(each for each in details if each),
    }
