"""Rows of the publishing app."""

from publishing.models.boards import Board, BoardList, BoardSection
from publishing.models.ledger import Attempt
from publishing.models.media import Media
from publishing.models.pins import STATUS_LABELS, Pin

__all__ = ["STATUS_LABELS", "Attempt", "Board", "BoardList", "BoardSection", "Media", "Pin"]
