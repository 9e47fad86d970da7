"""Inviting people into a workspace by e-mail."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.mails import address_of, send, server_name
from accounts.models import Invitation, Membership, User, Workspace
from accounts.notifications.own_kinds import MEMBER_JOINED
from accounts.policy import (
    INVITATION_LIFETIME,
    INVITATIONS_COUNTED_FOR,
    InvitationCounts,
    Role,
    invitation_is_open,
    refused_invitation,
)
from accounts.services.events import Happening, record
from foundation.names import in_a_mail, in_one_line

logger = logging.getLogger(__name__)


class InvitationRefused(Exception):
    """The invitation can't be made or accepted; the text says why and what to do."""


def invite(*, workspace: Workspace, by: User, email: str, role: Role, now: datetime) -> Invitation:
    """Send an invitation; a newer one to the same address replaces the older.

    Raises InvitationRefused when the person is a member already, when too many were sent, or no
    mail could be: then an older invitation works as before.
    """
    email = email.strip().lower()
    if workspace.memberships.filter(user__email=email).exists():
        raise InvitationRefused(f"{email} is a member already.")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        # Two invitations to one address at the same moment would both be the only open one, and
        # two of one person's would both be the last that may be sent.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        User.objects.select_for_update().get(pk=by.pk)
        _refuse_too_many(workspace=workspace, by=by, email=email, now=now)
        older = workspace.invitations.filter(email=email, accepted_at=None, revoked_at=None)
        replaced = list(older.values_list("pk", flat=True))
        older.update(revoked_at=now)
        invitation = Invitation.objects.create(
            workspace=workspace,
            email=email,
            role=role,
            token_hash=hash_token(token),
            invited_by=by,
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
    try:
        _send(invitation=invitation, token=token)
    except OSError as error:  # smtplib's errors among them
        _forget(invitation, replaced)
        logger.warning("invitation_not_sent kind=%s", type(error).__name__)
        raise InvitationRefused(
            f"The mail to {email} could not be sent, so nobody was invited. Try again in a "
            "moment. If it stays, ask whoever runs this server to check its mail settings."
        ) from error
    return invitation


def _refuse_too_many(*, workspace: Workspace, by: User, email: str, now: datetime) -> None:
    sent = Invitation.objects.filter(created_at__gt=now - INVITATIONS_COUNTED_FOR)
    to_mailbox = sent.filter(_same_mailbox(email))
    counts = InvitationCounts(
        to_address_from_workspace=to_mailbox.filter(workspace=workspace).count(),
        to_address=to_mailbox.count(),
        by_person=sent.filter(invited_by=by).count(),
        from_workspace=sent.filter(workspace=workspace).count(),
    )
    if refusal := refused_invitation(counts, email=email):
        logger.warning("invitation_bounded workspace=%s by=%s", workspace.pk, by.pk)
        raise InvitationRefused(refusal)


def _same_mailbox(email: str) -> Q:
    """Invitations to whoever reads `email`: what follows a "+" is a mark of the sender's own."""
    name, _, domain = email.rpartition("@")
    plain = name.partition("+")[0] or name
    return Q(email=f"{plain}@{domain}") | Q(
        email__startswith=f"{plain}+", email__endswith=f"@{domain}"
    )


@transaction.atomic
def _forget(invitation: Invitation, replaced: list[UUID]) -> None:
    """Undo an invitation that nobody has got: it counts for nothing, and the older one works."""
    Workspace.objects.select_for_update().get(pk=invitation.workspace_id)
    newest = Invitation.objects.filter(pk=invitation.pk, revoked_at=None).exists()
    Invitation.objects.filter(pk=invitation.pk).delete()
    if newest:
        Invitation.objects.filter(pk__in=replaced, accepted_at=None).update(revoked_at=None)


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
        record(MEMBER_JOINED, [_joined(invitation, by)], by=by, now=now)
    return membership


def _joined(invitation: Invitation, by: User) -> Happening:
    return Happening(
        workspace_id=invitation.workspace_id,
        subject="person",
        subject_id=by.pk,
        concerns_id=invitation.invited_by_id,
        payload={"name": str(by), "place": [f"as {invitation.role}"]},
    )


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
    inviter = _named(invitation.invited_by)
    workspace = in_a_mail(invitation.workspace.name)
    context = {
        "workspace": workspace,
        "inviter": inviter,
        "role": invitation.role,
        "url": address_of(reverse("workspace_invitation", args=[token])),
        "expires_at": invitation.expires_at,
        "server": server_name(),
    }
    send(
        to=[invitation.email],
        subject=f"{inviter} invites you to {workspace} on PinApp",
        text=render_to_string("accounts/email/invitation.txt", context),
    )


def _named(person: User | None) -> str:
    """Who invites: by name, or else by the address they have confirmed."""
    if person is None:
        return ""
    return in_a_mail(person.name) or in_one_line(person.email)
