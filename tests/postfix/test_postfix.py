"""A real mail server on the other side: it takes our mail and bounces what has no mailbox."""

import queue

import pytest

from discount_broker.adapters.mail_receiver import MailReceiver
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.messaging.ports import OutgoingMessage
from discount_broker.outreach.inbound import BounceReason, read_inbound
from discount_broker.outreach.status import ReplyKind
from tests.contract.mail_servers import free_port
from tests.postfix.instance import find_postfix, private_postfix

DOMAIN = "in.broker.test"
BOUNCE_TO = f"bounce+abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop@{DOMAIN}"


@pytest.mark.postfix
def test_a_dead_address_behind_a_real_postfix_comes_back_as_a_bounce() -> None:
    program = find_postfix()
    came_back: queue.Queue[tuple[str, bytes]] = queue.Queue()
    port = free_port()
    receiver = MailReceiver(f"127.0.0.1:{port}", DOMAIN, lambda *mail: came_back.put(mail))
    message = OutgoingMessage(
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
    with receiver, private_postfix(program, DOMAIN, port) as smtp_url:
        channel = SmtpChannel(smtp_url, mail_from="requests@broker.test", mail_domain=DOMAIN, timeout=10)
        receipt = channel.send(message)
        recipient, content = came_back.get(timeout=15)
    assert "queued as" in receipt.evidence["server answer"]
    assert recipient == BOUNCE_TO
    assert f"List-Unsubscribe: <{message.stop_url}>".encode() in content
    read = read_inbound(content)
    assert read.kind == ReplyKind.BOUNCE
    assert read.bounce is not None
    assert read.bounce.recipients == ("nobody-lives-here@shop.test",)
    assert (read.bounce.permanent, read.bounce.is_final) == (True, True)
    assert read.bounce.reason == BounceReason.USER_UNKNOWN
    assert read.bounce.original_message_id == receipt.reference
