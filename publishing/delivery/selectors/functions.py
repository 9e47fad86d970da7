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

BEGIN: Final = "SELECT publishing_begin(%s, %s, %s, %s, %s, %s, %s, %s)"
"""Given now, a Pin's id, when it was claimed, and an attempt's number, worker, fingerprint, board
and section: writes down that the Pin is being sent; returns the attempt's id, or NULL where that
claim is over."""

END: Final = "SELECT publishing_end(%s, %s, %s, %s, %s, %s)"
"""Given now, an attempt's id, Pinterest's id and address of the Pin made, our id of it and its
planned time: writes down that it is published. Raises IntegrityError for an id on record."""

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

DROP FUNCTION IF EXISTS publishing_begin(timestamptz, uuid, timestamptz, integer, text, text, text,
    text);
CREATE FUNCTION publishing_begin(
    of_now timestamptz, of_pin uuid, of_claim timestamptz, a_number integer, a_worker text,
    a_fingerprint text, a_board text, a_section text
) RETURNS bigint
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    made bigint;
BEGIN
    UPDATE publishing_pin SET status = 'sending', sending_since = of_now, claimed_at = NULL
    WHERE id = of_pin AND status = 'claimed' AND claimed_at = of_claim;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO publishing_attempt (
        pin_id, number, worker, fingerprint, board_id, section_id, started_at, outcome, rid, message
    ) VALUES (
        of_pin, a_number, a_worker, a_fingerprint, a_board, a_section, of_now, 'open', '', ''
    ) RETURNING id INTO made;
    RETURN made;
END $$;

DROP FUNCTION IF EXISTS publishing_end(timestamptz, bigint, text, text, uuid, timestamptz);
CREATE FUNCTION publishing_end(
    of_now timestamptz, of_attempt bigint, an_id text, a_url text, of_pin uuid,
    of_schedule timestamptz
) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- The Pin first: recovery locks the two in this order.
    UPDATE publishing_pin SET
        status = 'published', published_at = of_now, pinterest_id = an_id, pinterest_url = a_url,
        due_at = NULL, claimed_at = NULL, sending_since = NULL,
        question = '', problem = '', remedy = '', updated_at = of_now
    WHERE id = of_pin AND (
        status IN ('sending', 'uncertain')
        -- Planned to be sent once more, and not planned anew by a person.
        OR status IN ('scheduled', 'claimed') AND scheduled_at = of_schedule
    );
    UPDATE publishing_attempt SET outcome = 'published', finished_at = of_now, message = ''
    WHERE id = of_attempt AND outcome = 'open';
END $$;
"""


def install_functions(*, using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: put the present functions in place."""
    database = connections[using]
    if "publishing_appstop" not in database.introspection.table_names():
        return  # migrated back, or not this far yet
    with database.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        # Not at the top: what it reads with is made of the models.
        from publishing.delivery.selectors.claimed import make_function  # noqa: PLC0415

        cursor.execute(make_function())
