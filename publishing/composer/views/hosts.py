"""Names of hosts for the preview, which a browser's scripts know in their `xn--` form only."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from foundation.fetching.hosts import plain_host_of, shown


@require_GET
@member_view()
def host_letters(request: MemberRequest) -> HttpResponse:
    """`?host=` in the letters that people read it in; empty for what is no host."""
    host = plain_host_of(f"https://{request.GET.get('host', '')}/")
    return HttpResponse(shown(host), content_type="text/plain; charset=utf-8")
