"""Figures of accounts, kept from the day they are connected."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = "Analytics"

    def ready(self) -> None:
        from analytics import notifications, subjects  # noqa: F401, PLC0415 - need the app registry
