"""The demo's mailbox, for sign-ups on a machine without a mail server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pinapp.demo.mailbox import Mail, read_mailbox

_LOCAL = {"127.0.0.1", "::1", "localhost"}


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """All mail that PinApp has sent, newest first."""
    return render(request, "pinapp/demo_mail_list.html", {"mails": _mails(request)})


@require_safe
def mail_detail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One message."""
    for mail in _mails(request):
        if mail.id == mail_id:
            return render(request, "pinapp/demo_mail.html", {"mail": mail})
    raise Http404


def _mails(request: HttpRequest) -> list[Mail]:
    """Only on the machine itself: the mail holds everybody's sign-in links."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    # Behind a proxy everybody comes from this machine.
    if not settings.DEMO or settings.TRUSTED_PROXIES or not folder:
        raise Http404
    if not {host, request.META.get("REMOTE_ADDR", "")} <= _LOCAL:
        raise Http404
    return read_mailbox(Path(str(folder)))
