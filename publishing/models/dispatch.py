"""When due Pins were last handed out to workers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class HandOut(models.Model):
    """One row for the whole server: a long silence before the next hand-out is an outage."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="only_one_hand_out")]

    def __str__(self) -> str:
        return f"Last handed out at {self.last_at}"
