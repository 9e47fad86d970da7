"""URLs of the accounts app."""

from django.urls import path

from accounts.provider.views import pinterest_callback
from accounts.views import connections, notifications, workspace

urlpatterns = [
    path("connections/", connections.connection_list, name="connections"),
    path("connections/connect/", connections.connection_connect, name="connection_connect"),
    path("connections/pinterest/callback/", pinterest_callback, name="pinterest_callback"),
    path(
        "connections/<uuid:connection_id>/reconnect/",
        connections.connection_connect,
        name="connection_reconnect",
    ),
    path(
        "connections/<uuid:connection_id>/refresh/",
        connections.connection_refresh,
        name="connection_refresh",
    ),
    path(
        "connections/<uuid:connection_id>/disconnect/",
        connections.connection_disconnect,
        name="connection_disconnect",
    ),
    path("workspace/", workspace.workspace_page, name="workspace"),
    path("workspace/settings/", workspace.workspace_update, name="workspace_update"),
    path("workspace/new/", workspace.workspace_new, name="workspace_new"),
    path("workspace/switch/", workspace.workspace_switch, name="workspace_switch"),
    path("workspace/members/<int:membership_id>/role/", workspace.member_role, name="member_role"),
    path(
        "workspace/members/<int:membership_id>/remove/",
        workspace.member_remove,
        name="member_remove",
    ),
    path("workspace/invitations/", workspace.invitation_send, name="invitation_send"),
    path(
        "workspace/invitations/<uuid:invitation_id>/revoke/",
        workspace.invitation_revoke,
        name="invitation_revoke",
    ),
    path(
        "workspace/invitations/<str:token>/",
        workspace.workspace_invitation,
        name="workspace_invitation",
    ),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path("notifications/<int:notification_id>/", notifications.open_one, name="notification_open"),
    path(
        "notifications/<int:notification_id>/read/",
        notifications.read_one,
        name="notification_read",
    ),
    path(
        "notifications/settings/<uuid:workspace_id>/",
        notifications.mail_settings,
        name="notification_settings",
    ),
    path("notifications/stop/<str:token>/", notifications.stop, name="notifications_stop"),
    path("accounts/profile/", workspace.profile, name="profile"),
]
