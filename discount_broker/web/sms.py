"""Where text gateways tell what became of a text, and hand over what phones answer.

No gateway logs in. The address of every receipt is made for one message and signed by us; the address
for the texts of phones, and for the receipts of SMSC.ru, which knows one address for all, is signed
for this installation. Twilio signs what it posts besides.

Kannel knows GET alone, and SMSC.ru uses it by choice: here, and nowhere else, a GET changes something.
It does no harm, for nobody but the gateway ever sees the address, and told twice is told once.
"""

from datetime import UTC, datetime
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.extract.sms_account import SmsAccount, read_account
from discount_broker.messaging.extract.sms_receipts import (
    READERS,
    SmsReceipt,
    read_fields,
    read_inbound_text,
    smsc_number,
)
from discount_broker.messaging.extract.twilio_signature import is_signed
from discount_broker.messaging.use_cases import take_receipt
from discount_broker.notifications.queries import list_texts_to
from discount_broker.notifications.use_cases import hear_text
from discount_broker.settings import Settings
from discount_broker.web.access import token_page
from discount_broker.web.security import csrf

bp = Blueprint("sms", __name__)

DOOR = UUID(int=0)
"""Subject of the tokens that open no message but the installation."""
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""These addresses never run out and stay the same for every attempt."""
BY_GET = frozenset({"kannel", "smsc"})
NOTHING_TO_SAY = "", 200, {"Content-Type": "text/plain; charset=utf-8"}
NOTHING_IN_TWIML = "<Response/>", 200, {"Content-Type": "text/xml; charset=utf-8"}
"""Any other answer Twilio would send back to the phone, at our cost."""


def receipt_address(provider: str, key: str) -> str:
    """Where this gateway tells what became of the message with this idempotency key."""
    return _address(provider, "receipt", UUID(key))


def door_address(provider: str, what: str) -> str:
    """What an operator types in at the gateway: where its `text`s go, or its `receipt`s."""
    return _address(provider, what, DOOR)


def _address(provider: str, what: str, subject_id: UUID) -> str:
    return f"{site().base_url}/in/sms/{provider}/{what}/{issue_token(Purpose.SMS, subject_id, ALWAYS)}"


@bp.get("/in/sms/<provider>/receipt/<token>")
@token_page(Purpose.SMS)
def receipt_by_get(subject_id: UUID, token: str, provider: str) -> ResponseReturnValue:
    del token
    return _hear_receipt(provider, subject_id)


@bp.post("/in/sms/<provider>/receipt/<token>")
@csrf.exempt
@token_page(Purpose.SMS)
def receipt_by_post(subject_id: UUID, token: str, provider: str) -> ResponseReturnValue:
    del token
    return _hear_receipt(provider, subject_id)


@bp.get("/in/sms/<provider>/text/<token>")
@token_page(Purpose.SMS)
def text_by_get(subject_id: UUID, token: str, provider: str) -> ResponseReturnValue:
    del token
    return _hear_text(provider, subject_id)


@bp.post("/in/sms/<provider>/text/<token>")
@csrf.exempt
@token_page(Purpose.SMS)
def text_by_post(subject_id: UUID, token: str, provider: str) -> ResponseReturnValue:
    del token
    return _hear_text(provider, subject_id)


def _hear_receipt(provider: str, subject_id: UUID) -> ResponseReturnValue:
    _check(provider)
    receipt = READERS[provider](_told())
    if receipt is None:
        abort(400)
    now = utcnow()
    delivery_id = _message_of(provider, subject_id, receipt)
    if delivery_id is not None and receipt.kind is not None:
        take_receipt(
            delivery_id,
            receipt.kind,
            reference=receipt.reference,
            detail=receipt.detail,
            at=min(receipt.at or now, now),
            now=now,
        )
    return NOTHING_TO_SAY


def _message_of(provider: str, subject_id: UUID, receipt: SmsReceipt) -> UUID | None:
    """The message a receipt is about; None where it is none of ours, for an account may have other users."""
    if (provider == "smsc") != (subject_id == DOOR):
        abort(404)
    if subject_id != DOOR:
        return subject_id
    sent = list_texts_to(receipt.phone)
    return next((known for known in sent if smsc_number(known) == receipt.message_id), None)


def _hear_text(provider: str, subject_id: UUID) -> ResponseReturnValue:
    _check(provider)
    if subject_id != DOOR:
        abort(404)
    heard = read_inbound_text(provider, _told())
    if heard is not None:
        hear_text(heard.phone, heard.text, provider, utcnow())
    return NOTHING_IN_TWIML if provider == "twilio" else NOTHING_TO_SAY


def _check(provider: str) -> None:
    """Let in the gateway of the settings alone, by the method it uses, and signed where it signs."""
    account = _account()
    if account is None or account.provider != provider or provider not in READERS:
        abort(404)
    if request.method != "POST" and provider not in BY_GET:
        abort(404)
    if provider == "twilio" and not _is_from_twilio(account.password):
        abort(403)


def _account() -> SmsAccount | None:
    settings: Settings = current_app.extensions["settings"]
    return read_account(settings.sms_url) if settings.sms_url else None


def _is_from_twilio(secret: str) -> bool:
    """Whether its signature fits the public address, which is not the one a proxy passed on."""
    query = request.query_string.decode("ascii", "replace")
    url = f"{site().base_url}{request.path}" + (f"?{query}" if query else "")
    body = request.get_data()
    form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return is_signed(secret, url, form, body, request.headers.get("X-Twilio-Signature", ""))


def _told() -> dict[str, str]:
    """The fields of a callback, from its address and from its body."""
    body = request.get_data()  # before the form is looked at, which would eat it
    if request.mimetype == "multipart/form-data":
        return read_fields(request.query_string) | request.form.to_dict()
    return read_fields(request.query_string) | read_fields(body)
