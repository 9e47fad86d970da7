"""Inviting people into a workspace by e-mail."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, Membership, User, Workspace
from accounts.policy import INVITATION_LIFETIME, Role, invitation_is_open

logger = logging.getLogger(__name__)


class InvitationRefused(Exception):
    """The invitation can't be made or accepted; the text says why and what to do."""


def invite(*, workspace: Workspace, by: User, email: str, role: Role, now: datetime) -> Invitation:
    """Send an invitation; a newer one to the same address replaces the older.

    Raises InvitationRefused when the person is a member already, or no mail could be sent.
    """
    email = email.strip().lower()
    if workspace.memberships.filter(user__email=email).exists():
        raise InvitationRefused(f"{email} is a member already.")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        # Two invitations to one address at the same moment would both be the only open one.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        workspace.invitations.filter(email=email, accepted_at=None, revoked_at=None).update(
            revoked_at=now
        )
        invitation = Invitation.objects.create(
            workspace=workspace,
            email=email,
            role=role,
            token_hash=hash_token(token),
            invited_by=by,
            expires_at=now + INVITATION_LIFETIME,
        )
    try:
        _send(invitation=invitation, token=token)
    except OSError as error:  # smtplib's errors among them
        revoke(invitation=invitation, now=now)
        logger.warning("invitation_not_sent kind=%s", type(error).__name__)
        raise InvitationRefused(
            f"The mail to {email} could not be sent, so nobody was invited. Try again in a "
            "moment. If it stays, ask whoever runs this server to check its mail settings."
        ) from error
    return invitation


def revoke(*, invitation: Invitation, now: datetime) -> None:
    """Take an invitation back; its link stops working."""
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])


def accept(*, invitation: Invitation, by: User, now: datetime) -> Membership:
    """Join the workspace. Raises InvitationRefused."""
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        refuse_unless_acceptable(invitation=invitation, by=by, now=now)
        membership, _ = Membership.objects.get_or_create(
            workspace=invitation.workspace, user=by, defaults={"role": invitation.role}
        )
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
    return membership


def hash_token(token: str) -> str:
    """What is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def refuse_unless_acceptable(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Check whether `by` may accept now. Raises InvitationRefused."""
    if not invitation_is_open(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        revoked_at=invitation.revoked_at,
        now=now,
    ):
        raise InvitationRefused(
            "This invitation is no longer valid. Ask the person who sent it for a new one."
        )
    # Any confirmed address will do: a person may have several, and sign in with each.
    theirs = EmailAddress.objects.filter(user=by, email__iexact=invitation.email, verified=True)
    if not theirs.exists():
        raise InvitationRefused(
            f"This invitation was sent to {invitation.email}. Sign in with that address, "
            "or ask for an invitation to yours."
        )


def _send(*, invitation: Invitation, token: str) -> None:
    path = reverse("workspace_invitation", args=[token])
    context = {
        "workspace": invitation.workspace.name,
        "inviter": str(invitation.invited_by or ""),
        "role": invitation.role,
        "url": f"{settings.PUBLIC_URL}{path}",
        "expires_at": invitation.expires_at,
        "server": urlsplit(settings.PUBLIC_URL).netloc,
    }
    subject = f"{context['inviter']} invites you to {context['workspace']} on PinApp"
    send_mail(
        # Names may hold line breaks, which a header may not.
        " ".join(subject.split()),
        render_to_string("accounts/email/invitation.txt", context),
        None,
        [invitation.email],
    )
