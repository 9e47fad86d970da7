"""Who asks, decided by the connection and the declared proxies, and by nothing else."""

from __future__ import annotations

import pytest

from pinapp.edge.origin import Misleading, Origin, for_the_application, origin_of, plain_headers

PEER = "198.51.100.1"
CRAWLER = "54.236.1.11"


def decided(*headers: tuple[str, str], proxies: int) -> Origin:
    plain = plain_headers((name.encode(), value.encode("latin-1")) for name, value in headers)
    return origin_of(plain, peer=PEER, scheme="http", proxies=proxies)


def forwarded(*values: str, name: str = "X-Forwarded-For") -> list[tuple[str, str]]:
    return [(name, value) for value in values]


@pytest.mark.parametrize(
    ("proxies", "values", "address"),
    [
        (0, [], PEER),
        (0, [CRAWLER], PEER),
        (1, [CRAWLER], CRAWLER),
        (1, [f"6.6.6.6, {CRAWLER}"], CRAWLER),
        (1, [f"6.6.6.6,{CRAWLER} "], CRAWLER),
        (2, [f"6.6.6.6, {CRAWLER}, 10.0.0.1"], CRAWLER),
        # A proxy may add a line instead of lengthening the one that is there.
        (1, ["6.6.6.6", CRAWLER], CRAWLER),
        (2, ["6.6.6.6", CRAWLER, "10.0.0.1"], CRAWLER),
        (2, [f"6.6.6.6, {CRAWLER}", "10.0.0.1"], CRAWLER),
        # With the port, as some write it.
        (1, [f"{CRAWLER}:4711"], CRAWLER),
        (1, ["[2620:109::5]:4711"], "2620:109::5"),
        (1, ["[2620:109::5]"], "2620:109::5"),
        (1, ["2620:109:0:0::5"], "2620:109::5"),
        (1, [f"::ffff:{CRAWLER}"], CRAWLER),
        # Who comes past the proxies, or says what no address is, comes from nowhere.
        (1, [], ""),
        (2, [CRAWLER], ""),
        (1, [f"{CRAWLER},"], ""),
        (1, ["unknown"], ""),
        (1, ["054.236.1.11"], ""),
        (1, [f"{CRAWLER}\x00"], ""),
        (1, [f"{CRAWLER} {PEER}"], ""),
    ],
)
def test_the_address_counts_from_the_right(proxies, values, address):
    """T8."""
    assert decided(*forwarded(*values), proxies=proxies).address == address


@pytest.mark.parametrize(
    "name",
    [
        "X_Forwarded_For",
        "X-Forwarded_For",
        "x_forwarded-for",
        "X.Forwarded.For",
        "X-Forwarded-For ",
        "Forwarded",
        "X-Real-IP",
        "CF-Connecting-IP",
        "True-Client-IP",
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_another_name_says_nothing(name, is_first):
    genuine, false = forwarded(PEER), forwarded(CRAWLER, name=name)
    headers = false + genuine if is_first else genuine + false
    assert decided(*headers, proxies=1).address == PEER


@pytest.mark.parametrize(
    ("proxies", "values", "scheme"),
    [
        (0, ["https"], "http"),
        (1, [], "http"),
        (1, ["https"], "https"),
        (1, ["HTTPS"], "https"),
        (1, ["https, http"], "http"),
        (1, ["https", "http"], "http"),
        (2, ["http, https, http"], "https"),
        (2, ["https"], "https"),
        (1, ["wss"], "http"),
        (1, ["https:"], "http"),
    ],
)
def test_the_scheme_is_told_by_the_same_proxies(proxies, values, scheme):
    headers = forwarded(*values, name="X-Forwarded-Proto")
    false = forwarded("https", name="X_Forwarded_Proto") + forwarded("on", name="X-Forwarded-Ssl")
    assert decided(*headers, *false, proxies=proxies).scheme == scheme


def test_nothing_that_names_a_visitor_or_a_host_reaches_the_application():
    names = ["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"]
    names += ["X-Forwarded-Port", "X-Real-IP", "X_Real_IP", "Content_Length", "Proxy", "X_Any"]
    names += ["X-Original-URL", "Cookie", "User-Agent", "X-CSRFToken", "HX-Request"]
    headers = plain_headers((name.encode(), b"x") for name in names)
    assert [name.decode() for name, _ in for_the_application(headers)] == [
        *("host", "cookie", "user-agent", "x-csrftoken", "hx-request")
    ]


def test_two_hosts_are_none():
    with pytest.raises(Misleading):
        for_the_application([(b"host", b"pins.example"), (b"host", b"evil.example")])
