"""What was found before a Pin goes out, while there is time to mend it."""

from __future__ import annotations

from django.db import models

from accounts.models import User, Workspace
from publishing.choices.warnings import WarningKind
from publishing.models.pins import Pin


class PinWarning(models.Model):
    """Something that may keep a planned Pin from going out as meant; gone once it is mended."""

    pin = models.ForeignKey(Pin, on_delete=models.CASCADE, related_name="warnings")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in WarningKind])
    message = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pin", "kind"], name="one_warning_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.pin}"


class TrustedHost(models.Model):
    """A host of which somebody has said that links to it are fine: they are not looked at."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=255)
    said_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "host"], name="host_trusted_once")
        ]

    def __str__(self) -> str:
        return self.host
