"""Empty for allauth's own mount: our views live under /connections/ (see accounts.urls)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
