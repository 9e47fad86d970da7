"""An answer as it came over the wire, before anyone believes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

_SECRET: Final = re.compile(
    r"\bpin[a-z]_[\w.\-]+"
    r"|\b(?:Bearer|Basic)\s+\S+"
    r"""|\b(?:access_token|refresh_token|client_secret|app_secret|token|code)["']?\s*[=:]\s*["']?[^\s"'&,}]{6,}""",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_DETAIL_CHARS: Final = 300
_RID: Final = re.compile(r"[\w.:\-]{1,64}")


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """Status, headers and body of one answer. The body may hold tokens, so `repr` leaves it out."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300

    @property
    def rid(self) -> str | None:
        """Pinterest's request id (`x-pinterest-rid`), or None when absent or odd."""
        match = _RID.fullmatch(self.header("x-pinterest-rid") or "")
        return match.group() if match else None

    def header(self, name: str) -> str | None:
        """Return a header whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)

    def json(self) -> Any:
        """Decode the body; None when it is not JSON."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def fields(self) -> dict[str, Any]:
        """Return the body's JSON object; empty when it is anything else."""
        body = self.json()
        return body if isinstance(body, dict) else {}

    def code(self) -> int | None:
        """Pinterest's own error number, which is not the HTTP status."""
        code = self.fields().get("code")
        if isinstance(code, str) and re.fullmatch(r"\d{1,9}", code, re.ASCII):
            return int(code)
        return code if isinstance(code, int) and not isinstance(code, bool) else None

    def text(self) -> str:
        """Pinterest's own words, redacted and shortened; empty for a success."""
        return "" if self.is_success else redact(self.words())

    def sentence(self) -> str:
        """What Pinterest itself says of a refusal, redacted and shortened; empty when it says
        nothing in words of its API, such as a page of a proxy before it."""
        fields = self.fields()
        said = fields.get("message") or fields.get("error_description")
        return redact(said) if isinstance(said, str) and not self.is_success else ""

    def words(self) -> str:
        """Everything the answer says in words, secrets included: for matching, never to show."""
        fields = self.fields()
        said = [fields.get(key) for key in ("message", "message_detail", "error_description")]
        spoken = " ".join(part for part in said if isinstance(part, str) and part)
        return spoken or _TAG.sub(" ", self.body[:20_000].decode("utf-8", "replace"))


def redact(text: str) -> str:
    """Take credentials and control characters out of a foreign text and shorten it."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    clean = " ".join(_SECRET.sub("[hidden]", printable).split())
    return clean if len(clean) <= _DETAIL_CHARS else f"{clean[: _DETAIL_CHARS - 1]}…"
