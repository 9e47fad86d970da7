"""What owners asked to have erased of a site."""

from __future__ import annotations

from django.db.models import QuerySet

from interactions.models import Erasure, Site


def erasure_under_way(site: Site) -> Erasure | None:
    """The one a worker is at."""
    return Erasure.objects.filter(site=site, finished_at=None).first()


def past_erasures(site: Site) -> QuerySet[Erasure]:
    """Those that are finished, the newest first."""
    done = Erasure.objects.filter(site=site, finished_at__isnull=False)
    return done.select_related("asked_by").order_by("-asked_at")
