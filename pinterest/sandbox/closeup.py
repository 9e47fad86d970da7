"""The page of one Pin: everything an app sent with it."""

from typing import TYPE_CHECKING

from pinterest.sandbox.fragments import account_address, avatar, board_address, outward
from pinterest.sandbox.layout import page_response
from pinterest.sandbox.markup import Child, Html, el
from pinterest.sandbox.records import Pin
from pinterest.sandbox.wire import Response

if TYPE_CHECKING:
    from pinterest.sandbox.core import Core


def pin_page(sandbox: "Core", pin: Pin) -> Response:
    """The closeup."""
    title = pin.title or "Pin without a title"
    article = el(
        "article",
        el("div", [_slide(sandbox, pin, number) for number in range(len(pin.slides))]),
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
    caption = el("figcaption", slide.title, " ", slide.description) if slide.title else None
    return el("figure", image, caption)


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
        _fact("Picture", ", ".join(f"{p.width} × {p.height} {p.format}" for p in pictures)),
        _fact("Pin ID", el("code", pin.id)),
    )


def _fact(name: str, value: Child) -> Html:
    return el("div", el("dt", name), el("dd", value))
