"""`/healthz`, `/readyz` and `/metrics`: for machines that watch this one."""

from __future__ import annotations

import ipaddress
import secrets
import threading
import time
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from health import alarms, metrics
from health.policy import LOOK_EVERY
from health.readiness import Check, Report, examine

_NOT_YOURS = {
    "code": "not_found",
    "message": "There is nothing here for you.",
    "remedy": "Send METRICS_TOKEN as a bearer token, or ask from the machine itself.",
}
_NO_FIGURES = {
    "code": "database",
    "message": "The database does not answer, so there are no figures.",
    "remedy": "Start it, or correct DATABASE_URL.",
}


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process is up. Whether its surroundings are is another question."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Whether Pins can go out; 503 when they can't, with what to do."""
    report = examine()
    _look_in_background(report)
    body = {
        "status": "ready" if report.is_ready else "not_ready",
        "checks": [_as_json(check) for check in report.checks],
    }
    return JsonResponse(body, status=200 if report.is_ready else 503)


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus."""
    if not _may_read_metrics(request):
        return JsonResponse(_NOT_YOURS, status=404)
    try:
        figures = metrics.exposition()
    except DatabaseError:
        return JsonResponse(_NO_FIGURES, status=503)
    return HttpResponse(figures, content_type=metrics.CONTENT_TYPE)


def _as_json(check: Check) -> dict[str, Any]:
    body: dict[str, Any] = {"code": check.code, "ok": check.ok, "message": check.message}
    if check.remedy:
        body["remedy"] = check.remedy
    if check.age_s is not None:
        body["age_s"] = check.age_s
    return body


def _may_read_metrics(request: HttpRequest) -> bool:
    """With the token where there is one; else from this machine, if no proxy hides who asks."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        expected = f"Bearer {settings.METRICS_TOKEN}"
        return secrets.compare_digest(given.encode(), expected.encode())
    return not settings.TRUSTED_PROXIES and _is_this_machine(request.META.get("REMOTE_ADDR", ""))


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


_looking = threading.Lock()
_looked_at = 0.0


def _look_in_background(report: Report) -> None:
    """Raise alarms too, for worker and scheduler may both be gone; mail may take its time."""
    global _looked_at
    if not _looking.acquire(blocking=False):
        return
    if _looked_at and time.monotonic() - _looked_at < LOOK_EVERY.total_seconds():
        _looking.release()
        return
    _looked_at = time.monotonic()
    threading.Thread(target=_look, args=(report,), name="health-look", daemon=True).start()


def _look(report: Report) -> None:
    try:
        alarms.look(report, now=timezone.now())
    except DatabaseError:
        alarms.logger.warning("alarm_not_looked_for")
    finally:
        connections.close_all()
        _looking.release()
