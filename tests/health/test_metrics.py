"""`/metrics` for Prometheus, and for nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from publishing.choices.statuses import PinStatus
from publishing.models import Attempt

pytestmark = pytest.mark.django_db(transaction=True)


def figures(**options):
    text = Client(**options).get("/metrics").content.decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_rows(alive, put, write_pin, now):
    alive()
    for status in ("failed", "uncertain", "held"):
        put(status)
    pin = write_pin(at=now - timedelta(seconds=90))
    write_pin(at=now + timedelta(days=1))
    common = {"worker": "w", "fingerprint": "f", "board_id": "1", "pin": pin}
    for number, hours in enumerate((1, 23, 25)):
        at = now - timedelta(hours=hours)
        Attempt.objects.create(
            number=number, started_at=at, finished_at=at, outcome="refused", **common
        )
    found = figures()
    statuses = {s.value: found["pinapp_pins", s.value] for s in PinStatus}
    assert statuses == {
        **dict.fromkeys(statuses, 0),
        "failed": 1,
        "uncertain": 1,
        "held": 1,
        "scheduled": 2,
    }
    assert found["pinapp_pins_overdue",] == 1
    assert 90 <= found["pinapp_oldest_overdue_seconds",] < 120
    assert found["pinapp_attempts_last_day", "refused"] == 2
    assert found["pinapp_pins_held", "account"] == 1
    assert found["pinapp_pins_uncertain",] == 1
    assert 0 <= found["pinapp_heartbeat_age_seconds", "worker"] < 30
    assert found["pinapp_app_stopped",] == 0


@pytest.mark.parametrize(
    ("token", "proxies", "peer", "given", "status"),
    [
        ("", 0, "127.0.0.1", None, 200),
        ("", 0, "::1", None, 200),
        ("", 0, "192.0.2.7", None, 404),
        ("", 0, "", None, 404),
        ("", 1, "127.0.0.1", None, 404),
        ("secret-token", 0, "127.0.0.1", None, 404),
        ("secret-token", 1, "192.0.2.7", "Bearer secret-token", 200),
        ("secret-token", 1, "192.0.2.7", "Bearer secret-tokem", 404),
        ("secret-token", 1, "192.0.2.7", "Bearer ", 404),
        ("secret-token", 1, "192.0.2.7", "Bearer sécret", 404),
    ],
)
def test_who_may_read_them(settings, token, proxies, peer, given, status):
    settings.METRICS_TOKEN, settings.TRUSTED_PROXIES = token, proxies
    headers = {"Authorization": given} if given else {}
    answer = Client(headers=headers).get("/metrics", REMOTE_ADDR=peer)
    assert answer.status_code == status
    if status == 404:
        assert answer.json()["code"] == "not_found"
