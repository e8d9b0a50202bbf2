"""A real mail server on the other side: it takes our mail and bounces what has no mailbox."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat

from discount_broker.adapters.mail_receiver import MailReceiver
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.messaging.ports import OutgoingMessage
from discount_broker.outreach.inbound import BounceReason, read_inbound
from discount_broker.outreach.status import ReplyKind
from tests.contract.mail_servers import free_port
from tests.contract.test_dkim import MAIL_FROM, Installation, with_ed25519, with_rsa
from tests.postfix.instance import find_postfix, private_postfix

DOMAIN = "in.broker.test"
BOUNCE_TO = f"bounce+abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop@{DOMAIN}"


MESSAGE = OutgoingMessage(
    to="nobody-lives-here@shop.test",
    subject="Запрос скидки R-7K2M9",
    text="Здравствуйте!",
    html="<p>Здравствуйте!</p>",
    language="ru",
    idempotency_key="0b54d7f0",
    sender_name="Скидка",
    reply_to=f"reply+x@{DOMAIN}",
    bounce_to=BOUNCE_TO,
    stop_url="https://broker.test/stop/" + "x" * 90,
)
Mails = queue.Queue[tuple[str, bytes]]


@contextmanager
def postfix_that_hands_on_to_us() -> Iterator[tuple[str, Mails]]:
    """The address of a real mail server, and what it brings to our receiver."""
    program = find_postfix()
    came: Mails = queue.Queue()
    port = free_port()
    receiver = MailReceiver(f"127.0.0.1:{port}", DOMAIN, lambda *mail: came.put(mail))
    with receiver, private_postfix(program, DOMAIN, port) as smtp_url:
        yield smtp_url, came


@pytest.mark.postfix
@pytest.mark.parametrize("make", [lambda folder: with_rsa(folder, PrivateFormat.PKCS8), with_ed25519])
def test_what_went_through_a_real_mail_server_is_still_believed(
    make: Callable[[Path], Installation], tmp_path: Path
) -> None:
    installation = make(tmp_path)
    hard = ".\n..\nFrom here on\na line that ends in blanks   \n" + "слово " * 400 + "\n\n\n"
    with postfix_that_hands_on_to_us() as (smtp_url, came):
        channel = SmtpChannel(
            smtp_url, mail_from=MAIL_FROM, mail_domain=DOMAIN, timeout=10, sign=installation.signer
        )
        messages = [replace(MESSAGE, to=BOUNCE_TO, text=text) for text in (hard, "x" * 5000, MESSAGE.text)]
        with channel.staying_connected():
            for message in messages:
                channel.send(message)
        arrived = [came.get(timeout=15)[1] for _ in messages]
    assert all(installation.accepts(content) for content in arrived)
    assert all(f"\nList-Unsubscribe: <{MESSAGE.stop_url}>".encode() in content for content in arrived)


@pytest.mark.postfix
def test_a_dead_address_behind_a_real_postfix_comes_back_as_a_bounce() -> None:
    with postfix_that_hands_on_to_us() as (smtp_url, came):
        channel = SmtpChannel(smtp_url, mail_from=MAIL_FROM, mail_domain=DOMAIN, timeout=10)
        receipt = channel.send(MESSAGE)
        recipient, content = came.get(timeout=15)
    assert "queued as" in receipt.evidence["server answer"]
    assert recipient == BOUNCE_TO
    assert f"List-Unsubscribe: <{MESSAGE.stop_url}>".encode() in content
    read = read_inbound(content)
    assert read.kind == ReplyKind.BOUNCE
    assert read.bounce is not None
    assert read.bounce.recipients == ("nobody-lives-here@shop.test",)
    assert (read.bounce.permanent, read.bounce.is_final) == (True, True)
    assert read.bounce.reason == BounceReason.USER_UNKNOWN
    assert read.bounce.original_message_id == receipt.reference
