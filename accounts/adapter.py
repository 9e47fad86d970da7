"""allauth's hooks: where an authorisation ends up, and who may sign up."""

from __future__ import annotations

import logging
import secrets
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import choose_workspace
from accounts.models import Membership, User
from accounts.policy import Role, role_allows
from accounts.provider.views import Authorisation, AuthorisationFailed
from accounts.public_links import with_public_links
from accounts.services.connections import ScopesMissing, connect_account
from accounts.signals import NextStep, account_connected
from accounts.tasks import mail_way_in
from foundation.fetching.hosts import mailbox_on_the_wire
from foundation.leases.nudge import nudge

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and mail as allauth does them; addresses are compared in lower case."""

    def clean_email(self, email: str) -> str:
        return str(super().clean_email(email)).lower()

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A mail whose links lead to PUBLIC_URL: anybody may write the request's Host header."""
        mail: EmailMessage = super().render_mail(
            template_prefix, email, with_public_links(context), headers
        )
        mail.to = [mailbox_on_the_wire(each) for each in mail.to]
        return mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail as allauth does, with the same work whether somebody has that address or not."""
        if template_prefix == "account/email/unknown_account":
            # What a link to choose a new password takes: an answer's time then tells nothing.
            default_token_generator.make_token(User())
        super().send_mail(template_prefix, email, context)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow down too many wrong passwords for an address from the same place.

        Whoever holds the address is mailed a way in, for they may share that place. Raises
        ValidationError.
        """
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            nudge(mail_way_in, email=str(credentials.get("email", "")))
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address and place together: by the address alone anybody could lock its owner out."""
        login = str(credentials.get("email", "")).lower()
        return f"{login}:{ratelimit.get_ip(request)}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Turns a finished authorisation into a connection of a workspace.

    Pinterest is something a workspace connects, never a way to sign in, so no SocialAccount is
    kept: the same Pinterest account may be connected by several people in several workspaces.
    """

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return secrets.token_urlsafe(32)

    def list_providers(self, request: HttpRequest) -> list[Any]:
        # What the sign-in and sign-up pages would offer.
        return []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        wanted = sociallogin.state.get("data") or {}
        membership = _editor_membership(request, workspace_id=wanted.get("workspace"))
        if membership is None:
            _leave(request, "error", "Sign in as an editor of the workspace, then connect again.")
        # The page that follows shows what was done, whatever was opened in another tab meanwhile.
        choose_workspace(request, membership=membership)
        authorisation: Authorisation = sociallogin.authorisation
        try:
            connected = connect_account(
                workspace=membership.workspace,
                by=membership.user,
                account=authorisation.account,
                grant=authorisation.grant,
                now=timezone.now(),
                meant=wanted.get("reconnect"),
            )
        except ScopesMissing as error:
            _leave(request, "error", str(error))
        step = _next_step(
            account_connected.send(
                sender=type(self), connection=connected.connection, renewed=connected.renewed
            )
        )
        asked_for = wanted.get("reconnect")
        if asked_for and asked_for != str(connected.connection.pk):
            _leave(
                request,
                "warning",
                f"You signed in to Pinterest as {connected.connection}, which is another account. "
                f"It is connected now. {_still_words(membership, asked_for)}",
                step=step,
            )
        verb = "reconnected" if connected.renewed else "connected"
        _leave(request, "success", f"{connected.connection} is {verb}.", step=step)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        if error == AuthError.CANCELLED:
            _leave(
                request,
                "warning",
                "You did not allow access at Pinterest, so nothing was connected. "
                "You can try again at any time.",
            )
        if isinstance(exception, AuthorisationFailed):
            _leave(request, "error", str(exception))
        if "error" in request.GET and "state" in (extra_context or {}):
            _leave(
                request,
                "error",
                "Pinterest could not ask for your permission, so nothing was changed. Try again "
                "in a moment. If it stays, ask whoever runs this server to check the app at "
                "Pinterest.",
            )
        logger.warning("oauth_callback_refused kind=%s", type(exception).__name__)
        _leave(
            request,
            "error",
            "That answer from Pinterest was not valid any more: it was used before, took too long "
            "or began in another browser. Nothing was changed; please connect again.",
        )


def _editor_membership(request: HttpRequest, *, workspace_id: str | None) -> Membership | None:
    """The signed-in person's place in the workspace the authorisation began in."""
    if not request.user.is_authenticated or workspace_id is None:
        return None
    membership = (
        Membership.objects.select_related("workspace", "user")
        .filter(workspace_id=workspace_id, user=request.user)
        .first()
    )
    if membership is None or not role_allows(membership.role, needed=Role.EDITOR):
        return None
    return membership


def _still_words(membership: Membership, asked_for: str) -> str:
    """How the account stands that was to be reconnected: it may never have been lost."""
    meant = membership.workspace.connections.filter(pk=asked_for).first()
    if meant is None:
        return "The one you meant to reconnect is no longer in this workspace."
    if meant.is_active:
        return f"Nothing changed for {meant}, which is connected."
    return f"{meant}, which you meant to reconnect, is still not connected."


def _next_step(answers: list[tuple[Any, Any]]) -> NextStep | None:
    """Where a listener would have the person go."""
    return next((answer for _, answer in answers if isinstance(answer, NextStep)), None)


def _leave(
    request: HttpRequest, level: str, text: str, *, step: NextStep | None = None
) -> NoReturn:
    """End the flow with a message, on the accounts page unless there is a better next step."""
    getattr(messages, level)(request, f"{text} {step.text}" if step else text)
    raise ImmediateHttpResponse(redirect(step.url if step else "connections"))
