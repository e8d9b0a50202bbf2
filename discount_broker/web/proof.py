"""The proof of sending: what went to which shop, when, by which door, and what was said of it there."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from babel.dates import format_datetime
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _l

from discount_broker.discount_requests.queries import get_request, product_seen
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.rendering import one_line
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, ReceiptKind
from discount_broker.outreach.extract.private_words import veil_secrets
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.queries.thread import gather_threads, sent_to_shop, shared_deliveries
from discount_broker.web.access import token_page
from discount_broker.web.delivery_words import Told, form_words, told_of
from discount_broker.web.delivery_words import sentence as told_sentence
from discount_broker.web.language import reader_zone, speak

if TYPE_CHECKING:
    from discount_broker.messaging.models import Delivery, DeliveryReceipt
    from discount_broker.outreach.models import Outreach

bp = Blueprint("proof", __name__)

RECEIPTS: Final[dict[ReceiptKind, LazyString]] = {
    ReceiptKind.ACCEPTED: _l("accepted by their mail server"),
    ReceiptKind.DELIVERED: _l("delivered"),
    ReceiptKind.READ: _l("opened"),
    ReceiptKind.SOFT_BOUNCE: _l("came back: for the moment"),
    ReceiptKind.HARD_BOUNCE: _l("came back: for good"),
    ReceiptKind.POLICY_BOUNCE: _l("came back: refused as such"),
    ReceiptKind.FAILED: _l("given up on"),
    ReceiptKind.COMPLAINT: _l("complained of"),
}


class Fact(NamedTuple):
    """One line of the proof."""

    name: str
    value: str


class Sent(NamedTuple):
    """One message that left, or was to leave."""

    shop: str
    facts: list[Fact]
    text: str
    """Without the secret links of the shop; empty where the letter spoke of other requests too."""
    language: str


@bp.get("/requests/<token>/proof")
@token_page(Purpose.FOLLOW)
def show(request_id: UUID, token: str) -> ResponseReturnValue:
    return render_template("buyer/proof.html", token=token, **_facts(request_id))


@bp.get("/requests/<token>/proof.txt")
@token_page(Purpose.FOLLOW)
def download(request_id: UUID, token: str) -> ResponseReturnValue:
    del token
    facts = _facts(request_id)
    answer = Response(render_template("buyer/proof.txt", **facts), mimetype="text/plain")
    name = f"proof-{facts['ask'].number}.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _facts(request_id: UUID) -> dict[str, Any]:
    ask, now = get_request(request_id), utcnow()
    speak(ask.language)
    return {
        "ask": ask,
        "product": product_seen(ask),
        "made_at": exact(now),
        "sent": list(_messages(list_outreaches(request_id), now)),
    }


def _messages(outreaches: "Iterable[Outreach]", now: datetime) -> "Iterator[Sent]":
    found = list(outreaches)
    gather_threads(found)
    shared = shared_deliveries(found)
    pairs = [(outreach, each) for outreach in found for each in sent_to_shop(outreach) if _is_said(each)]
    for outreach, delivery in sorted(pairs, key=lambda pair: pair[1].sent_at or pair[1].created_at):
        is_shared = delivery.id in shared
        lines = _lines(delivery, now, is_shared=is_shared)
        facts = [Fact(name, one_line(value)) for name, value in lines if value]
        text = "" if is_shared else veil_secrets(delivery.text)
        yield Sent(outreach.shop.name, facts, text, delivery.language)


def _is_said(delivery: "Delivery") -> bool:
    """What our people may still take back, or have taken back, is nothing to prove."""
    return not (delivery.by_hand and delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.STOPPED))


def _lines(delivery: "Delivery", now: datetime, *, is_shared: bool) -> Iterator[tuple[str, str]]:
    is_mail = delivery.channel is ChannelKind.EMAIL
    yield str(gettext("To")), delivery.address
    yield str(gettext("By")), str(gettext("e-mail") if is_mail else gettext("feedback form of the shop"))
    yield str(gettext("Written")), exact(delivery.created_at)
    yield str(gettext("Left")), exact(delivery.sent_at)
    if not is_shared:
        yield str(gettext("Subject")), delivery.subject
    if is_mail:
        yield "Message-ID", delivery.provider_reference or ""
        yield (
            str(gettext("The server's answer")),
            veil_secrets(str(delivery.evidence.get("server answer", ""))),
        )
    else:
        yield str(gettext("The form's answer")), veil_secrets(form_words(delivery.evidence))
    for receipt in delivery.receipts:
        yield str(gettext("Heard since")), _of_receipt(receipt)
    if delivery.status not in (DeliveryStatus.SENT, DeliveryStatus.BOUNCED) or not delivery.evidence:
        yield str(gettext("State")), _plain(told_of(delivery, now)[-1], now)
    yield "SHA-256", sha256(delivery.text.encode()).hexdigest()


def _plain(told: Told, now: datetime) -> str:
    """The state as a sentence, with the exact time."""
    exactly = {
        name: exact(value) if isinstance(value, datetime) else value for name, value in told.facts.items()
    }
    return told_sentence(told._replace(facts=exactly), now)


def _of_receipt(receipt: "DeliveryReceipt") -> str:
    return " · ".join(
        part
        for part in (exact(receipt.at), str(RECEIPTS[receipt.kind]), veil_secrets(receipt.detail))
        if part
    )


def exact(at: datetime | None) -> str:
    """Day, time to the second, and the zone both are told in."""
    if at is None:
        return ""
    there = at.astimezone(UTC).astimezone(reader_zone()[0])
    zone = "ZZZZ" if there.utcoffset() else "'UTC'"
    return format_datetime(there, f"d MMMM y, HH:mm:ss ({zone})", locale=get_locale() or "en")
