"""Changing one row of an import: its fields, its board picked, its picture uploaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from publishing.boards.selectors.board_book import boards_by_name
from publishing.imports.forms import mended_cells
from publishing.imports.policy import bulk_csv
from publishing.imports.selectors.imports import rows_of
from publishing.imports.services import imports
from publishing.imports.services.imports import ImportUnderWay
from publishing.imports.views.pages import back_to, import_of
from publishing.media.views.media import PictureProblem, take_upload
from publishing.models import Import, ImportRow, Media, RowStatus
from publishing.pins.views.formats import picture_url
from publishing.pins.views.sections import section_nav

_LONG_TEXTS = {bulk_csv.DESCRIPTION, bulk_csv.ALT_TEXT}
_APART = {bulk_csv.BOARD, bulk_csv.MEDIA_URL, bulk_csv.THUMBNAIL}


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def import_row(request: MemberRequest, import_id: UUID, number: int) -> HttpResponse:
    """The form of a row, for htmx without the page around it; POST changes what is written."""
    batch = import_of(request, import_id)
    if request.method == "POST":
        return _change(request, batch, number)
    row = rows_of(batch, statuses=[]).filter(number=number).exclude(status=RowStatus.DONE).first()
    if row is None:
        raise Http404
    context = {
        "row": row_form_facts(row, batch),
        "batch_url": reverse("import_detail", args=[batch.pk]),
        "file_name": batch.file_name,
        "show": request.GET.get("show", ""),
        "page_number": request.GET.get("page", ""),
        "sections": section_nav(request),
    }
    name = "_import_row_form" if "HX-Request" in request.headers else "import_row"
    return render(request, f"publishing/imports/{name}.html", context)


def row_form_facts(row: ImportRow, batch: Import) -> dict[str, Any]:
    """Context of `_import_row_form.html`."""
    wrong = {problem["column"] for problem in row.problems}
    columns = [*bulk_csv.COLUMNS, bulk_csv.ALT_TEXT]
    address = row.cells.get(bulk_csv.MEDIA_URL, "")
    return {
        "number": row.number,
        "url": reverse("import_row", args=[batch.pk, row.number]),
        "problems": row.problems,
        "fields": [
            {
                "name": column,
                "id": f"row-{row.number}-{index}",
                "value": row.cells.get(column, ""),
                "is_long": column in _LONG_TEXTS,
                "is_wrong": column in wrong,
            }
            for index, column in enumerate(columns)
            if column not in _APART
        ],
        "board": {
            "name": bulk_csv.BOARD,
            "is_wrong": bulk_csv.BOARD in wrong,
            "options": _board_options(row, batch),
        },
        "media": {
            "name": bulk_csv.MEDIA_URL,
            "value": address,
            "is_wrong": bulk_csv.MEDIA_URL in wrong,
            "picture_url": picture_url(row.picture),
        },
    }


def _board_options(row: ImportRow, batch: Import) -> list[dict[str, Any]]:
    """All boards and sections of the account; what is written first where it means none of them."""
    written = row.cells.get(bulk_csv.BOARD, "")
    meant = ""
    if row.board is not None:
        section = f"/{row.section.pinterest_id}" if row.section else ""
        meant = f"{row.board.pinterest_id}{section}"
    options = []
    if not meant:
        label = f"As written: “{written}”" if written else "Choose a board"
        options.append({"value": written, "label": label, "selected": True})
    for board in boards_by_name(batch.connection).book.boards:
        is_own = board.owner_username in ("", batch.connection.username)
        owner = "" if is_own else f" (@{board.owner_username})"
        options.append(_option(board.id, f"{board.name}{owner}", meant))
        options.extend(
            _option(f"{board.id}/{section.id}", f"{board.name} / {section.name}", meant)
            for section in board.sections
        )
    return options


def _option(value: str, label: str, meant: str) -> dict[str, Any]:
    return {"value": value, "label": label, "selected": value == meant}


def _change(request: MemberRequest, batch: Import, number: int) -> HttpResponse:
    cells = mended_cells(request.POST)
    try:
        picture = _uploaded(request)
        if picture is not None:
            cells[bulk_csv.MEDIA_URL] = f"{settings.PUBLIC_URL}/pins/media/{picture.pk}/"
        row = imports.change_row(
            batch=batch, number=number, cells=cells, now=timezone.now(), picture=picture
        )
    except (ImportUnderWay, PictureProblem) as error:
        messages.error(request, str(error))
        return back_to(request, batch, anchor=f"row-{number}")
    if row is None:
        messages.error(request, "This row is imported already, or no longer here.")
    elif row.status == RowStatus.WRONG:
        messages.warning(request, f"Row {number} still needs mending: look at what it says.")
    else:
        messages.success(request, f"Row {number} is changed.")
    return back_to(request, batch, anchor=f"row-{number}")


def _uploaded(request: MemberRequest) -> Media | None:
    """The picture that came with the form. Raises PictureProblem."""
    upload = request.FILES.get("picture")
    return take_upload(request, upload) if upload is not None else None
