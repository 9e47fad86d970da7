"""Forms for bringing lists of pages along."""

from __future__ import annotations

from typing import Any

from django import forms

from interactions.policy.entity_lists import FILE_LIMIT
from interactions.policy.origins import read_origin


class PageListForm(forms.Form):
    """A CSV file, or the address of a sitemap."""

    sitemap = forms.CharField(
        label="The sitemap's address",
        required=False,
        max_length=2000,
        widget=forms.URLInput(),
        help_text="Often https://shop.example/sitemap.xml; an index of sitemaps is followed.",
    )
    file = forms.FileField(
        label="Or a CSV file",
        required=False,
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text="Up to 5 MB and 2,000 rows; commas, semicolons or tabs.",
    )

    def clean_sitemap(self) -> str:
        """An address in full, or nothing."""
        address: str = self.cleaned_data["sitemap"].strip()
        if address and read_origin(address) is None:
            raise forms.ValidationError(
                "This is no address. Write it in full, as https://shop.example/sitemap.xml."
            )
        return address

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given = super().clean() or {}
        file, sitemap = given.get("file"), given.get("sitemap")
        if self.errors:
            return given
        if file and sitemap:
            self.add_error("sitemap", "Give the sitemap or a file, not both.")
        elif not file and not sitemap:
            self.add_error("sitemap", "Give the sitemap's address, or choose a file below.")
        elif file and (file.size or 0) > FILE_LIMIT:
            self.add_error("file", "This file has more than 5 MB. Split it into several files.")
        return given
