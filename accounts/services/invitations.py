"""Inviting people into a workspace by e-mail."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, Membership, User, Workspace
from accounts.policy import INVITATION_LIFETIME, Role, invitation_is_open


class InvitationRefused(Exception):
    """The invitation can't be made or accepted; the text says why and what to do."""


def invite(*, workspace: Workspace, by: User, email: str, role: Role, now: datetime) -> Invitation:
    """Send an invitation; a newer one to the same address replaces the older.

    Raises InvitationRefused when the person is a member already.
    """
    email = email.strip().lower()
    if workspace.memberships.filter(user__email=email).exists():
        raise InvitationRefused(f"{email} is a member already.")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
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
        transaction.on_commit(partial(_send, invitation=invitation, token=token))
    return invitation


def revoke(*, invitation: Invitation, now: datetime) -> None:
    """Take an invitation back; its link stops working."""
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])


def accept(*, invitation: Invitation, by: User, now: datetime) -> Membership:
    """Join the workspace. Raises InvitationRefused."""
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        _refuse_unless_open(invitation, now=now)
        if by.email.lower() != invitation.email:
            raise InvitationRefused(
                f"This invitation was sent to {invitation.email}. Sign in with that address, "
                "or ask for an invitation to yours."
            )
        membership, _ = Membership.objects.get_or_create(
            workspace=invitation.workspace, user=by, defaults={"role": invitation.role}
        )
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
    return membership


def hash_token(token: str) -> str:
    """What is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_unless_open(invitation: Invitation, *, now: datetime) -> None:
    if not invitation_is_open(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        revoked_at=invitation.revoked_at,
        now=now,
    ):
        raise InvitationRefused(
            "This invitation is no longer valid. Ask the person who sent it for a new one."
        )


def _send(*, invitation: Invitation, token: str) -> None:
    path = reverse("workspace_invitation", args=[token])
    context = {
        "workspace": invitation.workspace.name,
        "inviter": str(invitation.invited_by),
        "role": invitation.role,
        "url": f"{settings.PUBLIC_URL}{path}",
        "expires_at": invitation.expires_at,
    }
    send_mail(
        f"{context['inviter']} invites you to {context['workspace']} on PinApp",
        render_to_string("accounts/email/invitation.txt", context),
        None,
        [invitation.email],
    )
