"""PinApp, put together: settings, URLs, Celery, the home page and the demo."""

from pinapp.celery import app as celery_app

__all__ = ["celery_app"]
