"""SMSC.ru (and smsc.kz, smscentre.com, which speak as it does).

A message carries a number of our choosing, and the service can be asked whether it knows that number
for that phone. So it is asked before each try: what may have been sent is found, not sent again.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from discount_broker.adapters.sms.gateway import SECONDS, Gateway, Reply, minutes_left, price_of, refusal
from discount_broker.messaging.extract.sms_account import SmsAccount
from discount_broker.messaging.extract.sms_receipts import smsc_number
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
)

SEND, STATUS = "/sys/send.php", "/sys/status.php"
NOT_FOUND = "-3"
IN_JSON = {"charset": "utf-8", "fmt": "3"}
"""Else it reads and writes windows-1251, and plain text."""
WITH_COST = "2"
FORBIDDEN, NO_SUCH_PHONE, UNREACHABLE = 6, 7, 8
MALFORMED = frozenset({1, 5})
"""Parameters or dates it does not understand: no fault that passes."""


class SmscSms:
    def __init__(self, account: SmsAccount, *, sender: str, price: Decimal, seconds: float = SECONDS) -> None:
        self._login = {"login": account.user, "psw": account.password, **IN_JSON}
        self._sender, self._price = sender, price
        self._gateway = Gateway(account.place, seconds=seconds)

    def send(self, message: OutgoingMessage) -> Receipt:
        number = smsc_number(UUID(message.idempotency_key))
        phone = message.to.lstrip("+")
        evidence = price_of(message.text, self._price)
        try:
            known = self._find(phone, number)
            answer = known or self._send(phone, number, message)
        except OutcomeUnknown as lost:
            # Safe to try again: the next try looks first whether this one arrived.
            raise TemporaryFailure(str(lost), lost.reason, lost.evidence) from None
        kept = {name: str(answer[name]) for name in ("status", "cnt", "cost") if name in answer}
        return Receipt(number, evidence | {"gateway answer": kept, "found again": known is not None})

    def _find(self, phone: str, number: str) -> dict[str, Any] | None:
        """What the service knows of this message; None where it has never got it."""
        reply = self._gateway.post(STATUS, self._login | {"phone": phone, "id": number})
        answer = _answer(reply)
        if "error_code" in answer:
            raise _failure(answer)
        return None if str(answer.get("status")) == NOT_FOUND else answer

    def _send(self, phone: str, number: str, message: OutgoingMessage) -> dict[str, Any]:
        order = {"phones": phone, "mes": message.text, "id": number, "cost": WITH_COST}
        if self._sender:
            order["sender"] = self._sender
        if minutes := minutes_left(message):
            order["valid"] = f"{minutes // 60:02}:{minutes % 60:02}"
        answer = _answer(self._gateway.post(SEND, self._login | order))
        if "error_code" in answer:
            raise _failure(answer)
        if str(answer.get("id")) != number:
            raise OutcomeUnknown("the SMS gateway answered about another message")
        return answer


def _answer(reply: Reply) -> dict[str, Any]:
    """The object in an answer, which is a 200 even where it is a refusal."""
    if reply.status != 200:
        raise refusal(reply.status, reply.said)
    answer = reply.json()
    if answer is None:
        raise OutcomeUnknown("the SMS gateway answered what nobody can read")
    return answer


def _failure(answer: dict[str, Any]) -> DeliveryFailure:
    """Login, purse, throttling and repetition pass or are ours to mend; the rest is final."""
    code = int(answer["error_code"]) if str(answer["error_code"]).isdecimal() else 0
    said = f"{code} {answer.get('error', '')}"[:200]
    evidence = {"gateway answer": said}
    if code in (NO_SUCH_PHONE, UNREACHABLE):
        return PermanentFailure(f"no phone for texts: {said}", FailureReason.ADDRESS_DEAD, evidence)
    if code == FORBIDDEN:
        return PermanentFailure(f"text or sender forbidden: {said}", FailureReason.REFUSED, evidence)
    if code in MALFORMED:
        return PermanentFailure(f"the SMS gateway does not understand: {said}", evidence=evidence)
    return TemporaryFailure(f"the SMS gateway does not take it now: {said}", evidence=evidence)
