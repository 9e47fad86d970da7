"""People, workspaces, memberships, invitations and Pinterest connections."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.policy import Role
from accounts.validators import validate_name

RowId: TypeAlias = uuid.UUID | str
"""A row's primary key, as a model or a message carries it."""


class UserManager(BaseUserManager["User"]):
    """Makes people who sign in with an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they see belongs to the workspaces they are members of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=100, blank=True, validators=[validate_name])
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="IANA name; empty means the workspace's."
    )
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]


class Workspace(models.Model):
    """A team's room: everything a user sees belongs to one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, validators=[validate_name])
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(r.value, r.value.title()) for r in Role])
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_each"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}"


class Invitation(models.Model):
    """A standing offer to join a workspace, sent to an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=[(r.value, r.value.title()) for r in Role])
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "created_at"], name="invitations_of_address"),
            models.Index(fields=["invited_by", "created_at"], name="invitations_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace}"


class ConnectionStatus(models.TextChoices):
    """Whether we can act for a Pinterest account."""

    ACTIVE = "active", "Connected"
    NEEDS_RECONNECTING = "needs_reconnecting", "Needs reconnecting"
    DISCONNECTED = "disconnected", "Disconnected"


class Connection(models.Model):
    """A workspace's access to one Pinterest account, known by the account's id for ever.

    Username, name and picture are display data: Pinterest lets people change a username, and a
    released one may come back as somebody else's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="connections")
    pinterest_id = models.CharField(max_length=32, editable=False)
    username = models.CharField(max_length=100)
    display_name = models.CharField(max_length=200, blank=True)
    picture_url = models.URLField(max_length=2048, blank=True)
    account_type = models.CharField(max_length=30, blank=True)
    profile_refreshed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=ConnectionStatus.choices)
    lost_reason = models.CharField(max_length=500, blank=True)
    scopes = models.JSONField(default=list)
    access_token_sealed = models.TextField(blank=True, editable=False)
    refresh_token_sealed = models.TextField(blank=True, editable=False)
    access_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    refresh_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    tokens_renewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    connected_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    connected_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "pinterest_id"], name="one_connection_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(status=ConnectionStatus.ACTIVE)
                | (~Q(access_token_sealed="") & Q(access_expires_at__isnull=False)),
                name="active_connection_has_tokens",
            ),
            models.CheckConstraint(
                condition=~Q(status=ConnectionStatus.DISCONNECTED)
                | Q(access_token_sealed="", refresh_token_sealed=""),
                name="disconnected_keeps_no_tokens",
            ),
        ]
        indexes = [
            models.Index(
                fields=["access_expires_at"],
                condition=Q(status=ConnectionStatus.ACTIVE),
                name="connection_renewal_due",
            )
        ]

    def __str__(self) -> str:
        return f"@{self.username}"

    def token_place(self, column: str) -> str:
        """Where a token of this row lives: what its ciphertext is bound to."""
        return f"accounts_connection:{self.pk}:{column}"

    @property
    def is_active(self) -> bool:
        return self.status == ConnectionStatus.ACTIVE

    @property
    def title(self) -> str:
        return self.display_name or self.username

    def access_is_expired(self, *, now: datetime) -> bool:
        """Whether the stored access token has run out."""
        return self.access_expires_at is None or now >= self.access_expires_at


class Succession(models.Model):
    """Whether one account takes another's place: asked of people, because nothing tells for sure.

    `keeps_schedule` says whether the later account gets the Pins planned for the earlier one,
    `merges_history` whether their figures are shown as one. Each is None until it is decided.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="successions")
    earlier = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="successors")
    later = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="predecessors")
    asked_at = models.DateTimeField()
    keeps_schedule = models.BooleanField(null=True)
    schedule_decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    schedule_decided_at = models.DateTimeField(null=True)
    merges_history = models.BooleanField(null=True)
    history_decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    history_decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="one_succession_per_pair"),
            models.CheckConstraint(
                condition=~Q(earlier=models.F("later")), name="nobody_succeeds_themselves"
            ),
            models.CheckConstraint(
                condition=Q(keeps_schedule=None, schedule_decided_at=None)
                | Q(keeps_schedule__isnull=False, schedule_decided_at__isnull=False),
                name="schedule_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(merges_history=None, history_decided_at=None)
                | Q(merges_history__isnull=False, history_decided_at__isnull=False),
                name="history_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.later} after {self.earlier}"
