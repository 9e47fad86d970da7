"""`/v5/pins`: create, list, read, change, delete."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from msgspec import UNSET

from sandbox import errors
from sandbox.boards import belongs
from sandbox.call import SignedCall
from sandbox.guard import check_acting_account, require_features
from sandbox.listing import list_pins
from sandbox.media import check_source, collect_slides
from sandbox.parameters import check_choice, read_flag
from sandbox.records import Board, Pin, Slide
from sandbox.schema import PinCreate, PinSave, PinUpdate, VideoId, decode_body
from sandbox.shapes import pin_json
from sandbox.urls import check_link
from sandbox.wire import Response, json_response, no_content

PIN_FILTERS = ("exclude_native", "exclude_repins", "has_been_promoted")


def create_pin(call: SignedCall) -> Response:
    """`POST /pins`: checks under the lock, media outside of it, then the commit."""
    wanted = decode_body(call.request, PinCreate)
    if wanted.board_id is UNSET:
        raise errors.invalid("'board_id' is a required property")
    if wanted.media_source is UNSET:
        raise errors.invalid("'media_source' is a required property")
    check_link(wanted.link)
    check_source(wanted.media_source)
    check_acting_account(call)
    _refuse_betas(call, wanted)
    with call.sandbox.lock:
        _check_place(call, wanted.board_id, wanted.board_section_id)
        call.sandbox.spam.check(call, (wanted.link, wanted.title, wanted.description))
    slides = collect_slides(call, wanted.media_source)
    with call.sandbox.lock:
        board = _check_place(call, wanted.board_id, wanted.board_section_id)
        pin = _commit(call, board, wanted, slides)
        return json_response(201, pin_json(call, pin))


def list_own_pins(call: SignedCall) -> Response:
    """`GET /pins`: the caller's Pins; protected and secret ones only when asked and allowed."""
    check_choice(call, "pin_filter", PIN_FILTERS)
    check_choice(call, "pin_type", ("PRIVATE",))
    protected = read_flag(call, "include_protected_pins")
    promoted_only = call.request.parameter("pin_filter") == "has_been_promoted"
    return list_pins(call, () if promoted_only else _own_pins(call, protected=protected))


def show_pin(call: SignedCall) -> Response:
    """`GET /pins/{id}`."""
    read_flag(call, "pin_metrics")
    check_acting_account(call)
    return json_response(200, pin_json(call, _pin(call)))


def update_pin(call: SignedCall) -> Response:
    """`PATCH /pins/{id}`: the `pin_edit` beta; media cannot change."""
    wanted = decode_body(call.request, PinUpdate)
    check_link(wanted.link or None)
    check_acting_account(call)
    pin = _own_pin(call)
    board_id = pin.board_id if wanted.board_id is UNSET else wanted.board_id
    moved = board_id != pin.board_id
    section_id = None if moved else pin.section_id
    if wanted.board_section_id is not UNSET:
        section_id = wanted.board_section_id
    _check_place(call, board_id, section_id)
    call.sandbox.index.discard(pin)
    pin.board_id, pin.section_id = board_id, section_id
    call.sandbox.index.add(pin)
    _change_words(pin, wanted)
    return json_response(200, pin_json(call, pin))


def save_pin(call: SignedCall) -> Response:
    """`POST /pins/{id}/save`: a Pin of one's own with the same pictures, on one of one's boards.

    Any Pin on a public board can be saved. Pinterest's description lets `board_id` out and does
    not say where the Pin goes then; here it is asked for.
    """
    wanted = decode_body(call.request, PinSave)
    check_acting_account(call)
    saved = call.records.pins.get(call.path["pin_id"])
    if saved is None:
        raise errors.pin_not_found()
    board = call.records.boards[saved.board_id]
    if board.privacy != "PUBLIC" and not belongs(board, call.account):
        raise errors.not_permitted()
    if wanted.board_id is None:
        raise errors.invalid("'board_id' is a required property")
    _check_place(call, wanted.board_id, wanted.board_section_id)
    created_at = call.sandbox.clock.now()
    pin = replace(
        saved,
        id=call.sandbox.ids.entity("pin"),
        account_id=call.account.id,
        board_id=wanted.board_id,
        section_id=wanted.board_section_id,
        parent_pin_id=saved.id,
        created_at=created_at,
        listed_at=created_at,
        slides=[replace(slide) for slide in saved.slides],
    )
    call.sandbox.keep_pin(pin)
    return json_response(201, pin_json(call, pin))


