"""Sign-up that takes the same work for an address that is taken as for a new one.

An answer that comes sooner would tell who has an account here.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.forms import SignupForm
from django.db import transaction
from django.http import HttpRequest


class EvenSignupForm(SignupForm):
    """allauth's form: a taken address is signed up in vain before its holder is mailed."""

    def try_save(self, request: HttpRequest) -> Any:
        """The new person and None, or None and the answer for a taken address."""
        if self.account_already_exists:
            self._sign_up_in_vain(request)
            return super().try_save(request)
        # Twice, as below: one commit, and a savepoint in it.
        with transaction.atomic(), transaction.atomic():
            return super().try_save(request)

    def _sign_up_in_vain(self, request: HttpRequest) -> None:
        """Hash the password and write all rows as for a new address, and take them back."""
        taken = self.cleaned_data["email"]
        with transaction.atomic():
            savepoint = transaction.savepoint()
            self.account_already_exists = False
            self.cleaned_data["email"] = f"{secrets.token_hex(16)}@nobody.invalid"
            try:
                self.save(request)
            finally:
                self.cleaned_data["email"] = taken
                self.account_already_exists = True
            transaction.savepoint_rollback(savepoint)
