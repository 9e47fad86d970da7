"""Finds a Chromium to test with: the developer's, the one that npm installed, or the machine's."""

import json
import os
import platform
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
PACKED = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = ROOT / "var" / "chromium"
_SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome-headless-shell")

# Without a configuration of its own, its fonts are not found and pages render without text.
_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    executable: Path
    # Set on top of the environment when it is started.
    environment: Mapping[str, str] = field(default_factory=dict)


def find_chromium() -> Chromium | None:
    """Find a browser: CHROMIUM, else npm's (Linux on x86-64), else the machine's, else None."""
    if given := os.environ.get("CHROMIUM"):
        return Chromium(Path(given))
    if (PACKED / "bin").is_dir() and platform.system() == "Linux" and _is_x86_64():
        return _unpacked_once()
    for name in _SYSTEM_NAMES:
        if found := shutil.which(name):
            return Chromium(Path(found))
    return None


def _is_x86_64() -> bool:
    return platform.machine() in {"x86_64", "AMD64"}


def _unpacked_once() -> Chromium:
    version = json.loads((PACKED / "package.json").read_text())["version"]
    folder = UNPACKED / version
    if not folder.is_dir():
        _unpack_into(folder)
    return Chromium(
        folder / "chromium",
        {
            "LD_LIBRARY_PATH": f"{folder / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}",
            "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        },
    )


def _unpack_into(folder: Path) -> None:
    """Unpack beside `folder` and move it there in one step: workers may do this at once."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    for older in UNPACKED.glob("[0-9]*"):
        shutil.rmtree(older, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=UNPACKED) as scratch:
        fresh = Path(scratch, "fresh")
        for archive in ("al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"):
            _unpack(PACKED / "bin" / archive, fresh)
        executable = fresh / "chromium"
        executable.write_bytes(brotli.decompress((PACKED / "bin" / "chromium.br").read_bytes()))
        executable.chmod(0o755)
        (fresh / "fonts.conf").write_text(
            _FONTS_CONF.format(fonts=folder / "fonts", cache=folder / "cache")
        )
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


def _unpack(archive: Path, folder: Path) -> None:
    with tempfile.TemporaryFile() as plain:
        plain.write(brotli.decompress(archive.read_bytes()))
        plain.seek(0)
        with tarfile.open(fileobj=plain) as files:
            if hasattr(tarfile, "data_filter"):  # Debian's 3.11.2 does not have it yet
                files.extractall(folder, filter="data")
            else:
                files.extractall(folder)  # noqa: S202 - a package that npm checked by its hash
