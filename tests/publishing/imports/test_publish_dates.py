"""Dates are read as people, spreadsheets and other products write them, and nothing is guessed."""

import pytest

from publishing.imports.policy.date_texts import Order
from publishing.imports.policy.publish_dates import (
    DateAsks,
    DateQuestion,
    DateRejected,
    look_at_dates,
    read_publish_date,
)

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-10T14:30:00",
        "2026-06-10 14:30",
        "2026/06/10 2:30 PM",
        "2026-06-10T12:30:00Z",
        "2026-06-10 14:30:00+02:00",
        "2026-06-10 08:30 -0400",
        "20260610T143000",
        "10.06.2026 14:30",
        "10.6.26 14:30",
        "10.06.2026, 14:30 Uhr",
        "2026. 6. 10. 14:30",
        "2026年6月10日 14:30",
        "10 June 2026 14:30",
        "10th June 2026, 2:30 p.m.",
        "June 10, 2026 2:30 PM",
        "Jun 10 2026 14:30",
        "10-Jun-2026 14:30",
        "Wednesday, June 10, 2026 at 2:30 PM",
        "Wed, 10 Jun 2026 12:30:00 +0000",
        "Wed Jun 10 2026 14:30:00 GMT+0200 (Central European Summer Time)",
        "2:30 PM 10 June 2026",
        "46183.6041666667",
        "46183,6041666667",
        "1781094600",
        "1781094600000",
        "2026-06-10\u00a014:30",
        "2026-06-10\u200b14:30",
        "\ufeff2026-06-10 2:30\u202fPM\u2060",
        "2026\u2009-\u200906\u2009-\u200910 14:30",
    ],
)
def test_one_moment_in_many_writings(text):
    assert read_publish_date(text, zone=BERLIN).at.isoformat() == "2026-06-10T12:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-6-1 9:05", "2026-06-01T07:05:00+00:00"),
        ("2026-06-10T14:30:00.123Z", "2026-06-10T14:30:00+00:00"),
        ("2026-06-10T14:30:00+05:30", "2026-06-10T09:00:00+00:00"),
        ("2026-06-10", "2026-06-10T07:00:00+00:00"),
        ("46183", "2026-06-10T07:00:00+00:00"),
        ("10/13/2026 22:00", "2026-10-13T20:00:00+00:00"),
        ("13/10/2026 22:00", "2026-10-13T20:00:00+00:00"),
        ("10/13/26 10 PM", "2026-10-13T20:00:00+00:00"),
        ("12/12/2026 12:00 AM", "2026-12-11T23:00:00+00:00"),
        ("10.13.2026 9:00", "2026-10-13T07:00:00+00:00"),
        ("13.10.26 22:00", "2026-10-13T20:00:00+00:00"),
        ("13.10.26, 22:00 Uhr", "2026-10-13T20:00:00+00:00"),
        ("10.30, 13.10.2026", "2026-10-13T08:30:00+00:00"),
        ("2026-10-13 22:00:00 +0000 UTC", "2026-10-13T22:00:00+00:00"),
        ("2026-10-13 22:00 (UTC)", "2026-10-13T22:00:00+00:00"),
        ("2026-10-13 10 PM [GMT+1]", "2026-10-13T21:00:00+00:00"),
        ("2026-10-13 22:00 (Tue)", "2026-10-13T20:00:00+00:00"),
        ("46308.9166", "2026-10-13T20:00:00+00:00"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_other_moments(text, instant):
    assert read_publish_date(text, zone=BERLIN).at.isoformat() == instant


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("2026-06-10 14:30", ()),
        ("2026-06-10", ("The date has no time, so 09:00 is taken.",)),
        (
            "2026-10-25 02:30",
            ("The clocks go back that night and show this time twice; the first is meant.",),
        ),
        ("2026-10-25T02:30:00+01:00", ()),
        (
            "46183.6041666667",
            ("“46183.6041666667” is how spreadsheets keep 10 June 2026, 14:30; that is meant.",),
        ),
    ],
)
def test_what_was_assumed_about_a_date_is_told(text, notes):
    assert read_publish_date(text, zone=BERLIN).notes == notes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tomorrow", "“tomorrow” is not a date we can read."),
        ("2026-06-10 14", "“2026-06-10 14” is not a date we can read."),
        ("2026-06-10 25:00", "“2026-06-10 25:00” is not a day or a time that exists."),
        ("2026-06-10 24:00", "“2026-06-10 24:00” is not a day or a time that exists."),
        ("2026-06-10 13:00 pm", "“2026-06-10 13:00 pm” is not a day or a time that exists."),
        ("2026-02-30", "“2026-02-30” is not a day or a time that exists: February 2026 has 28"),
        ("31/04/2026", "“31/04/2026” is not a day or a time that exists: April 2026 has 30 days."),
        ("04/31/2026 9:00", "“04/31/2026 9:00” is not a day or a time that exists: April 2026"),
        ("31 April 2026", "“31 April 2026” is not a day or a time that exists: April 2026 has 30"),
        ("13/13/2026", "“13/13/2026” is not a day that exists"),
        ("0001-01-01 00:00", "“0001-01-01 00:00” is not a day or a time that exists."),
        ("2026-06-10T10:00:00+99:00", "“2026-06-10T10:00:00+99:00” is not a day or a time"),
        ("2026-03-29 02:30", "02:30 does not exist on 29 March 2026 in Europe/Berlin"),
        ("2026-06-10 14:30 EST", "“EST” names a zone that several places use."),
        ("2026-06-10 14:30 (EST)", "“EST” names a zone that several places use."),
        ("2026-06-10 14:30[America/New_York]", "“2026-06-10 14:30[America/New_York]” is not a"),
        ("٢٠٢٦-٠٦-١٠", "“٢٠٢٦-٠٦-١٠” is not a date we can read."),
        ("12345", "“12345” is not a date we can read."),
        ("9" * 5000, "“999"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text, words):
    with pytest.raises(DateRejected) as refused:
        read_publish_date(text, zone=BERLIN)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("text", ["06/10/2026 14:30", "6-10-2026 9:00", "1/2/26 9:00"])
