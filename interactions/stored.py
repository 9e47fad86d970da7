"""The statement that writes clicks, a function of PostgreSQL, so that each session plans it once.

Made anew after each migration (decision 19 says why such statements are kept in the database).
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections

KEEP_CLICKS: Final = "SELECT * FROM interactions_keep_clicks(%s::json)"
"""Given clicks as JSON: writes those whose nonces are new, and a piece of evidence of each;
returns their ids."""

_FUNCTION: Final = """
DROP FUNCTION IF EXISTS interactions_keep_clicks(json);
CREATE FUNCTION interactions_keep_clicks(clicks json) RETURNS SETOF uuid
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT * FROM json_to_recordset(clicks) AS g(
            id uuid, site_id uuid, entity_id uuid, nonce uuid, landing uuid, page text,
            page_url text, level smallint, is_suspect boolean, at timestamptz, kind text,
            user_agent text, address_key text, origin text, policy_version smallint
        )
    ),
    made AS (
        INSERT INTO interactions_interaction (
            id, site_id, entity_id, action, nonce, landing, page, page_url, level, policy_version,
            is_abuse, is_suspect, created_at, clicked_at
        ) SELECT g.id, g.site_id, g.entity_id, 'pinit', g.nonce, g.landing, g.page, g.page_url,
            g.level, g.policy_version, false, g.is_suspect, g.at,
            CASE WHEN g.level > 0 THEN g.at END
        FROM given g ON CONFLICT DO NOTHING RETURNING interactions_interaction.id
    ),
    seen AS (
        INSERT INTO interactions_evidence (
            interaction_id, kind, at, method, user_agent, address_key, referer_origin, verdict,
            ptr, detail, policy_version, minute
        ) SELECT g.id, g.kind, g.at, 'POST', g.user_agent, g.address_key, g.origin, '', '', '',
            g.policy_version, date_trunc('minute', g.at)
        FROM given g JOIN made m ON m.id = g.id
    )
    SELECT m.id FROM made m;
END $$;
"""


def install_functions(*, using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: put the present function in place."""
    database = connections[using]
    if "interactions_evidence" not in database.introspection.table_names():
        return  # migrated back, or not this far yet
    with database.cursor() as cursor:
        cursor.execute(_FUNCTION)
