"""Rows of the interactions app."""

from interactions.models.erasures import Erasure
from interactions.models.interactions import (
    KIND_LABELS,
    LEVEL_LABELS,
    CrawlerAddress,
    DailySalt,
    Evidence,
    Interaction,
)
from interactions.models.lists import (
    AT_WORK,
    ListSource,
    ListStatus,
    PageList,
    PageRow,
    RowStatus,
)
from interactions.models.sites import Consent, Entity, SigningKey, Site

__all__ = [
    "AT_WORK",
    "KIND_LABELS",
    "LEVEL_LABELS",
    "Consent",
    "CrawlerAddress",
    "DailySalt",
    "Entity",
    "Erasure",
    "Evidence",
    "Interaction",
    "ListSource",
    "ListStatus",
    "PageList",
    "PageRow",
    "RowStatus",
    "SigningKey",
    "Site",
]
