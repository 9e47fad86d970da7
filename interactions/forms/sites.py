"""Forms for sites and what can be pinned there."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from accounts.validators import validate_one_line
from interactions.models import Entity, Site
from interactions.policy.marks import plain_page
from interactions.policy.origins import list_shown, read_origin
from pinterest.drafts import IMAGE_BYTES_LIMIT

MOST_ORIGINS = 20
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:[/\\]", re.IGNORECASE)


class SiteForm(forms.ModelForm[Site]):
    """A site's name, origins and rules."""

    origins = forms.CharField(
        label="Addresses of the site",
        help_text=(
            "One on each line, such as https://shop.example. What follows the host is left out; "
            "every other host, www. too, needs a line of its own."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        error_messages={
            "required": "Give the address of at least one page that shows the buttons."
        },
    )

    class Meta:
        model = Site
        fields = ["name", "origins", "consent", "tag_landing", "retention_days", "daily_limit"]
        labels = {
            "consent": "When a click is recorded",
            "tag_landing": "Mark the links of Pins, to recognise visits from them",
            "retention_days": "Days to keep interactions",
            "daily_limit": "Interactions a day at most",
        }
        help_texts = {
            "tag_landing": "Pins then lead to the page with pinapp=… in its address.",
            "retention_days": "From 1 to 750. Older ones are deleted with their evidence.",
            "daily_limit": "More than this in a day are refused: a bound against floods.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.origins:
            self.initial["origins"] = list_shown(self.instance.origins, between="\n")

    def clean_origins(self) -> list[str]:
        """The origins as browsers write them."""
        found: list[str] = []
        for line in self.cleaned_data["origins"].split():
            origin = read_origin(line)
            if origin is None or "*" in origin:
                raise forms.ValidationError(
                    f"“{line[:80]}” is no address of a site. Write it in full, as "
                    "https://shop.example; a star can't stand for several."
                )
            if origin not in found:
                found.append(origin)
        if len(found) > MOST_ORIGINS:
            raise forms.ValidationError(f"A site has at most {MOST_ORIGINS} addresses.")
        return found

    def clean_retention_days(self) -> int:
        """Within what the law's exemptions know."""
        days: int = self.cleaned_data["retention_days"]
        if not 1 <= days <= 750:
            raise forms.ValidationError("Choose from 1 to 750 days.")
        return days


class PageField(forms.CharField):
    """The address of a page as browsers read it, without the mark of who came from a Pin."""

    def clean(self, value: Any) -> str:
        """The address as it was written, but for a mark; https where no scheme is given."""
        text = super().clean(value)
        address = text if not text or _SCHEME.match(text) else f"https://{text}"
        if address and read_origin(address) is None:
            raise forms.ValidationError(
                "This is no address of a page. Write it in full, as https://shop.example/bowl."
            )
        return plain_page(address)


def page_field() -> PageField:
    """Where a Pin leads to."""
    return PageField(
        label="Page",
        max_length=2000,
        validators=[validate_one_line],
        widget=forms.URLInput(),
        help_text="Where the Pin leads to: a page of this site.",
    )


class EntityWordsForm(forms.ModelForm[Entity]):
    """The words of an entity, and its page."""

    page_url = page_field()

    class Meta:
        model = Entity
        fields = ["title", "page_url", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"description": "Suggested for the Pin; the visitor may change it."}


class PictureForm(forms.Form):
    """A picture: a file, or the address of one."""

    image = forms.FileField(
        label="Picture",
        required=False,
        help_text="JPEG, PNG, WebP, HEIC, AVIF or GIF, up to 20 MB.",
    )
    image_url = forms.CharField(
        label="Or the picture's address",
        required=False,
        max_length=2000,
        help_text="It is fetched once, now.",
        widget=forms.URLInput(),
    )

    def clean(self) -> dict[str, Any]:
        """One picture, of a size that can be taken."""
        words = super().clean() or {}
        upload, address = words.get("image"), words.get("image_url")
        if not upload and not address and "image_url" not in self.errors:
            self.add_error("image", "Choose a picture, or give its address below.")
        if upload and (upload.size or 0) > IMAGE_BYTES_LIMIT:
            self.add_error("image", "This picture is larger than 20 MB. Save it smaller.")
        return words

    def picture(self) -> tuple[bytes | None, str]:
        """The bytes of the file or None, and the address where there is no file."""
        upload = self.cleaned_data["image"]
        return (upload.read(), "") if upload else (None, self.cleaned_data["image_url"])


class EntityForm(PictureForm):
    """A page and its picture."""

    title = forms.CharField(max_length=200, validators=[validate_one_line])
    page_url = page_field()
    description = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Suggested for the Pin; the visitor may change it.",
    )
    field_order = ("title", "page_url", "description", "image", "image_url")
