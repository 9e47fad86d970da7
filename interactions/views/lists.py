"""Bringing a list of pages along: give it, look at what it means, add it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from foundation.leases.nudge import nudge
from foundation.tables.sheets import FileRejected, write_table
from interactions.forms.lists import PageListForm
from interactions.models import AT_WORK, PageList, PageRow, RowStatus, Site
from interactions.policy.entity_lists import COLUMNS
from interactions.policy.origins import list_shown
from interactions.selectors.lists import can_read_anew, count_rows, list_of, lists_of, rows_of
from interactions.services import lists
from interactions.services.lists import ListAtWork, NothingNew
from interactions.tasks import read_sitemap, work_on_list
from interactions.views.list_facts import (
    TABS,
    encoding_facts,
    list_facts,
    progress_facts,
    row_facts,
    tabs_facts,
)
from interactions.views.sites import find_site

PAGE_SIZE = 50
RECENT_SHOWN = 10


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def list_new(request: MemberRequest, key: str) -> HttpResponse:
    """Give a sitemap or a CSV file; nothing is added yet."""
    site = find_site(request, key)
    form = PageListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, sitemap = form.cleaned_data["file"], form.cleaned_data["sitemap"]
        try:
            batch = _take(request, site, file, sitemap)
        except FileRejected as error:
            form.add_error("file", str(error))
        except ListAtWork as error:
            form.add_error(None, str(error))
        else:
            return redirect("list_detail", batch.pk)
    recent = list(lists_of(site)[:RECENT_SHOWN])
    counts = count_rows(recent)
    context = {
        "form": form,
        "back_url": reverse("site_detail", args=[site.key]),
        "back_label": site.name,
        "origins": list_shown(site.origins),
        "recent": [list_facts(each, counts[each.pk]) for each in recent],
    }
    status = 422 if form.errors else 200
    return render(request, "interactions/list_new.html", context, status=status)


@require_GET
@member_view(Role.EDITOR)
def list_detail(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """What each page of a list means, and what became of it."""
    batch = _find(request, list_id)
    chosen = request.GET.get("show", "all")
    statuses = next((statuses for name, _, statuses in TABS if name == chosen), ())
    page = Paginator(rows_of(batch, statuses=statuses), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = count_rows([batch])[batch.pk]
    context = {
        "batch": list_facts(batch, counts),
        "progress": progress_facts(batch, counts),
        "encoding": encoding_facts(batch, can_change=can_read_anew(batch)),
        "rows": [row_facts(row) for row in page],
        "page": page,
        "query": f"show={chosen}&" if statuses else "",
        "tabs": tabs_facts(counts, chosen=chosen),
        "back_url": reverse("site_detail", args=[batch.site.key]),
        "back_label": batch.site.name,
    }
    return render(request, "interactions/list_detail.html", context)


@require_GET
@member_view(Role.EDITOR)
def list_progress(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """How far a list at work is; has the page read anew when it is done."""
    batch = _find(request, list_id)
    progress = progress_facts(batch, count_rows([batch])[batch.pk])
    answer = render(request, "interactions/_list_progress.html", {"progress": progress})
    if batch.status not in AT_WORK:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@member_view(Role.EDITOR)
def list_encoding(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """Read the file in another encoding."""
    batch = _find(request, list_id)
    encoding = request.POST.get("encoding", "")
    try:
        lists.change_encoding(batch=batch, by=request.user, encoding=encoding)
    except (FileRejected, ListAtWork) as error:
        messages.error(request, str(error))
    return redirect("list_detail", batch.pk)


@require_POST
@member_view(Role.EDITOR)
def list_start(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """Add what is new; with `again`, also what failed."""
    batch = _find(request, list_id)
    again = bool(request.POST.get("again"))
    try:
        lists.start(batch=batch, by=request.user, now=timezone.now(), again=again)
    except (ListAtWork, NothingNew) as error:
        messages.error(request, str(error))
    else:
        nudge(work_on_list, list_id=str(batch.pk))
    return redirect("list_detail", batch.pk)


@require_POST
@member_view(Role.EDITOR)
def list_stop(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """Stop after the page that is being added."""
    batch = _find(request, list_id)
    lists.stop(batch=batch, by=request.user)
    messages.success(request, "Stopped. What is added stays; the rest is still listed below.")
    return redirect("list_detail", batch.pk)


@require_POST
@member_view(Role.EDITOR)
def list_discard(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """Forget a list; what was added stays."""
    batch = _find(request, list_id)
    try:
        lists.discard(batch=batch, by=request.user)
    except ListAtWork as error:
        messages.error(request, str(error))
        return redirect("list_detail", batch.pk)
    messages.success(request, "The list is forgotten. What was added stays.")
    return redirect("list_new", batch.site.key)


@require_GET
@member_view(Role.EDITOR)
def list_failed(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """What was not added and why, as a file that can be mended and brought along again."""
    batch = _find(request, list_id)
    rows = rows_of(batch, statuses=(RowStatus.WRONG, RowStatus.FAILED))
    answer = HttpResponse(
        write_table(_table(rows), for_spreadsheets=True, quote_all=True),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="pages-to-mend.csv"'
    return answer


def _table(rows: Iterable[PageRow]) -> Iterator[Iterable[object]]:
    yield (*COLUMNS, "Why not")
    for row in rows:
        yield (row.page_url, row.image_url, row.title, row.description, row.note)


def _take(
    request: MemberRequest, site: Site, file: UploadedFile[Any] | None, sitemap: str
) -> PageList:
    """Take the file, or have the sitemap read. Raises FileRejected and ListAtWork."""
    by, now = request.user, timezone.now()
    if file is not None:
        return lists.take_file(site=site, by=by, name=file.name or "", data=file.read(), now=now)
    batch = lists.take_sitemap(site=site, by=by, url=sitemap, now=now)
    nudge(read_sitemap, list_id=str(batch.pk))
    return batch


def _find(request: MemberRequest, list_id: UUID) -> PageList:
    batch = list_of(request.workspace, list_id)
    if batch is None:
        raise Http404
    return batch