def delete_pin(call: SignedCall) -> Response:
    """`DELETE /pins/{id}`."""
    check_acting_account(call)
    pin = _own_pin(call)
    call.sandbox.index.discard(pin)
    del call.records.pins[pin.id]
    return no_content()


def _refuse_betas(call: SignedCall, wanted: PinCreate) -> None:
    if wanted.sponsor_id is not None:
        require_features(call, ["paid_partnership"])


def _check_place(call: SignedCall, board_id: str, section_id: str | None) -> Board:
    board = call.records.boards.get(board_id)
    if board is None or not _may_pin_to(call, board):
        raise errors.not_permitted()
    if section_id is not None:
        section = call.records.sections.get(section_id)
        if section is None or section.board_id != board.id:
            raise errors.section_not_found()
    return board


def _may_pin_to(call: SignedCall, board: Board) -> bool:
    if board.privacy == "SECRET" and not call.may_touch_secret():
        return False
    if board.owner_id == call.account.id:
        return True
    return belongs(board, call.account) and board.collaborators_may_write


def _commit(call: SignedCall, board: Board, wanted: PinCreate, slides: list[Slide]) -> Pin:
    created_at = call.sandbox.clock.now()
    lag = call.quirk("listing_lag")
    pin = Pin(
        id=call.sandbox.ids.entity("pin"),
        account_id=call.account.id,
        board_id=board.id,
        created_at=created_at,
        listed_at=created_at + timedelta(seconds=lag.seconds if lag else 0),
        slides=slides,
        section_id=wanted.board_section_id,
        title=wanted.title,
        description=wanted.description,
        link=wanted.link,
        alt_text=wanted.alt_text,
        dominant_color=wanted.dominant_color,
        parent_pin_id=wanted.parent_pin_id,
        is_standard=getattr(wanted.media_source, "is_standard", True),
    )
    if isinstance(wanted.media_source, VideoId):
        pin.media_id = wanted.media_source.media_id
        seconds = call.sandbox.settings.video_pin_seconds
        pin.playable_at = created_at + timedelta(seconds=seconds)
    call.sandbox.keep_pin(pin)
    return pin


def _change_words(pin: Pin, wanted: PinUpdate) -> None:
    for name in ("title", "description", "link", "alt_text"):
        value = getattr(wanted, name)
        if value is not UNSET:
            setattr(pin, name, value)
    if wanted.carousel_slots is UNSET:
        return
    for slide, slot in zip(pin.slides, wanted.carousel_slots, strict=False):
        slide.title = slot.title or slide.title
        slide.description = slot.description or slide.description
        slide.link = slot.link or slide.link


def _pin(call: SignedCall) -> Pin:
    pin = call.records.pins.get(call.path["pin_id"])
    if pin is None:
        raise errors.pin_not_found()
    board = call.records.boards[pin.board_id]
    if pin.account_id != call.account.id and not belongs(board, call.account):
        raise errors.not_permitted()
    if board.privacy == "SECRET":
        call.require_secret()
    return pin


def _own_pin(call: SignedCall) -> Pin:
    pin = _pin(call)
    if pin.account_id != call.account.id:
        raise errors.not_permitted()
    return pin


def _own_pins(call: SignedCall, *, protected: bool) -> Iterator[Pin]:
    private_only = call.request.parameter("pin_type") == "PRIVATE"
    hidden = set() if call.may_touch_secret() else {"SECRET"}
    if not protected:
        hidden.add("PROTECTED")
    for pin in reversed(call.records.pins.values()):
        privacy = call.records.boards[pin.board_id].privacy
        if pin.account_id != call.account.id or privacy in hidden:
            continue
        if not private_only or privacy == "SECRET":
            yield pin
