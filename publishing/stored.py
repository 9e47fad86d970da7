"""The statements of claiming, functions of PostgreSQL, so that each session plans them once.

Planning is most of what they would cost: a table with many partial indexes is slow to plan for,
and they run twice a second, due Pins or not. Made anew after each migration.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections

LOOK: Final = "SELECT * FROM publishing_due_and_in_hand(%s, %s, %s)"
"""Given now, a number and an app's id: so many due Pins of connected accounts, none while the app
is refused, and all Pins in hand; each with its account, board and status, longest due first."""

TAKE: Final = "SELECT * FROM publishing_take_in_hand(%s::uuid[], %s)"
"""Given ids and now: claims those Pins that are still due; returns their ids."""

TAKE_NEXT: Final = "SELECT * FROM publishing_take_next(%s, %s, %s, %s, %s)"
"""Given Pinterest's id of a board, now, an app's id, a number and an earlier time: claims the
board's first due Pin of a connected account and returns its id. None while the app is refused,
so many Pins are in hand or one of this board is, or nothing has been handed out since that time."""

# Rows are locked as they are found: of two schedulers, one passes over what the other has. A row
# that is locked stays where it is, so it need not be looked up a second time.
_FUNCTIONS: Final = """
DROP FUNCTION IF EXISTS publishing_due_and_in_hand(timestamptz, integer, text);
CREATE FUNCTION publishing_due_and_in_hand(of_now timestamptz, of_most integer, of_app text)
RETURNS TABLE (a_pin text, an_account text, a_board text, a_status text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT p.id::text, p.connection_id::text, p.board_id::text, p.status::text
    FROM (
        (SELECT id, connection_id, board_id, due_at, status FROM publishing_pin
         WHERE status = 'scheduled' AND due_at <= of_now ORDER BY due_at, id LIMIT of_most)
        UNION ALL
        (SELECT id, connection_id, board_id, due_at, status FROM publishing_pin
         WHERE status IN ('claimed', 'sending'))
    ) p
    JOIN accounts_connection c ON c.id = p.connection_id
    WHERE (p.status <> 'scheduled' OR c.status = 'active')
    AND NOT EXISTS (SELECT 1 FROM publishing_appstop WHERE app_id = of_app)
    ORDER BY p.due_at, p.id;
END $$;

DROP FUNCTION IF EXISTS publishing_take_in_hand(uuid[], timestamptz);
CREATE FUNCTION publishing_take_in_hand(of_pins uuid[], of_now timestamptz) RETURNS SETOF text
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    UPDATE publishing_pin SET status = 'claimed', claimed_at = of_now WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM publishing_pin
        WHERE id = ANY(of_pins) AND status = 'scheduled' AND due_at <= of_now
        FOR UPDATE SKIP LOCKED
    )) RETURNING id::text;
END $$;

DROP FUNCTION IF EXISTS publishing_take_next(text, timestamptz, text, integer, timestamptz);
CREATE FUNCTION publishing_take_next(
    of_board text, of_now timestamptz, of_app text, of_most integer, of_since timestamptz
) RETURNS SETOF text
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    of_boards bigint[] := ARRAY(SELECT id FROM publishing_board WHERE pinterest_id = of_board);
    first uuid;
BEGIN
    SELECT p.id INTO first
    FROM publishing_pin p JOIN accounts_connection c ON c.id = p.connection_id
    WHERE p.board_id = ANY(of_boards) AND p.status = 'scheduled' AND p.due_at <= of_now
    AND c.status = 'active'
    ORDER BY p.due_at, p.id LIMIT 1;
    IF first IS NULL
        OR EXISTS (SELECT 1 FROM publishing_appstop WHERE app_id = of_app)
        OR NOT EXISTS (SELECT 1 FROM publishing_handout WHERE last_at > of_since)
        OR (SELECT count(*) >= of_most OR bool_or(board_id = ANY(of_boards))
            FROM publishing_pin WHERE status IN ('claimed', 'sending'))
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    UPDATE publishing_pin SET status = 'claimed', claimed_at = of_now WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM publishing_pin
        WHERE id = first AND status = 'scheduled' AND due_at <= of_now FOR UPDATE SKIP LOCKED
    )) RETURNING id::text;
END $$;
"""


def install_functions(*, using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: put the present functions in place."""
    database = connections[using]
    if database.vendor != "postgresql":
        return
    if "publishing_appstop" not in database.introspection.table_names():
        return  # migrated back, or not this far yet
    with database.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
