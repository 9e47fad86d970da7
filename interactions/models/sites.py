"""Publishers' sites, the keys they sign with, and what can be pinned there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User, Workspace
from accounts.validators import validate_one_line
from interactions.policy.ids import new_key


class Consent(models.TextChoices):
    """When a visitor's click is recorded."""

    NOT_NEEDED = "not_needed", "Always, unless the browser asks not to be tracked"
    ASKED = "asked", "Only after the page says that the visitor agreed"


class Site(models.Model):
    """A publisher's site. `key` is public: it stands in the snippet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sites")
    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    name = models.CharField(max_length=80, validators=[validate_one_line])
    origins = models.JSONField(
        default=list, help_text="Exact origins, as browsers write them: https://shop.example"
    )
    consent = models.CharField(max_length=12, choices=Consent.choices, default=Consent.NOT_NEEDED)
    tag_landing = models.BooleanField(
        default=True, help_text="Put a mark into the Pin's link, to recognise visits from it"
    )
    retention_days = models.PositiveSmallIntegerField(default=390)
    daily_limit = models.PositiveIntegerField(
        default=20_000, help_text="Interactions a day; more are refused"
    )
    is_paused = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retention_days__gte=1, retention_days__lte=750),
                name="site_keeps_for_a_while",
            ),
            models.CheckConstraint(
                condition=Q(consent__in=Consent.values), name="site_consent_known"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "name"], name="site_list")]

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """A key that page tokens of a site are signed with; a retired one still opens old tokens."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="signing_keys")
    key_id = models.CharField(max_length=12)
    secret_sealed = models.CharField(max_length=300, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "key_id"], name="one_signing_key_of_a_name")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.key_id}"

    @property
    def place(self) -> str:
        """Where its secret is sealed for."""
        return f"interactions_signingkey:{self.site_id}/{self.key_id}:secret"


class Entity(models.Model):
    """A page and the picture of it that can be pinned. `key` is public."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="entities")
    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    title = models.CharField(max_length=200, validators=[validate_one_line])
    page_url = models.CharField(max_length=2000, validators=[validate_one_line])
    description = models.CharField(max_length=500, blank=True)
    image_sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField(help_text="bytes")
    width = models.PositiveIntegerField(help_text="pixels")
    height = models.PositiveIntegerField(help_text="pixels")
    # Of an animation, say: only the first picture was kept.
    is_first_of_several = models.BooleanField(default=False, editable=False)
    origin_url = models.URLField(max_length=2000, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "entities"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "page_url", "image_sha256"], name="one_entity_per_page_and_picture"
            )
        ]
        indexes = [models.Index(fields=["site", "title"], name="entity_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def extension(self) -> str:
        return "png" if self.content_type == "image/png" else "jpg"

    @property
    def file_name(self) -> str:
        """Where the picture lies in the storage."""
        return f"interactions/{self.site_id}/{self.image_sha256}.{self.extension}"
