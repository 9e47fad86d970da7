"""Demo content: a ceramics shop and a plant studio, with boards and a few Pins."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sandbox.artwork import dominant_color
from sandbox.demo_content import ACCOUNTS
from sandbox.demo_shapes import DemoAccount, DemoBoard, DemoPin
from sandbox.records import Account, Picture, Pin, Slide
from sandbox.sandbox import Sandbox

_WIDTH, _HEIGHT = 1000, 1500
_PORTRAIT = 600


@dataclass(slots=True)
class _Calendar:
    """Spreads the demo Pins over the last weeks, oldest first."""

    days_ago: float


def seed_demo(sandbox: Sandbox) -> None:
    """Fill an empty sandbox with the demo accounts; their pictures are painted when looked at."""
    total = sum(len(board.pins) for demo in ACCOUNTS for board in demo.boards)
    calendar = _Calendar(days_ago=total * 1.5 + 3)
    with sandbox.lock:
        for demo in ACCOUNTS:
            account = _add_account(sandbox, demo)
            # The first board of a list gets the newest Pins, so that it is shown first.
            for board in reversed(demo.boards):
                _add_board(sandbox, account, board, calendar)


def _add_account(sandbox: Sandbox, demo: DemoAccount) -> Account:
    account = sandbox.add_account(
        demo.username,
        name=demo.name,
        account_type="BUSINESS",
        about=demo.about,
        website_url=demo.website_url,
    )
    account.follower_count = demo.followers
    account.following_count = demo.following
    account.monthly_views = demo.monthly_views
    account.picture_id = _picture(sandbox, demo.art, _PORTRAIT, _PORTRAIT).id
    return account


def _add_board(sandbox: Sandbox, owner: Account, demo: DemoBoard, calendar: _Calendar) -> None:
    board = sandbox.add_board(owner, demo.name, privacy=demo.privacy, description=demo.description)
    board.created_at -= timedelta(days=calendar.days_ago + 1)
    board.pins_modified_at = board.created_at
    board.follower_count = demo.followers
    sections = [sandbox.add_section(board, name).id for name in demo.sections]
    for number, pin in enumerate(demo.pins):
        section_id = sections[number % len(sections)] if sections else None
        _add_pin(sandbox, owner, board.id, section_id, pin, calendar)


def _add_pin(
    sandbox: Sandbox,
    owner: Account,
    board_id: str,
    section_id: str | None,
    demo: DemoPin,
    calendar: _Calendar,
) -> None:
    calendar.days_ago -= 1.5
    created_at = sandbox.clock.now() - timedelta(days=calendar.days_ago)
    picture = _picture(sandbox, demo.art, _WIDTH, _HEIGHT)
    sandbox.keep_pin(
        Pin(
            id=sandbox.ids.entity("pin"),
            account_id=owner.id,
            board_id=board_id,
            section_id=section_id,
            created_at=created_at,
            listed_at=created_at,
            slides=[Slide(picture_id=picture.id)],
            title=demo.title,
            description=demo.description,
            link=demo.link,
            alt_text=demo.alt_text,
        )
    )


def _picture(sandbox: Sandbox, art: str, width: int, height: int) -> Picture:
    picture = Picture(
        id=hashlib.sha256(f"{art} {width}x{height}".encode()).hexdigest()[:32],
        width=width,
        height=height,
        dominant_color=dominant_color(art),
        art=art,
    )
    sandbox.records.pictures[picture.id] = picture
    return picture
