"""The second step's secrets are sealed to their person's row, and rotated with the tokens' keys."""

from __future__ import annotations

import importlib
import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from tests.accounts.test_people import code_of
from tests.accounts.test_sealing import new_key

migration = importlib.import_module("accounts.migrations.0003_seal_second_steps")


@pytest.fixture
def secret(owner: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(owner, secret)
    RecoveryCodes.activate(owner)
    return secret


def stored() -> str:
    """What a backup of the table holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator ORDER BY id")
        return json.dumps(cursor.fetchall(), default=str)


def authenticator(user: User, kind: str = "totp") -> Authenticator:
    return Authenticator.objects.get(user=user, type=kind)


def codes(user: User) -> list[str]:
    return RecoveryCodes(authenticator(user, "recovery_codes")).get_unused_codes()


def write_in_clear(user: User, kind: str, **data: object) -> None:
    Authenticator.objects.filter(user=user, type=kind).update(data=data)


def test_no_secret_lies_in_clear(owner: User, secret: str) -> None:
    assert secret not in stored()
    assert stored().count("v1.") == 2


def test_codes_work_as_before(owner: User, secret: str) -> None:
    assert not TOTP(authenticator(owner)).validate_code("000000")
    assert TOTP(authenticator(owner)).validate_code(code_of(secret))
    first, second, *_ = codes(owner)
    recovery = RecoveryCodes(authenticator(owner, "recovery_codes"))
    assert recovery.validate_code(first)
    assert not recovery.validate_code(first)
    assert codes(owner)[0] == second


def test_the_secret_of_another_is_refused(owner: User, editor: User, secret: str) -> None:
    TOTP.activate(editor, generate_totp_secret())
    write_in_clear(owner, "totp", secret=str(authenticator(editor).data["secret"]))
    with pytest.raises(ValidationError, match="can't be read on this server"):
        TOTP(authenticator(owner)).validate_code("000000")


def test_a_secret_that_somebody_wrote_in_clear_is_refused(owner: User, secret: str) -> None:
    known = generate_totp_secret()
    write_in_clear(owner, "totp", secret=known)
    with pytest.raises(ValidationError):
        TOTP(authenticator(owner)).validate_code(code_of(known))


def test_what_lay_in_clear_before_is_sealed_by_the_migration(owner: User, secret: str) -> None:
    known, seed = generate_totp_secret(), RecoveryCodes.generate_seed()
    write_in_clear(owner, "totp", secret=known)
    write_in_clear(owner, "recovery_codes", seed=seed, used_mask=1)
    migration.seal(apps, None)
    assert known not in stored()
    assert seed not in stored()
    assert TOTP(authenticator(owner)).validate_code(code_of(known))
    assert len(codes(owner)) == 9  # one of ten was used


def test_a_rotation_seals_them_with_the_newest_key(settings, owner: User, secret: str) -> None:
    old, newest = settings.TOKEN_KEYS, new_key()
    settings.TOKEN_KEYS = [newest, *old]
    call_command("rotate_token_keys")
    settings.TOKEN_KEYS = [newest]
    assert TOTP(authenticator(owner)).validate_code(code_of(secret))
    assert codes(owner)


def test_a_rotation_counts_what_it_sealed(settings, capsys, owner: User, secret: str) -> None:
    def rotate() -> str:
        settings.TOKEN_KEYS = [new_key(), *settings.TOKEN_KEYS]
        call_command("rotate_token_keys")
        return capsys.readouterr().out

    none = "Resealed the tokens of 0 connections."
    assert rotate() == f"{none} Resealed 2 second steps.\n"
    authenticator(owner, "recovery_codes").delete()
    assert rotate() == f"{none} Resealed 1 second step.\n"


def test_a_rotation_names_whose_secret_no_key_opens(settings, owner: User, secret: str) -> None:
    settings.TOKEN_KEYS = [new_key()]
    with pytest.raises(CommandError, match=f"The second step of {owner}"):
        call_command("rotate_token_keys")


def test_signing_in_says_what_is_wrong_when_the_key_is_lost(
    settings, client, owner: User, secret: str
) -> None:
    owner.set_password("four-unrelated-words")
    owner.save()
    client.post("/accounts/login/", {"login": owner.email, "password": "four-unrelated-words"})
    settings.TOKEN_KEYS = [new_key()]
    page = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert page.status_code == 200
    assert "can’t be read on this server" in page.content.decode().replace("&#x27;", "’")
