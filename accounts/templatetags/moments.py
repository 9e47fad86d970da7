"""Moments in templates. Built in: no template has to load it."""

from __future__ import annotations

from datetime import datetime

from django import template

from accounts.moments import TO_THE_MINUTE, moment_words

register = template.Library()


@register.filter(name="moment")
def moment_filter(value: datetime | None, form: str = TO_THE_MINUTE) -> str:
    """A moment in the current zone, for every form that shows a clock: `date` is for days."""
    return moment_words(value, form)
