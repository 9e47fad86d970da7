"""The forms with which a file of Pins is brought along and mended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Connection, Workspace
from accounts.selectors import active_connections_of
from foundation.tables.spaces import trimmed
from publishing.imports.policy import bulk_csv
from publishing.pins.forms import AccountField

MENDABLE = (*bulk_csv.COLUMNS, bulk_csv.ALT_TEXT)
"""Columns that can be changed on the page of an import."""

_TOO_LARGE = "This file has {:.1f} MB; 5 MB is the most. Split it into several files."


def account_choice() -> AccountField:
    """A field that offers the accounts a workspace can publish with."""
    return AccountField(
        label="Pinterest account",
        queryset=Connection.objects.none(),
        empty_label="Choose an account",
        error_messages={"required": "Choose the account whose boards are meant."},
    )


class AccountForm(forms.Form):
    """Which account the Pins of a file are for."""

    connection = account_choice()

    def __init__(
        self, data: Any = None, files: Any = None, *, workspace: Workspace, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        accounts = self.fields["connection"]
        assert isinstance(accounts, AccountField)  # noqa: S101 - narrows for the type checker
        accounts.queryset = active_connections_of(workspace)


class UploadForm(AccountForm):
    """A file of Pins, and the account they are for."""

    file = forms.FileField(
        label="CSV file",
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={
            "required": "Choose the file with your Pins.",
            "invalid": "No file arrived. Choose it again.",
            "max_length": "The file's name is too long. Rename it and upload it again.",
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > bulk_csv.FILE_LIMIT:
            raise forms.ValidationError(_TOO_LARGE.format((file.size or 0) / 1024 / 1024))
        return file


def mended_cells(data: Any) -> dict[str, str]:
    """What a person wrote into a row's fields; a value beyond the columns is dropped."""
    cells = {
        column: trimmed(str(data[column]).replace("\x00", "").replace("\r\n", "\n"))[:10_000]
        for column in MENDABLE
        if column in data
    }
    return {**cells, bulk_csv.SURPLUS: ""}
