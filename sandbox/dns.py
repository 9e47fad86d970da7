"""The names of the sandbox's crawler: a DNS server that knows one address and its way back."""

import ipaddress
import socketserver
import sys
from collections.abc import Mapping
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.reversename
import dns.rrset

_TTL_SECONDS: Final = 60


def crawler_name(address: str) -> str:
    """The name of a crawler's address, as seen at Pinterest: crawl-127-0-0-54.pinterest.com."""
    return f"crawl-{address.replace('.', '-')}.pinterest.com."


def records_of_crawler(address: str) -> dict[tuple[str, str], str]:
    """A crawler's records: its address has a name (PTR), and the name leads back to it (A)."""
    reverse = dns.reversename.from_address(str(ipaddress.IPv4Address(address))).to_text()
    name = crawler_name(address)
    return {(reverse, "PTR"): name, (name, "A"): address}


class NameServer(socketserver.ThreadingUDPServer):
    """Answers from `records`, by name (lower-case, with its final dot) and type, over UDP."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, records: Mapping[tuple[str, str], str], address: tuple[str, int]) -> None:
        self.records = records
        super().__init__(address, _Handler)

    @property
    def place(self) -> str:
        """Where it listens, as host:port."""
        host, port = self.server_address[:2]
        return f"{host!s}:{port}"

    def answer(self, packet: bytes) -> bytes | None:
        """The answer to a question; None for what is not one, which gets none."""
        try:
            query = dns.message.from_wire(packet)
        except (dns.exception.DNSException, ValueError):
            return None
        if query.flags & dns.flags.QR:
            return None
        response = dns.message.make_response(query)
        if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
            response.set_rcode(dns.rcode.NOTIMP)
            return response.to_wire()
        response.flags |= dns.flags.AA
        self._fill(response, query.question[0])
        return response.to_wire()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that are gone; report everything else."""
        if isinstance(sys.exc_info()[1], ConnectionError):
            return
        super().handle_error(request, client_address)  # type: ignore[arg-type]  # stub is narrower

    def _fill(self, response: dns.message.Message, question: dns.rrset.RRset) -> None:
        name, kind = question.name.to_text().lower(), dns.rdatatype.to_text(question.rdtype)
        value = self.records.get((name, kind))
        if value is not None:
            response.answer.append(
                dns.rrset.from_text(question.name, _TTL_SECONDS, "IN", kind, value)
            )
        elif not any(known == name for known, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)


class _Handler(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        packet, door = self.request
        answer = self.server.answer(packet)
        if answer is not None:
            door.sendto(answer, self.client_address)
