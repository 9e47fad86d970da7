"""Which links are taken, and what follows from each way a send can fail."""

from datetime import UTC, datetime, timedelta

import pytest

from pinterest.errors import RefusalReason, Refused, Trouble, Unavailable, Uncertain
from publishing.choices.bounds import DESCRIPTION_LIMIT, LINK_LIMIT
from publishing.choices.statuses import PinStatus
from publishing.pins.policy.failures import Verdict, judge_failure, retry_delay
from publishing.pins.policy.texts import LinkRejected, check_link

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NO_SCHEME = "Start the link with https:// (or http://), such as https://example.com/page."
INCOMPLETE = "This is not a complete web address. Copy it from the browser's address bar."
CREDENTIALS = "Leave the user name and password out of the link."


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com",
        "http://example.com/page?a=b#c",
        "HTTPS://Example.COM/",
        "https://shop.example.com:8443/a%20b",
        "https://bücher.example/vase",
        "https://xn--bcher-kva.example/vase",
        "https://straße.example/vase",
        "https://☕.example/vase",
        "https://my_shop.example/vase",
        "https://my-shop.example\\[vase",
        "https://192.0.2.7/page",
        "https://example.com/🏺?q=vase@home",
        "https://example.com./",
        "https://example.com/" + "a" * (LINK_LIMIT - len("https://example.com/")),
    ],
)
def test_a_complete_web_address_is_a_link(link):
    check_link(link)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("example.com", NO_SCHEME),
        ("www.example.com/page", NO_SCHEME),
        ("//example.com/page", NO_SCHEME),
        ("javascript:alert(1)", NO_SCHEME),
        ("java\nscript:alert(1)", NO_SCHEME),
        ("data:text/html,hello", NO_SCHEME),
        ("ftp://example.com/file", NO_SCHEME),
        ("mailto:olga@example.com", NO_SCHEME),
        ("https:example.com", NO_SCHEME),
        ("https:/example.com", NO_SCHEME),
        ("https://", INCOMPLETE),
        ("https:///page", INCOMPLETE),
        ("https://localhost/page", INCOMPLETE),
        ("https://intranet", INCOMPLETE),
        ("https://.", INCOMPLETE),
        ("https://example..com/", INCOMPLETE),
        ("https://exa mple.com/", INCOMPLETE),
        ("https://exa|mple.com/", INCOMPLETE),
        ("https://192.0.2.777/page", INCOMPLETE),
        ("https://\u0301a.example/", INCOMPLETE),
        ("https://example.com/a page", INCOMPLETE),
        ("https://example.com/a\tpage", INCOMPLETE),
        ("https://example.com/a\npage", INCOMPLETE),
        ("https://example.com/a\u00a0page", INCOMPLETE),
        ("https://example.com/\u202egnp.exe", INCOMPLETE),
        ("https://[2001:db8::1]/", INCOMPLETE),
        ("https://[2001:db8::1/", INCOMPLETE),
        ("https://[v1.fe80]/", INCOMPLETE),
        ("https://example.com:99999/", INCOMPLETE),
        ("https://example.com:http/", INCOMPLETE),
        ("https://olga:secret@example.com/", CREDENTIALS),
        ("https://olga@example.com/", CREDENTIALS),
        ("HTTPS://olga@example.com\\[a", CREDENTIALS),
        ("https://@example.com/", CREDENTIALS),
    ],
)
def test_anything_else_is_refused_with_what_to_do(link, sentence):
    with pytest.raises(LinkRejected) as refused:
        check_link(link)
    assert str(refused.value) == sentence


def refused(reason: RefusalReason) -> Refused:
    return Refused("No.", remedy="Do something.", reason=reason)


def unavailable(reason: Trouble, retry_after: float | None = None) -> Unavailable:
    return Unavailable("Away.", remedy="Wait.", reason=reason, retry_after=retry_after)


def judge(error, *, tries=1, tried_since=NOW, now=NOW) -> Verdict:
    return judge_failure(error, tries=tries, tried_since=tried_since, now=now)


HELD_REASONS = {
    RefusalReason.TRIAL_ACCESS,
    RefusalReason.APP_NOT_APPROVED,
    RefusalReason.APP_CREDENTIALS_WRONG,
}


