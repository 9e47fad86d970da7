"""What allauth needs to know of Pinterest: scopes, and that the account's id is its identity."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider

from accounts.provider.views import PinterestOAuth2Adapter
from pinterest.oauth import OPTIONAL_SCOPES, REQUIRED_SCOPES


class PinterestProvider(OAuth2Provider):
    """API v5. The uid is the account's `id`: usernames change hands."""

    id = "pinterest"
    name = "Pinterest"
    account_class = ProviderAccount
    oauth2_adapter_class = PinterestOAuth2Adapter

    def get_default_scope(self) -> list[str]:
        return [*REQUIRED_SCOPES, *OPTIONAL_SCOPES]

    def get_scope_from_request(self, request: Any) -> list[str]:
        # allauth would add scopes named in the query string; ours are not a visitor's choice.
        return list(self.get_scope())

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["id"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"id": data["id"]}


provider_classes = [PinterestProvider]
