"""What came of the clicks: the funnel of a site, and each interaction with its evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from interactions.models import KIND_LABELS, LEVEL_LABELS, Evidence, Interaction
from interactions.policy import results as rules
from interactions.policy.levels import EvidenceKind, Level, Verdict
from interactions.selectors import results
from interactions.selectors.sites import site_of
from interactions.services.reviewing import review
from interactions.views.sites import find_site
from interactions.views.tones import level_tone

RANGES = (7, 30, 90)
PAGE_SIZE = 50
_STEP_WORDS = {
    "clicked": ("Clicked", "unauthenticated: what browsers said"),
    "previewed": ("Previewed or more", "Pinterest's dialog showed the picture"),
    "verified": ("Verified", "Pinterest fetched the picture after the click"),
    "corroborated": ("Corroborated", "and somebody came from the Pin"),
}
_VERDICT_WORDS = {
    Verdict.YES: "It is Pinterest's",
    Verdict.NO: "It is not Pinterest's",
    Verdict.UNKNOWN: "DNS does not say",
    Verdict.ABUSE: "Abuse: not counted",
    Verdict.FINE: "Fine: counted",
}


@require_GET
@member_view()
def site_results(request: MemberRequest, key: str) -> HttpResponse:
    """A site's funnel by day and entity, and how long Pinterest took."""
    site = find_site(request, key)
    zone = ZoneInfo(request.workspace.time_zone)
    days = _range(request)
    last = timezone.now().astimezone(zone).date()
    span: dict[str, Any] = {"first": last - timedelta(days=days - 1), "last": last, "zone": zone}
    found = rules.fill_days(results.days_of(site, **span), first=span["first"], last=span["last"])
    sums = {step: sum(getattr(day, step) for day in found) for step in rules.STEPS}
    context = {
        "title": f"Results of {site}",
        "back_url": reverse("site_detail", args=[site.key]),
        "back_label": site.name,
        "ranges": [
            {"label": f"{each} days", "url": f"?days={each}", "active": each == days}
            for each in RANGES
        ],
        "steps": [_step(name, sums) for name in rules.STEPS],
        "chart": rules.draw(found),
        "first": span["first"],
        "last": last,
        "has_any": any(sums.values()),
        "days": [day for day in reversed(found) if day.clicked or day.verified or day.previewed],
        "entities": [
            {**each, "url": reverse("entity_detail", args=[each["key"]])}
            for each in results.entities_with_results(site, **span)
        ],
        "delays": results.delays_of(site, **span),
        "records_url": f"{reverse('interaction_list')}?site={site.key}",
        "zone": request.workspace.time_zone,
    }
    return render(request, "interactions/results.html", context)


@require_GET
@member_view()
def interaction_list(request: MemberRequest) -> HttpResponse:
    """The workspace's interactions, by site and by level."""
    site = site_of(request.workspace, request.GET.get("site", ""))
    text = request.GET.get("level", "")
    level = int(text) if text in {str(each.value) for each in Level} else None
    found = results.records_of(request.workspace, site=site, level=level)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = f"site={site.key}&" if site else ""
    context = {
        "rows": [_row(each) for each in page],
        "page": page,
        "query": query + (f"level={level}&" if level is not None else ""),
        "levels": [
            {
                "label": label,
                "url": f"?{query}{choice}",
                "active": chosen == level,
            }
            for label, choice, chosen in (
                ("All", "", None),
                ("Previewed or more", "level=2", 2),
                ("Verified or more", "level=4", 4),
            )
        ],
        "back_url": reverse("site_results", args=[site.key]) if site else reverse("interactions"),
        "back_label": f"Results of {site}" if site else "Pin-its",
    }
    return render(request, "interactions/records.html", context)


@require_GET
@member_view()
def interaction_detail(request: MemberRequest, interaction_id: UUID) -> HttpResponse:
    """An interaction and all evidence of it."""
    found = _find(request, interaction_id)
    may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    context = {
        **_row(found),
        "id": str(found.pk),
        "page_url": found.page_url,
        "site": found.site.name,
        "evidence": [_evidence(row) for row in results.evidence_of(found)],
        "back_url": f"{reverse('interaction_list')}?site={found.site.key}",
        "review_url": reverse("interaction_review", args=[found.pk]) if may_edit else None,
    }
    return render(request, "interactions/record.html", context)


@require_POST
@member_view(Role.EDITOR)
def interaction_review(request: MemberRequest, interaction_id: UUID) -> HttpResponse:
    """Mark an interaction as abuse, or as fine."""
    found = _find(request, interaction_id)
    is_abuse = request.POST.get("abuse") == "yes"
    review(interaction=found, by=request.user, is_abuse=is_abuse, now=timezone.now())
    messages.success(request, "It is no longer counted." if is_abuse else "It is counted again.")
    return redirect("interaction_detail", found.pk)


def _find(request: MemberRequest, interaction_id: UUID) -> Interaction:
    found = results.record_of(request.workspace, interaction_id)
    if found is None:
        raise Http404
    return found


def _range(request: MemberRequest) -> int:
    text = request.GET.get("days", "")
    return int(text) if text in {str(each) for each in RANGES} else 30


def _step(name: str, sums: dict[str, int]) -> dict[str, Any]:
    label, note = _STEP_WORDS[name]
    rate = rules.share(sums[name], sums["clicked"])
    of_clicks = "" if name == "clicked" or rate is None else f"{rate:.1%} of the clicks; "
    return {"label": label, "value": f"{sums[name]:,}", "note": of_clicks + note}


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
