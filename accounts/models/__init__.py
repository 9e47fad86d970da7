"""People, workspaces and connections; what happened there, and who is told."""

from accounts.models.notifications import (
    Event,
    Mailing,
    MailState,
    Notification,
    NotificationItem,
    NotificationWish,
)
from accounts.models.people import (
    Connection,
    ConnectionStatus,
    Invitation,
    Membership,
    RowId,
    Succession,
    User,
    UserManager,
    Workspace,
)

__all__ = [
    "Connection",
    "ConnectionStatus",
    "Event",
    "Invitation",
    "MailState",
    "Mailing",
    "Membership",
    "Notification",
    "NotificationItem",
    "NotificationWish",
    "RowId",
    "Succession",
    "User",
    "UserManager",
    "Workspace",
]
