"""The project's own app: home page, demo, commands."""

from django.apps import AppConfig


class PinAppConfig(AppConfig):
    name = "pinapp"
    verbose_name = "PinApp"

    def ready(self) -> None:
        from pinapp import checks, notifications  # noqa: F401, PLC0415 - both need the registry
