"""What does not belong into the admin site."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group

# Pinterest accounts are our own connections, roles are memberships, and second steps are secrets:
# allauth's and Django's tables for these stay empty or stay closed.
for model in (SocialAccount, SocialApp, SocialToken, Authenticator, Group):
    admin.site.unregister(model)
