"""Walks a sandbox with Pinterest's own Python SDK, as its documentation shows.

Run as a script with the SDK alone on its path (its package is named as ours): the API's address and
a token are the environment's PINTEREST_API_URI and PINTEREST_ACCESS_TOKEN, the picture's address
and another account's public Pin are the arguments. Prints one word for each step that passed.
"""

import datetime as dt
import sys
from typing import Any

import pytest
from openapi_generated.pinterest_client.api.media_api import MediaApi
from openapi_generated.pinterest_client.api.pins_api import PinsApi
from openapi_generated.pinterest_client.api.search_api import SearchApi
from openapi_generated.pinterest_client.api.user_account_api import UserAccountApi
from openapi_generated.pinterest_client.exceptions import ApiException, NotFoundException
from openapi_generated.pinterest_client.model.inline_object1 import InlineObject1
from pinterest.organic.boards import Board
from pinterest.organic.pins import Pin

from pinterest.client import PinterestSDKClient

TODAY = dt.datetime.now(dt.UTC).date()
SPAN = {"start_date": TODAY - dt.timedelta(days=29), "end_date": TODAY}


def items(page: Any) -> list[Any]:
    """What is on a page: `items` is a method of some of the SDK's answers."""
    return page["items"]


def passed(step: str) -> None:
    print(step, flush=True)


def walk_boards() -> Board:
    board = Board.create(name="From the SDK", description="made", privacy="PUBLIC")
    assert board.name == "From the SDK"
    assert board.owner["username"] == "acme"
    board.update_fields(description="changed")
    assert Board(board_id=board.id).description == "changed"
    listed, bookmark = Board.get_all(page_size=1)
    assert len(listed) == 1
    assert bookmark is not None
    more, _ = bookmark.get_next()
    assert {each.id for each in [*listed, *more]} >= {board.id}
    section = board.create_section(name="Glazed")
    assert board.update_section(section_id=section.id, name="Matt").name == "Matt"
    sections, _ = board.list_sections()
    # Their repr fails in the SDK itself, so sections are compared by what they hold.
    assert [each.name for each in sections] == ["Matt"]
    passed("boards")
    return board


def walk_pins(client: PinterestSDKClient, board: Board, *, picture: str, foreign_pin: str) -> Pin:
    pin = Pin.create(
        board_id=board.id,
        title="A bowl",
        link="https://shop.example/bowl",
        media_source={"source_type": "image_url", "url": picture},
    )
    assert (pin.title, pin.board_id) == ("A bowl", board.id)
    assert Pin(pin_id=pin.id).link == "https://shop.example/bowl"
    listed, _ = board.list_pins()
    assert [each.id for each in listed] == [pin.id]
    # The SDK can send `True` alone.
    counted, _ = Pin.get_all(pin_metrics=True, include_protected_pins=True)
    assert [each.id for each in counted] == [pin.id]
    assert counted[0].pin_metrics is not None
    again = Pin(pin_id=pin.id)
    again.save(board_id=board.id)
    assert again.parent_pin_id == pin.id
    # Another's Pin can be saved but not read.
    request = InlineObject1(board_id=board.id)
    saved = PinsApi(client).pins_save(pin_id=foreign_pin, inline_object1=request)
    assert saved.parent_pin_id == foreign_pin
    passed("pins")
    return pin


def walk_people(client: PinterestSDKClient) -> None:
    api = UserAccountApi(client)
    assert api.user_account_get().username == "acme"
    assert [each["username"] for each in items(api.followers_list())] == ["fan"]
    assert [each["username"] for each in items(api.user_following_get())] == ["fan"]
    assert [each["name"] for each in items(api.boards_user_follows_list())] == ["Seen"]
    assert [each["username"] for each in api.linked_business_accounts_get()] == ["fan"]
    assert items(api.user_websites_get()) == []
    assert "p:domain_verify" in api.website_verification_get().metatag
    passed("people")


def walk_figures(client: PinterestSDKClient, pin: Pin) -> None:
    api = UserAccountApi(client)
    whole = api.user_account_analytics(**SPAN)["all"]
    assert len(whole.daily_metrics) == 30
    split = api.user_account_analytics(**SPAN, split_field="APP_TYPE")
    assert set(split.to_dict()) == {"MOBILE", "TABLET", "WEB"}
    assert api.user_account_analytics_top_pins(**SPAN, sort_by="IMPRESSION").pins
    videos = api.user_account_analytics_top_video_pins(**SPAN, sort_by="VIDEO_START")
    assert videos.pins == []
    figures = PinsApi(client).pins_analytics(
        pin_id=pin.id, metric_types=["IMPRESSION", "SAVE"], **SPAN
    )
    assert set(figures.to_dict()) == {"all"}
    passed("figures")


def walk_others(client: PinterestSDKClient, board: Board, pin: Pin) -> None:
    found = SearchApi(client).search_user_boards_get(query="sdk")
    assert [each["id"] for each in items(found)] == [board.id]
    assert items(SearchApi(client).search_user_pins_list(query="bowl"))
    assert items(MediaApi(client).media_list()) == []
    Pin.delete(pin_id=pin.id)
    # What the sandbox answers to these two, 404 and 400, is looked at in its log.
    with pytest.raises(NotFoundException):
        Pin(pin_id=pin.id)
    with pytest.raises(ApiException):
        Board.create(name="From the SDK")
    Board.delete(board_id=board.id)
    passed("others")


def main(picture: str, foreign_pin: str) -> None:
    client = PinterestSDKClient.create_default_client()
    board = walk_boards()
    pin = walk_pins(client, board, picture=picture, foreign_pin=foreign_pin)
    walk_people(client)
    walk_figures(client, pin)
    walk_others(client, board, pin)


if __name__ == "__main__":
    main(*sys.argv[1:])
