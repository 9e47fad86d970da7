"""Files of Pins that somebody brought along, row by row."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Connection, User, Workspace
from publishing.models.boards import Board, BoardSection
from publishing.models.media import Media
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
    ASKS = "asks", "Asks you"
    DONE = "done", "Imported"
    FAILED = "failed", "Not imported"


class RowAsks(models.TextChoices):
    """What a row waits to hear from a person."""

    ZONE = "zone", "In which zone the file's times are"
    DAY_ORDER = "day_order", "Whether the file's days stand before the months"
    REPEATS = "repeats", "Whether its repeating is meant"


class DayOrder(models.TextChoices):
    """How dates that can be read in two ways are read."""

    DAY = "day", "Day first"
    MONTH = "month", "Month first"


class Import(models.Model):
    """An uploaded file. Nothing of it is planned before somebody has seen what it means."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, help_text="IANA name its times are shown in")
    # How the file is read: what was found out about it, or a person has said.
    encoding = models.CharField(max_length=20, default="utf-8", help_text="Python's name")
    is_encoding_sure = models.BooleanField(default=True)
    header = models.JSONField(default=list, help_text="names of the columns, as written")
    columns = models.JSONField(default=list, help_text="what each name means; empty: nothing")
    has_known_columns = models.BooleanField(
        default=True, help_text="false: a person has to say which column is which"
    )
    lines = models.JSONField(default=list, help_text="some lines, as decoded")
    samples = models.JSONField(default=list, help_text="first cells under each name")
    # Of clocks without an offset, and of dates like 10/8; empty: nobody has said.
    read_zone = models.CharField(max_length=64, blank=True, help_text="IANA name")
    day_order = models.CharField(max_length=5, blank=True, choices=DayOrder.choices)
    local_date = models.CharField(max_length=100, blank=True, help_text="a clock without a zone")
    two_way_date = models.CharField(max_length=100, blank=True, help_text="a date like 10/8")
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
    asks = models.CharField(max_length=10, blank=True, choices=RowAsks.choices)
    # Somebody has said that repeating the link or the picture so soon is meant.
    repeats = models.BooleanField(default=False)
    # Its picture where it is here already: uploaded for the row, or fetched from its address.
    picture = models.ForeignKey(
        Media, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
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


class ImportSource(models.Model):
    """The bytes of an uploaded file, until its import begins: to read it anew in another way."""

    batch = models.OneToOneField(Import, on_delete=models.CASCADE, related_name="source")
    packed = models.BinaryField(help_text="the file, compressed with zlib")

    def __str__(self) -> str:
        return f"The file of {self.batch}"


class KnownHeader(models.Model):
    """How a workspace reads files with one header row: said once, and done so from then on."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="known_headers")
    digest = models.CharField(max_length=64, help_text="of the header row")
    columns = models.JSONField(default=list, help_text="as of Import; empty: as found out")
    encoding = models.CharField(max_length=20, blank=True)
    read_zone = models.CharField(max_length=64, blank=True)
    day_order = models.CharField(max_length=5, blank=True, choices=DayOrder.choices)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="header_is_known_once")
        ]

    def __str__(self) -> str:
        return f"A header row of {self.workspace}"
