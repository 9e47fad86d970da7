"""Which boards of an earlier account a later one can reach, as Pinterest last answered."""

from __future__ import annotations

from django.db import models

from accounts.models import Succession
from publishing.choices.reach import ReachResult


class Reach(models.Model):
    """One board or section that Pins were planned for, and whether the later account reaches it.

    Kept by Pinterest's ids, which stay the same whoever looks at the board.
    """

    succession = models.ForeignKey(Succession, on_delete=models.CASCADE, related_name="reach")
    board_id = models.CharField(max_length=32)
    section_id = models.CharField(max_length=32, blank=True)
    result = models.CharField(max_length=10, choices=[(r.value, r.value) for r in ReachResult])
    note = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "reach"
        constraints = [
            models.UniqueConstraint(
                fields=["succession", "board_id", "section_id"], name="one_answer_per_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.board_id} for {self.succession}: {self.result}"
