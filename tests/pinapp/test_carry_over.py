"""What an earlier version kept in an SQLite file comes over to PostgreSQL, to the row."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.application import ROOT
from tests.servers import database_url

AT = datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC)
PIN = uuid.UUID("0190f000-0000-7000-8000-000000000001")
OLGA = uuid.UUID("0190f000-0000-7000-8000-000000000003")
CLAY = uuid.UUID("0190f000-0000-7000-8000-000000000002")


@pytest.fixture
def file(tmp_path: Path, django_db_blocker) -> Path:
    """A file as the version of today would have written it, with a person, a workspace, a Pin."""
    path = tmp_path / "db.sqlite3"
    connections.databases["former"] = {
        **connections.databases["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {},
    }
    with django_db_blocker.unblock():
        former = connections["former"]
        loader = MigrationLoader(None)
        nodes = loader.graph.leaf_nodes()
        apps = loader.project_state(nodes).apps
        with former.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)
        recorder = MigrationRecorder(former)
        recorder.ensure_schema()
        for app, name in loader.graph.nodes:
            recorder.record_applied(app, name)
        user = apps.get_model("accounts", "User").objects.using("former")
        olga = user.create(pk=OLGA, email="olga@clay.example", password="!", is_active=True)
        addresses = apps.get_model("account", "EmailAddress").objects.using("former")
        addresses.create(pk=7, user=olga, email="olga@clay.example")
        workspace = apps.get_model("accounts", "Workspace").objects.using("former")
        clay = workspace.create(pk=CLAY, name="Clay", time_zone="Europe/Berlin")
        pins = apps.get_model("publishing", "Pin").objects.using("former")
        pins.create(
            pk=PIN, workspace=clay, created_by=olga, title="Böwl", status="draft", scheduled_at=AT
        )
        former.close()
    del connections["former"]
    del connections.databases["former"]
    return path


def carry_over(file: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "carry_over_sqlite", str(file)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_rows_come_over_as_they_were_and_the_next_ones_get_new_numbers(file: Path) -> None:
    url = database_url("carried")
    done = carry_over(file, url)
    assert done.returncode == 0, done.stderr
    assert "4 rows of 4 tables were carried over" in done.stdout
    with psycopg.connect(url) as database:
        (row,) = database.execute(
            "SELECT id, title, workspace_id, created_by_id, scheduled_at FROM publishing_pin"
        ).fetchall()
        assert row == (PIN, "Böwl", CLAY, OLGA, AT)
        ((number,),) = database.execute(
            "SELECT nextval(pg_get_serial_sequence('account_emailaddress', 'id'))"
        ).fetchall()
        assert number == 8
        triggers = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'publishing_pin_%%'"
        assert database.execute(triggers, []).fetchall()[0][0] > 1

    again = carry_over(file, url)
    assert again.returncode == 1
    assert "The database has tables already, and nothing is written over." in again.stderr


def test_a_file_of_another_program_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    url = database_url("carried_nothing")
    (tmp_path / "empty.sqlite3").touch()
    done = carry_over(tmp_path / "empty.sqlite3", url)
    assert done.returncode == 1
    assert "The file holds none of PinApp's tables." in done.stderr
    with psycopg.connect(url) as database:
        question = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        assert database.execute(question).fetchone() == (0,)
