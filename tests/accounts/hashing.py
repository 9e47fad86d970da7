"""Password hashers for tests that watch how much hashing is done."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class CountingHasher(PBKDF2PasswordHasher):
    """Counts what it hashes."""

    iterations = 1000
    hashed = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt, iterations)


class SlowHasher(PBKDF2PasswordHasher):
    """As slow as passwords deserve, but for a test that waits for many of them."""

    iterations = 150_000
