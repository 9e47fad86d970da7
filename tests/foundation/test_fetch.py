"""Fetching an image from a typed address: what is let through, what is stopped, and when."""

import datetime as dt
import ipaddress
import socket
import ssl
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from foundation.fetching import guarded
from foundation.fetching.fetch import FetchProblem, FetchRejected, fetch_image
from foundation.fetching.networks import is_public, is_within, parse_networks
from tests.pinterest.loopback import drop, free_port, in_turn, respond, serve

LOOPBACK = ("127.0.0.0/8",)
PICTURE = b"\xff\xd8\xff" + b"picture " * 100


def problem_of(url, *, allowed_networks=LOOPBACK, timeout_s=5.0):
    with pytest.raises(FetchRejected) as caught:
        fetch_image(url, allowed_networks=allowed_networks, timeout_s=timeout_s)
    assert str(caught.value) == caught.value.message
    return caught.value.code


def resolve_to(monkeypatch, *addresses):
    """Make every name have these addresses, as the owner of a domain can."""

    def getaddrinfo(host, port, **_options):
        families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, port))
            for family, address in zip(families, addresses, strict=True)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def record_dialling(monkeypatch, *, answering=()):
    """Note each address connected to; only the answering ones are really connected to."""
    dialled = []
    connect = guarded._connect

    def note(address, port, *, timeout_s):
        dialled.append(f"{address}:{port}")
        if str(address) not in answering:
            raise ConnectionRefusedError
        return connect(address, port, timeout_s=timeout_s)

    monkeypatch.setattr(guarded, "_connect", note)
    return dialled


def test_an_image_of_an_allowed_network_is_fetched_whole():
    with serve(respond(200, PICTURE, Content_Type="text/plain")) as server:
        assert fetch_image(f"{server.url}/a b/ä.jpg?q=1#part", allowed_networks=LOOPBACK) == PICTURE
    head = server.requests[0].decode()
    assert head.startswith("GET /a%20b/%C3%A4.jpg?q=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n" in head
    assert "Accept-Encoding: identity\r\n" in head


def test_a_body_in_chunks_without_a_length_is_fetched():
    def chunks(one, _request):
        one.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        one.sendall(b"3\r\n\xff\xd8\xff\r\n2\r\nab\r\n0\r\n\r\n")

    with serve(chunks) as server:
        assert fetch_image(server.url, allowed_networks=LOOPBACK) == b"\xff\xd8\xffab"


def test_proxies_and_stored_passwords_of_this_machine_play_no_part(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password SECRET\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with serve(respond(200, PICTURE)) as server:
        assert fetch_image(server.url, allowed_networks=LOOPBACK) == PICTURE
    assert b"authorization" not in server.requests[0].lower()


INSIDE = [
    "http://127.0.0.1",
    "http://localhost",
    "http://127.1",
    "http://2130706433",
    "http://0x7f000001",
    "http://0177.0.0.1",
    "http://0",
    "http://[::1]",
    "http://[::]",
    "http://[::ffff:127.0.0.1]",
    "http://[::ffff:7f00:1]",
    "http://[::127.0.0.1]",
    "http://[64:ff9b::7f00:1]",
    "http://[2002:7f00:1::]",
    "http://10.1.2.3",
    "http://172.16.0.1",
    "http://192.168.1.1",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1",
    "http://224.0.0.1",
    "http://240.0.0.1",
    "http://255.255.255.255",
    "http://[fe80::1]",
    "http://[fc00::1]",
    "http://[fec0::1]",
    "http://[ff02::1]",
]


@pytest.mark.parametrize("url", INSIDE)
def test_no_spelling_of_an_inside_address_is_connected_to(url, monkeypatch):
    dialled = record_dialling(monkeypatch)
    assert problem_of(url, allowed_networks=()) is FetchProblem.PRIVATE_ADDRESS
    assert dialled == []


def test_a_name_that_leads_inside_is_refused(monkeypatch):
    resolve_to(monkeypatch, "127.0.0.1")
    with serve(respond(200, PICTURE)) as server:
        url = f"http://pictures.example:{server.port}/"
        assert problem_of(url, allowed_networks=()) is FetchProblem.PRIVATE_ADDRESS
        assert fetch_image(url, allowed_networks=LOOPBACK) == PICTURE
    assert len(server.requests) == 1
    assert f"Host: pictures.example:{server.port}".encode() in server.requests[0]


@pytest.mark.parametrize("name", ["straße.example", "%73traße。example"])
def test_a_name_is_looked_up_as_a_browser_would(name, monkeypatch):
    asked = []

    def getaddrinfo(host, port, **_options):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with serve(respond(200, PICTURE)) as server:
        url = f"http://{name}:{server.port}/"
        assert fetch_image(url, allowed_networks=LOOPBACK) == PICTURE
    assert asked == ["xn--strae-oqa.example"]
    assert f"Host: xn--strae-oqa.example:{server.port}".encode() in server.requests[0]


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch):
    answers = ["8.8.8.8", "127.0.0.1"]

    def getaddrinfo(_host, port, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    dialled = record_dialling(monkeypatch)
    assert problem_of("http://rebinding.example/", allowed_networks=()) is FetchProblem.UNREACHABLE
    assert dialled == ["8.8.8.8:80"]


def test_inside_addresses_are_skipped_where_a_name_has_public_ones_too(monkeypatch):
    resolve_to(monkeypatch, "10.0.0.1", "::1", "8.8.8.8", "2606:4700::1")
    dialled = record_dialling(monkeypatch)
    assert problem_of("https://mixed.example/", allowed_networks=()) is FetchProblem.UNREACHABLE
    assert dialled == ["8.8.8.8:443", "2606:4700::1:443"]


def test_only_the_web_ports_of_the_public_internet_are_reached(monkeypatch):
    resolve_to(monkeypatch, "8.8.8.8")
    for port in (22, 25, 6379, 8080):
        url = f"http://pictures.example:{port}/"
        assert problem_of(url, allowed_networks=()) is FetchProblem.BAD_URL


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", FetchProblem.BAD_SCHEME),
        ("example.com/a.jpg", FetchProblem.BAD_SCHEME),
        ("ftp://example.com/a.jpg", FetchProblem.BAD_SCHEME),
        ("file:///etc/passwd", FetchProblem.BAD_SCHEME),
        ("gopher://127.0.0.1:6379/_FLUSHALL", FetchProblem.BAD_SCHEME),
        ("data:image/png;base64,AAAA", FetchProblem.BAD_SCHEME),
        ("http://", FetchProblem.BAD_URL),
        ("http:///a.jpg", FetchProblem.BAD_URL),
        ("http://me:secret@example.com/a.jpg", FetchProblem.BAD_URL),
        ("http://example.com@127.0.0.1/", FetchProblem.BAD_URL),
        ("http://exa\r\nmple.com/", FetchProblem.BAD_URL),
        ("http://example.com/\tHTTP/1.1", FetchProblem.BAD_URL),
        ("http://example.com\\@127.0.0.1/", FetchProblem.BAD_URL),
        ("http://example.com:99999/", FetchProblem.BAD_URL),
        ("http://example.com:0/", FetchProblem.BAD_URL),
        ("http://[::1", FetchProblem.BAD_URL),
        (f"http://{'a' * 64}.example/", FetchProblem.BAD_URL),
        (f"http://example.com/{'a' * 5000}", FetchProblem.BAD_URL),
        ("http://no-such-host.invalid/", FetchProblem.UNREACHABLE),
    ],
)
def test_an_address_that_cannot_be_used_says_why(url, problem):
    assert problem_of(url) is problem


