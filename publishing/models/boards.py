"""Boards and sections as Pinterest last told us."""

from __future__ import annotations

from django.db import models

from accounts.models import Connection


class BoardList(models.Model):
    """When a connection's boards were last read, and how that went."""

    connection = models.OneToOneField(
        Connection, on_delete=models.CASCADE, primary_key=True, related_name="board_list"
    )
    synced_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"Boards of {self.connection}"


class Board(models.Model):
    """A board a connection can see; `gone_at` when Pinterest stopped listing it."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="boards")
    pinterest_id = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    privacy = models.CharField(max_length=20)
    owner_username = models.CharField(max_length=100, blank=True)
    pin_count = models.PositiveIntegerField(null=True, blank=True)
    cover_url = models.URLField(max_length=2048, blank=True)
    sections_synced_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "pinterest_id"], name="one_board_per_connection"
            )
        ]
        indexes = [models.Index(fields=["pinterest_id"], name="board_at_pinterest")]

    def __str__(self) -> str:
        return self.name


class BoardSection(models.Model):
    """A section of a board."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="sections")
    pinterest_id = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "pinterest_id"], name="one_section_per_board")
        ]

    def __str__(self) -> str:
        return self.name
