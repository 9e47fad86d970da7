"""Lists of Pins: shared parameters, lag, pages."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sandbox import errors
from sandbox.call import SignedCall
from sandbox.guard import check_acting_account
from sandbox.paging import page, page_size
from sandbox.parameters import read_flag
from sandbox.records import Pin
from sandbox.shapes import pin_json
from sandbox.wire import Response, json_response

CREATIVE_TYPES = (
    "REGULAR",
    "VIDEO",
    "SHOPPING",
    "CAROUSEL",
    "MAX_VIDEO",
    "SHOP_THE_PIN",
    "COLLECTION",
    "IDEA",
    "SHOWCASE",
    "QUIZ",
    "COLLAGE",
    "MAX_WIDTH_REGULAR_COLLECTION",
    "MAX_WIDTH_VIDEO_COLLECTION",
)


def list_pins(call: SignedCall, pins: Iterable[Pin]) -> Response:
    """A page of the given Pins (newest first) with the parameters every Pin list takes."""
    read_flag(call, "pin_metrics")
    wanted = creative_types(call)
    page_size(call)
    check_acting_account(call)
    listed = (
        pin for pin in _no_longer_lagging(call, pins) if pin.creative_type(call.now) in wanted
    )
    shown, bookmark = page(call, listed, key=lambda pin: pin.id)
    items = [pin_json(call, pin) for pin in shown]
    return json_response(200, {"items": items, "bookmark": bookmark})


def creative_types(call: SignedCall) -> set[str]:
    """The repeated `creative_types` parameter; all types where it is absent."""
    wanted = {value for name, value in call.request.parameters() if name == "creative_types"}
    for value in sorted(wanted - set(CREATIVE_TYPES)):
        raise errors.invalid_parameter("creative_types", value, CREATIVE_TYPES)
    return wanted or set(CREATIVE_TYPES)


def _no_longer_lagging(call: SignedCall, pins: Iterable[Pin]) -> Iterator[Pin]:
    lag = call.quirk("listing_lag")
    newest = call.now - timedelta(seconds=lag.seconds if lag else 0)
    return (pin for pin in pins if pin.listed_at <= call.now and pin.created_at <= newest)
