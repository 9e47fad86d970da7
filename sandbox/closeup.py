"""The page of one Pin: everything an app sent with it."""

from typing import TYPE_CHECKING

from sandbox.fragments import (
    account_address,
    avatar,
    board_address,
    outward,
    video_badge,
)
from sandbox.layout import page_response
from sandbox.markup import Child, Html, el
from sandbox.records import Pin
from sandbox.wire import Response

if TYPE_CHECKING:
    from sandbox.core import Core


def pin_page(sandbox: "Core", pin: Pin) -> Response:
    """The closeup."""
    title = pin.title or "Pin without a title"
    article = el(
        "article",
        _strip(sandbox, pin),
        el(
            "div",
            el("h1", title),
            el("p", pin.description) if pin.description else None,
            _maker(sandbox, pin),
            _facts(sandbox, pin),
            class_="words",
        ),
        class_="closeup",
    )
    return page_response(title, article)


def _strip(sandbox: "Core", pin: Pin) -> Html:
    """The picture, or a carousel's side by side: a strip that snaps, with links for arrows."""
    slides = [_slide(sandbox, pin, number) for number in range(len(pin.slides))]
    if not slides[1:]:
        return el("div", slides, video_badge(sandbox, pin), class_="shown")
    label = f"{len(slides)} pictures"
    return el("div", slides, class_="strip", role="group", aria_label=label, tabindex="0")


def _slide(sandbox: "Core", pin: Pin, number: int) -> Html:
    slide = pin.slides[number]
    picture = sandbox.records.pictures[slide.picture_id]
    image = el(
        "img",
        src=f"/images/1200x/{picture.id}",
        alt=pin.alt_text or pin.title or "Pin without alt text",
        width=str(picture.width),
        height=str(picture.height),
    )
    words = [text for text in (slide.title, slide.description) if text]
    link = outward(slide.link) if slide.link else None
    caption = el("figcaption", " · ".join(words), " ", link) if words or link else None
    if not pin.slides[1:]:
        return el("figure", image, caption)
    return el("figure", image, _arrows(pin, number), caption, id=f"slide-{number + 1}")


def _arrows(pin: Pin, number: int) -> Html:
    """Links to the neighbours, and which of how many this is."""
    count = len(pin.slides)
    back = el("a", "‹", href=f"#slide-{number}", aria_label="Previous picture")
    on = el("a", "›", href=f"#slide-{number + 2}", aria_label="Next picture")
    place = el("span", f"{number + 1} of {count}")
    return el("p", back if number else None, place, on if number + 1 < count else None)


def _maker(sandbox: "Core", pin: Pin) -> Html:
    account = sandbox.records.accounts[pin.account_id]
    name = el("a", account.name, href=account_address(account))
    handle = el("p", f"@{account.username}", class_="quiet")
    return el("div", avatar(account), el("div", el("b", name), handle), class_="who")


def _facts(sandbox: "Core", pin: Pin) -> Html:
    board = sandbox.records.boards[pin.board_id]
    owner = sandbox.records.accounts[board.owner_id]
    section = sandbox.records.sections.get(pin.section_id or "")
    pictures = [sandbox.records.pictures[slide.picture_id] for slide in pin.slides]
    return el(
        "dl",
        _fact("Link", outward(pin.link) if pin.link else "None"),
        _fact("Board", el("a", board.name, href=board_address(owner, board))),
        _fact("Section", section.name) if section else None,
        _fact("Alt text", pin.alt_text or "None"),
        _fact("Created", pin.created_at.strftime("%-d %B %Y, %H:%M:%S UTC")),
        _fact("Video", _video_words(sandbox, pin)) if pin.media_id else None,
        _fact(
            "Cover" if pin.media_id else "Picture",
            ", ".join(f"{p.width} × {p.height} {p.format}" for p in pictures),
        ),
        _fact("Pin ID", el("code", pin.id)),
    )


def _video_words(sandbox: "Core", pin: Pin) -> str:
    media = sandbox.records.media.get(pin.media_id or "")
    if media is None:
        return "No longer known"
    seconds = media.duration_ms // 1000
    facts = f"{seconds // 60}:{seconds % 60:02d}, {media.width} × {media.height}"
    playable = pin.creative_type(sandbox.clock.now()) == "VIDEO"
    return facts if playable else f"{facts}, still being processed"


def _fact(name: str, value: Child) -> Html:
    return el("div", el("dt", name), el("dd", value))
