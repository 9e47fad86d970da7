"""Answers in Pinterest's shapes: account, board, section, Pin."""

from itertools import islice

from sandbox.call import SignedCall
from sandbox.clock import pinterest_time
from sandbox.parameters import read_flag
from sandbox.pictures import SIZES, rendered_size
from sandbox.records import Account, Board, Picture, Pin, Section, Slide
from sandbox.traffic import listed_counts, responses

Json = dict[str, object]
_THUMBNAILS = 4


def image_url(origin: str, picture_id: str, size: str) -> str:
    """Where a rendition is served."""
    return f"{origin}/images/{size}/{picture_id}"


def account_json(call: SignedCall, account: Account) -> Json:
    """`GET /user_account`."""
    boards = [board for board in call.records.boards.values() if board.owner_id == account.id]
    picture = account.picture_id
    return {
        "id": account.id,
        "username": account.username,
        "account_type": account.account_type,
        "about": account.about,
        "business_name": account.name if account.account_type == "BUSINESS" else None,
        "profile_image": image_url(call.origin, picture, "400x300") if picture else "",
        "website_url": account.website_url,
        "board_count": len(boards),
        "pin_count": sum(call.sandbox.index.count_on(board.id) for board in boards),
        "follower_count": account.follower_count,
        "following_count": account.following_count,
        "monthly_views": account.monthly_views,
    }


def board_json(call: SignedCall, board: Board) -> Json:
    """One board, with up to four thumbnails of its newest Pins."""
    newest = islice(call.sandbox.index.pins_on(board.id), _THUMBNAILS + 1)
    pictures = [pin.slides[0].picture_id for pin in newest]
    return {
        "id": board.id,
        "name": board.name,
        "description": board.description,
        "privacy": board.privacy,
        "is_ads_only": board.is_ads_only,
        "owner": {"username": call.records.accounts[board.owner_id].username},
        "created_at": pinterest_time(board.created_at),
        "board_pins_modified_at": pinterest_time(board.pins_modified_at),
        "pin_count": call.sandbox.index.count_on(board.id),
        "follower_count": board.follower_count,
        "collaborator_count": len(board.collaborator_ids),
        "media": {
            "image_cover_url": image_url(call.origin, pictures[0], "400x300") if pictures else None,
            "pin_thumbnail_urls": [
                image_url(call.origin, picture, "150x150") for picture in pictures[1:]
            ],
        },
    }


def section_json(section: Section) -> Json:
    """One board section."""
    return {"id": section.id, "name": section.name}


def pin_json(call: SignedCall, pin: Pin) -> Json:
    """One Pin, with every field a live answer has."""
    board = call.records.boards[pin.board_id]
    first = call.records.pictures[pin.slides[0].picture_id]
    return {
        "id": pin.id,
        "created_at": pinterest_time(pin.created_at),
        "board_id": pin.board_id,
        "board_section_id": pin.section_id,
        "board_owner": {"username": call.records.accounts[board.owner_id].username},
        "title": pin.title,
        "description": pin.description,
        "link": pin.link,
        "alt_text": pin.alt_text,
        "dominant_color": pin.dominant_color or first.dominant_color,
        "creative_type": pin.creative_type(call.now),
        "is_owner": pin.account_id == call.account.id,
        "is_standard": pin.is_standard,
        "has_been_promoted": False,
        "parent_pin_id": pin.parent_pin_id,
        "pin_metrics": _metrics(call, pin),
        "note": "",
        "product_tags": [],
        "is_removable": False,
        "media": _media(call, pin),
    }


def _metrics(call: SignedCall, pin: Pin) -> Json | None:
    """What Pinterest adds to a listed Pin when it is asked to."""
    if not read_flag(call, "pin_metrics"):
        return None
    recent, ever = listed_counts(call, pin)
    comments, reactions = responses(ever)
    return {
        "90d": _listed(recent),
        "lifetime_metrics": {**_listed(ever), "reaction": reactions, "comment": comments},
    }


def _listed(counts: dict[str, int]) -> Json:
    names = {
        "impression": "IMPRESSION",
        "pin_click": "PIN_CLICK",
        "clickthrough": "OUTBOUND_CLICK",
    }
    return {name: counts[of] for name, of in names.items()}


def _media(call: SignedCall, pin: Pin) -> Json:
    if pin.media_id is not None:
        return _video(call, pin)
    if len(pin.slides) == 1:
        picture = call.records.pictures[pin.slides[0].picture_id]
        return {"media_type": "image", "images": _images(call, picture)}
    items = [_slide_json(call, slide) for slide in pin.slides]
    return {"media_type": "multiple_images", "items": items}


def _video(call: SignedCall, pin: Pin) -> Json:
    """A video has no length and size until it has been processed for the Pin, too."""
    media = call.records.media.get(pin.media_id or "")
    picture = call.records.pictures[pin.slides[0].picture_id]
    done = media if media and pin.creative_type(call.now) == "VIDEO" else None
    return {
        "media_type": "video",
        "cover_image_url": image_url(call.origin, picture.id, "1200x"),
        "images": _images(call, picture),
        "video_url": None,
        "duration": done.duration_ms if done else None,
        "width": done.width if done else None,
        "height": done.height if done else None,
    }


def _slide_json(call: SignedCall, slide: Slide) -> Json:
    return {
        "item_type": "image",
        "title": slide.title,
        "description": slide.description,
        "link": slide.link,
        "images": _images(call, call.records.pictures[slide.picture_id]),
    }


def _images(call: SignedCall, picture: Picture) -> Json:
    images: Json = {}
    for size in SIZES:
        width, height = rendered_size(picture, size)
        url = image_url(call.origin, picture.id, size)
        images[size] = {"width": width, "height": height, "url": url}
    return images
