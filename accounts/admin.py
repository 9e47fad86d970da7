"""Accounts in Django's admin; tokens are nowhere in it."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Connection, Invitation, Membership, User, Workspace

# The admin's sign-in is allauth's: with its rate limits, e-mail verification and MFA.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's documentation says


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ["email", "name", "time_zone", "is_staff", "is_active", "date_joined"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "time_zone", "is_active", "is_staff", "is_superuser"]
    readonly_fields = ["email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # People sign up or are invited, so that their address is verified.
        return False


class MembershipInline(admin.TabularInline[Membership, Workspace]):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    list_display = ["name", "time_zone", "created_at"]
    search_fields = ["name"]
    inlines = [MembershipInline]


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin[Connection]):
    list_display = ["username", "workspace", "status", "access_expires_at", "tokens_renewed_at"]
    list_filter = ["status"]
    search_fields = ["username", "display_name", "pinterest_id"]
    fields = (
        "workspace",
        ("pinterest_id", "username", "display_name"),
        ("status", "lost_reason"),
        "scopes",
        ("access_expires_at", "refresh_expires_at", "tokens_renewed_at"),
        ("connected_by", "connected_at"),
    )

    def has_change_permission(self, request: HttpRequest, obj: Connection | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    list_display = ["email", "workspace", "role", "created_at", "expires_at", "accepted_at"]
    fields = ("workspace", "email", "role", "invited_by", "expires_at", "accepted_at", "revoked_at")

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
