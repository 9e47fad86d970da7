"""The command: `python -m tests.chaos` (see `python3 dev.py chaos`)."""

from __future__ import annotations

import os
import signal
import sys

from tests.chaos.options import BadOption, read_options
from tests.chaos.run import play
from tests.postgres import NotAvailable
from tests.servers import CANNOT_RUN


def main() -> int:
    """Play once; 0 when every Pin is at Pinterest exactly once."""
    # A run that is told to end cleans up, as it does after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return play(read_options(os.environ))
    except (BadOption, NotAvailable) as reason:
        sys.stderr.write(f"The run can't be made: {reason}\n")
        return CANNOT_RUN if isinstance(reason, NotAvailable) else 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
