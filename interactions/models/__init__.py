"""Rows of the interactions app."""

from interactions.models.interactions import (
    KIND_LABELS,
    LEVEL_LABELS,
    CrawlerAddress,
    DailySalt,
    Evidence,
    Interaction,
)
from interactions.models.sites import Consent, Entity, SigningKey, Site

__all__ = [
    "KIND_LABELS",
    "LEVEL_LABELS",
    "Consent",
    "CrawlerAddress",
    "DailySalt",
    "Entity",
    "Evidence",
    "Interaction",
    "SigningKey",
    "Site",
]
