"""The same server over LMTP, as a mail server's own deliveries come (RFC 2033)."""

import smtplib
from collections.abc import Iterator

import pytest

from discount_broker.adapters.mail_receiver import LARGEST_MAIL, MailReceiver
from tests.contract.mail_servers import free_port
from tests.contract.test_mail_receiver import MAIL, TOKEN, Store

ONE, OTHER = f"reply+{TOKEN}@in.broker.test", f"reply+{TOKEN[::-1]}@in.broker.test"


class FussyStore(Store):
    """Cannot keep what is for one of the addresses."""

    def deliver(self, recipient: str, content: bytes) -> None:
        if recipient == OTHER:
            raise OSError("locked")
        super().deliver(recipient, content)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def client(store: Store) -> Iterator[smtplib.LMTP]:
    port = free_port()
    with MailReceiver(f"lmtp://127.0.0.1:{port}", "in.broker.test", store.deliver), talking_to(port) as lmtp:
        yield lmtp


def talking_to(port: int) -> smtplib.LMTP:
    lmtp = smtplib.LMTP("127.0.0.1", port, timeout=5)
    lmtp.ehlo("mx.broker.test")
    return lmtp


def hand_over(client: smtplib.LMTP, *recipients: str, content: bytes = MAIL) -> list[int]:
    """One answer for each recipient, in their order."""
    client.mail("sales@shop.test")
    for recipient in recipients:
        client.rcpt(recipient)
    client.putcmd("data")
    assert client.getreply()[0] == 354
    client.send(content + b"\r\n.\r\n" if not content.endswith(b"\r\n") else content + b".\r\n")
    return [client.getreply()[0] for _ in recipients]


def test_a_mail_is_kept_with_its_envelope(client: smtplib.LMTP, store: Store) -> None:
    assert hand_over(client, ONE) == [250]
    assert store.kept == [(ONE, b"Return-Path: <sales@shop.test>\r\n" + MAIL)]


def test_the_greeting_is_that_of_lmtp(client: smtplib.LMTP) -> None:
    assert client.docmd("EHLO shop.test")[0] == 500
    assert client.docmd("HELO shop.test")[0] == 500


def test_each_recipient_gets_an_answer_of_its_own() -> None:
    store, port = FussyStore(), free_port()
    with MailReceiver(f"lmtp://127.0.0.1:{port}", "in.broker.test", store.deliver), talking_to(port) as lmtp:
        assert hand_over(lmtp, ONE, OTHER) == [250, 451]
    assert [recipient for recipient, _ in store.kept] == [ONE]


def test_an_address_that_is_not_ours_is_refused_before_the_mail_is_sent(client: smtplib.LMTP) -> None:
    client.mail("sales@shop.test")
    assert client.rcpt("info@in.broker.test")[0] == 550


def test_a_mail_that_is_too_large_is_refused_once_for_each_recipient(
    client: smtplib.LMTP, store: Store
) -> None:
    line = b"x" * 998 + b"\r\n"
    content = line * (LARGEST_MAIL // len(line) + 2)
    assert hand_over(client, ONE, OTHER, content=content) == [552, 552]
    assert hand_over(client, ONE) == [250], "and the connection goes on"
    assert len(store.kept) == 1
