"""A DNS server on loopback that tells the truth, lies, fails or keeps silent, as a test says."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.reversename
import dns.rrset

SILENCE, SERVFAIL = "silence", "servfail"


class Names(socketserver.ThreadingUDPServer):
    """Answers from `records`: (name, type) to values, or to SILENCE or SERVFAIL."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], Sequence[str] | str] = {}
        self.asked: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def point(self, address: str, names: Sequence[str] | str) -> None:
        """Give an address its names."""
        self.records[dns.reversename.from_address(address).to_text(), "PTR"] = names

    def lead(self, name: str, *addresses: str, kind: str = "A") -> None:
        """Give a name its addresses."""
        self.records[f"{name.lower().rstrip('.')}.", kind] = list(addresses)


class _Handler(socketserver.BaseRequestHandler):
    server: Names

    def handle(self) -> None:
        packet, door = self.request
        query = dns.message.from_wire(packet)
        question = query.question[0]
        name, kind = question.name.to_text().lower(), dns.rdatatype.to_text(question.rdtype)
        self.server.asked.append((name, kind))
        found = self.server.records.get((name, kind))
        alias = self.server.records.get((name, "CNAME"))
        if found == SILENCE:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if found == SERVFAIL:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        elif alias:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "CNAME", *alias))
            back = self.server.records[alias[0], "CNAME"]
            answer.answer.append(dns.rrset.from_text(alias[0], 60, "IN", "CNAME", *back))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        wire = answer.to_wire()
        if len(wire) > 1200:
            short = dns.message.make_response(query)
            short.flags |= dns.flags.TC
            wire = short.to_wire()
        door.sendto(wire, self.client_address)


@contextmanager
def names() -> Iterator[Names]:
    """A server for as long as the block lasts."""
    with Names() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
