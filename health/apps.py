"""The health app."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "health"
    verbose_name = "Health of this server"

    def ready(self) -> None:
        from health import notifications  # noqa: F401, PLC0415 - it needs the registry
