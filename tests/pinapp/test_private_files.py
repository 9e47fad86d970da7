"""What this installation keeps is read by its own account alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pinapp.private_files import close_to_others
from publishing.media.services.media import store_picture
from tests.factories import picture
from tests.servers import database_url

ROOT = Path(__file__).resolve().parents[2]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_an_earlier_version_left_open_is_closed(tmp_path: Path) -> None:
    mail = tmp_path / "mail" / "one.log"
    mail.parent.mkdir()
    mail.write_text("a link that signs in")
    mail.chmod(0o644)
    outside = tmp_path.parent / "outside"
    outside.write_text("another's")
    outside.chmod(0o644)
    (tmp_path / "link").symlink_to(outside)
    close_to_others(tmp_path)
    assert (mode(tmp_path), mode(mail.parent), mode(mail)) == (0o700, 0o700, 0o600)
    assert mode(outside) == 0o644


def test_a_command_makes_files_that_others_cannot_read(tmp_path: Path) -> None:
    """Under the mask that most systems have."""
    var = tmp_path / "var"
    var.mkdir()
    script = (
        "import os, sys; os.umask(0o022); "
        "os.execv(sys.executable, [sys.executable, 'manage.py', 'prepare'])"
    )
    environment = {**os.environ, "PINAPP_VAR": str(var), "DATABASE_URL": database_url("private")}
    subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    files = [path for path in var.rglob("*") if path.is_file()]
    assert files
    assert {oct(mode(path)) for path in files} == {"0o600"}


@pytest.mark.django_db
def test_a_stored_picture_is_private(settings, workspace, owner) -> None:
    store_picture(workspace=workspace, by=owner, data=picture())
    kept = list(Path(settings.MEDIA_ROOT).rglob("*"))
    assert {oct(mode(path)) for path in kept if path.is_file()} == {"0o600"}
    assert {oct(mode(path)) for path in kept if path.is_dir()} == {"0o700"}
