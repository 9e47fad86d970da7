"""What a Pin shows, on its way into the composer and out of it: files, slides, a video."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse

from accounts.access import MemberRequest
from pinterest.media.videos import START_BYTES, VIDEO_BYTES_LIMIT, looks_like_video
from publishing.choices.bounds import MOST_SLIDES
from publishing.composer.forms.content import SlideForm
from publishing.composer.forms.pin import PinForm
from publishing.media.selectors.media import media_of
from publishing.media.selectors.videos import video_of
from publishing.media.views import media, videos
from publishing.media.views.media import PictureProblem
from publishing.models import Media, Pin
from publishing.outlook.views.cards import web_link

Problem = tuple[str, str]
"""The field that a file's problem stands beside, and the words."""

_SLIDE_FIELDS = ("media", *SlideForm.base_fields)


def take_files(request: MemberRequest) -> tuple[QueryDict, list[Problem]]:
    """The posted data with the ids of new pictures and videos in it, and what was refused.

    `image` replaces a single picture; `more_images`, and several at once, make a carousel.
    """
    data = request.POST.copy()
    taken, problems = _Taken(), []
    for name in ("image", "more_images"):
        for upload in request.FILES.getlist(name):
            try:
                taken.add(request, upload, more=name == "more_images")
            except PictureProblem as problem:
                problems.append(("image", _named(request, upload, problem)))
    url = data.get("image_url", "").strip()
    if url and not request.FILES:
        try:
            taken.pictures.append(media.take_url(request, url))
            data["image_url"] = ""
        except PictureProblem as problem:
            problems.append(("image_url", str(problem)))
    _put(data, taken)
    _arrange(data, data.get("arrange", ""))
    return data, problems


def is_arranging(request: MemberRequest) -> bool:
    """Whether a button of the pictures was pressed, in a browser without scripts."""
    return bool(request.POST.get("arrange"))


def showing_context(request: MemberRequest, form: PinForm) -> dict[str, Any]:
    """What the composer shows of what the Pin shows."""
    video = _video(request, form)
    slides = [_slide(each) for each in form.slides]
    return {
        "media": _picture(request, form),
        "video": video,
        "slides": slides,
        "empty_slide": SlideForm(number="__n__", media=None),
        "showing": "video" if video else "carousel" if len(slides) > 1 else "image",
        "most_slides": MOST_SLIDES,
        "upload_url": reverse("media_upload"),
        "from_url_url": reverse("media_from_url"),
        "video_upload_url": reverse("video_upload"),
        "video_limit": VIDEO_BYTES_LIMIT,
    }


def shown_facts(pin: Pin) -> dict[str, Any]:
    """What a Pin's own page shows of a carousel or a video; nothing more of a plain picture."""
    slides = pin.slides.select_related("media") if pin.slide_count else []
    cover = f"The frame at second {pin.cover_second}"
    return {
        "slides": [
            {
                "media": media.media_facts(slide.media),
                "title": slide.title,
                "description": slide.description,
                "link": slide.link,
                "link_url": web_link(slide.link),
            }
            for slide in slides
        ],
        "video": videos.video_facts(pin.video) if pin.video else None,
        "cover_text": cover if pin.cover_second is not None else "",
    }


class _Taken:
    """The files of one post, stored."""

    def __init__(self) -> None:
        self.pictures: list[Media] = []
        self.video_id = ""
        self.more = False

    def add(self, request: MemberRequest, upload: UploadedFile[Any], *, more: bool) -> None:
        """Store a file by what it is. Raises PictureProblem."""
        self.more = self.more or more
        if _is_video(upload):
            self.video_id = str(videos.take_video(request, upload).pk)
        else:
            self.pictures.append(media.take_upload(request, upload))


def _named(request: MemberRequest, upload: UploadedFile[Any], problem: PictureProblem) -> str:
    """What is wrong, and of several files with which."""
    several = sum(len(files) for _, files in request.FILES.lists()) > 1
    return f"{upload.name}: {problem}" if several else str(problem)


def _is_video(upload: UploadedFile[Any]) -> bool:
    """By its first bytes, whatever its name says."""
    start = upload.read(START_BYTES)
    upload.seek(0)
    return looks_like_video(start)


def _put(data: QueryDict, taken: _Taken) -> None:
    if taken.video_id:
        data["video"] = taken.video_id
    if not taken.pictures:
        return
    ids = [str(picture.pk) for picture in taken.pictures]
    there = data.getlist("slide_media")
    if data.get("video") or (len(ids) == 1 and not there and not taken.more):
        data["media"] = ids[0]
        return
    if not there and data.get("media") and taken.more:
        ids.insert(0, str(data["media"]))
    _set_rows(data, [*_rows(data), *({"media": each} for each in ids)])


def _arrange(data: QueryDict, order: str) -> None:
    """Do what a button says: `up:1`, `down:0`, `remove:2` of the slides, or `remove:video`."""
    action, _, place = order.partition(":")
    if order == "remove:video":
        data["video"] = ""
    rows = _rows(data)
    if not (place.isascii() and place.isdigit() and int(place) < len(rows)):
        place = ""
    if place and action == "remove":
        rows.pop(int(place))
    elif place and action in {"up", "down"}:
        there = int(place)
        other = there + (1 if action == "down" else -1)
        if 0 <= other < len(rows):
            rows[there], rows[other] = rows[other], rows[there]
    if len(rows) == 1:
        # One picture is no carousel; its words are the Pin's own.
        data["media"] = rows.pop()["media"]
    if rows or "slide_media" in data:
        _set_rows(data, rows)


def _rows(data: QueryDict) -> list[dict[str, str]]:
    lists = {name: data.getlist(f"slide_{name}") for name in _SLIDE_FIELDS}
    count = len(lists["media"])
    return [
        {name: values[at] if at < len(values) else "" for name, values in lists.items()}
        for at in range(count)
    ]


def _set_rows(data: QueryDict, rows: list[dict[str, str]]) -> None:
    for name in _SLIDE_FIELDS:
        data.setlist(f"slide_{name}", [row.get(name, "") for row in rows])
    if rows:
        data["media"] = ""


def _slide(form: SlideForm) -> dict[str, Any]:
    row = form.media_row
    return {"form": form, "media": media.media_facts(row) if row else None}


def _picture(request: MemberRequest, form: PinForm) -> dict[str, Any] | None:
    row = media_of(request.workspace, media_id) if (media_id := _id_in(form, "media")) else None
    return media.media_facts(row) if row else None


def _video(request: MemberRequest, form: PinForm) -> dict[str, Any] | None:
    row = video_of(request.workspace, video_id) if (video_id := _id_in(form, "video")) else None
    return videos.video_facts(row) if row else None


def _id_in(form: PinForm, name: str) -> UUID | None:
    try:
        return UUID(str(form[name].value()))
    except ValueError:
        return None
