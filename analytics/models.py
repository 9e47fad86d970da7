"""Figures as Pinterest told them, day by day, and what they are figures of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User, Workspace


class ContentType(models.TextChoices):
    """Whether ads count."""

    ALL = "ALL", "Organic and paid"
    ORGANIC = "ORGANIC", "Organic only"
    PAID = "PAID", "Paid only"


class Source(models.TextChoices):
    """Whose Pins count."""

    ALL = "ALL", "Your Pins and others' Pins of your site"
    YOUR_PINS = "YOUR_PINS", "Your Pins only"
    OTHER_PINS = "OTHER_PINS", "Others' Pins of your site only"


class Claimed(models.TextChoices):
    """Whether Pins from claimed accounts and sites count."""

    BOTH = "BOTH", "From claimed sites and elsewhere"
    CLAIMED = "CLAIMED", "From claimed sites only"
    OTHER = "OTHER", "From elsewhere only"


class Stage(models.TextChoices):
    """What a visit to Pinterest is about to read."""

    DAYS = "days", "Days"
    ACCOUNT = "account", "Followers and monthly views"
    BEST_PINS = "best_pins", "Best Pins"
    PINS = "pins", "All Pins"


class Series(models.Model):
    """An account's figures under one choice of filters, in one workspace.

    It is the account's, not a connection's: who connects the same account again goes on with it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    account_id = models.CharField(max_length=32, help_text="Pinterest's")
    username = models.CharField(max_length=100)
    content_type = models.CharField(max_length=10, choices=ContentType.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    claimed = models.CharField(max_length=10, choices=Claimed.choices)
    created_at = models.DateTimeField(default=timezone.now)
    next_pull_at = models.DateTimeField(null=True)
    # Until when a worker has it in hand; one that died lets this pass. It is also the worker's
    # proof that the series is still its own.
    leased_until = models.DateTimeField(null=True)
    # What a visit under way is about to read, and how many of about how many calls it has made.
    stage = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    calls_done = models.PositiveIntegerField(default=0)
    calls_in_all = models.PositiveIntegerField(default=0)
    # Since when a person waits for it.
    asked_at = models.DateTimeField(null=True)
    # Since when a person wants no more of it; what was read stays.
    stopped_at = models.DateTimeField(null=True)
    pulled_at = models.DateTimeField(null=True)
    # Pinterest's last answer about days was about those from here to the day of `pulled_at`.
    asked_from = models.DateField(null=True)
    best_pins_next_at = models.DateTimeField(null=True)
    pins_next_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    # Since when its days can't be read although the account is connected, and when that was told.
    failing_since = models.DateTimeField(null=True)
    failing_told_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    # What stood in the way of what belongs to the days: sentences by stage.
    part_problems = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account_id", "content_type", "source", "claimed"],
                name="one_series_of_each_choice",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_pull_at"],
                condition=Q(next_pull_at__isnull=False),
                name="series_to_pull",
            )
        ]

    def __str__(self) -> str:
        return f"@{self.username} {self.content_type}/{self.source}/{self.claimed}"


class DayRow(models.Model):
    """One UTC day of a series. A count that Pinterest did not tell is null, which is not zero."""

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="days", db_index=False
    )
    date = models.DateField()
    status = models.CharField(max_length=60, help_text="Pinterest's word; only READY is settled")
    impression = models.BigIntegerField(null=True)
    engagement = models.BigIntegerField(null=True)
    save_count = models.BigIntegerField(null=True)
    pin_click = models.BigIntegerField(null=True)
    outbound_click = models.BigIntegerField(null=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "date"], name="one_row_a_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.status}"


class Snapshot(models.Model):
    """What Pinterest tells of an account only as it is now, kept once a day."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    account_id = models.CharField(max_length=32)
    date = models.DateField()
    followers = models.BigIntegerField(null=True)
    monthly_views = models.BigIntegerField(null=True)
    pins = models.BigIntegerField(null=True)
    boards = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account_id", "date"], name="one_snapshot_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.date}"


class TopPin(models.Model):
    """One of the best Pins of the last 30 days, as Pinterest ranked them when it was read last."""

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="top_pins", db_index=False
    )
    sort_by = models.CharField(max_length=20)
    rank = models.PositiveSmallIntegerField()
    pin_id = models.CharField(max_length=32)
    impression = models.BigIntegerField(null=True)
    engagement = models.BigIntegerField(null=True)
    save_count = models.BigIntegerField(null=True)
    pin_click = models.BigIntegerField(null=True)
    outbound_click = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "sort_by", "rank"], name="one_pin_of_a_rank")
        ]

    def __str__(self) -> str:
        return self.pin_id


class PinRow(models.Model):
    """A Pin of an account, as a list of its Pins told it last. Counts of 90 days and of ever."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    account_id = models.CharField(max_length=32)
    pin_id = models.CharField(max_length=32)
    board_id = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=200, blank=True)
    picture_url = models.URLField(max_length=2048, blank=True)
    published_at = models.DateTimeField(null=True)
    impression = models.BigIntegerField(null=True)
    pin_click = models.BigIntegerField(null=True)
    outbound_click = models.BigIntegerField(null=True)
    ever_impression = models.BigIntegerField(null=True)
    ever_pin_click = models.BigIntegerField(null=True)
    ever_outbound_click = models.BigIntegerField(null=True)
    reactions = models.BigIntegerField(null=True)
    comments = models.BigIntegerField(null=True)
    read_at = models.DateTimeField()
    # When the oldest of the counts of 90 days was told: before `read_at` where a list left it out.
    counted_at = models.DateTimeField(null=True)
    # When the lists were found to have it no more.
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account_id", "pin_id"], name="one_row_of_a_pin"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.pin_id


class Digest(models.Model):
    """A member's wish to be mailed the week's figures each Monday morning of the workspace."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    next_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    mailed_until = models.DateField(null=True, help_text="the last day of the week mailed last")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_digest_each")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.next_at:%Y-%m-%d}"
