"""Registers the provider: allauth looks for one in each installed app."""

from django.apps import AppConfig


class PinterestProviderConfig(AppConfig):
    name = "accounts.provider"
    label = "pinterest_provider"
