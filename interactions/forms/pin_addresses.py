"""Which Pin a record is."""

from __future__ import annotations

from django import forms
from django.conf import settings

from interactions.policy.pin_addresses import NoPinAddress, read_pin_address
from interactions.policy.referers import origin_of


class PinAddressForm(forms.Form):
    """The address of a Pin, of which the id is kept."""

    address = forms.CharField(
        label="The Pin's address",
        max_length=500,
        help_text="Such as https://www.pinterest.com/pin/1234567890/.",
        widget=forms.URLInput(),
        error_messages={"required": "Paste the Pin's address."},
    )

    def clean_address(self) -> str:
        """The Pin's id."""
        also = origin_of(settings.PINTEREST_OAUTH_URL)
        try:
            return read_pin_address(self.cleaned_data["address"], also=also)
        except NoPinAddress as error:
            raise forms.ValidationError(str(error)) from None
