"""The part of the composer's form that says what a Pin shows: a picture, a carousel or a video."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django import forms

from accounts.models import Workspace
from publishing.choices import bounds
from publishing.media.selectors.videos import video_of
from publishing.models import Media, Pin, Video
from publishing.pins.forms import PlainTextField, checked_link, counted, limited
from publishing.pins.policy.carousels import CarouselRejected, check_carousel
from publishing.pins.services.slides import SlideContent

GONE_PICTURE = "This picture is no longer here. Please add it again."
GONE_VIDEO = "This video is no longer here. Please add it again."
NO_PICTURE = "Add a picture: a Pin can't go out without one."
NO_COVER = "Add the cover picture, or let a frame of the video be the cover."
BOTH = "A Pin shows either a carousel or a video. Remove the video or the pictures."
LOOK_THERE = "Look at the pictures of the carousel: something is said beside at least one of them."

COVER_FRAME, COVER_PICTURE = "frame", "picture"
_MOST_POSTED = 30
"""Slides read of a posted form: more than any carousel, so that too many can be told."""


class SlideForm(forms.Form):
    """One picture of a carousel and its words. All slides post under the same names, in order."""

    title = PlainTextField(
        required=False,
        max_length=bounds.TITLE_LIMIT,
        error_messages=limited(bounds.TITLE_LIMIT),
        widget=forms.TextInput(attrs=counted(bounds.TITLE_LIMIT)),
    )
    description = PlainTextField(
        required=False,
        max_length=bounds.DESCRIPTION_LIMIT,
        error_messages=limited(bounds.DESCRIPTION_LIMIT),
        widget=forms.Textarea(attrs=counted(bounds.DESCRIPTION_LIMIT, rows="3")),
    )
    link = forms.CharField(
        required=False,
        max_length=bounds.LINK_LIMIT,
        error_messages=limited(bounds.LINK_LIMIT),
        widget=forms.URLInput(
            attrs=counted(bounds.LINK_LIMIT, placeholder="https://", inputmode="url")
        ),
    )

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        number: int | str,
        media: Media | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, auto_id=f"id_slide{number}_%s", **kwargs)
        self.media_row = media

    def add_prefix(self, field_name: str) -> str:
        """The name that each slide's field is posted under."""
        return f"slide_{field_name}"

    def clean_link(self) -> str:
        return checked_link(self.cleaned_data["link"])

    def clean(self) -> dict[str, Any]:
        if self.media_row is None:
            self.add_error(None, GONE_PICTURE)
        return self.cleaned_data

    @property
    def has_words(self) -> bool:
        """Whether its fields should be in sight."""
        return any(self[name].value() or self[name].errors for name in self.fields)

    @property
    def content(self) -> SlideContent | None:
        """The slide of a valid form."""
        if self.media_row is None:
            return None
        return SlideContent(media=self.media_row, **self.cleaned_data)


