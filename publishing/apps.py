"""The publishing app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Publishing"

    def ready(self) -> None:
        from health.sources import register  # noqa: PLC0415 - likewise
        from publishing import receivers  # noqa: F401, PLC0415 - both need the registry
        from publishing.database.check_triggers import install_forgetting  # noqa: PLC0415 - likewise
        from publishing.database.status_triggers import install_guards  # noqa: PLC0415 - likewise
        from publishing.delivery.selectors.functions import install_functions  # noqa: PLC0415 - likewise
        from publishing.delivery.selectors.health import PublishingSource  # noqa: PLC0415 - likewise
        from publishing.pages.views import subjects  # noqa: F401, PLC0415 - likewise
        from publishing.pins import notifications  # noqa: F401, PLC0415 - both need the registry

        register(PublishingSource())
        post_migrate.connect(install_guards, sender=self)
        post_migrate.connect(install_forgetting, sender=self)
        post_migrate.connect(install_functions, sender=self)
