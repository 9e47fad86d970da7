"""Keeps keys that stand in addresses out of the log."""

from __future__ import annotations

import logging
import re

_KEYS = re.compile(
    r"(/workspace/invitations/|/accounts/confirm-email/|/accounts/password/reset/key/)[^/\s?]+"
)


class RefusalFilter(logging.Filter):
    """Tells a refused request in one line: a traceback says nothing of who may do what."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_refusal = record.name == "django.request" and record.levelno < logging.ERROR
        if is_refusal or record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
        return True


class AddressFilter(logging.Filter):
    """Cuts the key out of invitation, confirmation and reset links."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _KEYS.sub(r"\1…", each) if isinstance(each, str) else each for each in record.args
            )
        return True
