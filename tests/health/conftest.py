"""A server whose health is looked at, and Pins that should have gone out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from health import heartbeats
from health.models import Heartbeat
from health.policy import Kind
from tests.publishing.conftest import (  # noqa: F401 - fixtures
    boards,
    bowls,
    glazed,
    media,
    now,
    put,
    sent,
    write_pin,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alive(transactional_db):
    """Both kinds of process were seen just now, or so long ago; None: never."""

    def seen(*, worker=timedelta(0), scheduler=timedelta(0)):
        Heartbeat.objects.all().delete()
        for kind, ago in ((Kind.WORKER, worker), (Kind.SCHEDULER, scheduler)):
            if ago is not None:
                heartbeats.beat(kind, now=timezone.now() - ago)

    return seen
