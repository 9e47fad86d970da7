"""Fixtures that every app's tests share: a sandbox as Pinterest, and people to act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

from accounts import wire
from accounts.models import Connection, Membership, User, Workspace
from accounts.policy import Role
from accounts.services.connections import connect_account
from pinterest.http import open_session
from pinterest.types import TokenGrant
from sandbox.adapter import SandboxAdapter
from sandbox.records import Account
from sandbox.sandbox import DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox
from sandbox.scopes import PUBLISHING
from tests import factories

# How long an example takes says more about the machine than about the code.
hypothesis_settings.register_profile("tests", deadline=None)
hypothesis_settings.load_profile("tests")

CALLBACK = "http://testserver/connections/pinterest/callback/"
SANDBOX = "http://pinterest.test"


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PUBLIC_URL = "http://testserver"
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]


@pytest.fixture(autouse=True)
def _forget_rate_limits() -> None:
    """allauth counts sign-ins in the cache; one test's are not another's."""
    cache.clear()


@pytest.fixture
def sandbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A Pinterest in this process, with our app registered; all of our calls go there."""
    pinterest = Sandbox.empty(seed=1)
    pinterest.add_app(redirect_uris=[CALLBACK])
    settings.PINTEREST_API_URL = f"{SANDBOX}/v5"
    settings.PINTEREST_OAUTH_URL = f"{SANDBOX}/oauth/"
    settings.PINTEREST_APP_ID = DEFAULT_APP_ID
    settings.PINTEREST_APP_SECRET = DEFAULT_APP_SECRET
    app = {"client_id": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET, "key": ""}
    settings.SOCIALACCOUNT_PROVIDERS = {"pinterest": {"APPS": [app]}}
    session = open_session()
    session.mount(SANDBOX, SandboxAdapter(pinterest))
    monkeypatch.setattr(wire, "pinterest_session", lambda: session)
    yield pinterest
    session.close()


@pytest.fixture
def studio(sandbox: Sandbox) -> Account:
    """An account at Pinterest, with two boards, one of them with a section."""
    account = sandbox.add_account("clay-studio", name="Clay Studio")
    bowls = sandbox.add_board(account, "Bowls")
    sandbox.add_section(bowls, "Glazed")
    sandbox.add_board(account, "Vases")
    return account


@pytest.fixture
def workspace(db: None) -> Workspace:
    return factories.WorkspaceFactory(name="Clay", time_zone="Europe/Berlin")


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return factories.member(workspace, "olga", Role.OWNER)


@pytest.fixture
def editor(workspace: Workspace) -> User:
    return factories.member(workspace, "edda", Role.EDITOR)


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return factories.member(workspace, "vera", Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> User:
    """A member of another workspace only."""
    return factories.member(factories.WorkspaceFactory(name="Elsewhere"), "stan", Role.OWNER)


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """Signs a person in and gives their browser."""

    def signed_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return signed_in


@pytest.fixture
def connect(sandbox: Sandbox) -> Callable[..., Connection]:
    """Connects an account of the sandbox to a workspace, as the consent page would."""

    def connected(
        workspace: Workspace, account: Account, *, by: User | None = None, **grant: Any
    ) -> Connection:
        tokens = sandbox.issue_token(account, grant.pop("scopes", PUBLISHING))
        facts: dict[str, Any] = {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "expires_in": 2_592_000,
            "refresh_token_expires_in": 5_184_000,
            "scopes": frozenset(tokens.scopes),
            **grant,
        }
        member = by or Membership.objects.filter(workspace=workspace).first().user
        return connect_account(
            workspace=workspace,
            by=member,
            account=factories.wire_account(account),
            grant=TokenGrant(**facts),
            now=datetime.now(UTC),
        ).connection

    return connected


@pytest.fixture
def connection(
    connect: Callable[..., Connection], workspace: Workspace, owner: User, studio: Account
) -> Connection:
    """The studio's account, connected to the workspace."""
    return connect(workspace, studio, by=owner)
