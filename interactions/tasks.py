"""Celery's side of interactions: each task makes one domain call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.models import Workspace
from interactions.selectors.confirming import workspaces_to_confirm
from interactions.services import checking, confirming, reviewing, salts
from interactions.services.spool import spool


@shared_task(name="interactions.check_crawlers")
def check_crawlers() -> None:
    """Look up who claims to be Pinterest's crawler."""
    checking.check_crawlers(now=timezone.now())


@shared_task(name="interactions.drain_spool")
def drain_spool() -> None:
    """Carry over what dead web processes left on this machine."""
    spool.drain()


@shared_task(name="interactions.forget_addresses")
def forget_addresses() -> None:
    """Forget addresses and salts that are no longer needed."""
    now = timezone.now()
    checking.forget_addresses(now=now)
    salts.forget_salts(now=now)


@shared_task(name="interactions.forget_old")
def forget_old() -> None:
    """Forget interactions that are older than their sites keep them."""
    reviewing.forget_old(now=timezone.now())


@shared_task(name="interactions.look_for_pins")
def look_for_pins() -> None:
    """Hand each workspace whose Pins may confirm interactions to a worker."""
    for workspace_id in workspaces_to_confirm(since=timezone.now() - confirming.LOOK_BACK):
        confirm_workspace.delay(workspace_id=workspace_id)


@shared_task(name="interactions.confirm_workspace")
def confirm_workspace(*, workspace_id: str) -> None:
    """Look through the newest Pins of one workspace's accounts."""
    workspace = Workspace.objects.get(pk=workspace_id)
    confirming.confirm_workspace(workspace=workspace, now=timezone.now())
