"""Handing work to a worker at once where the rows would be found a little later anyway."""

from __future__ import annotations

import logging
from typing import Any

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge(task: Any, **kwargs: str) -> None:
    """Enqueue after commit; a broker that is away costs nothing but a moment's delay."""
    try:
        task.delay_on_commit(**kwargs)
    except OperationalError:
        logger.warning("broker_unreachable task=%s", task.name)
