"""The project's own app: home page, demo, commands."""

from django.apps import AppConfig


class PinAppConfig(AppConfig):
    name = "pinapp"
    verbose_name = "PinApp"

    def ready(self) -> None:
        from pinapp import checks  # noqa: F401, PLC0415 - it needs the registry
