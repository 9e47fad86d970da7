"""Whatever is sent to whatever address, the answer is a client's error with all headers, and the
log has no trace of it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.policy import Role
from foundation.security_headers import FOR_ERRORS
from pinapp.edge.types import is_plain_type
from pinapp.logs import RefusalFilter
from tests import factories
from tests.interactions.asking import DoorClient

_FORMS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
ODD_TYPES = [
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "application/x-www-form-urlencoded; charset=base64",
    "application/x-www-form-urlencoded; charset=rot13",
    "application/x-www-form-urlencoded; charset=idna",
    "application/x-www-form-urlencoded; charset=punycode",
    "application/x-www-form-urlencoded; charset=undefined",
    "application/x-www-form-urlencoded; charset=unicode_escape",
    "application/x-www-form-urlencoded; charset=" + "u" * 5000,
    "application/x-www-form-urlencoded; charset*=utf-8''utf-7",
    "application/x-www-form-urlencoded; charset=",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\xe9",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data; boundary=b; charset=utf-7",
    "multipart/form-data; boundary=b; charset=utf-16",
    "multipart/form-data; boundary=b; charset=base64",
    "multipart/mixed; boundary=b",
    "application/json",
    "application/json; charset=utf-7",
    "text/plain; charset=utf-7",
    ";;;",
    "",
    "\xff\xfe",
]
_PART = b"--b\r\nContent-Disposition: form-data; name=%s\r\n%s\r\n%s\r\n--b--\r\n"
ODD_BODIES = [
    b"",
    b"login=a&password=b",
    b"login=%00&password=%00",
    b"login=%ff%fe&password=%",
    b"login=+ADw-script&password=%u0041",
    b"&".join(b"a%d=1" % number for number in range(3000)),
    b"login=" + b"x" * 60_000,
    b"=&=&=;;%%%",
    b"\x00\xff\xfe",
    b"csrfmiddlewaretoken=%ff&login=\xed\xa0\x80",
    _PART % (b'"login"', b"", b"\x00"),
    _PART % (b'"login"', b"Content-Transfer-Encoding: base64\r\n", b"!!!!"),
    _PART % (b'"login"', b"Content-Type: text/plain; charset=utf-7\r\n", b"+AGE-"),
    _PART % (b'"login"', b"Content-Type: text/plain; charset=base64\r\n", b"x"),
    _PART % (b'"f"; filename="\x00/../x"', b"Content-Type: \xff\r\n", b"x"),
    _PART % (b"\"f\"; filename*=utf-7''x%ff", b"", b"x"),
    b"--b\r\n",
    b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nnever ends',
    b"--b\r\n" + b"X: y\r\n" * 2000,
    b"{",
]
ADDRESSES = [
    "/accounts/login/?next=%00",
    "/accounts/login/?next=%ff%fe",
    "/accounts/login/?next=//evil.example\\x",
    "/accounts/signup/?%00=%00",
    "/accounts/confirm-email/%00/",
    "/accounts/confirm-email/%ff/",
    "/accounts/password/reset/key/1-%00/",
    "/accounts/password/reset/key/%ff-%ff/",
    "/accounts/password/reset/key/" + "9" * 5000 + "-x/",
    "/workspace/invitations/%00/",
    "/workspace/invitations/%ff%fe/",
    "/interactions/pictures/%00.jpg",
    "/interactions/pictures/%ff.jpg",
    "/interactions/verify/pinit/%00.jpg",
    "/interactions/offer?site=%00&entity=%00",
    "/static/%00",
    "/static/../../etc/passwd",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static/" + "x" * 5000,
    "/%00",
    "/%ff%fe%fd",
    "/%",
    "/%zz",
    "/" + "a/" * 4000,
    "/demo/mail/%00/",
    "//evil.example/",
    "/\\evil.example",
]

_IDS = [
    *("0", "-1", "9" * 30, "1e3", "0x1", "%00", "_00", "%ff", "x", "None", "1%2F2", "_2F", "_5F"),
    *("%F0%9F%98%80", "'--", "%u0041", "٣", str(uuid.UUID(int=0)), "x" * 3000),
]
_ADMIN = ["accounts/user", "publishing/pin", "interactions/crawleraddress", "interactions/site"]
_ADMIN_PATHS = [
    *("{}/change/", "{}/delete/", "{}/", "?id__exact={}", "?p={}", "?q={}", "?o={}", "?{}=1"),
    *("?_to_field={}", "?_popup={}"),
]
_OF_MEMBERS = [
    *("/pins/?page={}", "/pins/?status={}", "/pins/?board={}", "/pins/?account={}", "/pins/?q={}"),
    *("/pins/calendar/?month={}", "/pins/calendar/?week={}", "/pins/calendar/?day={}"),
    *("/pins/{}/", "/pins/{}/edit/", "/pins/media/{}/", "/pins/videos/{}/", "/pins/import/{}/"),
    *("/pins/boards/?connection={}", "/pins/new?board={}", "/pins/new?at={}", "/pins/new?day={}"),
    *("/pins/queue/?account={}", "/pins/successions/{}/", "/pins/export.csv?status={}"),
    *("/analytics/?account={}", "/analytics/?from={}&to={}", "/analytics/?span={}"),
    *("/analytics/pins.csv?account={}", "/analytics/report.csv?from={}"),
    *("/interactions/sites/{}/", "/interactions/entities/{}/", "/interactions/records/{}/"),
    *("/interactions/records/?page={}", "/interactions/records/?level={}&site={}"),
    *("/interactions/sites/{}/results/?from={}", "/interactions/lists/{}/"),
    *("/workspace/invitations/{}/", "/connections/?{}", "/demo/mail/{}/"),
]


@pytest.fixture
def ada(db, workspace, sign_in) -> Client:
    """An owner who may use the administration; a fault is an answer to her, not an exception."""
    person = factories.member(workspace, "ada", Role.OWNER)
    person.is_staff = person.is_superuser = True
    person.save()
    client = sign_in(person)
    client.raise_request_exception = False
    return client


@pytest.fixture(autouse=True)
def _no_traces(caplog) -> Iterator[None]:
    """No test here may leave a trace in the log, of whatever level."""
    with caplog.at_level(logging.INFO):
        yield
    told = [each for each in caplog.records if RefusalFilter().filter(each) and each.exc_info]
    assert [(each.name, each.getMessage()) for each in told] == []


def inspect(answer) -> None:
    assert answer.status_code < 500
    missing = [name for name in FOR_ERRORS if not answer.headers.get(name)]
    assert missing == []


@pytest.mark.parametrize("kind", _FORMS + ODD_TYPES)
def test_no_form_however_odd_breaks_a_page(db, kind):
    client = Client(raise_request_exception=False)
    for body in ODD_BODIES:
        answer = client.generic("POST", "/accounts/login/", body, kind)
        inspect(answer)
        assert answer.status_code in (200, 400, 403, 413, 429)
        if body and "charset=" in kind:
            assert answer.status_code == 400, body


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_address_however_odd_breaks_a_page(db, path):
    answer = DoorClient(raise_request_exception=False).get(path)
    assert answer.status_code < 500
    if not path.startswith("/interactions/"):
        inspect(answer)


@pytest.mark.parametrize(
    "pattern", [f"/admin/{each}/{path}" for each in _ADMIN for path in _ADMIN_PATHS]
)
def test_no_id_however_odd_breaks_the_administration(ada, pattern):
    for odd in _IDS:
        inspect(ada.get(pattern.replace("{}", odd)))


@pytest.mark.parametrize("pattern", _OF_MEMBERS)
def test_no_id_however_odd_breaks_a_members_page(ada, pattern):
    for odd in _IDS:
        inspect(ada.get(pattern.replace("{}", odd)))


@pytest.mark.parametrize(
    "host", ["", " ", "a b", "evil.example", "[::1", "testserver:x", "\xff", "a" * 300]
)
def test_no_host_however_odd_breaks_a_page(db, host):
    inspect(Client().get("/accounts/login/", headers={"host": host}))


@pytest.mark.parametrize(
    "cookie",
    [
        "sessionid=" + "x" * 5000,
        "sessionid=\xff",
        "sessionid=%00",
        ";;;=",
        'sessionid="a',
        "csrftoken=\xe9",
        "messages=x",
    ],
)
def test_no_cookie_however_odd_breaks_a_page(db, cookie):
    client = Client(headers={"cookie": cookie})
    for path in ("/", "/accounts/login/", "/pins/"):
        inspect(client.get(path))
    inspect(client.post("/accounts/login/", {"login": "a"}))


@pytest.mark.parametrize(
    ("kind", "is_plain"),
    [
        ("", True),
        ("application/x-www-form-urlencoded", True),
        ("application/x-www-form-urlencoded; charset=UTF-8", True),
        ('text/plain;charset="utf-8"', True),
        ("text/plain; ", True),
        ("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", True),
        (
            "multipart/form-data; boundary=---------------------------9051914041544843365972754266",
            True,
        ),
        ("multipart/form-data; boundary==_x?y:z/1", True),
        ('video/mp4; codecs="avc1.42E01E, mp4a.40.2"', True),
        ("text/plain; charset=utf-7", False),
        ("text/plain; charset=latin-1", False),
        ("text/plain; charset*=utf-8''utf-8", False),
        ("text/plain; charset=utf-8; charset=utf-7", False),
        ("text/plain charset=utf-8", False),
        ("text", False),
        ("\xff/\xfe", False),
        ("text/plain; " + "x=y; " * 200, False),
    ],
)
def test_which_types_are_plain(kind, is_plain):
    assert is_plain_type(kind) is is_plain
