"""What the page of a link says, asked without being led anywhere a link may not lead."""

import pytest

from foundation.fetching.links import LinkLook, LinkProblem, look_at_link
from tests.pinterest.loopback import drop, free_port, in_turn, respond, serve

LOOPBACK = ["127.0.0.0/8"]
HTML = {"Content_Type": "text/html; charset=utf-8"}
PAGE = b"<title>Here</title>"


def look(url: str) -> LinkLook:
    return look_at_link(url, allowed_networks=LOOPBACK, timeout_s=2)


def test_a_page_is_asked_for_its_head_and_then_for_its_beginning():
    with serve(respond(200, b"<p>Hello", **HTML)) as server:
        assert look(f"{server.url}/a?b=1") == LinkLook(
            status=200, head=b"<p>Hello", charset="utf-8"
        )
    asked = [request.split(b" HTTP")[0] for request in server.requests]
    assert asked == [b"HEAD /a?b=1", b"GET /a?b=1"]


def test_no_more_than_the_beginning_of_a_page_is_read():
    with serve(respond(200, b"a" * 70_000, **HTML)) as server:
        assert look(server.url).head == b"a" * 65_536


def test_what_is_no_html_is_not_read():
    with serve(respond(200, b"%PDF", Content_Type="application/pdf")) as server:
        assert look(server.url) == LinkLook(status=200)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_that_does_not_know_head_is_asked_with_get(status):
    with serve(in_turn(respond(status), respond(200, PAGE, **HTML))) as server:
        assert look(server.url) == LinkLook(status=200, head=PAGE, charset="utf-8")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_an_error_is_told_as_it_is(status):
    with serve(respond(status)) as server:
        assert look(server.url) == LinkLook(status=status)


def test_redirects_within_a_site_are_followed():
    with serve(in_turn(respond(301, Location="/new"), respond(200))) as server:
        assert look(f"{server.url}/old") == LinkLook(status=200)
    assert server.requests[1].startswith(b"HEAD /new ")


def test_another_site_is_named_and_not_asked():
    with (
        serve(respond(200)) as other,
        serve(respond(302, Location=f"http://127.0.0.2:{other.port}/x")) as server,
    ):
        assert look(server.url) == LinkLook(status=302, left_for=f"http://127.0.0.2:{other.port}/x")
    assert other.requests == []


def test_a_page_that_leads_in_a_circle_is_left():
    with serve(respond(302, Location="/")) as server:
        assert look(server.url) == LinkLook(problem=LinkProblem.LOOPS)
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://10.0.0.1/", LinkProblem.PRIVATE_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", LinkProblem.PRIVATE_ADDRESS),
        ("http://[::1]/", LinkProblem.PRIVATE_ADDRESS),
        ("ftp://example.com/", LinkProblem.BAD_URL),
        ("http://user:pass@example.com/", LinkProblem.BAD_URL),
        ("http://", LinkProblem.BAD_URL),
    ],
)
def test_where_a_link_may_not_lead_nothing_is_asked(url, problem):
    assert look_at_link(url, timeout_s=2) == LinkLook(problem=problem)


@pytest.mark.parametrize("location", ["http://[bad", "http://a|b.example/", "//[", "http:///"])
def test_a_redirect_to_nowhere_is_a_bad_address(location):
    with serve(respond(302, Location=location)) as server:
        assert look(server.url).problem is LinkProblem.BAD_URL


def test_a_redirect_into_the_private_network_is_named_and_not_followed():
    with serve(respond(302, Location="http://10.0.0.1/")) as server:
        assert look(server.url).left_for == "http://10.0.0.1/"


def test_a_site_that_does_not_answer_is_unreachable():
    assert look(f"http://127.0.0.1:{free_port()}/") == LinkLook(problem=LinkProblem.UNREACHABLE)
    with serve(drop) as server:
        assert look(server.url) == LinkLook(problem=LinkProblem.UNREACHABLE)


def test_a_page_that_trickles_in_is_not_waited_for():
    def trickle(one, _request):
        one.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        one.settimeout(5)
        one.recv(1)

    with serve(trickle) as server:
        found = look_at_link(server.url, allowed_networks=LOOPBACK, timeout_s=0.3)
    assert found == LinkLook(problem=LinkProblem.UNREACHABLE)
