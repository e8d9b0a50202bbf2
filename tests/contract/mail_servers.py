"""Mail servers on loopback that behave as told."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Relay:
    """Says yes to everything, unless told another answer for a stage."""

    port: int = 0
    recipient_answer: str = "250 2.1.5 OK"
    sender_answer: str = "250 2.1.0 OK"
    content_answer: str = "250 2.0.0 OK: queued as 4F1"
    hangs_up_after_content: bool = False
    taken: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.sender_answer.startswith("2"):
            envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802 - likewise
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipient_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        self.taken.append(envelope)
        if self.hangs_up_after_content:
            assert server.transport is not None
            server.transport.abort()
        return self.content_answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def relaying(*, takes_utf8: bool = False) -> Iterator[Relay]:
    relay = Relay(free_port())
    controller = Controller(relay, hostname="127.0.0.1", port=relay.port, enable_SMTPUTF8=takes_utf8)
    controller.start()
    try:
        yield relay
    finally:
        controller.stop(no_assert=True)


@dataclass
class WordyRelay:
    """Follows a script word by word, and remembers what it was told in each conversation."""

    port: int = 0
    greeting: str = "220 relay.test"
    abilities: tuple[str, ...] = ("SIZE 1000000",)
    answers: dict[str, str] = field(default_factory=dict)
    """By verb, or `.` for a whole mail; after an answer of 421 it hangs up."""
    silent_at: str = ""
    """At this verb it says nothing more until the test is over."""
    patience: int = 1000
    """Mails it takes in one conversation before it hangs up without a word."""
    conversations: list[list[str]] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    is_over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def answer_to(self, verb: str) -> str:
        usual = {"QUIT": "221 Bye", "DATA": "354 Go on", "EHLO": "\r\n".join(self._greets_back())}
        return self.answers.get(verb, usual.get(verb, "250 OK"))

    def _greets_back(self) -> Iterator[str]:
        yield from ("250-relay.test", *(f"250-{ability}" for ability in self.abilities))
        yield "250 HELP"


class _Conversation(StreamRequestHandler):
    timeout = 20
    server: "_WordyServer"

    def handle(self) -> None:
        relay, told, mails = self.server.relay, [], 0
        relay.conversations.append(told)
        self._say(relay.greeting)
        while line := self.rfile.readline():
            verb = line.decode("utf-8").strip().partition(" ")[0].partition(":")[0].upper()
            told.append(line.decode("utf-8").strip())
            mails += verb == "DATA"
            if not self._may_answer(verb) or not self._answer(verb, is_last=mails >= relay.patience):
                return

    def _answer(self, verb: str, *, is_last: bool) -> bool:
        answer = self.server.relay.answer_to(verb)
        self._say(answer)
        if verb == "DATA" and answer.startswith("354"):
            self.server.relay.mails.append(self._content())
            if not self._may_answer("."):
                return False
            answer = self.server.relay.answer_to(".")
            self._say(answer)
        return not answer.startswith(("421", "221")) and not (is_last and verb == "DATA")

    def _may_answer(self, verb: str) -> bool:
        if self.server.relay.silent_at == verb:
            self.server.relay.is_over.wait(20)
            return False
        return True

    def _content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class _WordyServer(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, relay: WordyRelay) -> None:
        self.relay = relay
        super().__init__(("127.0.0.1", 0), _Conversation)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is part of what is tested."""


@contextmanager
def wordily_relaying(relay: WordyRelay) -> Iterator[WordyRelay]:
    with _WordyServer(relay) as server:
        relay.port = server.server_address[1]
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield relay
        finally:
            relay.is_over.set()
            server.shutdown()
