"""Erasing what is kept of a site, as somebody asked for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from interactions.models.sites import Site


class Erasure(models.Model):
    """All interactions of a site that there were when it was asked for. What came since stays."""

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="erasures", db_index=False
    )
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    total = models.PositiveBigIntegerField(help_text="interactions there were")
    done = models.PositiveBigIntegerField(default=0, help_text="of them erased so far")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(finished_at__isnull=True),
                name="one_erasure_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["site", "-asked_at"], name="erasures_of_site")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.asked_at:%Y-%m-%d}"
