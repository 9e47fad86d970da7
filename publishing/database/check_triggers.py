"""Triggers that make a Pin forget what was seen of it, once that has changed.

Whoever writes a board, a link or a time, in one row or in a thousand, by Django or by hand: the
signs and warnings of what it replaces are gone in the same statement, and the Pin is looked at
again. Written from the policy (policy/signs.py), and made anew after each migration.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import connections

from publishing.choices.statuses import MOVING, PinStatus
from publishing.choices.warnings import WarningKind
from publishing.pins.policy.preflight import ACCOUNT, BOARD, LINK, ORIGIN, PICTURE, SECTION
from publishing.pins.policy.signs import FORGETTINGS, Forgetting, Sign

_PLANNED_ANEW: Final = Forgetting("plan", ("status",), tuple(Sign), frozenset(WarningKind))
"""A Pin that was at rest, as a draft or on hold, may have lain there for long."""

_AT_REST: Final = sorted(set(PinStatus) - MOVING - {PinStatus.SCHEDULED})
_OF_SLIDES: Final = (Sign.LINK, Sign.PICTURE)
_OF_ACCOUNT: Final = (Sign.ACCOUNT, Sign.BOARD)


def install_forgetting(*, using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: put the triggers of the present policy in place."""
    database = connections[using]
    tables = {"publishing_trustedhost", "publishing_pinwarning", "accounts_connection"}
    if not tables <= set(database.introspection.table_names()):
        return  # migrated back, or not this far yet
    with database.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement)


def _columns(signs: Iterable[Sign]) -> list[str]:
    return ["preflighted_at", *(f"{sign}_looked_at" for sign in signs)]


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


def _pin_trigger(forgetting: Forgetting) -> str:
    """The trigger of one forgetting."""
    name = f"publishing_pin_forgets_{forgetting.name}"
    kinds, of = _quoted(forgetting.kinds), ", ".join(forgetting.columns)
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in forgetting.columns)
    if forgetting is _PLANNED_ANEW:
        changed = f"NEW.status = 'scheduled' AND OLD.status IN ({_quoted(_AT_REST)})"
    cleared = _columns(forgetting.signs)
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$
BEGIN
    {" ".join(f"NEW.{column} := NULL;" for column in cleared)}
    DELETE FROM publishing_pinwarning WHERE pin_id = NEW.id AND kind IN ({kinds});
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OF {of} ON publishing_pin
    FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION {name}();
"""  # noqa: S608 - made of the policy's own words


def _forget(signs: tuple[Sign, ...], kinds: frozenset[WarningKind], *, of: str) -> str:
    """Two statements for the Pins `of` a condition."""
    columns = _columns(signs)
    known = " OR ".join(f"{column} IS NOT NULL" for column in columns)
    return f"""
    DELETE FROM publishing_pinwarning WHERE kind IN ({_quoted(kinds)})
        AND pin_id IN (SELECT id FROM publishing_pin WHERE {of});
    UPDATE publishing_pin SET {", ".join(f"{column} = NULL" for column in columns)}
        WHERE {of} AND ({known});
"""  # noqa: S608 - made of the policy's own words


def _of_slide(row: str) -> str:
    kinds = LINK | PICTURE | ORIGIN
    return _forget(_OF_SLIDES, kinds, of=f"id = {row}.pin_id")


_ACCOUNT_KINDS: Final = ACCOUNT | BOARD | SECTION
_FORGET_ACCOUNT: Final = _forget(
    _OF_ACCOUNT, _ACCOUNT_KINDS, of="connection_id = NEW.id AND status = 'scheduled'"
)
_BY_SLIDE, _BY_ACCOUNT = "publishing_slide_is_seen_anew", "publishing_account_is_seen_anew"

_STATEMENTS: Final = (
    *(_pin_trigger(each) for each in (*FORGETTINGS, _PLANNED_ANEW)),
    f"""
CREATE OR REPLACE FUNCTION {_BY_SLIDE}() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN {_of_slide("OLD")} ELSE {_of_slide("NEW")} END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {_BY_SLIDE} AFTER INSERT OR UPDATE OR DELETE ON publishing_slide
    FOR EACH ROW EXECUTE FUNCTION {_BY_SLIDE}();
CREATE OR REPLACE FUNCTION {_BY_ACCOUNT}() RETURNS trigger AS $$
BEGIN
    {_FORGET_ACCOUNT}
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {_BY_ACCOUNT} AFTER UPDATE OF status ON accounts_connection
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION {_BY_ACCOUNT}();
""",
)