def test_redirects_are_followed_three_times_and_no_further():
    hop = respond(302, Location="/next")
    with serve(in_turn(hop, hop, hop, respond(200, PICTURE))) as server:
        assert fetch_image(server.url, allowed_networks=LOOPBACK) == PICTURE
    assert len(server.requests) == 4
    with serve(hop) as server:
        assert problem_of(server.url) is FetchProblem.TOO_MANY_REDIRECTS
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ("http://127.0.0.2:8000/secret", FetchProblem.PRIVATE_ADDRESS),
        ("//127.0.0.2/secret", FetchProblem.PRIVATE_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", FetchProblem.PRIVATE_ADDRESS),
        ("http://[::1]:8000/secret", FetchProblem.PRIVATE_ADDRESS),
        ("file:///etc/passwd", FetchProblem.BAD_SCHEME),
        ("http://[bad", FetchProblem.BAD_URL),
        ("http://a|b.example/", FetchProblem.BAD_URL),
        ("http://user@elsewhere.example/", FetchProblem.BAD_URL),
    ],
)
def test_a_redirect_into_the_private_network_is_refused(location, problem, monkeypatch):
    dialled = record_dialling(monkeypatch, answering=("127.0.0.1",))
    with serve(respond(302, Location=location)) as outside:
        assert problem_of(outside.url, allowed_networks=("127.0.0.1/32",)) is problem
    assert dialled == [f"127.0.0.1:{outside.port}"]


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (respond(404), FetchProblem.NOT_FOUND),
        (respond(410), FetchProblem.NOT_FOUND),
        (respond(401), FetchProblem.HTTP_ERROR),
        (respond(403, b"<html>no</html>"), FetchProblem.HTTP_ERROR),
        (respond(500), FetchProblem.HTTP_ERROR),
        (respond(304), FetchProblem.HTTP_ERROR),
        (respond(302), FetchProblem.HTTP_ERROR),
        (respond(200, b"<!DOCTYPE html><title>x"), FetchProblem.NOT_AN_IMAGE),
        (respond(200, b"\xef\xbb\xbf \n<HTML>"), FetchProblem.NOT_AN_IMAGE),
        (drop, FetchProblem.UNREACHABLE),
        (lambda one, _: one.sendall(b"SSH-2.0-OpenSSH\r\n"), FetchProblem.UNREACHABLE),
        (
            lambda one, _: one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n\xff\xd8"),
            FetchProblem.UNREACHABLE,
        ),
        (
            lambda one, _: one.sendall(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nab"
            ),
            FetchProblem.UNREACHABLE,
        ),
        (
            lambda one, _: one.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 99_999),
            FetchProblem.UNREACHABLE,
        ),
    ],
)
def test_each_answer_that_is_no_image_says_why(script, problem):
    with serve(script) as server:
        assert problem_of(server.url) is problem


