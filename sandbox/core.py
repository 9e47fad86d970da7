"""The sandbox's parts and what handlers do to its records."""

import threading
from collections import deque
from collections.abc import Callable

from sandbox.clock import VirtualClock
from sandbox.crawler import Crawler, Fetch
from sandbox.faults import FaultBook
from sandbox.holding import Holds
from sandbox.ids import Ids
from sandbox.logs import FetchEntry, RequestEntry
from sandbox.pictures import PictureStore
from sandbox.previews import Previews
from sandbox.quota import Quotas
from sandbox.records import Board, Index, Picture, Pin, Records
from sandbox.settings import Settings
from sandbox.spam import SpamWatch

_LOG_LENGTH = 10_000


class Core:
    """A Pinterest of its own. `lock` guards everything it knows; waiting happens outside of it."""

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: VirtualClock | None = None,
        pictures: PictureStore | None = None,
        crawler: Crawler | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.seed = seed
        self.lock = threading.RLock()
        self.clock = clock or VirtualClock()
        self.pictures = pictures or PictureStore()
        self.crawler = crawler or Crawler()
        self.settings = settings or Settings()
        self.holds = Holds()
        self.changes = 0
        self.load(Records())

    def load(self, records: Records) -> None:
        """Start over with these records; logs, faults, quotas and counters begin anew."""
        self.records = records
        self.index = Index(records)
        self.ids = Ids(self.seed)
        self.faults = FaultBook(self.seed)
        self.quotas = Quotas()
        self.spam = SpamWatch()
        self.previews = Previews()
        self.fetches: deque[FetchEntry] = deque(maxlen=_LOG_LENGTH)
        self.requests: deque[RequestEntry] = deque(maxlen=_LOG_LENGTH)
        self.changes += 1

    def keep_picture(self, content: bytes) -> Picture:
        """Examine and keep an image; raises ApiError 403/233 or 403/235."""
        picture = self.pictures.accept(content)
        with self.lock:
            self.records.pictures[picture.id] = picture
        return picture

    def keep_pin(self, pin: Pin) -> None:
        """Put a Pin on its board."""
        self.records.pins[pin.id] = pin
        self.index.add(pin)
        board = self.records.boards[pin.board_id]
        board.pins_modified_at = max(board.pins_modified_at, pin.created_at)

    def drop_board(self, board: Board) -> None:
        """Delete a board with its sections and Pins."""
        for pin in list(self.index.pins_on(board.id)):
            self.index.discard(pin)
            del self.records.pins[pin.id]
        sections = self.records.sections
        for section_id in [part.id for part in sections.values() if part.board_id == board.id]:
            del sections[section_id]
        del self.records.boards[board.id]

    def log_fetch(self, fetch: Fetch) -> None:
        """Note a visit of the crawler, the copier or the image proxy."""
        self.fetches.append(FetchEntry.of(fetch, at=self.clock.now()))

    def afterwards(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something so many real seconds later; at once for none."""
        if not seconds:
            work()
            return
        timer = threading.Timer(seconds, work)
        timer.daemon = True
        timer.start()
