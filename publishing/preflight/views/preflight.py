"""What was found before a Pin goes out, and what people say about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.moments import moment_words
from accounts.policy import Role
from foundation.fetching.hosts import plain_host_of, shown
from foundation.leases.nudge import nudge
from publishing.choices.statuses import PinStatus
from publishing.choices.warnings import WarningKind
from publishing.models import Pin, PinWarning, TrustedHost
from publishing.outlook.views.prospect_text import tell
from publishing.pins.policy.preflight import LINK
from publishing.pins.policy.prospects import Level
from publishing.pins.policy.signs import UNTOLD, Finding, Sign, judge_sign
from publishing.pins.selectors.pins import pins_of
from publishing.pins.selectors.prospects import prospect_of
from publishing.preflight.selectors.preflight import links_of, trusted_hosts, warnings_of
from publishing.preflight.services.preflight import Preflight
from publishing.preflight.services.trusted_hosts import doubt_host, trust_host
from publishing.preflight.tasks import preflight_pins
from publishing.preflight.views.sign_text import heading, sign_facts


@require_POST
@member_view(Role.EDITOR)
def pin_check(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Look at the Pin now, and say what was found."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    if pin.status != PinStatus.SCHEDULED:
        messages.info(request, "Only planned Pins are checked.")
    elif not Preflight(clock=timezone.now).check(pin):
        messages.info(request, "This Pin is being checked already. Open the page again shortly.")
    else:
        _say_what_was_found(request, get_object_or_404(pins_of(request.workspace), pk=pin_id))
    return redirect("pin_detail", pin.pk)


@require_POST
@member_view(Role.EDITOR)
def pin_trust_link(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Say that links to a host are fine, or with `doubt` have them looked at again."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    host = request.POST.get("host", "")
    if host not in {plain_host_of(link) for link in links_of(pin)}:
        messages.error(request, "This Pin leads elsewhere now, so nothing was changed.")
        return redirect("pin_detail", pin.pk)
    change = doubt_host if request.POST.get("doubt") else trust_host
    change(workspace=request.workspace, host=host, by=request.user, now=timezone.now())
    nudge(preflight_pins)
    what = f"Links to {shown(host)}"
    if change is trust_host:
        said = f"{what} count as fine in this workspace, and are not looked at any more."
    else:
        said = f"{what} are looked at again."
    messages.success(request, said)
    return redirect("pin_detail", pin.pk)


def preflight_facts(pin: Pin) -> dict[str, Any] | None:
    """What the page says of a planned Pin's look; None for any other."""
    if pin.status != PinStatus.SCHEDULED:
        return None
    warnings = list(warnings_of(pin))
    hosts = [host for host in dict.fromkeys(plain_host_of(link) for link in links_of(pin)) if host]
    trusted = _trusted_among(hosts, pin)
    findings = _findings(pin, warnings, all_trusted=bool(hosts) and len(trusted) == len(hosts))
    said = ", ".join(_said(row) for row in trusted.values())
    told = [warning for warning in warnings if warning.kind not in UNTOLD]
    return {
        "title": heading(
            set(findings.values()),
            is_warned=bool(told),
            goes_out=prospect_of(pin).goes_out,
        ),
        "is_warned": bool(told) or Finding.PROBLEM in findings.values(),
        "outlook": _outlook(pin),
        "again_at": pin.preflight_again_at if Finding.UNSEEN in findings.values() else None,
        "again_text": moment_words(pin.preflight_again_at),
        "signs": [
            sign_facts(sign, finding, pin=pin, trusted_by=said)
            for sign, finding in findings.items()
        ],
        "warnings": [_warning(warning, hosts, trusted) for warning in told],
        "trusted": [_host(host) for host in trusted],
        "trust_url": reverse("pin_trust_link", args=[pin.pk]),
        "check_url": reverse("pin_check", args=[pin.pk]),
    }


def _say_what_was_found(request: MemberRequest, pin: Pin) -> None:
    facts = preflight_facts(pin)
    findings = {sign["finding"] for sign in facts["signs"]} if facts else set()
    if facts is None:
        messages.info(request, "Only planned Pins are checked.")
    elif facts["is_warned"]:
        messages.warning(request, "Checked. See below what to mend before it goes out.")
    elif Finding.UNSEEN in findings:
        messages.info(request, "Not all of it could be looked at just now. PinApp tries again.")
    else:
        messages.success(request, "Checked. Nothing was found that stands in its way.")


def _outlook(pin: Pin) -> str:
    """What the page's status does not say yet: that a Pin with warnings goes out all the same."""
    told = tell(pin)
    return "PinApp publishes it at its time all the same." if told.level is Level.LOOK else ""


def _trusted_among(hosts: list[str], pin: Pin) -> dict[str, TrustedHost]:
    if not hosts:
        return {}
    known = trusted_hosts(pin.workspace)
    return {host: known[host] for host in hosts if host in known}


def _findings(pin: Pin, warnings: list[PinWarning], *, all_trusted: bool) -> dict[Sign, Finding]:
    found = frozenset(WarningKind(warning.kind) for warning in warnings)
    findings = {
        sign: judge_sign(
            sign,
            found=found,
            looked_at=getattr(pin, f"{sign}_looked_at"),
            is_absent=sign is Sign.LINK and not links_of(pin),
            is_trusted=sign is Sign.LINK and all_trusted,
        )
        for sign in Sign
    }
    if pin.connection is None or not pin.connection.is_active:
        # Its own row knows it at once.
        findings[Sign.ACCOUNT] = Finding.PROBLEM
    return findings


def _warning(
    warning: PinWarning, hosts: list[str], trusted: dict[str, TrustedHost]
) -> dict[str, Any]:
    """A warning, with the hosts whose links a person may say to be fine."""
    in_question = [host for host in hosts if host not in trusted] if warning.kind in LINK else []
    return {
        "message": warning.message,
        "remedy": warning.remedy,
        "hosts": [_host(host) for host in in_question],
    }


def _host(host: str) -> dict[str, str]:
    return {"host": host, "shown": shown(host)}


def _said(row: TrustedHost) -> str:
    who = f"{row.said_by} said on" if row.said_by else "somebody said on"
    return f"{who} {row.said_at:%-d %B %Y} that links to {shown(row.host)} are fine"
