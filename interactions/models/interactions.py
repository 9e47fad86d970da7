"""Clicks on Pin-it buttons, and the evidence of what came of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from interactions.models.sites import Entity, Site
from interactions.policy.ids import new_id
from interactions.policy.levels import EvidenceKind, Level, Verdict

LEVEL_LABELS = {
    Level.NONE: "Not counted",
    Level.CLICKED: "Clicked",
    Level.PREVIEWED: "Previewed",
    Level.CLAIMED: "Fetched, not yet verified",
    Level.VERIFIED: "Verified",
    Level.CORROBORATED: "Corroborated",
    Level.CONFIRMED: "Confirmed",
}

KIND_LABELS = {
    EvidenceKind.CLICK: "The button was clicked",
    EvidenceKind.UNTRUSTED_CLICK: "A script clicked the button",
    EvidenceKind.PREVIEW_PROXY: "Pinterest's preview fetched the picture",
    EvidenceKind.BROWSER_PREVIEW: "A browser at Pinterest showed the picture",
    EvidenceKind.CRAWLER_FETCH: "Something calling itself Pinterest's crawler fetched the picture",
    EvidenceKind.OTHER_FETCH: "Somebody else fetched the picture",
    EvidenceKind.LANDING_VISIT: "A visitor came from the Pin",
    EvidenceKind.LANDING_CRAWL: "Something calling itself Pinterest's crawler read the page",
    EvidenceKind.CRAWLER_CHECK: "The crawler's address was checked",
    EvidenceKind.PIN_FOUND: "The Pin was found at Pinterest",
    EvidenceKind.PIN_TOLD: "Somebody told which Pin it is",
    EvidenceKind.REVIEW: "A reviewer decided",
}


_EACH_A_ROW = [
    kind.value for kind in (EvidenceKind.REVIEW, EvidenceKind.PIN_TOLD, EvidenceKind.PIN_FOUND)
]


class Interaction(models.Model):
    """One click on a Pin-it button, known by the nonce its browser made.

    What is said of it (`level`, the times, `is_abuse`) is reckoned from its evidence and can be
    reckoned anew; only `is_suspect`, what the caps noticed, is a mark of its own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="+", db_index=False)
    action = models.CharField(max_length=10, default="pinit")
    # 16 random bytes of the browser. Another nonce stands in the Pin's link: who reads the Pin
    # sees that one and must not learn this one from it.
    nonce = models.UUIDField(unique=True)
    landing = models.UUIDField(null=True, blank=True)
    page = models.CharField(max_length=32, blank=True, help_text="The publisher's mark of the page")
    page_url = models.CharField(max_length=2000, blank=True)
    level = models.PositiveSmallIntegerField(
        choices=[(level.value, label) for level, label in LEVEL_LABELS.items()],
        default=Level.NONE.value,
    )
    policy_version = models.PositiveSmallIntegerField(default=0)
    is_abuse = models.BooleanField("abuse", default=False)
    is_suspect = models.BooleanField(
        "suspect", default=False, help_text="Came with unusually many others"
    )
    created_at = models.DateTimeField(default=timezone.now)
    clicked_at = models.DateTimeField(null=True, blank=True)
    previewed_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(
        null=True, blank=True, help_text="First fetch by what calls itself the crawler"
    )
    verified_at = models.DateTimeField(
        null=True, blank=True, help_text="First fetch by a crawler whose address is Pinterest's"
    )
    corroborated_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=0, level__lte=Level.CONFIRMED.value),
                name="interaction_level_known",
            ),
            models.UniqueConstraint(
                fields=["landing"],
                condition=Q(landing__isnull=False),
                name="one_interaction_per_landing",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "created_at"], name="interaction_by_site"),
            models.Index(fields=["entity", "created_at"], name="interaction_by_entity"),
            models.Index(
                fields=["site", "created_at"],
                condition=Q(level__gte=Level.CLAIMED.value),
                name="interaction_fetched",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.id}"


class CrawlerAddress(models.Model):
    """What DNS says about an address that claims to be Pinterest's; a cache, and its retries.

    The only place where an address stands in clear. One that is not Pinterest's is forgotten when
    its verdict ends.
    """

    address = models.GenericIPAddressField(unique=True)
    verdict = models.CharField(
        max_length=8,
        choices=[(v.value, v.value) for v in (Verdict.YES, Verdict.NO, Verdict.UNKNOWN)],
        default=Verdict.UNKNOWN.value,
    )
    ptr = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    tries = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    good_until = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True, db_index=True)
    seen_at = models.DateTimeField(default=timezone.now)
    # Evidence with ids up to here has been told the verdict; what is newer is looked through.
    told_up_to = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name_plural = "crawler addresses"

    def __str__(self) -> str:
        return self.address


class Evidence(models.Model):
    """Something that was seen of an interaction. Only ever added (see guards)."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="evidence", db_index=False
    )
    kind = models.CharField(
        max_length=16, choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    at = models.DateTimeField()
    method = models.CharField(max_length=8, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    # Keyed with a salt that is forgotten after its day: who came can't be found again.
    address_key = models.CharField(max_length=22, blank=True)
    crawler = models.ForeignKey(
        CrawlerAddress,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="evidence",
        db_index=False,
    )
    referer_origin = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(
        max_length=8, blank=True, choices=[(verdict.value, verdict.value) for verdict in Verdict]
    )
    ptr = models.CharField(max_length=255, blank=True)
    about = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    said_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    detail = models.CharField(max_length=500, blank=True)
    policy_version = models.PositiveSmallIntegerField()
    minute = models.DateTimeField(editable=False)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in EvidenceKind]),
                name="evidence_kind_known",
            ),
            # The same thing seen again within a minute is one row: Pinterest fetches twice. What
            # people say, and a Pin that is found, is a row each time.
            models.UniqueConstraint(
                fields=["interaction", "kind", "address_key", "minute"],
                condition=Q(about__isnull=True) & ~Q(kind__in=_EACH_A_ROW),
                name="evidence_once_a_minute",
            ),
            models.UniqueConstraint(
                fields=["interaction", "about", "verdict"],
                condition=Q(about__isnull=False),
                name="evidence_checked_once",
            ),
        ]
        indexes = [
            models.Index(fields=["interaction", "id"], name="evidence_of_interaction"),
            models.Index(
                fields=["crawler", "id"],
                condition=Q(crawler__isnull=False),
                name="evidence_of_crawler",
            ),
            # Whoever deletes evidence asks for each piece what is said about it.
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="evidence_about"),
        ]

    def __str__(self) -> str:
        return self.kind

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it. The minute it is of comes from `at`."""
        self.minute = self.at.replace(second=0, microsecond=0)
        super().save(*args, **kwargs)


class DailySalt(models.Model):
    """The salt of a day's address keys; deleted when the day is over for everybody."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return self.day.isoformat()
