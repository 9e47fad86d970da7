"""A way in for who holds an address that somebody tries passwords for."""

from __future__ import annotations

import hashlib
import logging
from typing import Final
from urllib.parse import quote

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User

logger = logging.getLogger(__name__)

PAUSE_S: Final = 24 * 3600
"""At most one such mail to an address in so many seconds."""


def mail_way_in(*, email: str) -> None:
    """Tell the owner of an address that sign-in is slowed down, and how to get in all the same.

    Nothing happens for an address that nobody has here. Raises OSError when the mail server does
    not take the mail; then it is not counted as sent.
    """
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        return
    key = f"way-in:{hashlib.sha256(user.email.encode()).hexdigest()}"
    if not cache.add(key, "mailed", PAUSE_S):
        return
    try:
        get_adapter().render_mail("account/email/way_in", user.email, _context(user)).send()
    except OSError:
        cache.delete(key)
        raise
    logger.info("way_in_mailed user=%s", user.pk)


def _context(user: User) -> dict[str, str]:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    # As allauth makes it: ids that are UUIDs do not fit the pattern of its own address.
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return {"email": user.email, "password_reset_url": path.replace("UID-KEY", quote(key))}
