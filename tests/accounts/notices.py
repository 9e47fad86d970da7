"""What tests of notifications do again and again."""

from __future__ import annotations

from datetime import UTC, datetime

from accounts.models import User, Workspace
from accounts.notifications.kinds import Kind
from accounts.services.events import Happening, record
from accounts.services.telling import tell
from publishing.pins.notifications import PIN_FAILED

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)


def happen(
    workspace: Workspace,
    *,
    kind: Kind = PIN_FAILED,
    count: int = 1,
    concerns: User | None = None,
    by: User | None = None,
    at: datetime = NOW,
    **payload: object,
) -> None:
    """Let it happen to `count` rows, and tell it.

    Nobody answers for how things stand with them: what was so then is told.
    """
    words = {"name": "A bowl", "place": ["@clay", "Bowls"], "planned_at": NOW.isoformat()}
    record(
        kind,
        [
            Happening(
                workspace_id=workspace.pk,
                subject="thing",
                subject_id=f"00000000-0000-0000-0000-{number:012}",
                concerns_id=concerns.pk if concerns else None,
                payload={**words, "problem": "Pinterest said no.", "remedy": "Change it."}
                | payload,
            )
            for number in range(count)
        ],
        by=by,
        now=at,
    )
    while tell(now=at):
        pass
