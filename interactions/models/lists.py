"""Lists of pages that somebody brought along, row by row."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from interactions.models.sites import Entity, Site


class ListStatus(models.TextChoices):
    """What a worker does with a list."""

    READING = "reading", "Being read"
    UNREADABLE = "unreadable", "Can't be read"
    OPEN = "open", "Waits for you"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"


class RowStatus(models.TextChoices):
    """What becomes of a row."""

    READY = "ready", "New"
    WRONG = "wrong", "Can't be used"
    SAME = "same", "Here already"
    DONE = "done", "Added"
    FAILED = "failed", "Not added"


AT_WORK = (ListStatus.READING, ListStatus.RUNNING)


class PageList(models.Model):
    """A CSV file or a sitemap. Nothing of it is added before somebody has seen what it means."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="lists")
    name = models.CharField(max_length=2000, help_text="The file's name, or the sitemap's address")
    encoding = models.CharField(
        max_length=20, blank=True, help_text="Of a file: Python's name of the guessed or chosen one"
    )
    is_sitemap = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ListStatus.choices, default=ListStatus.OPEN)
    problem = models.CharField(max_length=500, blank=True)
    files_read = models.PositiveIntegerField(default=0, help_text="Sitemaps read so far")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Readings begun by workers")
    unread = models.JSONField(
        default=list, help_text="What a sitemap leads to and was not read: address and problem"
    )
    known_count = models.PositiveIntegerField(
        default=0, help_text="Pages of a sitemap that were here already"
    )
    elsewhere_count = models.PositiveIntegerField(
        default=0, help_text="Pages of a sitemap that are not on the site"
    )
    beyond_count = models.PositiveIntegerField(
        default=0, help_text="New pages of a sitemap beyond what one list takes"
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
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(status__in=AT_WORK),
                name="one_list_of_a_site_at_work",
            )
        ]
        indexes = [models.Index(fields=["site", "-created_at"], name="lists_newest_first")]

    def __str__(self) -> str:
        return self.name


class ListSource(models.Model):
    """The bytes of a file whose encoding is a guess, until its pages are added: to read it anew."""

    batch = models.OneToOneField(PageList, on_delete=models.CASCADE, related_name="source")
    packed = models.BinaryField(help_text="the file, compressed with zlib")

    def __str__(self) -> str:
        return f"The file of {self.batch}"


class PageRow(models.Model):
    """A page of a list: what is written, what it means, and the entity that was made of it."""

    batch = models.ForeignKey(PageList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="as a spreadsheet counts")
    page_url = models.TextField(blank=True)
    image_url = models.TextField(blank=True, help_text="Empty: the page itself says")
    title = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=RowStatus.choices)
    note = models.CharField(max_length=500, blank=True, help_text="Why, or what is worth knowing")
    entity = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="begun by workers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="page_rows_are_numbered")
        ]
        indexes = [models.Index(fields=["batch", "status", "number"], name="page_rows_in_order")]

    def __str__(self) -> str:
        return f"Row {self.number} of {self.batch}"
