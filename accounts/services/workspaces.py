"""Workspaces and who is in them."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Membership, User, Workspace
from accounts.policy import Role, is_time_zone


class LastOwner(Exception):
    """A workspace must keep an owner."""

    def __init__(self) -> None:
        super().__init__(
            "A workspace needs an owner. Make somebody else an owner first, then try again."
        )


def create_workspace(*, by: User, name: str, time_zone: str = "UTC") -> Workspace:
    """Open a workspace with `by` as its owner."""
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name, time_zone=time_zone)
        Membership.objects.create(workspace=workspace, user=by, role=Role.OWNER)
    return workspace


def ensure_membership(*, user: User) -> Membership:
    """The first workspace of a person who has none yet is made for them."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        membership = user.memberships.select_related("workspace").order_by("created_at").first()
        if membership is None:
            create_workspace(
                by=user,
                name=f"{user.get_short_name()[:60]}'s workspace",
                time_zone=user.time_zone or "UTC",
            )
            membership = user.memberships.select_related("workspace").get()
    return membership


def update_workspace(*, workspace: Workspace, name: str, time_zone: str) -> None:
    """Rename a workspace or move it to another time zone (`time_zone`: IANA name)."""
    if not is_time_zone(time_zone):
        raise ValueError(f"{time_zone!r} is not an IANA time zone.")
    workspace.name = name
    workspace.time_zone = time_zone
    workspace.save(update_fields=["name", "time_zone"])


def change_role(*, membership: Membership, role: Role) -> None:
    """Give a member another role. Raises LastOwner."""
    with transaction.atomic():
        _keep_an_owner(membership, new_role=role)
        membership.role = role
        # Not save(), which fails for a member whom somebody else has just removed.
        Membership.objects.filter(pk=membership.pk).update(role=role)


def remove_member(*, membership: Membership) -> None:
    """Take a member out of the workspace. Raises LastOwner."""
    with transaction.atomic():
        _keep_an_owner(membership, new_role=None)
        membership.delete()


def _keep_an_owner(membership: Membership, *, new_role: Role | None) -> None:
    """Lock the workspace, so that two owners can't step down at the same moment."""
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    if new_role is Role.OWNER:
        return
    others = Membership.objects.filter(
        workspace_id=membership.workspace_id, role=Role.OWNER
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastOwner
