"""One account with one board, and a visitor who may publish to it."""

import pytest

from sandbox import Sandbox
from sandbox.scopes import PUBLISHING, SECRET
from tests.sandbox.visitor import CALLBACK, Visitor, mounted_session


@pytest.fixture
def sandbox():
    sandbox = Sandbox.empty(seed=7)
    sandbox.add_app(redirect_uris=[CALLBACK])
    return sandbox


@pytest.fixture
def acme(sandbox):
    return sandbox.add_account("acme", name="Acme")


@pytest.fixture
def board(sandbox, acme):
    return sandbox.add_board(acme, "Spring")


@pytest.fixture
def session(sandbox):
    with mounted_session(sandbox) as session:
        yield session


@pytest.fixture
def sign_in(sandbox, session):
    def sign_in(account, scopes=PUBLISHING):
        return Visitor(session, sandbox.issue_token(account, scopes).authorization)

    return sign_in


@pytest.fixture
def visitor(acme, sign_in):
    return sign_in(acme)


@pytest.fixture
def insider(acme, sign_in):
    return sign_in(acme, PUBLISHING + SECRET)
