"""The OAuth callback: allauth checks the state, our wire exchanges the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import wire
from pinterest import oauth
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused
from pinterest.types import Account, TokenGrant

_LOOPBACK_NAMES = {"127.0.0.1", "localhost"}


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What came back from Pinterest: whose account, and the tokens to act for it."""

    account: Account
    grant: TokenGrant


class AuthorisationFailed(ProviderException):
    """Pinterest did not complete the authorisation; the text is fit for a page."""


class PinterestOAuth2Adapter(OAuth2Adapter):
    """All URLs from the environment; the exchange and the profile through our own client."""

    provider_id = "pinterest"
    basic_auth = True
    scope_delimiter = ","

    @property
    def authorize_url(self) -> str:
        return str(settings.PINTEREST_OAUTH_URL)

    @property
    def access_token_url(self) -> str:
        return f"{settings.PINTEREST_API_URL}/oauth/token"

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{_public_base(request)}{reverse('pinterest_callback')}"

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: OAuth2Client,
        pkce_code_verifier: str | None = None,
    ) -> TokenGrant:
        try:
            return oauth.exchange_code(
                session=wire.pinterest_session(),
                app=wire.pinterest_app(),
                code=request.GET["code"],
                redirect_uri=client.callback_url,
            )
        except PinterestError as error:
            raise AuthorisationFailed(_why_no_tokens(error)) from error

    def parse_token(self, data: TokenGrant) -> SocialToken:
        # allauth wants one to carry around; ours stays in `Authorisation`, out of its hands.
        return SocialToken()

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        grant: TokenGrant = kwargs["response"]
        client = PinterestClient(
            session=wire.pinterest_session(),
            api_url=wire.pinterest_app().api_url,
            access_token=grant.access_token,
        )
        try:
            account = client.get_account()
        except PinterestError as error:
            raise AuthorisationFailed(f"{error.message} {error.remedy}") from error
        login = self.get_provider().sociallogin_from_response(request, {"id": account.id})
        login.authorisation = Authorisation(account=account, grant=grant)
        return login


def _why_no_tokens(error: PinterestError) -> str:
    if isinstance(error, Refused) and error.reason is RefusalReason.GRANT_REFUSED:
        # The wire's words are about renewing, which is the other use of the same endpoint.
        return (
            "Pinterest no longer accepts this permission: it was used before or took too long. "
            "Nothing was changed; please connect again."
        )
    return f"{error.message} {error.remedy}"


def _public_base(request: HttpRequest) -> str:
    """PUBLIC_URL, or its other loopback spelling when that is what the browser uses.

    Cookies belong to a host name: a callback at 127.0.0.1 would not find the session that was
    opened at localhost.
    """
    public = urlsplit(settings.PUBLIC_URL)
    asked = urlsplit(f"//{request.get_host()}")
    if {public.hostname, asked.hostname} <= _LOOPBACK_NAMES and public.port == asked.port:
        return f"{public.scheme}://{asked.netloc}"
    return str(settings.PUBLIC_URL)


pinterest_callback = OAuth2CallbackView.adapter_view(PinterestOAuth2Adapter)
