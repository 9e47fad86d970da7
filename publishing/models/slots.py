"""When an account's queue publishes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Connection
from publishing.choices.slots import WEEKDAYS, SlotTime


class Slot(models.Model):
    """A time of each week at which an account may publish a Pin from its queue.

    It is what clocks on the wall show in its zone, not an instant: nine o'clock stays nine
    o'clock when the clocks change.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(choices=list(enumerate(WEEKDAYS)))
    clock = models.TimeField()
    time_zone = models.CharField(max_length=64, help_text="IANA name")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "weekday", "clock", "time_zone"], name="one_slot_each"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=len(WEEKDAYS) - 1), name="slot_weekday_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.clock:%H:%M}"

    @property
    def slot_time(self) -> SlotTime:
        """The slot as the rules take it."""
        return SlotTime(self.weekday, self.clock, self.time_zone)
