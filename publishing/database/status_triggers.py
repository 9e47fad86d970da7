"""Triggers that refuse what a Pin's status may never do, written from the policy.

Made anew after each migration.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from publishing.choices.statuses import TRANSITIONS

_NAME = "publishing_pin_transition"
_ALLOWED = ", ".join(
    f"'{old.value}>{new.value}'" for old, news in TRANSITIONS.items() for new in sorted(news)
)

_TRIGGER = f"""
CREATE OR REPLACE FUNCTION {_NAME}() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'A Pin may not go from % to %.', OLD.status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = '{_NAME}';
END
$$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {_NAME} BEFORE UPDATE OF status ON publishing_pin
    FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN ({_ALLOWED}))
    EXECUTE FUNCTION {_NAME}();
"""


def install_guards(*, using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: put the triggers of the present policy in place."""
    database = connections[using]
    if "publishing_pin" not in database.introspection.table_names():
        return  # migrated back, or not this far yet
    with database.cursor() as cursor:
        cursor.execute(_TRIGGER)
