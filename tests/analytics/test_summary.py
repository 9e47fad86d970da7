"""Sums and rates: a rate is a sum by a sum, and what is missing is not zero."""

from __future__ import annotations

from datetime import date

from analytics.policy.figures import Day, as_count, change, rate, sum_up, summary


def day(number, status="READY", account=("", ""), **counts):
    return Day(date(2021, 9, number), status, counts, *account)


def test_the_figures_of_ayrshare_s_example():
    days = [
        day(28, impression=0, engagement=0, save=0, pin_click=0, outbound_click=0),
        day(29, impression=17, engagement=2, save=1, pin_click=1, outbound_click=0),
    ]
    body = summary(days)
    daily = body.pop("daily")
    assert body == {
        "impression": 17,
        "engagement": 2,
        "engagementRate": 0.11764705882352941,
        "save": 1,
        "saveRate": 0.058823529411764705,
        "pinClick": 1,
        "pinClickRate": 0.058823529411764705,
        "outboundClick": 0,
        "outboundClickRate": 0.0,
    }
    assert daily[0] == {
        "date": "2021-09-28",
        "metrics": {
            "IMPRESSION": 0,
            "ENGAGEMENT": 0,
            "ENGAGEMENT_RATE": 0,
            "SAVE": 0,
            "SAVE_RATE": 0,
            "PIN_CLICK": 0,
            "PIN_CLICK_RATE": 0,
            "OUTBOUND_CLICK": 0,
            "OUTBOUND_CLICK_RATE": 0,
        },
        "data_status": "READY",
    }


def test_days_say_whose_they_are():
    days = [day(1, account=("42", "old-studio")), day(2, account=("7", "clay-studio"))]
    told = summary(days)["daily"]
    assert [(each["account_id"], each["username"]) for each in told] == [
        ("42", "old-studio"),
        ("7", "clay-studio"),
    ]


def test_what_is_missing_is_not_zero():
    days = [day(1, impression=10, save=1), day(2, "PROCESSING"), day(3, impression=30, save=None)]
    assert sum_up(days) == {
        "impression": 40,
        "engagement": None,
        "save": 1,
        "pin_click": None,
        "outbound_click": None,
    }
    body = summary(days)
    assert (body["engagement"], body["engagementRate"]) == (None, None)
    assert body["daily"][1]["metrics"] == {}
    assert summary([])["impression"] is None


def test_rates_and_changes_never_divide_by_nothing():
    assert (rate(1, 4), rate(0, 0), rate(None, 4), rate(1, None)) == (0.25, 0.0, None, None)
    assert (change(3, 2), change(1, 0), change(None, 2)) == (0.5, None, None)


def test_what_can_be_no_count_is_missing():
    values = (None, 0.0, 3.0, -1.0, 1e30)
    assert [as_count(value) for value in values] == [None, 0, 3, None, None]


def test_a_rate_is_of_days_that_tell_both():
    days = [
        day(1, impression=100, save=10, pin_click=5),
        day(2, impression=900),
        day(3, save=200),
    ]
    body = summary(days)
    assert (body["impression"], body["save"]) == (1000, 210)
    assert (body["saveRate"], body["pinClickRate"], body["outboundClickRate"]) == (0.1, 0.05, None)
