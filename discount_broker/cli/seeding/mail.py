"""Seeded mail of shops and buyers: as it came in, what it says, and what became of what we sent on."""

import hashlib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from random import Random
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, ReceiptKind
from discount_broker.outreach.inbound import read_inbound
from discount_broker.outreach.models import InboundMail, Letter, Outreach, Reply, Suggestion
from discount_broker.outreach.operations import reply_address
from discount_broker.outreach.operations.conversation import send_buyer_letter, take_shop_letter
from discount_broker.outreach.status import ReplyKind

TAKEN = "250 2.0.0 Ok: queued as 4XkT9r2Bz"
TAKEN_BY_THEIRS = "250 OK id=1tEr9x-0003Kq-2m"
SENT_BY_FORM = {
    "status": 200,
    "decided by": "Спасибо! Ваше сообщение отправлено.",
    "fields": "name, email, message",
}


class MailSeeder:
    def __init__(self, chance: Random, now: datetime) -> None:
        self.chance, self.now = chance, now

    def take_in(self, outreach: Outreach, kind: ReplyKind, subject: str, text: str, at: datetime) -> Reply:
        """A mail of the shop in answer to our last message; a person's goes on to the buyer."""
        mail = self._kept(outreach, kind, _written(outreach, subject, text, at), at)
        mail.subject, mail.sender = subject, f"info@{outreach.shop.domain}"
        last = outreach.steps[-1]
        reply = Reply(
            id=self._id(),
            inbound_mail_id=mail.id,
            delivery_id=last.delivery_id,
            kind=kind,
            sender=mail.sender,
            subject=subject,
            text=text,
            received_at=at,
        )
        outreach.replies.append(reply)
        if kind is ReplyKind.HUMAN:
            last.answered_at = last.answered_at or at
            self._understand(reply, mail)
            self.mark_sent(take_shop_letter(outreach, reply, at).delivery, at)
            tell(outreach.discount_request, "shop_wrote", at, shop=outreach.shop.name)
        else:
            last.acknowledged_at = at
        db.session.flush()
        return reply

    def _kept(self, outreach: Outreach, kind: ReplyKind, content: bytes, at: datetime) -> InboundMail:
        mail = InboundMail(
            id=self._id(),
            digest=hashlib.sha256(outreach.id.bytes + content).hexdigest(),
            recipient=reply_address(outreach),
            content=content,
            received_at=at,
            read_at=at,
            verdict=kind.value,
            outreach_id=outreach.id,
            matched_by="token",
            authentication={"spf": "pass", "dkim": "pass", "dmarc": "pass", "domain": outreach.shop.domain},
        )
        db.session.add(mail)
        db.session.flush()
        return mail

    def _understand(self, reply: Reply, mail: InboundMail) -> None:
        for intent in read_inbound(mail.content).intents:
            suggestion = Suggestion(
                id=self._id(),
                kind=str(intent.kind),
                value=intent.value or "",
                evidence=intent.evidence,
                is_certain=intent.is_certain,
                created_at=reply.received_at,
            )
            reply.suggestions.append(suggestion)
        db.session.flush()

    def ask(self, outreach: Outreach, text: str, at: datetime) -> Letter:
        """The buyer writes to the shop through us."""
        letter = send_buyer_letter(outreach, text, at)
        self.mark_sent(letter.delivery, at)
        return letter

    def mark_sent(self, delivery: Delivery | None, at: datetime) -> None:
        """It has left, and a mail was taken by their server; now and then it was seen to arrive."""
        if delivery is None:
            return
        delivery.status, delivery.due_at, delivery.attempts = DeliveryStatus.SENT, None, 1
        delivery.sent_at = at + timedelta(minutes=1)
        is_form = delivery.channel is ChannelKind.WEB_FORM
        delivery.evidence = dict(SENT_BY_FORM) if is_form else {"server answer": TAKEN}
        if is_form:
            return
        self.hear(delivery, ReceiptKind.ACCEPTED, TAKEN_BY_THEIRS, at + timedelta(minutes=1))
        if self.chance.random() < 0.4:
            delivery.delivered_at = at + timedelta(minutes=2)
            self.hear(delivery, ReceiptKind.DELIVERED, "", delivery.delivered_at)
        db.session.flush()

    def hear(self, delivery: Delivery, kind: ReceiptKind, detail: str, at: datetime) -> None:
        receipt = DeliveryReceipt(
            id=self._id(), kind=kind, reference=f"seed {at:%H%M%S}", detail=detail, at=at, received_at=at
        )
        delivery.receipts.append(receipt)

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def _written(outreach: Outreach, subject: str, text: str, at: datetime) -> bytes:
    message = EmailMessage()
    message["From"] = formataddr((outreach.shop.name, f"info@{outreach.shop.domain}"))
    message["To"], message["Date"] = reply_address(outreach), format_datetime(at)
    message["Subject"] = subject
    message["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{outreach.id.hex[:8]}@{outreach.shop.domain}>"
    message.set_content(text)
    return message.as_bytes()
