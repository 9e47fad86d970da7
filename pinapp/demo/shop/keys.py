"""What a publisher is given by PinApp, in a file that only this account reads."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

FILE_NAME: Final = "shop.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """The site's public key, the key it signs with, and the public key of each good by slug."""

    site: str
    key_id: str
    secret: str = field(repr=False)
    entities: dict[str, str]


def write_keys(folder: Path, keys: Keys) -> None:
    """Leave the keys where the shop finds them."""
    part = folder / f"{FILE_NAME}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as target:
        json.dump(asdict(keys), target, indent=1)
    part.replace(folder / FILE_NAME)


def read_keys(folder: Path) -> Keys | None:
    """The keys, or None where there are none that can be read."""
    try:
        return Keys(**json.loads((folder / FILE_NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None
