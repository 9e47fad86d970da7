"""Keeps secrets out of Django's error reports, which show the local variables of every frame."""

from __future__ import annotations

import re
from types import FrameType
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import pprint
from django.views.debug import SafeExceptionReporterFilter

_SECRET_NAMES = re.compile(
    "token|secret|spent|refused|grant|auth|code|password|passwd|body|form|data|header|key|raw"
    "|cookie|session|prep",
    re.IGNORECASE,
)
# Pinterest's tokens begin so (API v5, "Authentication"), whatever the variable is called.
_SECRET_TEXT = re.compile(r"\bpin[ar]_\w|\b(?:basic|bearer) [\w+/=.-]{8}", re.IGNORECASE)


class SecretsFilter(SafeExceptionReporterFilter):
    """Hides by name and by content, and in DEBUG too: a page is easily copied into a ticket.

    Django's own filter trusts each function to declare its secrets, which the wire and the
    libraries below it cannot do.
    """

    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|BROKER|CACHES|DATABASES", re.IGNORECASE
    )

    def get_traceback_frame_variables(  # type: ignore[override]  # the stubs know one of two shapes
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> list[tuple[str, Any]]:
        """The frame's variables, with a substitute for each that is or holds a secret."""
        shown = super().get_traceback_frame_variables(request, tb_frame)
        return [(name, self._cleanse(name, value)) for name, value in shown]

    def _cleanse(self, name: str, value: Any) -> Any:
        if _SECRET_NAMES.search(name) or _holds_secret(pprint(value)):
            return self.cleansed_substitute
        return value


def _holds_secret(text: str) -> bool:
    own = [settings.PINTEREST_APP_SECRET, settings.SECRET_KEY, *settings.TOKEN_KEYS]
    return bool(_SECRET_TEXT.search(text)) or any(secret in text for secret in own if secret)
