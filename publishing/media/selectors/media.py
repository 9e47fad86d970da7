"""Pictures of a workspace."""

from __future__ import annotations

from accounts.models import RowId, Workspace
from publishing.models import Media


def media_of(workspace: Workspace, media_id: RowId) -> Media | None:
    """One of the workspace's pictures."""
    return Media.objects.filter(workspace=workspace, pk=media_id).first()
