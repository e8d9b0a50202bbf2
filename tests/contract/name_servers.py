"""A name server on loopback that says what it is told."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.resolver
import dns.rrset

Zone = Mapping[str, Mapping[str, list[str]]]
"""By name, by type, the answers as a zone file has them; a name that is not there does not exist."""

SILENT, FAILING = "silent.test-zone.net", "failing.test-zone.net"
"""Names for which, and for those below, no answer comes, and an error."""


class NameServer:
    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self.asked: list[tuple[str, str]] = []
        self._wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._wire.bind(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return int(self._wire.getsockname()[1])

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sent, whence = self._wire.recvfrom(4096)
                if not sent:
                    return
                answer = self._answer(dns.message.from_wire(sent))
                if answer is not None:
                    self._wire.sendto(answer.to_wire(), whence)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        [question] = query.question
        name, kind = question.name.to_text(omit_final_dot=True).lower(), question.rdtype.name
        self.asked.append((name, kind))
        if name.endswith(SILENT):
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name.endswith(FAILING):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self._zone:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif said := self._zone[name].get(kind):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *said))
        return answer

    def resolver(self) -> dns.resolver.Resolver:
        """One that asks here and nowhere else, and is soon tired of waiting."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.port
        resolver.timeout = resolver.lifetime = 0.5
        return resolver

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))


@contextmanager
def answering(zone: Zone) -> Iterator[NameServer]:
    server = NameServer(zone)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
        server._wire.close()
