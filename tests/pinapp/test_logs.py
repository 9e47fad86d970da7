"""Keys in addresses stay out of the log."""

import logging

import pytest

from pinapp.logs import AddressFilter


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("/workspace/invitations/nz5s8-secret/", "/workspace/invitations/…/"),
        ("/accounts/confirm-email/Mg:abc/", "/accounts/confirm-email/…/"),
        ("/accounts/password/reset/key/1-set-password/", "/accounts/password/reset/key/…/"),
        ("/pins/new", "/pins/new"),
    ],
)
def test_a_key_is_cut_out_of_a_logged_address(address, logged):
    record = logging.LogRecord("django.request", 30, "", 1, "%s: %s", ("Conflict", address), None)
    assert AddressFilter().filter(record)
    assert record.getMessage() == f"Conflict: {logged}"
