"""Keys in addresses stay out of the log."""

import logging
import sys

import pytest

from pinapp.logs import AddressFilter, RefusalFilter


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


@pytest.mark.parametrize(("level", "lines"), [(logging.WARNING, 1), (logging.ERROR, 5)])
def test_a_refusal_is_one_line_and_a_failure_has_its_traceback(level: int, lines: int) -> None:
    try:
        int("an editor is needed")
    except ValueError:
        failure = sys.exc_info()
    record = logging.LogRecord(
        "django.request", level, "", 1, "Forbidden: %s", ("/pins/new",), failure
    )
    assert RefusalFilter().filter(record)
    written = logging.Formatter("%(message)s").format(record)
    assert len(written.splitlines()) == lines
