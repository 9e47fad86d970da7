"""Changing how a workspace's Pins go out."""

from __future__ import annotations

import logging
from typing import Any

from accounts.models import User, Workspace
from publishing.models import PublishingPreferences

logger = logging.getLogger(__name__)


def save_preferences(*, workspace: Workspace, by: User, wishes: dict[str, Any]) -> None:
    """Store a workspace's wishes, column by column; Pins that wait already keep their times."""
    PublishingPreferences.objects.update_or_create(workspace=workspace, defaults=wishes)
    logger.info("preferences_saved workspace=%s by=%s", workspace.pk, by.pk)
