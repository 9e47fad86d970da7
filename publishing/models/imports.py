"""Files of Pins that somebody brought along, row by row."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Connection, User, Workspace
from publishing.models.boards import Board, BoardSection
from publishing.models.pins import Pin


class ImportStatus(models.TextChoices):
    """Whether a worker is making Pins of the rows."""

    OPEN = "open", "Waits for you"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"


class RowStatus(models.TextChoices):
    """What becomes of a row."""

    READY = "ready", "Ready"
    WRONG = "wrong", "Needs mending"
    SAME = "same", "Left out"
    DONE = "done", "Imported"
    FAILED = "failed", "Not imported"


class Import(models.Model):
    """An uploaded file. Nothing of it is planned before somebody has seen what it means."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, help_text="IANA name its times are read in")
    unused_columns = models.JSONField(default=list)
    # Boards that a person chose for texts that mean several, or none: folded text → place.
    choices = models.JSONField(default=dict)
    status = models.CharField(
        max_length=10, choices=ImportStatus.choices, default=ImportStatus.OPEN
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Until when a worker has it in hand; one that died lets this pass.
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=ImportStatus.RUNNING) | Q(started_at__isnull=False),
                name="import_running_was_started",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="imports_newest_first"),
            models.Index(
                fields=["leased_until"],
                condition=Q(status=ImportStatus.RUNNING),
                name="import_running",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of a file: what is written, what it means, and the Pin that was made of it."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="as a spreadsheet counts")
    cells = models.JSONField(help_text="column → text, as written")
    status = models.CharField(max_length=10, choices=RowStatus.choices, default=RowStatus.WRONG)
    board = models.ForeignKey(
        Board, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    section = models.ForeignKey(
        BoardSection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    scheduled_at = models.DateTimeField(null=True, blank=True)
    # Digest of what the row asks for; no two rows with a Pin share one.
    key = models.CharField(max_length=64, blank=True)
    problems = models.JSONField(default=list, help_text="list of {column, message}")
    notes = models.JSONField(default=list, help_text="sentences worth knowing")
    candidates = models.JSONField(default=list, help_text="list of {key, name, hint}")
    same_as = models.ForeignKey(
        Pin, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    pin = models.OneToOneField(
        Pin, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_row"
    )
    imported_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="begun by workers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_rows_are_numbered"),
            models.UniqueConstraint(
                fields=["workspace", "key"],
                condition=Q(pin__isnull=False),
                name="row_is_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(pin__isnull=True) | Q(status=RowStatus.DONE) & ~Q(key=""),
                name="row_with_a_pin_is_done",
            ),
        ]
        indexes = [models.Index(fields=["batch", "status", "number"], name="import_rows_in_order")]

    def __str__(self) -> str:
        return f"Row {self.number} of {self.batch}"
