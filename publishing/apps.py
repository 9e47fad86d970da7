"""The publishing app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Publishing"

    def ready(self) -> None:
        from health.sources import register  # noqa: PLC0415 - likewise
        from publishing import notifications, receivers  # noqa: F401, PLC0415 - both need the registry
        from publishing.forgetting import install_forgetting  # noqa: PLC0415 - likewise
        from publishing.guards import install_guards  # noqa: PLC0415 - likewise
        from publishing.selectors.health import PublishingSource  # noqa: PLC0415 - likewise
        from publishing.stored import install_functions  # noqa: PLC0415 - likewise
        from publishing.views import subjects  # noqa: F401, PLC0415 - likewise

        register(PublishingSource())
        post_migrate.connect(install_guards, sender=self)
        post_migrate.connect(install_forgetting, sender=self)
        post_migrate.connect(install_functions, sender=self)
