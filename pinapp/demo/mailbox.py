"""Reads the mail that Django's file backend has written into a folder."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

_LINK = re.compile(r"https?://[^\s<>\"]+")
_SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as the mailbox page shows it."""

    id: str
    subject: str
    to: str
    sent_at: datetime | None
    text: str

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.text)


def read_mailbox(folder: Path) -> list[Mail]:
    """All mail in the folder, newest first; none when the folder is not there yet."""
    mails = [
        mail
        for path in folder.glob("*.log")
        for number, raw in enumerate(_split(path.read_bytes()))
        if (mail := _parse(raw, mail_id=f"{path.stem}-{number}")) is not None
    ]
    return sorted(
        mails, key=lambda mail: mail.sent_at.timestamp() if mail.sent_at else 0, reverse=True
    )


def _split(raw: bytes) -> list[bytes]:
    return [part for part in raw.split(_SEPARATOR) if part.strip()]


def _parse(raw: bytes, *, mail_id: str) -> Mail | None:
    message = email.message_from_bytes(raw.lstrip(b"\n"), policy=email.policy.default)
    if not isinstance(message, EmailMessage) or "subject" not in message:
        return None
    body = message.get_body(("plain",))
    date = message["date"]
    return Mail(
        id=mail_id,
        subject=str(message["subject"]),
        to=str(message["to"]),
        sent_at=_moment(date.datetime) if date else None,
        text=body.get_content() if body else "",
    )


def _moment(written: datetime | None) -> datetime | None:
    """A mail's date; one in UTC of no place (`-0000`) is read without its zone."""
    if written is None or written.tzinfo is not None:
        return written
    return written.replace(tzinfo=UTC)
