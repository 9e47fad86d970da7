"""Triggers that keep evidence as it was written. Made anew after each migration (see apps)."""

from __future__ import annotations

from typing import Any

from django.db import connections

_NAME = "interactions_evidence_stays"
# Not `crawler` and `said_by`: they are emptied when an address or a person is forgotten.
_FIXED = "interaction_id, kind, at, method, user_agent, address_key, verdict, ptr, about_id, detail"

_TRIGGER = f"""
CREATE OR REPLACE FUNCTION {_NAME}() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Evidence is never changed.'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{_NAME}';
END
$$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {_NAME} BEFORE UPDATE OF {_FIXED} ON interactions_evidence
    FOR EACH ROW EXECUTE FUNCTION {_NAME}();
"""


def install_guards(*, using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: put the triggers in place."""
    database = connections[using]
    if "interactions_evidence" not in database.introspection.table_names():
        return  # migrated back, or not this far yet
    with database.cursor() as cursor:
        cursor.execute(_TRIGGER)
