"""The mail server of the demonstration, and the mailbox it fills."""

import smtplib
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from demo.mail_catcher import Catcher, serve
from demo.place import AUTHSERV
from discount_broker.adapters.dev_mailbox import MailFolder, SmtpReply
from discount_broker.messaging.inbound.authentication import authentication_of

OWN = "in.broker.localhost"


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """Stands in for the service's own receiver."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the library's name
        if address.startswith("nobody@"):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return "250 OK"


@pytest.fixture
def receiver():
    handler, port = Receiver(), a_free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.port = port
    yield handler
    controller.stop(no_assert=True)


@pytest.fixture
def catcher(tmp_path: Path, receiver):
    port = a_free_port()
    handler = Catcher(tmp_path / "mailbox", OWN, f"127.0.0.1:{receiver.port}", {"info@kontora.localhost"})
    controller = serve(port, handler)
    yield port
    controller.stop(no_assert=True)


@pytest.fixture
def mailbox(tmp_path: Path) -> MailFolder:
    return MailFolder(tmp_path / "mailbox")


def a_mail(to: str, subject: str = "Скидка", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Discount Broker <requests@broker.example>", to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Здравствуйте! http://127.0.0.1:8080/o/abc\n")
    mail.add_alternative("<p>Здравствуйте!</p>", subtype="html")
    return mail


def send(port: int, mail: EmailMessage, sender: str = "bounce+x@in.broker.localhost") -> None:
    with smtplib.SMTP("127.0.0.1", port) as relay:
        relay.send_message(mail, from_addr=sender)


def test_a_dead_mailbox_is_refused_before_the_mail_is_sent(catcher, mailbox):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(catcher, a_mail("info@kontora.localhost"))
    code, text = refused.value.recipients["info@kontora.localhost"]
    assert (code, text.split()[0]) == (550, b"5.1.1")
    assert mailbox.list_mails() == []


def test_a_mail_is_kept_with_all_there_is_to_see(catcher, mailbox):
    send(catcher, a_mail("zakaz@veter.localhost", Reply_To="reply+abc@in.broker.localhost"))
    (mail,) = mailbox.list_mails()
    assert (mail.recipient, mail.subject) == ("zakaz@veter.localhost", "Скидка")
    assert mail.answer_to == "reply+abc@in.broker.localhost"
    assert "Здравствуйте" in mail.text
    assert "<p>" in mail.html
    assert mailbox.find_mail(mail.key) == mail


def test_the_newest_mail_comes_first_and_can_be_asked_for_by_recipient(catcher, mailbox):
    for to in ("zakaz@veter.localhost", "buyer@example.org", "pochta@veter.localhost"):
        send(catcher, a_mail(to))
    assert mailbox.list_mails()[0].recipient == "pochta@veter.localhost"
    assert [mail.recipient for mail in mailbox.list_mails("BUYER@")] == ["buyer@example.org"]
    assert len(mailbox.list_mails("@veter.localhost")) == 2
    assert mailbox.list_mails("@eter.localhost") == []


def test_mail_for_the_service_itself_is_handed_on_as_it_came(catcher, receiver, mailbox):
    send(catcher, a_mail(f"reply+abc@{OWN}"), sender="zakaz@veter.localhost")
    ((sender, recipients, content),) = receiver.taken
    assert (sender, recipients) == ("zakaz@veter.localhost", [f"reply+abc@{OWN}"])
    verdict, rest = content.split(b"\r\n", 1)
    assert authentication_of(verdict + b"\r\nFrom: a@veter.localhost\r\n\r\n", AUTHSERV)["domain"] == (
        "veter.localhost"
    )
    assert rest.startswith(b"From: ")


def test_a_verdict_that_came_with_the_mail_is_nobodys_word(catcher, receiver, mailbox):
    forged = f"{AUTHSERV}; dmarc=pass header.from=broker.example"
    send(catcher, a_mail(f"reply+abc@{OWN}", Authentication_Results=forged), sender="zakaz@veter.localhost")
    ((_, _, content),) = receiver.taken
    assert b"dmarc" not in content
    assert "domain" not in authentication_of(content, AUTHSERV)


def test_an_address_that_the_service_does_not_know_is_refused_for_good(catcher, mailbox):
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(catcher, a_mail(f"nobody@{OWN}"), sender="zakaz@veter.localhost")
    assert (refused.value.smtp_code, refused.value.smtp_error) == (550, b"5.1.1 No such mailbox here")
    assert mailbox.list_mails() == []


def test_while_the_service_takes_no_mail_the_sender_is_asked_to_come_again(tmp_path: Path, mailbox):
    port = a_free_port()
    controller = serve(port, Catcher(tmp_path / "mailbox", OWN, f"127.0.0.1:{a_free_port()}", set()))
    try:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(port, a_mail(f"reply+abc@{OWN}"))
    finally:
        controller.stop(no_assert=True)
    assert refused.value.smtp_code == 451
    assert mailbox.list_mails() == []


def test_a_reply_is_a_real_mail_from_the_one_who_got_it(catcher, receiver, mailbox):
    send(
        catcher, a_mail("zakaz@veter.localhost", Reply_To=f"reply+abc@{OWN}", Message_ID="<1@broker.example>")
    )
    SmtpReply(f"smtp://127.0.0.1:{catcher}")(mailbox.list_mails()[0], "Дадим 10 %")
    reply = mailbox.list_mails(f"@{OWN}")[0]
    assert receiver.taken[0][0] == "zakaz@veter.localhost"
    assert (reply.sender, reply.subject) == ("zakaz@veter.localhost", "Re: Скидка")
    assert reply.text.startswith("Дадим 10 %")
    assert "> Здравствуйте!" in reply.text


def test_a_key_that_is_a_path_finds_nothing(mailbox):
    assert mailbox.find_mail("../../etc/passwd") is None
    assert mailbox.find_mail("nothing") is None
