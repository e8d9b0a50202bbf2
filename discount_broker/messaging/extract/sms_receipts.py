"""What gateways tell of a text that left us: one spelling for three dialects. Pure.

Each keeps its own words (protocol sheets of Kannel, Twilio and SMSC.ru); here they become the kinds of
receipt the outbox knows. The order in which they come in says nothing: Kannel tells "delivered"
before "accepted", Twilio promises no order at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl
from uuid import UUID

from discount_broker.messaging.status import ReceiptKind

Fields = Mapping[str, str]
LONGEST_DETAIL = 200
LATEST = 4_102_444_800
"""Seconds from 1970 to 2100: a later moment is no moment."""


@dataclass(frozen=True)
class SmsReceipt:
    """One thing that was told of one text."""

    kind: ReceiptKind | None
    """None where it is news to nobody: still queued at the gateway, or a state we do not know."""
    reference: str
    """The same for the same news told twice."""
    message_id: str
    """What the gateway calls the text; of SMSC it is the number we chose ourselves."""
    phone: str = ""
    detail: str = ""
    at: datetime | None = None
    """When it happened by the gateway's clock; None where it does not say."""


KANNEL = {
    "1": ReceiptKind.DELIVERED,
    "2": ReceiptKind.FAILED,
    "4": ReceiptKind.ACCEPTED,
    "8": ReceiptKind.ACCEPTED,
    "16": ReceiptKind.FAILED,
}
"""Bits of `dlr-mask`: at the phone, not at the phone, kept by the operator, taken, rejected by it."""
TWILIO = {
    "sent": ReceiptKind.ACCEPTED,
    "delivered": ReceiptKind.DELIVERED,
    "read": ReceiptKind.READ,
    "undelivered": ReceiptKind.FAILED,
    "failed": ReceiptKind.FAILED,
    "canceled": ReceiptKind.FAILED,
}
TWILIO_DEAD = frozenset({"21211", "21614", "30005", "30006"})
"""No such number, or one that cannot receive texts."""
SMSC = {
    "0": ReceiptKind.ACCEPTED,
    "1": ReceiptKind.DELIVERED,
    "2": ReceiptKind.READ,
    "3": ReceiptKind.FAILED,
    "4": ReceiptKind.READ,
    "20": ReceiptKind.FAILED,
    "22": ReceiptKind.HARD_BOUNCE,
    "23": ReceiptKind.FAILED,
    "24": ReceiptKind.FAILED,
    "25": ReceiptKind.FAILED,
    "-2": ReceiptKind.FAILED,
}
"""3 ran out, 4 a link in it was opened, 22 no such number, 24 our purse is empty, 25 out of reach."""


def read_kannel(fields: Fields) -> SmsReceipt | None:
    """Fields as our own `dlr-url` names them: `type`, `fid`, `answer`, `at`."""
    state = fields.get("type", "")
    if not state:
        return None
    foreign = fields.get("fid", "")
    return SmsReceipt(
        kind=KANNEL.get(state),
        reference=f"kannel:{state}:{foreign}"[:100],
        message_id=foreign,
        detail=_short(f"{state} {fields.get('answer', '')}"),
        at=_moment(fields.get("at", "")),
    )


def read_twilio(fields: Fields) -> SmsReceipt | None:
    state = fields.get("MessageStatus") or fields.get("SmsStatus", "")
    message_id = fields.get("MessageSid") or fields.get("SmsSid", "")
    if not state or not message_id:
        return None
    code = fields.get("ErrorCode", "")
    kind = TWILIO.get(state)
    return SmsReceipt(
        kind=ReceiptKind.HARD_BOUNCE if kind is ReceiptKind.FAILED and code in TWILIO_DEAD else kind,
        reference=f"{message_id}:{state}"[:100],
        message_id=message_id,
        phone=fields.get("To", ""),
        detail=_short(f"{state} {code}"),
    )


def read_smsc(fields: Fields) -> SmsReceipt | None:
    state, message_id = fields.get("status", ""), fields.get("id", "")
    if not state or not message_id:
        return None
    phone = fields.get("phone", "").lstrip("+")
    return SmsReceipt(
        kind=SMSC.get(state),
        reference=f"smsc:{message_id}:{state}"[:100],
        message_id=message_id,
        phone=f"+{phone}",
        detail=_short(f"{state} {fields.get('err', '')}"),
        at=_moment(fields.get("ts", "")),
    )


def smsc_number(delivery_id: UUID) -> str:
    """What SMSC calls a message of ours: a number from 1 to 2147483647, the same for every try."""
    return str(delivery_id.int % 2_147_483_647 + 1)


READERS: dict[str, Callable[[Fields], SmsReceipt | None]] = {
    "kannel": read_kannel,
    "twilio": read_twilio,
    "smsc": read_smsc,
}


@dataclass(frozen=True)
class InboundText:
    """What somebody texted to our number."""

    phone: str
    text: str


WORDS = {"kannel": ("from", "text"), "twilio": ("From", "Body"), "smsc": ("phone", "mes")}
"""How each gateway names the sender and the words."""


def read_inbound_text(provider: str, fields: Fields) -> InboundText | None:
    """The text in a callback; None where it holds none."""
    sender, words = WORDS[provider]
    digits = "".join(sign for sign in fields.get(sender, "") if sign.isdecimal())
    return InboundText(f"+{digits.removeprefix('00')}", fields.get(words, "")) if digits else None


def read_fields(encoded: bytes) -> dict[str, str]:
    """The fields of an address or a form, in whatever charset their sender writes.

    Kannel names that of `text` in `charset`; SMSC.ru writes windows-1251 where nobody asked for UTF-8.
    """
    raw = parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    named = next((value for name, value in raw if name == "charset"), "")
    return {name: _decoded(value.encode("latin-1"), named if name == "text" else "") for name, value in raw}


def _decoded(value: bytes, named: str) -> str:
    for charset in (named or "utf-8", "utf-8", "windows-1251"):
        try:
            return value.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("utf-8", "replace")


def _moment(seconds: str) -> datetime | None:
    is_sane = seconds.isdecimal() and 0 < int(seconds[:12]) < LATEST
    return datetime.fromtimestamp(int(seconds[:12]), UTC) if is_sane else None


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST_DETAIL]
