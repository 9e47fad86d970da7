"""Pin-it interactions: clicks on publishers' pages, verified when Pinterest fetches the picture."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = "Pin-it interactions"

    def ready(self) -> None:
        from interactions import (  # noqa: PLC0415 - need the app registry
            notifications,  # noqa: F401
            subjects,  # noqa: F401
        )
        from interactions.guards import install_guards  # noqa: PLC0415 - needs the app registry
        from interactions.stored import install_functions  # noqa: PLC0415 - likewise

        post_migrate.connect(install_guards, sender=self)
        post_migrate.connect(install_functions, sender=self)
