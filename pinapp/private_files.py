"""Files of this installation are its account's alone: pictures, mail, the database, the keys."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

OTHERS: Final = 0o077
_STAMP: Final = "private.stamp"


def keep_files_private() -> None:
    """Let this process, and what it starts, make files that only its own account can read."""
    os.umask(OTHERS)


def close_to_others(folder: Path) -> None:
    """Take from others what they may do in `folder`, made by an earlier version perhaps.

    The folder itself each time, which is enough to keep others out; all that is in it once.
    """
    folder.chmod(0o700)
    stamp = folder / _STAMP
    if stamp.exists():
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            _close(Path(parent, name))
    stamp.touch()


def _close(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
        if mode & OTHERS and not path.is_symlink():
            path.chmod(mode & 0o7777 & ~OTHERS)
    except (FileNotFoundError, PermissionError):
        return  # gone meanwhile, or another account's own, such as a database server's
