"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and connections"

    def ready(self) -> None:
        # Registers the system checks.
        # What is imported here needs the app registry.
        from allauth.mfa.models import Authenticator  # noqa: PLC0415
        from django.db.models.signals import post_init, pre_save  # noqa: PLC0415

        from accounts import checks, second_step  # noqa: F401, PLC0415
        from accounts.notifications import own_kinds, own_subjects  # noqa: F401, PLC0415

        post_init.connect(second_step.place_secrets, sender=Authenticator)
        pre_save.connect(second_step.seal_secrets, sender=Authenticator)
