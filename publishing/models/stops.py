"""What stops the publishing of this server as a whole."""

from __future__ import annotations

from django.db import models


class AppStop(models.Model):
    """Pinterest refuses this server's app: nothing goes out until a person says to try again."""

    app_id = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField()
    reason = models.CharField(max_length=30)
    message = models.CharField(max_length=500)
    remedy = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"App {self.app_id} stopped: {self.reason}"
