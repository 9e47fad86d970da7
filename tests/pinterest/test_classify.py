"""What an answer of Pinterest means, as a table."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinterest import operations
from pinterest.answers import RawAnswer, redact
from pinterest.classify import classify_answer
from pinterest.errors import (
    PinterestError,
    RefusalReason,
    Refused,
    Trouble,
    Unavailable,
    Uncertain,
)
from pinterest.operations import CREATE_PIN, EXCHANGE_CODE, GET_BOARD, GET_PIN, REFRESH_TOKEN
from pinterest.words import REFUSED, UNAVAILABLE, UNCERTAIN

OPERATIONS = [each for each in vars(operations).values() if isinstance(each, operations.Operation)]


def answer(status, code=None, message=None, *, headers=None, **more):
    said = {"code": code, "message": message, **more}
    body = json.dumps({key: value for key, value in said.items() if value is not None})
    return RawAnswer(status, headers or {}, body.encode())


REFUSALS = [
    (400, 1, "Invalid request: 'x' does not match the pattern: ^\\d+$", "invalid"),
    (400, 1, "Invalid request: title 'my anti-spam kit' is too long", "invalid"),
    (400, 1, "'link': 'htp:/x' is not a valid URL format", "bad_link"),
    (400, 1, "Sorry! You entered an invalid URL", "bad_link"),
    (400, 1, "Sorry, we could not fetch the image.", "image_unreachable"),
    (400, 1, "Unable to reach the URL. Check it and try again", "url_unreachable"),
    (400, 58, "You already have one. Try a different name.", "duplicate_board_name"),
    (409, 58, "Try a different name.", "duplicate_board_name"),
    (401, 2, "Authentication failed.", "token_dead"),
    (401, 401, "Authentication failed.", "token_dead"),
    (401, 3, "Your token does not have sufficient permissions", "missing_scope"),
    (401, 3, "App does not have access to this restricted feature: pin_edit", "restricted_feature"),
    (401, 3, "Your application consumer type is not supported", "app_not_approved"),
    (401, None, "Your application consumer type is not supported", "app_not_approved"),
    (401, 7, "Not authorized to access board or Pin", "board_not_permitted"),
    (401, 283, "The authorization grant is invalid", "grant_refused"),
    (401, None, None, "other"),
    (403, 29, "You are not permitted to access that resource.", "board_not_permitted"),
    (403, 29, "Apps with Trial access may not create Pins in production", "trial_access"),
    (403, 233, "The image is too small", "image_too_small"),
    (403, 235, "The image is broken", "image_broken"),
    (404, 40, "Board not found.", "board_gone"),
    (404, 404, "Board not found.", "board_gone"),
    (404, 50, "Pin not found.", "pin_gone"),
    (404, 2031, "Board section not found.", "section_gone"),
    (404, 404, "Board section not found.", "section_gone"),
    (404, 30, "User not found.", "not_found"),
    (405, 5, "Method not allowed.", "other"),
    (422, None, "no", "invalid"),
    (429, 9, "We blocked this link because it may lead to spam", "spam"),
    (400, 2, "We blocked this link because it may lead to spam", "spam"),
    (403, 1, "This site doesn't allow you to save Pins", "site_refuses_pins"),
]


@pytest.mark.parametrize(("status", "code", "message", "reason"), REFUSALS)
def test_each_refusal_is_told_apart_by_code_and_then_by_text(status, code, message, reason):
    failure = classify_answer(CREATE_PIN, answer(status, code, message))
    assert (type(failure), getattr(failure, "reason", None)) == (Refused, reason)
    assert (failure.status, failure.code) == (status, code)


def test_spam_hidden_in_the_message_detail_is_still_spam_and_no_rate_limit():
    failure = classify_answer(
        CREATE_PIN, answer(429, 8, "Request blocked", message_detail="Link may lead to SPAM")
    )
    assert (type(failure), failure.reason) == (Refused, RefusalReason.SPAM)


def test_not_permitted_names_the_board_only_when_the_call_was_about_a_board():
    said = answer(403, 29, "You are not permitted to access that resource.")
    assert classify_answer(GET_BOARD, said).reason == "board_not_permitted"
    assert classify_answer(GET_PIN, said).reason == "not_permitted"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (answer(401, 2, "Authentication failed."), "app_credentials_wrong"),
        (answer(401, 283, "authorization grant is invalid"), "grant_refused"),
        (RawAnswer(400, {}, b'{"error":"invalid_grant"}'), "grant_refused"),
        (RawAnswer(401, {}, b'{"error":"invalid_client"}'), "app_credentials_wrong"),
        (answer(400, 1, "Invalid request"), "invalid"),
    ],
)
def test_the_token_endpoint_blames_the_app_or_the_grant(said, reason):
    for operation in (EXCHANGE_CODE, REFRESH_TOKEN):
        failure = classify_answer(operation, said)
        assert (type(failure), failure.reason) == (Refused, reason)


SERVER_FAULTS = [
    answer(400, 1, "Something went wrong on our end. Sorry about that."),
    answer(500, None, "Internal error"),
    RawAnswer(502, {}, b"<html><h1>Bad gateway</h1></html>"),
    RawAnswer(503, {}, b""),
    RawAnswer(504, {}, b"\xff\xfe not text"),
]


@pytest.mark.parametrize("said", SERVER_FAULTS)
def test_a_server_fault_leaves_a_create_uncertain_and_a_read_repeatable(said):
    for operation in OPERATIONS:
        failure = classify_answer(operation, said)
        assert type(failure) is (Uncertain if operation.creates else Unavailable)
        assert failure.reason is Trouble.SERVER_ERROR


@pytest.mark.parametrize(
    ("status", "on_create", "on_read", "reason"),
    [
        (200, Uncertain, Unavailable, Trouble.BAD_ANSWER),
        (201, Uncertain, Unavailable, Trouble.BAD_ANSWER),
        (301, Unavailable, Unavailable, Trouble.REDIRECTED),
        (302, Uncertain, Unavailable, Trouble.REDIRECTED),
        (303, Uncertain, Unavailable, Trouble.REDIRECTED),
        (307, Unavailable, Unavailable, Trouble.REDIRECTED),
        (308, Unavailable, Unavailable, Trouble.REDIRECTED),
        (407, Unavailable, Unavailable, Trouble.CONNECT_FAILED),
        (408, Uncertain, Unavailable, Trouble.TIMED_OUT),
        (409, Unavailable, Unavailable, Trouble.BUSY),
        (429, Unavailable, Unavailable, Trouble.RATE_LIMITED),
    ],
)
def test_statuses_that_are_no_verdict(status, on_create, on_read, reason):
    for operation, kind in ((CREATE_PIN, on_create), (GET_PIN, on_read)):
        failure = classify_answer(operation, RawAnswer(status, {}, b""))
        assert (type(failure), failure.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"x-ratelimit-reset": "67150"}, 67150.0),
        ({"X-RateLimit-Reset": "45, 45;w=60"}, 45.0),
        ({"Retry-After": "7", "x-ratelimit-reset": "45"}, 7.0),
        ({"Retry-After": "soon", "x-ratelimit-reset": "45"}, 45.0),
        ({"x-ratelimit-reset": "never"}, None),
        (
            {
                "Date": "Sun, 22 Nov 2026 03:00:00 GMT",
                "Retry-After": "Sun, 22 Nov 2026 03:01:30 GMT",
            },
            90.0,
        ),
        (
            {
                "Date": "Sun, 22 Nov 2026 03:00:00 GMT",
                "Retry-After": "Sun, 22 Nov 2026 02:00:00 GMT",
            },
            0.0,
        ),
        ({"Retry-After": "Sun, 22 Nov 2026 03:01:30 GMT"}, None),
    ],
)
def test_a_rate_limit_says_how_long_to_wait_when_pinterest_does(headers, seconds):
    failure = classify_answer(GET_PIN, answer(429, 8, "exceeded your rate limit", headers=headers))
    assert (type(failure), failure.retry_after) == (Unavailable, seconds)


def test_an_error_carries_the_request_id_and_pinterests_own_words():
    said = answer(404, "50", "Pin not found.", headers={"X-Pinterest-RID": "123-abc"})
    failure = classify_answer(GET_PIN, said)
    assert (failure.rid, failure.code, failure.detail) == ("123-abc", 50, "Pin not found.")


def test_a_strange_request_id_is_not_taken_over():
    said = answer(404, 50, "x", headers={"x-pinterest-rid": "a b\r\nInjected: yes"})
    assert classify_answer(GET_PIN, said).rid is None


@pytest.mark.parametrize(
    "secret",
    [
        "pina_AEATKXAVBJ2M4AYA",
        "pinr_abc.DEF-123_x",
        "Bearer abcdef123456",
        "Basic MTIzOnNlY3JldA==",
        "client_secret=hunter2hunter2",
        '"refresh_token": "verysecretvalue"',
    ],
)
def test_no_credential_in_foreign_words_gets_through(secret):
    shown = redact(f"Your call with {secret} failed")
    value = secret.split()[-1].split("=", 1)[-1].strip('"')
    assert value not in shown
    assert shown.replace('"', "") == "Your call with [hidden] failed"


def test_the_words_of_a_gateway_page_are_kept_short_and_without_markup():
    page = b"<html><style>p{}</style><script>x()</script><h1>Bad  gateway</h1>" + b"y" * 999
    detail = classify_answer(GET_PIN, RawAnswer(502, {}, page)).detail
    assert detail.startswith("Bad gateway yyy")
    assert len(detail) == 300


def test_the_body_of_a_success_is_never_quoted_because_it_may_be_a_token():
    said = RawAnswer(200, {}, b"access_token is zzz-very-secret")
    assert classify_answer(REFRESH_TOKEN, said).detail == ""
    assert "zzz" not in repr(said)


def test_every_failure_has_words_and_a_remedy_in_whole_sentences():
    assert set(REFUSED) == set(RefusalReason)
    assert set(UNAVAILABLE) == set(Trouble)
    for words in [*REFUSED.values(), *UNAVAILABLE.values(), *UNCERTAIN.values()]:
        for sentence in words:
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert "!" not in sentence


def test_an_error_reads_as_message_and_remedy_and_survives_pickling():
    failure = classify_answer(GET_PIN, answer(429, 8, "slow", headers={"Retry-After": "3"}))
    copy = pickle.loads(pickle.dumps(failure))  # noqa: S301  # our own bytes
    assert str(failure) == f"{failure.message} {failure.remedy}"
    assert (type(copy), repr(copy)) == (Unavailable, repr(failure))


@given(
    operation=st.sampled_from(OPERATIONS),
    status=st.integers(200, 599),
    headers=st.dictionaries(
        st.sampled_from(["Retry-After", "date", "x-ratelimit-reset", "x-pinterest-rid"]), st.text()
    ),
    body=st.one_of(
        st.binary(max_size=400),
        st.recursive(
            st.none() | st.booleans() | st.floats(allow_nan=False) | st.text() | st.integers(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(lambda value: json.dumps({"code": value, "message": value}).encode()),
    ),
)
def test_any_answer_whatever_becomes_one_of_the_three(operation, status, headers, body):
    failure = classify_answer(operation, RawAnswer(status, headers, body))
    assert isinstance(failure, PinterestError)
    assert type(failure) in (Refused, Unavailable, Uncertain)
    assert len(failure.detail) <= 300
    assert not (isinstance(failure, Uncertain) and not operation.creates)


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        ("Invalid request: 'title' is too long: maxLength=100", "title"),
        ("Invalid request: 'description' is too long: maxLength=800", "description"),
        ("Invalid request: 'alt_text' is too long: maxLength=500", "alt text"),
        ("Invalid request: 'board_id' must match the pattern: ^\\d+$", "board"),
        ("Invalid request: 'board_section_id' must match the pattern: ^\\d+$", "section"),
        ("Invalid request: 'media_source.data' must match the pattern", "picture or video"),
        ("Invalid request: 'media_source.url' is too long", "address of the picture"),
        ("Invalid request: 'media_source.items[2].title' is too long", "pictures of the carousel"),
        ("Invalid request: 'media_source.cover_image_url' is no URL", "cover of the video"),
        ("Invalid request: 'title' is 'link'", "title"),
    ],
)
def test_a_field_that_pinterest_names_is_named_as_our_forms_name_it(sentence, field):
    failure = classify_answer(CREATE_PIN, answer(400, 1, sentence))
    assert failure.message == f"Pinterest does not accept the {field}. Pinterest says: “{sentence}”"
    assert failure.remedy == f"Change the {field}, then try again."


def test_pinterests_own_sentence_is_quoted_without_secrets_and_not_at_any_length():
    failure = classify_answer(CREATE_PIN, answer(400, 1, f"no pina_secret {'x' * 500}"))
    assert "pina_secret" not in str(failure)
    assert len(str(failure)) < 500
    assert str(failure).count("…") == 1


def test_what_is_no_sentence_of_the_api_is_not_quoted():
    page = RawAnswer(403, {}, b"<html><h1>Forbidden</h1>nginx</html>")
    failure = classify_answer(CREATE_PIN, page)
    assert "Pinterest says" not in failure.message
    assert failure.detail


@pytest.mark.parametrize("message", [5, ["a"], {"a": 1}, ""])
def test_a_message_that_is_no_text_is_not_quoted(message):
    body = json.dumps({"code": 1, "message": message}).encode()
    failure = classify_answer(CREATE_PIN, RawAnswer(400, {}, body))
    assert "Pinterest says" not in failure.message
