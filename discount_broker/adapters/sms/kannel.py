"""Kannel, a gateway of one's own: `sendsms` over HTTP.

Its answer names no message, so ours is known by the address it calls back; and it has no way to
recognise a message it got before, so what may have reached it is never sent again by itself.
"""

from collections.abc import Callable
from decimal import Decimal

from discount_broker.adapters.sms.gateway import SECONDS, Gateway, minutes_left, price_of, refusal
from discount_broker.messaging.extract.segments import Encoding, encoding_of
from discount_broker.messaging.extract.sms_account import SmsAccount
from discount_broker.messaging.ports import FailureReason, OutgoingMessage, Receipt, TemporaryFailure

PATH = "/cgi-bin/sendsms"
EVERYTHING = "31"
"""Mask of receipts: delivered, failed, kept by the operator, taken by it, rejected by it."""
TOLD = "type=%d&fid=%F&answer=%A&at=%T"
"""What a receipt says; Kannel fills it in."""
CODING = {Encoding.GSM7: "0", Encoding.UCS2: "2"}
OUR_SENDER = "Sender missing"
LISTED = "white- and/or black-lists"


class KannelSms:
    def __init__(
        self,
        account: SmsAccount,
        *,
        sender: str,
        price: Decimal,
        receipt_url: Callable[[str, str], str],
        seconds: float = SECONDS,
    ) -> None:
        self._account, self._sender, self._price = account, sender, price
        self._receipt_url = receipt_url
        self._gateway = Gateway(account.place, seconds=seconds)

    def send(self, message: OutgoingMessage) -> Receipt:
        reply = self._gateway.get(PATH, self._fields(message))
        evidence = price_of(message.text, self._price) | {"gateway answer": f"{reply.status} {reply.said}"}
        if reply.status == 202:
            return Receipt(message.idempotency_key, evidence)
        if OUR_SENDER in reply.said:
            raise TemporaryFailure("Kannel wants a sender: BROKER_SMS_SENDER is not set", evidence=evidence)
        if LISTED in reply.said:  # Kannel says it with a 403, as it does of a wrong password
            raise refusal(406, reply.said, FailureReason.REFUSED)
        raise refusal(reply.status, reply.said)

    def _fields(self, message: OutgoingMessage) -> dict[str, str]:
        address = self._receipt_url("kannel", message.idempotency_key)
        sender = {"from": self._sender} if self._sender else {}
        minutes = minutes_left(message)
        validity = {"validity": str(minutes)} if minutes else {}
        return {
            "username": self._account.user,
            "password": self._account.password,
            **sender,
            "to": message.to,
            "text": message.text,
            # Without the charset Kannel takes the bytes of coding 2 for UTF-16.
            "coding": CODING[encoding_of(message.text)],
            "charset": "UTF-8",
            "dlr-mask": EVERYTHING,
            "dlr-url": f"{address}?{TOLD}",
            **validity,
        }