class ShowingFields(forms.Form):
    """What a Pin shows; pictures and videos are stored already, and named here by their ids."""

    media = forms.UUIDField(  # type: ignore[assignment]  # hides Form.media, which no template of ours asks for
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": GONE_PICTURE},
    )
    image = forms.FileField(
        label="Picture",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif,.avif"}),
    )
    image_url = forms.CharField(
        label="Picture from the web",
        required=False,
        max_length=bounds.LINK_LIMIT,
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
    )
    video = forms.UUIDField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": GONE_VIDEO}
    )
    cover = forms.ChoiceField(
        required=False,
        label="Cover",
        choices=[(COVER_FRAME, "A frame of the video"), (COVER_PICTURE, "A picture of its own")],
        initial=COVER_FRAME,
        widget=forms.RadioSelect,
    )
    cover_second = forms.IntegerField(
        required=False,
        initial=0,
        min_value=0,
        label="Frame at second",
        error_messages={
            "invalid": "Write the seconds as a whole number, such as 3.",
            "min_value": "The video begins at second 0.",
        },
        widget=forms.NumberInput(attrs={"min": "0", "step": "1", "inputmode": "numeric"}),
    )

    # Given by the whole form.
    workspace: Workspace

    def read_slides(self) -> None:
        """Make the slides' forms; called once, when the workspace is known."""
        if self.is_bound:
            self.slides = self._posted_slides()
        else:
            self.slides = [
                SlideForm(number=number, media=each.media, initial=_words_of(each))
                for number, each in enumerate(self.initial.get("slides", []))
            ]

    def _posted_slides(self) -> list[SlideForm]:
        names = ("media", *SlideForm.base_fields)
        lists = [_posted(self.data, f"slide_{name}") for name in names]
        rows = [dict(zip(names, row, strict=True)) for row in zip_longest(*lists, fillvalue="")]
        rows = [row for row in rows if any(row.values())][:_MOST_POSTED]
        found = self._find_media([row["media"] for row in rows])
        return [
            SlideForm(
                {f"slide_{name}": row[name] for name in SlideForm.base_fields},
                number=number,
                media=found.get(row["media"]),
            )
            for number, row in enumerate(rows)
        ]

    def _find_media(self, posted: list[str]) -> dict[str, Media]:
        ids = [each for each in map(_read_id, posted) if each is not None]
        rows = Media.objects.filter(workspace=self.workspace, pk__in=ids) if ids else []
        return {str(row.pk): row for row in rows}

    def clean_media(self) -> Media | None:
        media_id = self.cleaned_data["media"]
        if media_id is None:
            return None
        media = Media.objects.filter(pk=media_id, workspace=self.workspace).first()
        if media is None:
            raise forms.ValidationError(GONE_PICTURE)
        return media

    def clean_video(self) -> Video | None:
        video_id = self.cleaned_data["video"]
        if video_id is None:
            return None
        video = video_of(self.workspace, video_id)
        if video is None:
            raise forms.ValidationError(GONE_VIDEO)
        return video

    @property
    def shows_video(self) -> bool:
        """Whether the form is about a video, valid or not."""
        return bool(self["video"].value())

    def check_showing(self) -> None:
        """What is wrong for a draft too."""
        if self.slides and not self.shows_video:
            self.cleaned_data["media"] = self.slides[0].media_row
        if self.slides and self.shows_video:
            self.add_error("image", BOTH)
        if not all(slide.is_valid() for slide in self.slides):
            self.add_error("image", LOOK_THERE)
        if len(self.slides) > 1 and all(slide.media_row for slide in self.slides):
            self._check_carousel()
        video, second = self.cleaned_data.get("video"), self.cleaned_data.get("cover_second")
        if video is not None and second is not None and second * 1000 > video.duration_ms:
            self.add_error(
                "cover_second", f"The video ends at {video.length}. Choose an earlier second."
            )

    def _check_carousel(self) -> None:
        rows = [slide.media_row for slide in self.slides if slide.media_row is not None]
        try:
            check_carousel([(row.width, row.height) for row in rows])
        except CarouselRejected as rejected:
            self.add_error("image", str(rejected))
            for position in rejected.odd:
                row = rows[position]
                words = f"{row.width} × {row.height} pixels: not the size of the others."
                self.slides[position].add_error(None, words)

    def require_picture(self) -> None:
        """What is wrong for a Pin that goes out."""
        if self.slides or self._has_any_error("media", "image", "image_url", "video"):
            return
        if not self.shows_video:
            if self.cleaned_data.get("media") is None:
                self.add_error("image", NO_PICTURE)
        elif self.cleaned_data.get("cover") == COVER_PICTURE:
            if self.cleaned_data.get("media") is None:
                self.add_error("image", NO_COVER)
        elif self.cleaned_data.get("cover_second") is None and "cover_second" not in self.errors:
            self.add_error("cover_second", "Say which second of the video the cover shows.")

    @property
    def shown(self) -> dict[str, Any]:
        """What the Pin shows, of a valid form, as a Pin's content takes it."""
        cleaned = self.cleaned_data
        if cleaned.get("video") is not None:
            by_picture = cleaned.get("cover") == COVER_PICTURE
            return {
                "video": cleaned["video"],
                "media": cleaned["media"] if by_picture else None,
                "cover_second": None if by_picture else cleaned["cover_second"],
            }
        if len(self.slides) == 1:
            return {"media": self.slides[0].media_row}
        contents = [slide.content for slide in self.slides]
        slides = tuple(content for content in contents if content is not None)
        return {"media": cleaned["media"], "slides": slides}

    def _has_any_error(self, *names: str) -> bool:
        return any(name in self.errors for name in names)


def initial_showing(pin: Pin) -> dict[str, Any]:
    """The first values of a Pin that is edited."""
    by_picture = pin.video_id is not None and pin.media_id is not None
    return {
        "media": None if pin.slide_count else pin.media_id,
        "slides": list(pin.slides.select_related("media")) if pin.slide_count else [],
        "video": pin.video_id,
        "cover": COVER_PICTURE if by_picture else COVER_FRAME,
        "cover_second": pin.cover_second or 0,
    }


def _words_of(slide: Any) -> dict[str, str]:
    return {name: getattr(slide, name) for name in SlideForm.base_fields}


def _posted(data: Any, name: str) -> list[str]:
    """All values of a name; a plain dict has none of ours."""
    values: list[str] = data.getlist(name) if hasattr(data, "getlist") else []
    return values


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
