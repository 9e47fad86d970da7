"""What was tried, looked for and done with each Pin; rows are added, results written once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from publishing.choices.board_checks import LookResult
from publishing.choices.events import EventKind
from publishing.models.pins import Pin


class Attempt(models.Model):
    """One try to create a Pin at Pinterest, written down just before the request leaves."""

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
    # While it waits for a new token: no request is under way, and none so far has made the Pin.
    idle_since = models.DateTimeField(null=True, blank=True, editable=False)
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
        indexes = [models.Index(fields=["started_at"], name="attempts_by_time")]

    def __str__(self) -> str:
        return f"Attempt {self.number} at {self.pin}"


class Look(models.Model):
    """One look at the board for a Pin whose attempt ended without an answer."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="looks")
    looked_at = models.DateTimeField()
    result = models.CharField(
        max_length=12, choices=[("match", "Found"), *((r.value, r.value) for r in LookResult)]
    )
    candidates = models.JSONField(default=list, help_text="Pinterest ids of Pins that may be ours")
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["attempt", "looked_at"], name="looks_in_order")]

    def __str__(self) -> str:
        return f"Look for {self.attempt}: {self.result}"


class PinEvent(models.Model):
    """What somebody did with a Pin; `actor` is empty when PinApp did it by itself."""

    pin = models.ForeignKey(Pin, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in EventKind])
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["pin", "at"], name="events_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.pin}"
