"""Celery's side of interactions: each task makes one domain call."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.models import Workspace
from interactions.models import ListStatus
from interactions.selectors.confirming import workspaces_to_confirm
from interactions.selectors.lists import lists_to_go_on_with
from interactions.services import (
    attaching,
    checking,
    confirming,
    erasing,
    list_reading,
    list_work,
    lists,
    reviewing,
    salts,
)
from interactions.services.spool import spool

_TURN: Final = timedelta(seconds=8)
"""Less than the time between two messages: erasing must not take up more and more workers."""


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
    """Forget interactions that are older than their sites keep them, and old lists of pages."""
    reviewing.forget_old(now=timezone.now())
    lists.forget_old_lists(now=timezone.now())


@shared_task(name="interactions.erase_asked")
def erase_asked() -> None:
    """Erase what owners asked to have erased, for a while: the next message goes on."""
    erasing.erase_asked(clock=timezone.now, until=timezone.now() + _TURN)


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


@shared_task(name="interactions.look_at_told_pin")
def look_at_told_pin(*, interaction_id: str, pin_id: str) -> None:
    """Ask Pinterest for the Pin that a person named."""
    attaching.look_at_told_pin(
        interaction_id=UUID(interaction_id), pin_id=pin_id, now=timezone.now()
    )


@shared_task(name="interactions.read_sitemap")
def read_sitemap(*, list_id: str) -> None:
    """Read the sitemap somebody brought along."""
    list_reading.read_listed_sitemap(list_id=UUID(list_id), clock=timezone.now)


@shared_task(name="interactions.work_on_list")
def work_on_list(*, list_id: str) -> None:
    """Add some pages of a list; the rest is another message's."""
    if list_work.work_on_list(list_id=UUID(list_id), clock=timezone.now):
        work_on_list.delay(list_id=list_id)


@shared_task(name="interactions.go_on_with_lists")
def go_on_with_lists() -> None:
    """Go on with lists whose worker died, whose message got lost, or whose site asked for time."""
    for list_id, status in lists_to_go_on_with(now=timezone.now()):
        task = read_sitemap if status == ListStatus.READING else work_on_list
        task.delay(list_id=str(list_id))
