"""Forms for people, workspaces and invitations."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User, Workspace
from accounts.notifications.kinds import Kind, MailWay, all_kinds
from accounts.policy import Role, is_time_zone, time_zone_names

ROLE_CHOICES = [
    (Role.VIEWER.value, "Viewer: sees everything"),
    (Role.EDITOR.value, "Editor: also composes, schedules and connects accounts"),
    (Role.OWNER.value, "Owner: also manages members and settings"),
]


class TimeZoneField(forms.CharField):
    """An IANA name, offered as a list to search in."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example Europe/Berlin or America/New_York.")
        super().__init__(
            label="Time zone",
            max_length=64,
            widget=forms.TextInput(
                attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}
            ),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        zone: str = super().clean(value)
        if zone and not is_time_zone(zone):
            raise forms.ValidationError(
                f"“{zone}” is not a time zone. Choose one from the list, such as Europe/Berlin."
            )
        return zone


class WorkspaceForm(forms.ModelForm[Workspace]):
    """Name and time zone of a workspace."""

    time_zone = TimeZoneField()

    class Meta:
        model = Workspace
        fields = ["name", "time_zone"]


class ProfileForm(forms.ModelForm[User]):
    """Name and time zone of a person."""

    time_zone = TimeZoneField(
        required=False, help_text="Leave it empty to use the time zone of the workspace."
    )

    class Meta:
        model = User
        fields = ["name", "time_zone"]


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(choices=ROLE_CHOICES, initial=Role.EDITOR.value)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(choices=[(r.value, r.value.title()) for r in Role])

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class MailsForm(forms.Form):
    """Which kinds of events a person wants by mail; `wanted` is for all of them."""

    wanted = forms.BooleanField(
        label="Mail me what happens in this workspace",
        required=False,
        help_text="Switched off, everything still stands in the list of notifications.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in _mailed_kinds():
            self.fields[kind.code] = forms.BooleanField(label=kind.label, required=False)

    def kinds(self) -> dict[str, bool]:
        """The answer for each kind."""
        return {kind.code: self.cleaned_data[kind.code] for kind in _mailed_kinds()}

    def kind_fields(self) -> list[forms.BoundField]:
        """The fields of the kinds, for the page."""
        return [self[kind.code] for kind in _mailed_kinds()]


def _mailed_kinds() -> list[Kind]:
    return [kind for kind in all_kinds() if kind.mail is not MailWay.NEVER]


def time_zone_options() -> list[str]:
    """What the time zone fields suggest."""
    return time_zone_names()
