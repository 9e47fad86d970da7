"""Figures in groups, of videos, of many Pins; flags in any case; Pins that are saved again."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Sandbox
from tests.sandbox.test_uploads import COVER, uploaded, video
from tests.sandbox.visitor import CALLBACK, failure

__all__ = ["uploaded"]
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SPAN = {"start_date": "2026-02-10", "end_date": "2026-03-10"}
GROUPS = {
    "APP_TYPE": {"MOBILE", "TABLET", "WEB"},
    "OWNED_CONTENT": {"CLAIMED", "OTHER"},
    "SOURCE": {"YOUR_PINS", "OTHER_PINS"},
    "PIN_FORMAT": {
        *("ORGANIC_IMAGE", "ORGANIC_PRODUCT", "ORGANIC_VIDEO"),
        *("ADS_STANDARD", "ADS_PRODUCT", "ADS_VIDEO", "ADS_IDEA"),
    },
}


@pytest.fixture
def sandbox():
    sandbox = Sandbox.empty(seed=7, frozen_at=NOON)
    sandbox.add_app(redirect_uris=[CALLBACK])
    return sandbox


def impressions(answer) -> dict[str, float]:
    return {key: each["summary_metrics"]["IMPRESSION"] for key, each in answer.items()}


@pytest.mark.parametrize("split", GROUPS)
def test_groups_of_a_split_sum_to_the_whole(visitor, split):
    whole = visitor.get("/user_account/analytics", **SPAN).json()
    groups = visitor.get("/user_account/analytics", **SPAN, split_field=split).json()
    assert set(groups) == GROUPS[split]
    # Each group's days are cut to whole numbers.
    most_cut = len(groups) * 30
    assert 0 <= impressions(whole)["all"] - sum(impressions(groups).values()) <= most_cut
    assert all(len(each["daily_metrics"]) == 29 for each in groups.values())


def test_a_filter_leaves_one_group_of_its_split(visitor):
    chosen = {"split_field": "APP_TYPE", "app_types": "WEB"}
    groups = visitor.get("/user_account/analytics", **SPAN, **chosen).json()
    filtered = visitor.get("/user_account/analytics", **SPAN, app_types="WEB").json()
    assert impressions(groups)["WEB"] == impressions(filtered)["all"]
    assert len(groups) == 1


def test_a_pin_is_split_by_app_alone(visitor, board):
    pin = visitor.pin(board.id).json()
    asked = {**SPAN, "metric_types": "IMPRESSION,SAVE"}
    split = visitor.get(f"/pins/{pin['id']}/analytics", **asked, split_field="APP_TYPE").json()
    assert set(split) == GROUPS["APP_TYPE"]
    other = visitor.get(f"/pins/{pin['id']}/analytics", **asked, split_field="SOURCE")
    assert failure(other) == (400, 1)
    assert failure(visitor.get("/user_account/analytics", **SPAN, split_field="PIN")) == (400, 1)


def test_the_best_videos_are_videos_only(sandbox, visitor, board, uploaded):
    visitor.pin(board.id)
    pin = visitor.pin(board.id, media_source=video(uploaded, **COVER)).json()
    sandbox.clock.advance(3600)
    path = "/user_account/analytics/top_video_pins"
    best = visitor.get(path, **SPAN, sort_by="VIDEO_START").json()
    assert [each["pin_id"] for each in best["pins"]] == [pin["id"]]
    (metrics,) = [each["metrics"] for each in best["pins"]]
    assert set(metrics) == {
        *("IMPRESSION", "SAVE", "OUTBOUND_CLICK", "VIDEO_MRC_VIEW", "VIDEO_10S_VIEW"),
        *("QUARTILE_95_PERCENT_VIEW", "VIDEO_V50_WATCH_TIME", "VIDEO_START"),
        "VIDEO_AVG_WATCH_TIME",
    }
    for wrong in ({}, {"sort_by": "ENGAGEMENT"}, {"sort_by": "SAVE", "num_of_pins": "51"}):
        assert failure(visitor.get(path, **SPAN, **wrong)) == (400, 1)


def test_only_new_pins_are_asked_for(sandbox, acme, visitor, sign_in, board):
    old = visitor.pin(board.id).json()["id"]
    sandbox.clock.advance(timedelta(days=31).total_seconds())
    visitor = sign_in(acme)  # the first token is over by now
    new = visitor.pin(board.id).json()["id"]
    span = {"start_date": "2026-03-12", "end_date": "2026-04-10", "sort_by": "IMPRESSION"}
    path = "/user_account/analytics/top_pins"
    every = visitor.get(path, **span).json()["pins"]
    assert {each["pin_id"] for each in every} == {old, new}
    newest = visitor.get(path, **span, created_in_last_n_days="30").json()["pins"]
    assert [each["pin_id"] for each in newest] == [new]


def test_many_pins_at_once_are_a_beta(sandbox, visitor, board):
    mine = visitor.pin(board.id).json()["id"]
    asked = {**SPAN, "metric_types": "IMPRESSION", "pin_ids": [mine, "999"]}
    assert failure(visitor.get("/pins/analytics", **asked)) == (401, 3)
    sandbox.set_features(["multi_pins_analytics"])
    assert set(visitor.get("/pins/analytics", **asked).json()) == {mine}
    for wrong in ([], ["1"] * 101):
        refused = visitor.get("/pins/analytics", **{**asked, "pin_ids": wrong})
        assert failure(refused) == (400, 1)


@pytest.mark.parametrize("value", ["true", "True", "TRUE", "false", "False"])
def test_flags_are_read_in_any_case(visitor, board, value):
    visitor.pin(board.id)
    (listed,) = visitor.get("/pins", pin_metrics=value).json()["items"]
    assert (listed["pin_metrics"] is not None) is (value.lower() == "true")


@pytest.mark.parametrize("value", ["", "1", "yes", "wahr"])
def test_what_is_no_flag_is_refused(visitor, board, value):
    assert failure(visitor.get("/pins", pin_metrics=value)) == (400, 1)


def test_a_saved_pin_is_ones_own_with_the_same_pictures(sandbox, visitor, sign_in, board):
    fan = sandbox.add_account("fan")
    guest, place = sign_in(fan), sandbox.add_board(fan, "Saved")
    pin = visitor.pin(board.id, title="A bowl", link="https://shop.example/").json()
    answer = guest.post(f"/pins/{pin['id']}/save", {"board_id": place.id})
    assert answer.status_code == 201
    saved = answer.json()
    assert saved["id"] != pin["id"]
    assert (saved["parent_pin_id"], saved["board_id"]) == (pin["id"], place.id)
    assert (saved["title"], saved["link"], saved["is_owner"]) == ("A bowl", pin["link"], True)
    assert saved["media"] == pin["media"]
    assert len(sandbox.pins(board)) == 1


def test_what_cannot_be_saved(sandbox, visitor, sign_in, acme, board):
    fan = sandbox.add_account("fan")
    guest, place = sign_in(fan), sandbox.add_board(fan, "Saved")
    hidden = sandbox.add_board(acme, "Hidden", privacy="PROTECTED")
    pin = visitor.pin(hidden.id).json()["id"]
    public = visitor.pin(board.id).json()["id"]
    assert failure(guest.post(f"/pins/{pin}/save", {"board_id": place.id})) == (403, 29)
    assert failure(guest.post("/pins/999/save", {"board_id": place.id})) == (404, 50)
    assert failure(guest.post(f"/pins/{public}/save", {"board_id": board.id})) == (403, 29)
    assert failure(guest.post(f"/pins/{public}/save", {})) == (400, 1)
    assert failure(guest.post(f"/pins/{public}/save", {"board": "1"})) == (400, 1)
    sandbox.set_tier("trial")
    assert failure(guest.post(f"/pins/{public}/save", {"board_id": place.id})) == (403, 29)


def test_search_finds_words_in_ones_own(insider, board):
    insider.pin(board.id, title="A green bowl")
    insider.pin(board.id, title="A vase")
    found = insider.get("/search/pins", query="bowl GREEN").json()["items"]
    assert [each["title"] for each in found] == ["A green bowl"]
    assert failure(insider.get("/search/pins")) == (400, 1)
    assert len(insider.get("/search/boards", query="spr").json()["items"]) == 1
    assert insider.get("/search/boards", query="winter").json()["items"] == []
