"""The door at which Pinterest fetches the pictures of an exported file."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from publishing.media.selectors.public_pictures import public_picture
from publishing.media.services.media import read_picture

_GONE = "This address shows no picture: it has ended, its Pin was changed, or it was never whole.\n"


@require_safe
def public_picture_file(request: HttpRequest, name: str) -> HttpResponse:
    """A picture for whoever has its signed address; 404 without a reason for any other."""
    media = public_picture(name, now=timezone.now())
    if media is None or not default_storage.exists(media.file_name):
        answer = HttpResponse(_GONE, status=404, content_type="text/plain")
        answer["Cache-Control"] = "no-store"
    else:
        data = b"" if request.method == "HEAD" else read_picture(media)
        answer = HttpResponse(data, content_type=media.content_type)
        answer["Content-Length"] = str(media.size)
        # Short: an address that was ended must not live on in somebody's cache.
        answer["Cache-Control"] = "public, max-age=300"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer
