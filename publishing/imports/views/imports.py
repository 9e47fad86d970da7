"""Bringing a file of Pins along: upload, look at what it means, mend it, import it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from accounts.selectors import active_connections_of
from foundation.leases.nudge import nudge
from foundation.tables.downloads import csv_answer
from foundation.tables.sheets import FileRejected
from publishing.boards.views.boards import read_now
from publishing.imports.forms import AccountForm, UploadForm
from publishing.imports.policy import bulk_csv
from publishing.imports.selectors.imports import (
    can_read_anew,
    count_repeats,
    count_rows,
    imports_of,
    rows_of,
)
from publishing.imports.services import imports
from publishing.imports.services.imports import ImportUnderWay, NothingReady
from publishing.imports.tasks import import_rows
from publishing.imports.views.context import (
    TABS,
    columns_facts,
    failed_cells,
    import_facts,
    progress_facts,
    repeats_text,
    row_facts,
    tabs_facts,
)
from publishing.imports.views.pages import back_to, import_of
from publishing.imports.views.reading_context import reading_facts
from publishing.models import ImportStatus, RowStatus
from publishing.pins.views.sections import section_nav

PAGE_SIZE = 50
RECENT_SHOWN = 10


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def import_new(request: MemberRequest) -> HttpResponse:
    """Upload a file; it is read, and nothing is planned yet."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        workspace=request.workspace,
        initial={"connection": active_connections_of(request.workspace).first()},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = imports.take_file(
                connection=form.cleaned_data["connection"],
                by=request.user,
                file_name=file.name or "",
                data=file.read(),
                now=timezone.now(),
            )
        except FileRejected as error:
            form.add_error("file", str(error))
        else:
            return redirect("import_detail", batch.pk)
    recent = list(imports_of(request.workspace)[:RECENT_SHOWN])
    counts = count_rows(recent)
    context = {
        "form": form,
        "sections": section_nav(request),
        "has_connections": active_connections_of(request.workspace).exists(),
        "connections_url": reverse("connections"),
        "template_url": reverse("import_template"),
        "columns": columns_facts(),
        "recent": [import_facts(each, counts[each.pk]) for each in recent],
    }
    status = 422 if form.errors else 200
    return render(request, "publishing/imports/import_new.html", context, status=status)


@require_GET
@member_view(Role.EDITOR)
def import_template(_request: MemberRequest) -> HttpResponse:
    """A file with nothing but Pinterest's columns."""
    return csv_answer(bulk_csv.write_sheet([], for_spreadsheets=True), name="pins-template.csv")


@require_GET
@member_view(Role.EDITOR)
def import_detail(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """What each row of a file means, and what became of it."""
    batch = import_of(request, import_id)
    chosen = request.GET.get("show", "all")
    statuses = next((statuses for name, _, statuses in TABS if name == chosen), [])
    page = Paginator(rows_of(batch, statuses=statuses), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [row_facts(row, batch) for row in page]
    counts = count_rows([batch])[batch.pk]
    context = {
        "batch": import_facts(batch, counts),
        "progress": progress_facts(batch, counts),
        "reading": reading_facts(
            batch,
            can_read_anew=can_read_anew(batch),
            zones=[batch.time_zone, request.user.time_zone],
        ),
        "repeats_text": repeats_text(count_repeats(batch) if counts.get(RowStatus.ASKS) else 0),
        "rows": rows,
        "page": page,
        "show": chosen,
        "query": f"show={chosen}&" if statuses else "",
        "tabs": tabs_facts(counts, chosen=chosen),
        "has_keywords": any(row["has_keywords"] for row in rows),
        "account_form": AccountForm(
            workspace=request.workspace, initial={"connection": batch.connection_id}
        ),
        "sections": section_nav(request),
    }
    return render(request, "publishing/imports/import_detail.html", context)


@require_GET
@member_view(Role.EDITOR)
def import_progress(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """How far a running import is; has the page read anew when it is done."""
    batch = import_of(request, import_id)
    progress = progress_facts(batch, count_rows([batch])[batch.pk])
    answer = render(request, "publishing/imports/_import_progress.html", {"progress": progress})
    if batch.status != ImportStatus.RUNNING:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@member_view(Role.EDITOR)
def import_board(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Say which board a text means, for all rows that have it."""
    batch = import_of(request, import_id)
    text, place = request.POST.get("text", ""), request.POST.get("place", "")
    try:
        imports.choose_board(batch=batch, text=text, place=place, now=timezone.now())
    except ImportUnderWay as error:
        messages.error(request, str(error))
    return back_to(request, batch, anchor=request.POST.get("anchor", ""))


@require_POST
@member_view(Role.EDITOR)
def import_account(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Read the account's boards anew and look at all rows again, perhaps for another account."""
    batch = import_of(request, import_id)
    form = AccountForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["connection"])))
        return back_to(request, batch)
    connection = form.cleaned_data["connection"]
    problem = read_now(connection)
    try:
        if connection.pk == batch.connection_id:
            imports.check_again(batch=batch, now=timezone.now())
        else:
            imports.change_account(batch=batch, connection=connection, now=timezone.now())
    except ImportUnderWay as error:
        problem = str(error)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, "All rows are checked again.")
    return back_to(request, batch)


@require_POST
@member_view(Role.EDITOR)
def import_start(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Make Pins of the rows that are ready; with `again`, of those that failed as well."""
    batch = import_of(request, import_id)
    start = imports.try_again if request.POST.get("again") else imports.start_import
    try:
        start(batch=batch, by=request.user, now=timezone.now())
    except (ImportUnderWay, NothingReady) as error:
        messages.error(request, str(error))
    else:
        nudge(import_rows, import_id=str(batch.pk))
    return back_to(request, batch)


@require_POST
@member_view(Role.EDITOR)
def import_discard(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Forget the rows that were not imported."""
    batch = import_of(request, import_id)
    try:
        imports.discard(batch=batch)
    except ImportUnderWay as error:
        messages.error(request, str(error))
        return back_to(request, batch)
    messages.success(request, "The file is discarded. Pins that were imported from it stay.")
    return redirect("pin_import")


@require_GET
@member_view(Role.EDITOR)
def import_failed(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """The rows that were not imported, each with its error: to mend and upload again."""
    batch = import_of(request, import_id)
    rows = rows_of(batch, statuses=[RowStatus.WRONG, RowStatus.FAILED])
    if not rows.exists():
        raise Http404
    ours = (bulk_csv.ALT_TEXT, bulk_csv.ACCOUNT)
    more = [column for column in ours if rows.filter(cells__has_key=column).exists()]
    lines = bulk_csv.write_sheet(
        (failed_cells(row) for row in rows.iterator(chunk_size=500)),
        more=[*more, bulk_csv.ERROR],
        for_spreadsheets=True,
    )
    return csv_answer(lines, name="pins-to-mend.csv")
