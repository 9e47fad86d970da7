"""Pictures: taking them in from the composer, and showing them to members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from foundation.fetching.fetch import FetchRejected
from pinterest.drafts import IMAGE_BYTES_LIMIT
from pinterest.media.images import FIRST_OF_SEVERAL, ImageRejected, warnings_for
from publishing.media.selectors.media import media_of
from publishing.media.services.media import store_picture, store_picture_from_url
from publishing.models import Media
from publishing.pins.views.formats import picture_url


class PictureProblem(Exception):
    """A picture that can't be used, with a stable code and a sentence for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@require_POST
@member_view(Role.EDITOR)
def media_upload(request: MemberRequest) -> HttpResponse:
    """Take in a file; answers `{id, preview_url, width, height, warnings}` or a JSON error."""
    upload = request.FILES.get("image")
    if upload is None:
        return _refuse(PictureProblem("empty", "No picture arrived. Choose a file and try again."))
    return _answer(lambda: take_upload(request, upload))


@require_POST
@member_view(Role.EDITOR)
def media_from_url(request: MemberRequest) -> HttpResponse:
    """Take in a picture from the web; answers as `media_upload` does."""
    return _answer(lambda: take_url(request, request.POST.get("url", "").strip()))


@require_safe
@member_view()
@cache_control(private=True, max_age=31_536_000, immutable=True)  # inside: no redirect is kept
def media_preview(request: MemberRequest, media_id: UUID) -> HttpResponse:
    """A picture of the workspace, 600 pixels wide."""
    media = media_of(request.workspace, media_id)
    if media is None or not default_storage.exists(media.preview_name):
        raise Http404
    with default_storage.open(media.preview_name) as file:
        return HttpResponse(file.read(), content_type="image/jpeg")


def take_upload(request: MemberRequest, upload: UploadedFile[Any]) -> Media:
    """Store an uploaded file. Raises PictureProblem."""
    if (upload.size or 0) > IMAGE_BYTES_LIMIT:
        raise PictureProblem(
            "too_large",
            f"This file has {(upload.size or 0) / 1024 / 1024:.0f} MB; Pinterest takes up to "
            f"{IMAGE_BYTES_LIMIT // 1024 // 1024} MB. Save it smaller and add it again.",
        )
    try:
        return store_picture(workspace=request.workspace, by=request.user, data=upload.read())
    except ImageRejected as error:
        raise PictureProblem(error.code, str(error)) from error


def take_url(request: MemberRequest, url: str) -> Media:
    """Fetch and store a picture from the web. Raises PictureProblem."""
    try:
        return store_picture_from_url(workspace=request.workspace, by=request.user, url=url)
    except (FetchRejected, ImageRejected) as error:
        raise PictureProblem(error.code, str(error)) from error


def media_facts(media: Media) -> dict[str, Any]:
    """What the composer shows of a picture."""
    return {
        "id": str(media.pk),
        "preview_url": picture_url(media),
        "width": media.width,
        "height": media.height,
        "origin_url": media.origin_url,
        "warnings": [
            *([FIRST_OF_SEVERAL] if media.is_first_of_several else []),
            *warnings_for(media.width, media.height),
        ],
    }


def _answer(take: Any) -> JsonResponse:
    try:
        return JsonResponse(media_facts(take()), status=201)
    except PictureProblem as problem:
        return _refuse(problem)


def _refuse(problem: PictureProblem) -> JsonResponse:
    return JsonResponse({"code": problem.code, "message": str(problem)}, status=422)