def test_nobody_listening_is_unreachable():
    assert problem_of(f"http://127.0.0.1:{free_port()}/") is FetchProblem.UNREACHABLE


def test_a_length_past_the_limit_is_refused_before_the_body_is_read():
    def announce(one, _request):
        one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
        one.recv(1)

    with serve(announce) as server:
        started = time.monotonic()
        assert problem_of(server.url) is FetchProblem.TOO_LARGE
    assert time.monotonic() - started < 3


def test_a_body_without_a_length_is_cut_off_at_the_limit():
    sent = []

    def flood(one, _request):
        one.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            one.sendall(b"\xff" * 1_000_000)
            sent.append(1)

    with serve(flood) as server:
        assert problem_of(server.url, timeout_s=30) is FetchProblem.TOO_LARGE
    assert 20 <= len(sent) < 40


def silent(one, _request):
    one.recv(1)


def trickle_head(one, _request):
    one.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        one.sendall(b"X-More: yes\r\n")
        time.sleep(0.1)


def trickle_body(one, _request):
    one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        one.sendall(b"\xff")
        time.sleep(0.05)


def trickle_line(one, _request):
    while True:
        one.sendall(b"H")
        time.sleep(0.05)


def trickle_without_end(one, _request):
    one.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        one.sendall(b"\xff")
        time.sleep(0.05)


@pytest.mark.parametrize(
    "script", [silent, trickle_head, trickle_body, trickle_line, trickle_without_end]
)
def test_the_clock_on_the_wall_ends_every_wait(script):
    with serve(script) as server:
        started = time.monotonic()
        assert problem_of(server.url, timeout_s=0.6) is FetchProblem.TOO_SLOW
    assert 0.5 < time.monotonic() - started < 3


def test_redirects_share_one_clock():
    def slow_hop(one, request):
        time.sleep(0.3)
        respond(302, Location="/again")(one, request)

    with serve(slow_hop) as server:
        assert problem_of(server.url, timeout_s=0.5) is FetchProblem.TOO_SLOW


def test_no_time_at_all_is_too_slow_before_anything_is_asked(monkeypatch):
    dialled = record_dialling(monkeypatch)
    assert problem_of("http://127.0.0.1/", timeout_s=0) is FetchProblem.TOO_SLOW
    assert dialled == []


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    def hang(*_args, **_options):
        time.sleep(1.5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    started = time.monotonic()
    assert problem_of("http://slow.example/", timeout_s=0.3) is FetchProblem.TOO_SLOW
    assert time.monotonic() - started < 1.2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for pictures.example, signed by itself; the path of its PEM with key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pictures.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("pictures.example")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls_server(certificate, monkeypatch):
    """A picture over TLS, under whatever name is asked for; yields the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serve(
        respond(200, PICTURE), wrap=lambda plain: context.wrap_socket(plain, server_side=True)
    ) as server:
        resolve_to(monkeypatch, "127.0.0.1")
        yield server


def test_a_certificate_nobody_vouches_for_is_refused(tls_server):
    url = f"https://pictures.example:{tls_server.port}/"
    assert problem_of(url) is FetchProblem.UNREACHABLE
    assert tls_server.requests == []


def test_a_certificate_counts_for_the_name_in_the_address(tls_server, certificate, monkeypatch):
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(guarded, "_tls_context", lambda: trusting)
    right = f"https://pictures.example:{tls_server.port}/"
    assert fetch_image(right, allowed_networks=LOOPBACK) == PICTURE
    assert (
        fetch_image(right.replace(".example:", ".example.:"), allowed_networks=LOOPBACK) == PICTURE
    )
    wrong = f"https://other.example:{tls_server.port}/"
    assert problem_of(wrong) is FetchProblem.UNREACHABLE


def test_a_tls_handshake_that_never_ends_is_cut():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = time.monotonic()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        assert problem_of(url, timeout_s=0.5) is FetchProblem.TOO_SLOW
    assert time.monotonic() - started < 3


def test_a_network_that_is_none_is_an_error_of_the_configuration():
    with pytest.raises(ValueError, match="10"):
        fetch_image("http://example.com/", allowed_networks=("10.0.0.0/40",))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_inside_ipv6(address):
    mapped = ipaddress.ip_address(f"::ffff:{address}")
    assert is_public(mapped) == is_public(address)
    assert is_within(mapped, parse_networks([f"{address}/32"]))


@given(st.ip_addresses())
def test_nothing_private_is_ever_public(address):
    if address.is_private or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not is_public(address)


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111"])
def test_the_public_internet_is_open(text):
    assert is_public(ipaddress.ip_address(text))
