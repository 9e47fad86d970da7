"""Work of the accounts app that nobody waits for."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import selectors
from accounts.services import connections, notification_mails, telling, tokens, ways_in
from accounts.services.tokens import ConnectionLost
from pinterest.errors import PinterestError

logger = logging.getLogger(__name__)


@shared_task(name="accounts.renew_ageing_tokens")
def renew_ageing_tokens() -> None:
    """Hand each connection that wants a new token to a worker."""
    for connection in selectors.connections_to_renew(now=timezone.now()):
        renew_token.delay(connection_id=str(connection.pk))


@shared_task(name="accounts.tell_people")
def tell_people() -> None:
    """Put what happened into the inboxes of those it is meant for."""
    while telling.tell(now=timezone.now()) == telling.AT_ONCE:
        pass


@shared_task(name="accounts.mail_people")
def mail_people() -> None:
    """Mail people what is in their inboxes and unread, bundled."""
    notification_mails.send_due(now=timezone.now())


@shared_task(name="accounts.forget_events")
def forget_events() -> None:
    """Delete what happened half a year ago."""
    while telling.forget_old(now=timezone.now()):
        pass


@shared_task(name="accounts.renew_token")
def renew_token(*, connection_id: str) -> None:
    """Renew one connection's token ahead of time."""
    try:
        tokens.usable_access_token(connection_id=connection_id, now=timezone.now())
    except (PinterestError, ConnectionLost) as error:
        logger.warning("token_not_renewed connection=%s %s", connection_id, error)


@shared_task(name="accounts.refresh_profiles")
def refresh_profiles() -> None:
    """Hand each profile that was last read a day ago to a worker."""
    for connection in selectors.profiles_to_refresh(before=timezone.now() - timedelta(days=1)):
        refresh_profile.delay(connection_id=str(connection.pk))


@shared_task(name="accounts.refresh_profile")
def refresh_profile(*, connection_id: str) -> None:
    """Read one account's username, name and picture again."""
    try:
        connections.refresh_profile(connection_id=connection_id, now=timezone.now())
    except (PinterestError, ConnectionLost) as error:
        logger.warning("profile_not_refreshed connection=%s %s", connection_id, error)


@shared_task(name="accounts.mail_way_in")
def mail_way_in(*, email: str) -> None:
    """Write to the owner of an address that somebody tries passwords for."""
    try:
        ways_in.mail_way_in(email=email)
    except OSError as error:
        logger.warning("way_in_not_mailed kind=%s", type(error).__name__)
