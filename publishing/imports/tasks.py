"""Celery's side of imports: each task makes one domain call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from publishing.imports.selectors.imports import imports_to_resume
from publishing.imports.services import work


@shared_task(name="publishing.import_rows")
def import_rows(*, import_id: str) -> None:
    """Make Pins of some rows of an import; the rest is another message's."""
    if work.work_on_import(import_id=import_id, clock=timezone.now):
        import_rows.delay(import_id=import_id)


@shared_task(name="publishing.resume_imports")
def resume_imports() -> None:
    """Go on with imports whose worker died, or whose message got lost."""
    for import_id in imports_to_resume(now=timezone.now()):
        import_rows.delay(import_id=str(import_id))
