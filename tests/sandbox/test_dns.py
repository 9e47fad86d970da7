"""The names of the sandbox's crawler, asked for as PinApp asks."""

import socket
import threading

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.resolver
import pytest

from sandbox.dns import NameServer, records_of_crawler

NAME = "crawl-127-0-0-54.pinterest.com."


@pytest.fixture
def names():
    with NameServer(records_of_crawler("127.0.0.54"), ("127.0.0.1", 0)) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def resolver(names):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], names.server_address[1]
    resolver.lifetime = 2
    return resolver


def test_the_crawlers_address_has_a_name_that_leads_back_to_it(resolver):
    (name,) = resolver.resolve("54.0.0.127.in-addr.arpa.", "PTR")
    assert name.to_text() == NAME
    (address,) = resolver.resolve(name.to_text(), "A")
    assert address.to_text() == "127.0.0.54"


def test_case_does_not_matter(resolver):
    (address,) = resolver.resolve("CRAWL-127-0-0-54.Pinterest.COM.", "A")
    assert address.to_text() == "127.0.0.54"


@pytest.mark.parametrize("name", ["53.0.0.127.in-addr.arpa.", "1.0.0.127.in-addr.arpa."])
def test_the_proxys_address_and_a_visitors_have_no_name(resolver, name):
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve(name, "PTR")


def test_a_name_without_such_a_record_is_not_missing(resolver):
    with pytest.raises(dns.resolver.NoAnswer):
        resolver.resolve(NAME, "AAAA")


def test_the_world_outside_is_not_known(resolver):
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve("www.pinterest.com.", "A")


def test_what_is_no_question_gets_no_answer_and_does_no_harm(names, resolver):
    response = dns.message.make_response(dns.message.make_query(NAME, "A"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.settimeout(0.3)
        for packet in (b"", b"\x00", b"\xff" * 600, response.to_wire()):
            door.sendto(packet, names.server_address)
        with pytest.raises(TimeoutError):
            door.recv(4096)
    assert [each.to_text() for each in resolver.resolve(NAME, "A")] == ["127.0.0.54"]


def test_other_orders_are_refused(names):
    query = dns.message.make_query(NAME, "A")
    query.set_opcode(dns.opcode.NOTIFY)
    answer = dns.message.from_wire(names.answer(query.to_wire()))
    assert answer.rcode() == dns.rcode.NOTIMP
