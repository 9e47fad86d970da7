"""A claimed Pin and all that sending it takes, read at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.db import connection as database
from django.db.models import Field, Model

from accounts.models import Connection
from publishing.models import Board, BoardSection, Media, Pin, Video

_ASIDE: Final[Mapping[str, type[Model]]] = {
    "connection": Connection,
    "board": Board,
    "section": BoardSection,
    "media": Media,
    "video": Video,
}
"""The rows read along with a Pin's, by the Pin's field that leads to each."""


@dataclass(frozen=True, slots=True)
class ClaimedPin:
    """A Pin in a worker's hand, how often it was tried, and whether all sending is stopped."""

    pin: Pin
    attempts: int
    is_stopped: bool


def claimed_pin(pin_id: str, *, app_id: str) -> ClaimedPin | None:
    """The Pin with its account, board, section, picture and video; None when it is not claimed.

    By a function of the database: neither here nor there is a statement made anew.
    """
    with database.cursor() as cursor:
        cursor.execute(_read(), [pin_id, app_id])
        row = cursor.fetchone()
    if row is None:
        return None
    number, is_stopped, *values = row
    made, begin = {}, 0
    for part, model in _parts().items():
        end = begin + len(_columns(model))
        made[part] = _make(model, values[begin:end])
        begin = end
    pin = made.pop("pin")
    if not isinstance(pin, Pin):
        raise TypeError("a row of the function begins with the Pin's own columns")
    for part, aside in made.items():
        setattr(pin, part, aside)
    return ClaimedPin(pin, attempts=number, is_stopped=is_stopped)


def make_function() -> str:
    """The statement that makes the function which reads a claimed Pin (see
    `publishing/delivery/selectors/functions.py`).

    Written for the columns that the models have now: it is made anew with each migration.
    """
    names, types, columns = [], [], []
    for part, model in _parts().items():
        for field in _fields(model):
            names.append(f"{part}__{field.column}")
            types.append(str(field.db_type(database)))
            columns.append(f'{part}."{field.column}"')
    told = ", ".join(f'"a_{name}" {type_}' for name, type_ in zip(names, types, strict=True))
    joins = "\n".join(
        f'LEFT JOIN {_options(model).db_table} {part} ON {part}.id = pin."{part}_id"'
        for part, model in _ASIDE.items()
    )
    return f"""
DROP FUNCTION IF EXISTS publishing_claimed_pin(uuid, text);
CREATE FUNCTION publishing_claimed_pin(of_pin uuid, of_app text)
RETURNS TABLE (a_number integer, is_stopped boolean, {told})
LANGUAGE plpgsql STABLE ROWS 1 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT
        coalesce((SELECT max(number) FROM publishing_attempt WHERE pin_id = of_pin), 0)::integer,
        EXISTS (SELECT 1 FROM publishing_appstop WHERE app_id = of_app),
        {", ".join(columns)}
    FROM publishing_pin pin
    {joins}
    WHERE pin.id = of_pin AND pin.status = 'claimed';
END $$;
"""  # noqa: S608 - names of our own tables and columns


@cache
def _read() -> str:
    names = [f"{part}__{name}" for part, model in _parts().items() for name in _columns(model)]
    columns = ", ".join(f'"a_{name}"' for name in names)
    return f"SELECT a_number, is_stopped, {columns} FROM publishing_claimed_pin(%s, %s)"  # noqa: S608 - as above


def _parts() -> dict[str, type[Model]]:
    return {"pin": Pin, **_ASIDE}


@cache
def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return list(_options(model).concrete_fields)


def _options(model: type[Model]) -> Any:
    return model._meta  # noqa: SLF001 - Django documents it


@cache
def _columns(model: type[Model]) -> list[str]:
    return [str(field.column) for field in _fields(model)]


@cache
def _attributes(model: type[Model]) -> list[str]:
    return [field.attname for field in _fields(model)]


@cache
def _converters(model: type[Model]) -> list[tuple[int, Any, Any]]:
    """What turns a column's value into the field's, where the two differ: place, way, column."""
    return [
        (place, convert, field.cached_col)
        for place, field in enumerate(_fields(model))
        for convert in (
            *database.ops.get_db_converters(field.cached_col),
            *field.get_db_converters(database),
        )
    ]


def _make(model: type[Model], values: Sequence[Any]) -> Model | None:
    """The row as a model's; None for one that is not there."""
    values = list(values)
    for place, convert, column in _converters(model):
        values[place] = convert(values[place], column, database)
    made = model.from_db(database.alias, _attributes(model), values)
    return None if made.pk is None else made
