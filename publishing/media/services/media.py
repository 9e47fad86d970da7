"""Taking pictures in: checked, turned upright, freed of metadata, kept in our own storage."""

from __future__ import annotations

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from requests.utils import requote_uri

from accounts.models import User, Workspace
from foundation.fetching.fetch import FetchProblem, FetchRejected, fetch_image
from pinterest.media.images import CheckedImage, check_image
from publishing.choices.bounds import LINK_LIMIT
from publishing.models import Media

PREVIEW_WIDTH = 600
"""Pixels; sharp at the largest size a page shows a Pin in."""


def store_picture(*, workspace: Workspace, by: User, data: bytes, origin_url: str = "") -> Media:
    """Check and keep a picture; the same one again gives the row that is there.

    Raises ImageRejected with a sentence for the person.
    """
    return _keep(workspace, by, check_image(data, preview_width=PREVIEW_WIDTH), origin_url)


def store_picture_from_url(*, workspace: Workspace, by: User, url: str) -> Media:
    """Fetch a picture from the web (never from a private network) and keep it.

    Its address is kept as Pinterest takes it: blanks and umlauts in percent signs.
    Raises FetchRejected and ImageRejected with a sentence for the person.
    """
    address = requote_uri(url.strip())
    if len(address) > LINK_LIMIT:
        raise FetchRejected(FetchProblem.BAD_URL)
    data = fetch_image(url, allowed_networks=tuple(settings.FETCH_ALLOWED_NETWORKS))
    image = check_image(data, preview_width=PREVIEW_WIDTH)
    # What Pinterest can't read by itself (WebP), or would read as something else than what was
    # seen here (an animation), goes out as our own rewritten bytes.
    return _keep(workspace, by, image, address if image.is_read_by_pinterest else "")


def read_picture(media: Media) -> bytes:
    """The bytes to send to Pinterest. Raises FileNotFoundError."""
    with default_storage.open(media.file_name) as file:
        content: bytes = file.read()
    return content


def _keep(workspace: Workspace, by: User, image: CheckedImage, origin_url: str) -> Media:
    _keep_files(workspace, image)
    media, _ = Media.objects.get_or_create(
        workspace=workspace,
        sha256=image.sha256,
        origin_url=origin_url,
        defaults={
            "content_type": image.content_type,
            "size": len(image.data),
            "width": image.width,
            "height": image.height,
            "dominant_color": image.dominant_color,
            "likeness": image.likeness,
            "is_first_of_several": image.is_first_of_several,
            "created_by": by,
        },
    )
    if media.likeness != image.likeness:  # kept before pictures had one
        media.likeness = image.likeness
        media.save(update_fields=["likeness"])
    if media.is_first_of_several != image.is_first_of_several:  # as the file last given has it
        media.is_first_of_several = image.is_first_of_several
        media.save(update_fields=["is_first_of_several"])
    return media


def _keep_files(workspace: Workspace, image: CheckedImage) -> None:
    """Before the row, and the preview first: a picture that is whole has all that belongs to it."""
    kept = Media(workspace=workspace, sha256=image.sha256, content_type=image.content_type)
    if _is_whole(kept.file_name, size=len(image.data)):
        return
    _write(kept.preview_name, image.preview)
    _write(kept.file_name, image.data)


def _is_whole(name: str, *, size: int) -> bool:
    """Names are made of the content's hash: a file of the right size is the same file."""
    return default_storage.exists(name) and default_storage.size(name) == size


def _write(name: str, content: bytes) -> None:
    """Replace what a crash may have left half-written."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))