def test_two_days_are_asked_about_unless_the_file_says_which(text):
    with pytest.raises(DateAsks) as asked:
        read_publish_date(text, zone=BERLIN)
    assert asked.value.question is DateQuestion.DAY_ORDER
    first = read_publish_date(text, zone=BERLIN, order=Order.DAY).at
    second = read_publish_date(text, zone=BERLIN, order=Order.MONTH).at
    assert (first.day, first.month) == (second.month, second.day)


def test_a_clock_without_a_zone_is_asked_about_and_a_day_without_a_clock_is_at_home():
    with pytest.raises(DateAsks) as asked:
        read_publish_date("2026-06-10 14:30", zone=None, home=BERLIN)
    assert asked.value.question is DateQuestion.ZONE
    day = read_publish_date("2026-06-10", zone=None, home=BERLIN)
    assert day.at.isoformat() == "2026-06-10T07:00:00+00:00"
    read_publish_date("2026-06-10 14:30Z", zone=None, home=BERLIN)


def test_one_certain_date_settles_the_order_of_all():
    assert look_at_dates(["10/8/2027 9:30", "10/13/2027 9:30"]).order is Order.MONTH
    assert look_at_dates(["10/8/2027", "31/08/2027"]).order is Order.DAY
    assert look_at_dates(["2027-10-13", "8 Oct 2027", "nonsense"]).order is None


def test_dates_that_contradict_each_other_settle_nothing():
    seen = look_at_dates(["10/8/2027", "10/13/2027", "13/10/2027"])
    assert (seen.order, seen.two_ways) == (None, "10/8/2027")


def test_what_has_to_be_asked_is_seen():
    seen = look_at_dates(["2027-10-13 9:00", "10/10/2027", "2027-10-13T09:00Z"])
    assert (seen.two_ways, seen.local) == ("", "2027-10-13 9:00")
    assert look_at_dates(["2027-10-13", "2027-10-13T09:00Z", "1781094600"]).local == ""
