"""How a workspace wants its Pins to go out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Workspace
from publishing.choices.bounds import HOLD_HOURS


class LateWay(models.TextChoices):
    """What becomes of Pins whose time passed while nothing could go out."""

    NOW = "now", "Publish them at once"
    SPREAD = "spread", "Spread them from now on"


class MissingTime(models.TextChoices):
    """What a queue slot does on the day whose clocks skip its time."""

    LATER = "later", "Use the first time after the gap"
    SKIP = "skip", "Leave the slot out that day"


class DoubledTime(models.TextChoices):
    """Which of the two a queue slot means on the night that has its time twice."""

    FIRST = "first", "The first of the two"
    SECOND = "second", "The second of the two"


class PublishingPreferences(models.Model):
    """A workspace's preferences; one without a row has the defaults."""

    workspace = models.OneToOneField(
        Workspace,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="publishing_preferences",
    )
    late_way = models.CharField(max_length=10, choices=LateWay.choices, default=LateWay.SPREAD)
    late_spacing_minutes = models.PositiveSmallIntegerField(default=10)
    late_hold_hours = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        default=HOLD_HOURS,
        help_text="Pins later than this wait for approval; empty means never.",
    )
    missing_time = models.CharField(
        max_length=10, choices=MissingTime.choices, default=MissingTime.LATER
    )
    doubled_time = models.CharField(
        max_length=10, choices=DoubledTime.choices, default=DoubledTime.FIRST
    )
    repeat_days = models.PositiveSmallIntegerField(
        default=7, help_text="Days between Pins of the same link or picture; 0 means any."
    )
    board_interval_hours = models.PositiveSmallIntegerField(
        default=24, help_text="Hours between the boards that one Pin goes to."
    )
    alarm_mails = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "publishing preferences"
        constraints = [
            models.CheckConstraint(
                condition=Q(late_spacing_minutes__gte=1), name="late_spacing_is_positive"
            )
        ]

    def __str__(self) -> str:
        return f"Preferences of {self.workspace}"
