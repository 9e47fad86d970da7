"""How a workspace wants its Pins to go out."""

from __future__ import annotations

from accounts.models import Workspace
from publishing.models import PublishingPreferences


def preferences_of(workspace: Workspace) -> PublishingPreferences:
    """A workspace's preferences: its row, or an unsaved one with the defaults."""
    found = PublishingPreferences.objects.filter(workspace=workspace).first()
    return found or PublishingPreferences(workspace=workspace)
