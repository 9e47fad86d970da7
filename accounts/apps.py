"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and connections"

    def ready(self) -> None:
        # Registers the system checks.
        from accounts import checks  # noqa: F401, PLC0415 - checks need the app registry
