"""What this server knows about its own health."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Workspace
from health.policy import Cause, Kind


class Heartbeat(models.Model):
    """A process and when its loop was last seen running."""

    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "host", "pid"], name="one_heart_per_process")
        ]
        indexes = [models.Index(fields=["kind", "-at"], name="last_heartbeats")]

    def __str__(self) -> str:
        return f"{self.kind} {self.host}:{self.pid} at {self.at}"


class Alarm(models.Model):
    """Pins of a workspace did not go out though nothing but PinApp itself was in their way."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    cause = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Cause])
    began_at = models.DateTimeField()
    # The trouble must be gone for a while before it counts as over: one mail, not ten.
    seen_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    over_mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(over_at=None),
                name="one_open_alarm_per_workspace",
            )
        ]

    def __str__(self) -> str:
        return f"{self.workspace}: {self.cause} since {self.began_at}"
