"""What was tried, looked for and done with each Pin; rows are added, results written once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from publishing.models.pins import Pin


class Attempt(models.Model):
    """One try to create a Pin at Pinterest, written down before the request leaves."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Under way"
        PUBLISHED = "published", "Published"
        REFUSED = "refused", "Refused"
        UNAVAILABLE = "unavailable", "Not sent"
        UNCERTAIN = "uncertain", "Unknown"

    pin = models.ForeignKey(Pin, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what is sent")
    board_id = models.CharField(max_length=32)
    section_id = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.OPEN)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    code = models.IntegerField(null=True, blank=True)
    rid = models.CharField(max_length=100, blank=True)
    message = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pin", "number"], name="attempts_are_numbered"),
            models.UniqueConstraint(
                fields=["pin"], condition=Q(outcome="open"), name="one_open_attempt_per_pin"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", finished_at__isnull=True)
                | ~Q(outcome="open") & Q(finished_at__isnull=False),
                name="attempt_finished_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number} at {self.pin}"
