"""Twilio, and services that speak as it does: the Messages resource of its REST API.

It does not recognise a message it got before: what may have reached it is never sent again by itself.
"""

import base64
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from discount_broker.adapters.sms.gateway import SECONDS, Gateway, Reply, price_of, refusal
from discount_broker.messaging.extract.sms_account import SmsAccount
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
)

VERSION = "2010-04-01"
SERVICE = "MG"
"""A sender that begins so, and is 34 characters long, is a pool of senders."""
NO_SUCH_PHONE = frozenset({21211, 21217, 21614})
REFUSED = frozenset({21408, 21610, 21612, 30004, 30007})
"""A country that is not switched on, a phone that said STOP, no route, blocked, filtered."""
OUR_SET_UP = frozenset({20003, 20005, 21212, 21603, 21606, 21609, 21659, 21660, 21703})
"""Login, sender or address of receipts are wrong: the message goes out once that is mended."""
THROTTLED = 20429
FAILED = frozenset({"failed", "undelivered", "canceled"})


class TwilioSms:
    def __init__(
        self,
        account: SmsAccount,
        *,
        sender: str,
        price: Decimal,
        receipt_url: Callable[[str, str], str],
        seconds: float = SECONDS,
    ) -> None:
        self._sender, self._price, self._receipt_url = sender, price, receipt_url
        self._path = f"/{VERSION}/Accounts/{account.user}/Messages.json"
        login = base64.b64encode(f"{account.user}:{account.password}".encode()).decode()
        self._gateway = Gateway(account.place, {"Authorization": f"Basic {login}"}, seconds)

    def send(self, message: OutgoingMessage) -> Receipt:
        reply = self._gateway.post(self._path, self._fields(message))
        answer = reply.json()
        if reply.status == 429 or _code(answer) == THROTTLED:
            raise _throttled(reply)
        if reply.status not in (200, 201):
            raise _failure(reply, answer)
        if answer is None or not answer.get("sid"):
            raise OutcomeUnknown("the SMS gateway took the message and did not say as what")
        evidence = price_of(message.text, self._price) | _kept(answer)
        if answer.get("status") in FAILED:
            reason = FailureReason.ADDRESS_DEAD if _code(answer) in NO_SUCH_PHONE else FailureReason.REFUSED
            raise PermanentFailure(f"the SMS gateway failed at once: {_code(answer)}", reason, evidence)
        return Receipt(str(answer["sid"]), evidence)

    def _fields(self, message: OutgoingMessage) -> dict[str, str]:
        is_pool = self._sender.startswith(SERVICE) and len(self._sender) == 34
        return {
            "To": message.to,
            "MessagingServiceSid" if is_pool else "From": self._sender,
            "Body": message.text,
            "StatusCallback": self._receipt_url("twilio", message.idempotency_key),
        }


def _failure(reply: Reply, answer: dict[str, Any] | None) -> DeliveryFailure:
    code = _code(answer)
    evidence = {"gateway answer": f"{reply.status} {_kept(answer or {})}"}
    if code in NO_SUCH_PHONE:
        return PermanentFailure(f"no phone for texts: {code}", FailureReason.ADDRESS_DEAD, evidence)
    if code in REFUSED:
        return PermanentFailure(f"the SMS gateway may not text it: {code}", FailureReason.REFUSED, evidence)
    if code in OUR_SET_UP:
        return TemporaryFailure(f"the SMS gateway refused our set-up: {code}", evidence=evidence)
    return refusal(reply.status, reply.said)


def _throttled(reply: Reply) -> TemporaryFailure:
    """It was not looked at, so it does not count as a try."""
    wait = reply.headers.get("retry-after", "")
    return TemporaryFailure(
        "the SMS gateway asks for a pause",
        retry_after=timedelta(seconds=min(int(wait), 3600)) if wait.isdecimal() else None,
        counts=False,
    )


def _code(answer: dict[str, Any] | None) -> int:
    found = (answer or {}).get("code") or (answer or {}).get("error_code") or 0
    return int(found) if str(found).isdecimal() else 0


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    names = ("status", "num_segments", "price", "price_unit", "error_code", "code", "message")
    kept = {name: str(answer[name])[:200] for name in names if answer.get(name) is not None}
    return {"gateway answer": kept}
