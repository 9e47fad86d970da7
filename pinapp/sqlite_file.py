"""The file in which versions before PostgreSQL alone kept their data, read for the last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model

_ALIAS: Final = "sqlite_file"
_Node = tuple[str, str]
_AT_ONCE: Final = 500
"""Rows in one INSERT."""


class CannotCarryOver(Exception):
    """The file's data cannot be carried over; the text says why and what to do."""


def has_tables() -> bool:
    """Tell whether PinApp's database has been filled with anything yet."""
    return bool(connection.introspection.table_names())


def carry_over(file: Path) -> dict[str, int]:
    """Copy every table of the file into the empty database; returns the rows of each.

    The database is first brought to where the file's own migrations ended, so that the columns are
    the same, and the triggers, which come after a migration, are not there yet. All in one
    transaction: afterwards the data are there to the row, or nothing is. Still to be migrated.
    Raises CannotCarryOver.
    """
    if not file.is_file():
        raise CannotCarryOver(f"There is no file {file}.")
    if has_tables():
        raise CannotCarryOver(
            "The database has tables already, and nothing is written over. Give DATABASE_URL an "
            "empty one; that of `make run` is emptied by moving var/postgres away."
        )
    source = _open(file)
    try:
        with transaction.atomic():
            return _copy_all(source)
    finally:
        source.close()
        del connections[_ALIAS]
        del connections.databases[_ALIAS]


def _open(file: Path) -> BaseDatabaseWrapper:
    connections.databases[_ALIAS] = {
        **connections.databases["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{file.resolve().as_uri()}?mode=ro",
        "OPTIONS": {"uri": True},
    }
    return connections[_ALIAS]


def _copy_all(source: BaseDatabaseWrapper) -> dict[str, int]:
    executor = MigrationExecutor(connection)
    applied = set(MigrationRecorder(source).applied_migrations())
    if not applied:
        raise CannotCarryOver("The file holds none of PinApp's tables.")
    if unknown := sorted(applied - set(executor.loader.graph.nodes)):
        names = ", ".join(".".join(node) for node in unknown)
        raise CannotCarryOver(f"The file is of a version that this one does not know: {names}.")
    targets = sorted(_last_of_each_app(applied, executor))
    executor.migrate(targets)
    models = executor.loader.project_state(targets).apps.get_models(include_auto_created=True)
    managed = [model for model in models if model._meta.managed and not model._meta.proxy]  # noqa: SLF001
    with connection.cursor() as cursor:
        tables = ", ".join(connection.ops.quote_name(_table(model)) for model in managed)
        # What a migration has written itself is in the file as well.
        cursor.execute(f"TRUNCATE {tables}")
        counts = {_table(model): _copy(model, source, cursor) for model in managed}
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in connection.ops.sequence_reset_sql(no_style(), managed):
            cursor.execute(statement)
    return counts


def _last_of_each_app(applied: set[_Node], executor: MigrationExecutor) -> list[_Node]:
    nodes = executor.loader.graph.node_map
    return [
        node
        for node in applied
        if not any(
            child.key in applied and child.key[0] == node[0] for child in nodes[node].children
        )
    ]


def _copy(model: type[Model], source: BaseDatabaseWrapper, cursor: Any) -> int:
    fields = [
        field
        for field in model._meta.local_concrete_fields  # noqa: SLF001 - Django documents it
        if not field.generated
    ]
    rows = model._base_manager.using(_ALIAS)  # noqa: SLF001 - likewise
    found = rows.values_list(*(field.attname for field in fields)).iterator(chunk_size=_AT_ONCE)
    table = connection.ops.quote_name(_table(model))
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 - our own names
    for batch in _batches(found):
        cursor.executemany(statement, [_prepared(row, fields) for row in batch])
    expected = _count(source, table)
    written = _count(connection, table)
    if written != expected:
        raise CannotCarryOver(f"{table} has {expected} rows in the file, and {written} came over.")
    return written


def _prepared(row: Sequence[Any], fields: Sequence[Field[Any, Any]]) -> list[Any]:
    return [
        field.get_db_prep_save(value, connection) for value, field in zip(row, fields, strict=True)
    ]


def _batches(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch


def _count(database: BaseDatabaseWrapper, table: str) -> int:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own name
        return int(cursor.fetchone()[0])


def _table(model: type[Model]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001 - Django documents it
