"""Stored secrets open at their own place, with a known key, unaltered; and nowhere else."""

import base64
import os
import re

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts import wire
from accounts.models import Connection
from accounts.sealing import BadKey, SealBroken, Sealer
from accounts.services.connections import disconnect_account

PLACE = "accounts_connection:1:access_token"
ELSEWHERE = "accounts_connection:2:access_token"
MOVED = f"The secret stored at {ELSEWHERE} was altered or moved."
ALTERED = f"The secret stored at {PLACE} was altered or moved."
NO_SUCH_KEY = "A stored secret was sealed with a key that TOKEN_KEYS does not hold."
HOW_TO_MAKE_A_KEY = (
    "TOKEN_KEYS must hold keys of 32 bytes in URL-safe base64. Make one with: "
    'python -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
)


def new_key(size: int = 32) -> str:
    return base64.urlsafe_b64encode(os.urandom(size)).decode()


SEALER = Sealer([new_key()])


@given(secret=st.text(), place=st.text(max_size=40))
def test_what_is_sealed_opens_again_at_its_place(secret: str, place: str) -> None:
    assert SEALER.open(SEALER.seal(secret, place=place), place=place) == secret


def test_the_same_secret_never_looks_the_same_twice() -> None:
    assert SEALER.seal("pina_1", place=PLACE) != SEALER.seal("pina_1", place=PLACE)


def test_a_secret_copied_to_another_row_or_column_is_refused() -> None:
    with pytest.raises(SealBroken, match=f"^{re.escape(MOVED)}$"):
        SEALER.open(SEALER.seal("pina_1", place=PLACE), place=ELSEWHERE)


@given(data=st.data())
def test_any_other_text_than_the_sealed_one_is_refused(data: st.DataObject) -> None:
    sealed = SEALER.seal("pina_a token", place=PLACE)
    position = data.draw(st.integers(0, len(sealed) - 1))
    character = data.draw(st.characters(max_codepoint=255).filter(lambda c: c != sealed[position]))
    replaced = sealed[:position] + character + sealed[position + 1 :]
    inserted = sealed[:position] + character + sealed[position:]
    shortened = sealed[:position]
    for other in (replaced, inserted, shortened):
        with pytest.raises(SealBroken):
            SEALER.open(other, place=PLACE)


def test_an_altered_secret_is_named_by_its_place() -> None:
    version, key, body = SEALER.seal("pina_1", place=PLACE).split(".")
    flipped = body[:20] + ("A" if body[20] != "A" else "B") + body[21:]
    with pytest.raises(SealBroken, match=f"^{re.escape(ALTERED)}$"):
        SEALER.open(f"{version}.{key}.{flipped}", place=PLACE)


def test_a_secret_of_an_unknown_key_is_refused() -> None:
    with pytest.raises(SealBroken, match=f"^{re.escape(NO_SUCH_KEY)}$"):
        SEALER.open(Sealer([new_key()]).seal("pina_1", place=PLACE), place=PLACE)


def test_the_newest_key_seals_and_older_ones_still_open() -> None:
    old, new = new_key(), new_key()
    before, during, after = Sealer([old]), Sealer([new, old]), Sealer([new])
    sealed_before = before.seal("pina_1", place=PLACE)
    sealed_during = during.seal("pina_1", place=PLACE)
    assert during.open(sealed_before, place=PLACE) == "pina_1"
    assert not during.is_current(sealed_before)
    assert during.is_current(sealed_during)
    assert after.open(sealed_during, place=PLACE) == "pina_1"


def test_a_sealer_shows_nothing_of_its_keys() -> None:
    key = new_key()
    assert repr(Sealer([key, new_key()])) == "Sealer(2 keys)"


@pytest.mark.parametrize(
    "key",
    ["", "short", new_key(16), new_key(33), "ä" * 44, "!" * 44],
    ids=["empty", "short", "16 bytes", "33 bytes", "not ASCII", "not base64"],
)
def test_the_system_check_refuses_keys_of_another_size(settings, key: str) -> None:
    settings.TOKEN_KEYS = [new_key(), key]
    problems = [error for error in run_checks() if error.id == "accounts.E001"]
    assert [str(error.msg) for error in problems] == [HOW_TO_MAKE_A_KEY]


def test_the_system_check_refuses_no_keys_at_all(settings) -> None:
    settings.TOKEN_KEYS = []
    problems = [error for error in run_checks() if error.id == "accounts.E001"]
    assert [str(error.msg) for error in problems] == ["TOKEN_KEYS is empty; give at least one key."]


def test_a_key_is_never_part_of_its_own_complaint() -> None:
    with pytest.raises(BadKey) as failure:
        Sealer(["a-mistyped-but-secret-key"])
    assert str(failure.value) == HOW_TO_MAKE_A_KEY


# Rotation


def sealed_columns(connection: Connection) -> tuple[str, str]:
    connection.refresh_from_db()
    return connection.access_token_sealed, connection.refresh_token_sealed


def opened(connection: Connection) -> tuple[str, str]:
    access, refresh = sealed_columns(connection)
    sealer = wire.sealer()
    return (
        sealer.open(access, place=connection.token_place("access_token")),
        sealer.open(refresh, place=connection.token_place("refresh_token")),
    )


def test_rotation_seals_every_token_with_the_newest_key(connection, settings, capsys) -> None:
    tokens = opened(connection)
    old, new = settings.TOKEN_KEYS[0], new_key()
    settings.TOKEN_KEYS = [new, old]
    call_command("rotate_token_keys")
    assert capsys.readouterr().out == "Resealed the tokens of 1 connection.\n"
    settings.TOKEN_KEYS = [new]
    assert opened(connection) == tokens


def test_rotation_goes_on_where_it_was_interrupted(connection, settings, capsys) -> None:
    old, new = settings.TOKEN_KEYS[0], new_key()
    settings.TOKEN_KEYS = [new, old]
    call_command("rotate_token_keys")
    resealed = sealed_columns(connection)
    call_command("rotate_token_keys")
    assert capsys.readouterr().out.splitlines()[-1] == "Resealed the tokens of 0 connections."
    assert sealed_columns(connection) == resealed


def test_rotation_without_the_old_key_changes_nothing_and_says_what_to_do(
    connection, settings
) -> None:
    before = sealed_columns(connection)
    settings.TOKEN_KEYS = [new_key()]
    with pytest.raises(CommandError) as failure:
        call_command("rotate_token_keys")
    assert str(failure.value) == (
        "Resealed the tokens of 0 connections. These could not be opened: @clay-studio in Clay. "
        "Put the key that is missing back into TOKEN_KEYS and run this again; an account whose "
        "key is lost has to be reconnected."
    )
    assert sealed_columns(connection) == before


def test_one_broken_row_does_not_keep_the_others_on_the_old_key(
    connection, connect, workspace, sandbox, settings, capsys
) -> None:
    other = connect(workspace, sandbox.add_account("tile-house"))
    Connection.objects.filter(pk=connection.pk).update(
        access_token_sealed=other.access_token_sealed
    )
    tokens = opened(other)
    old, new = settings.TOKEN_KEYS[0], new_key()
    settings.TOKEN_KEYS = [new, old]
    with pytest.raises(CommandError, match=r"^Resealed the tokens of 1 connection\. These could"):
        call_command("rotate_token_keys")
    settings.TOKEN_KEYS = [new]
    assert opened(other) == tokens


def test_rotation_leaves_disconnected_accounts_alone(connection, owner, capsys) -> None:
    disconnect_account(connection=connection, by=owner)
    call_command("rotate_token_keys")
    assert capsys.readouterr().out == "Resealed the tokens of 0 connections.\n"