@pytest.mark.parametrize("reason", sorted(set(RefusalReason) - HELD_REASONS))
def test_a_refused_pin_has_failed_unless_something_can_be_fetched_or_uploaded_again(reason):
    in_five_minutes = Verdict(PinStatus.SCHEDULED, due_at=NOW + timedelta(minutes=5))
    again = {
        RefusalReason.IMAGE_UNREACHABLE: in_five_minutes,
        RefusalReason.URL_UNREACHABLE: in_five_minutes,
        RefusalReason.MEDIA_GONE: Verdict(PinStatus.SCHEDULED, due_at=NOW),
    }
    assert judge(refused(reason)) == again.get(reason, Verdict(PinStatus.FAILED))


def test_a_video_that_pinterest_keeps_losing_is_not_uploaded_for_ever():
    assert judge(refused(RefusalReason.MEDIA_GONE), tries=3) == Verdict(PinStatus.FAILED)


@pytest.mark.parametrize("reason", sorted(HELD_REASONS))
def test_a_refusal_of_the_app_leaves_the_pin_planned(reason):
    assert judge(refused(reason)) == Verdict(PinStatus.SCHEDULED, due_at=NOW)


def test_a_picture_that_pinterest_could_not_fetch_is_asked_for_three_times():
    error = refused(RefusalReason.IMAGE_UNREACHABLE)
    assert judge(error, tries=2) == Verdict(PinStatus.SCHEDULED, due_at=NOW + timedelta(minutes=10))
    assert judge(error, tries=3) == Verdict(PinStatus.FAILED)


@pytest.mark.parametrize("reason", list(Trouble))
def test_what_never_reached_pinterest_goes_out_again_soon(reason):
    assert judge(unavailable(reason)) == Verdict(
        PinStatus.SCHEDULED, due_at=NOW + timedelta(seconds=15)
    )


@pytest.mark.parametrize("reason", list(Trouble))
def test_what_may_have_reached_pinterest_is_never_sent_again(reason):
    error = Uncertain("Maybe.", remedy="Look.", reason=reason)
    for tries in (1, 2, 50):
        assert judge(error, tries=tries) == Verdict(PinStatus.UNCERTAIN)


def test_pinterests_own_waiting_time_is_kept():
    limited = unavailable(Trouble.RATE_LIMITED, retry_after=45)
    assert judge(limited, tries=9).due_at == NOW + timedelta(seconds=45)


def test_a_waiting_time_of_nothing_does_not_become_a_hammer():
    limited = unavailable(Trouble.RATE_LIMITED, retry_after=0)
    assert judge(limited, tries=1).due_at == NOW + timedelta(seconds=5)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour():
    seconds = [retry_delay(tries).total_seconds() for tries in range(9)]
    assert seconds == [15, 15, 30, 60, 120, 240, 480, 900, 900]
    assert retry_delay(5000) == timedelta(minutes=15)


def test_after_a_day_of_trying_a_person_is_asked():
    away = unavailable(Trouble.CONNECT_FAILED)
    planned = NOW - timedelta(hours=23)
    assert judge(away, tries=90, tried_since=planned).status is PinStatus.SCHEDULED
    planned = NOW - timedelta(hours=23, minutes=50)
    assert judge(away, tries=95, tried_since=planned) == Verdict(PinStatus.FAILED)
    assert judge(away, tries=500, tried_since=NOW - timedelta(days=3)) == Verdict(PinStatus.FAILED)


def test_a_daily_limit_is_waited_for_and_a_longer_one_is_not():
    day = unavailable(Trouble.RATE_LIMITED, retry_after=67_150)
    assert judge(day).due_at == NOW + timedelta(seconds=67_150)
    week = unavailable(Trouble.RATE_LIMITED, retry_after=7 * 86_400)
    assert judge(week) == Verdict(PinStatus.FAILED)
    for_ever = unavailable(Trouble.RATE_LIMITED, retry_after=1e15)
    assert judge(for_ever) == Verdict(PinStatus.FAILED)


def test_the_description_may_be_as_long_as_pinterest_takes_it():
    assert (DESCRIPTION_LIMIT, LINK_LIMIT) == (800, 2048)
