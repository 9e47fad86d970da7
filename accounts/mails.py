"""Handing one mail to the mail server, and knowing whether it has got it."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from foundation.fetching.hosts import mailbox_on_the_wire
from foundation.names import in_one_line

_SAID_NO = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


class MailNotTaken(OSError):
    """The mail server has surely not got the mail: it may be handed over again."""


def send(
    *,
    to: Sequence[str],
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Hand over one mail; `html` is a second way to show it, line breaks in `subject` are none.

    Raises MailNotTaken, or another OSError when nobody knows whether it has been taken.
    """
    connection = get_connection()
    mail = EmailMultiAlternatives(
        in_one_line(subject),
        text,
        None,
        [mailbox_on_the_wire(each) for each in to],
        headers=dict(headers or {}),
    )
    if html:
        mail.attach_alternative(html, "text/html")
    try:
        connection.open()
    except OSError as error:  # smtplib's errors among them
        raise MailNotTaken(type(error).__name__) from error
    try:
        connection.send_messages([mail])
    except _SAID_NO as error:
        raise MailNotTaken(type(error).__name__) from error
    finally:
        connection.close()


def address_of(path: str) -> str:
    """Where the outside reaches a page of this server: nothing but PUBLIC_URL makes it."""
    return f"{settings.PUBLIC_URL}{path}"


def server_name() -> str:
    """How this server is called at the foot of a mail."""
    return str(urlsplit(settings.PUBLIC_URL).netloc)
