"""Makes rows for tests, each with only what the test does not care about filled in."""

from __future__ import annotations

import io
from typing import Any

import factory
from allauth.account.models import EmailAddress
from PIL import Image

from accounts.models import Membership, User, Workspace
from accounts.policy import Role
from pinterest.types import Account
from sandbox.records import Account as SandboxAccount


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")


class WorkspaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Workspace

    name = factory.Sequence(lambda n: f"Workspace {n}")


def member(workspace: Workspace, name: str, role: Role) -> User:
    """A person with a verified address and a place in the workspace."""
    user: User = UserFactory(email=f"{name}@example.com", name=name.title())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def wire_account(account: SandboxAccount) -> Account:
    """An account as Pinterest would tell us about it."""
    return Account(id=account.id, username=account.username, business_name=account.name)


def picture(size: tuple[int, int] = (1000, 1500), *, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a plain picture."""
    buffer = io.BytesIO()
    Image.new("RGB", size, options.pop("color", "#c96f4a")).save(buffer, kind, **options)
    return buffer.getvalue()
