"""URLs of the interactions app, below /interactions/. Public doors: `interactions.door`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
