"""Make the demo person whose login `make run` prints, and lay out the demo shop."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User, Workspace
from accounts.services.workspaces import create_workspace
from pinapp.demo.shop_site import lay_out_shop


class Command(BaseCommand):
    help = "Makes the demo person, their workspace and the demo shop; leaves what is there."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO_PASSWORD:
            raise CommandError("DEMO_PASSWORD is not set; `make run` sets it.")
        user = User.objects.filter(email=settings.DEMO_EMAIL).first()
        if user is None:
            user = User.objects.create_superuser(settings.DEMO_EMAIL, name="Dana Demo")
            create_workspace(by=user, name="Demo workspace")
        if not user.check_password(settings.DEMO_PASSWORD):
            user.set_password(settings.DEMO_PASSWORD)
            user.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        workspace = Workspace.objects.filter(memberships__user=user).order_by("created_at").first()
        if settings.SHOP_URL and workspace is not None:
            lay_out_shop(
                by=user, workspace=workspace, shop_url=settings.SHOP_URL, now=timezone.now()
            )
