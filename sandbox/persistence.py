"""State that survives restarts: one JSON snapshot, replaced atomically."""

import os
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from sandbox.records import Records
from sandbox.sandbox import Sandbox

VERSION = 1
_PAUSE_SECONDS = 1.0
# Saving may take at most this share of the time when there is much to save.
_BUSY_SHARE = 0.1


class Snapshot(msgspec.Struct, kw_only=True):
    """What the file holds."""

    version: int
    saved_at: datetime
    clock_offset_seconds: float
    last_ids: dict[str, int]
    records: Records


class Keeper:
    """Writes and reads the snapshot in a folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "sandbox.json"
        self.pause_seconds = _PAUSE_SECONDS
        self._saved_changes = -1
        folder.mkdir(parents=True, exist_ok=True)

    def save_if_changed(self, sandbox: Sandbox) -> bool:
        """Write a snapshot unless nothing changed since the last one."""
        started = time.monotonic()
        with sandbox.lock:
            if sandbox.changes == self._saved_changes:
                return False
            changes = sandbox.changes
            content = msgspec.json.encode(_snapshot(sandbox))
        self._write(content)
        self._saved_changes = changes
        self.pause_seconds = max(_PAUSE_SECONDS, (time.monotonic() - started) / _BUSY_SHARE)
        return True

    def restore(self, sandbox: Sandbox) -> str | None:
        """Load the snapshot if there is one; returns a sentence when it had to be set aside."""
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            return None
        try:
            snapshot = msgspec.json.decode(content, type=Snapshot)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return self._set_aside(f"cannot be read ({error})")
        if snapshot.version != VERSION:
            return self._set_aside(f"has version {snapshot.version}, not {VERSION}")
        sandbox.load(snapshot.records)
        sandbox.ids.leap(snapshot.last_ids)
        sandbox.clock.offset_seconds = snapshot.clock_offset_seconds
        return None

    def _write(self, content: bytes) -> None:
        part = self.file.with_suffix(".part")
        # Only for the owner's eyes, though tokens are kept as digests.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        part.replace(self.file)

    def _set_aside(self, reason: str) -> str:
        aside = self.file.with_suffix(f".{time.time_ns()}.aside")
        with suppress(FileNotFoundError):
            self.file.replace(aside)
        return f"The saved state {reason}. It was kept as {aside.name}; starting afresh."


def _snapshot(sandbox: Sandbox) -> Snapshot:
    return Snapshot(
        version=VERSION,
        saved_at=sandbox.clock.now(),
        clock_offset_seconds=sandbox.clock.offset_seconds,
        last_ids=dict(sandbox.ids.last),
        records=sandbox.records,
    )
