"""The tasks of all topics, where Celery looks for them."""

from publishing.boards import tasks as boards
from publishing.delivery import tasks as delivery
from publishing.handover import tasks as handover
from publishing.imports import tasks as imports
from publishing.media import tasks as media
from publishing.preflight import tasks as preflight
from publishing.reconcile import tasks as reconcile

__all__ = ["boards", "delivery", "handover", "imports", "media", "preflight", "reconcile"]
