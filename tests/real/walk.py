"""One buyer's request to one saved shop, from the pasted link to the last step of the ladder."""

import email
import email.policy
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask, WishKind, is_for_rivals_alone, may_ask_unread
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.discount_requests.use_cases import confirm_request, start_draft, submit_request
from discount_broker.escalation.queries import find_case_of
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.status import ContactKind
from tests.fakes import Asked
from tests.real.installation import DoneJob, Installation
from tests.real.saved_pages import SavedSite

BUYER = "quillfeather@buyer.example"
OWN_WORDS = "The thing on this page / То, что на этой странице"
MOST_ROUNDS = 40
ENDED = (OutreachStatus.EXHAUSTED, OutreachStatus.STOPPED)


@dataclass
class Walk:
    """What became of one request."""

    domain: str
    is_russian: bool
    start_url: str
    product: str = ""
    """Its title as read; empty when the page could not be read."""
    price: str = ""
    reading_failure: str = ""
    is_asked: bool = False
    """Whether a shop was asked at all: some pages are refused, with a reason."""
    emails: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    others: int = 0
    """Phones and messengers."""
    sent: list[tuple[str, str]] = field(default_factory=list)
    """Channel and address of every message that was taken, in order."""
    failed: list[str] = field(default_factory=list)
    unknown: int = 0
    case_reason: str = ""
    told_buyer: int = 0
    """Mails to the buyer."""
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    """What reached the mail server for the shop: recipients of the envelope, and the mail."""
    pages_of_crawls: list[int] = field(default_factory=list)
    posts_of_deliveries: list[list[Asked]] = field(default_factory=list)
    form_deliveries: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, done: list[DoneJob]) -> None:
        self.errors += [job.error for job in done if job.error]
        self.pages_of_crawls += [job.pages for job in done if job.name == "discover_contacts"]
        self.posts_of_deliveries += [job.posts for job in done if job.name == "deliver" and job.posts]

    @property
    def has_doors(self) -> bool:
        """Whether there was one for letters."""
        return bool(self.emails or self.forms)

    @property
    def doors_used(self) -> str:
        counts = Counter(channel for channel, _ in self.sent)
        return " ".join(f"{channel}×{n}" if n > 1 else channel for channel, n in counts.items())

    @property
    def outcome(self) -> str:
        if not self.is_asked:
            return f"refused to the buyer: {self.reading_failure}"
        return f"{'sent, then ' if self.sent else ''}case: {self.case_reason or '—'}"


def walk(site: SavedSite, installation: Installation) -> Walk:
    """Ask the shop, and go on until every wait of its ladder is over."""
    made = Walk(site.domain, site.is_russian, site.start.url)
    began = time.monotonic()
    with installation.app.app_context():
        _walk(made, site, installation)
    made.seconds = time.monotonic() - began
    return made


def _walk(made: Walk, site: SavedSite, installation: Installation) -> None:
    request_id = start_draft(site.start.url, "ru" if site.is_russian else "en", utcnow())
    made.note(installation.work())
    _read_reading(made, get_request(request_id))
    failure = made.reading_failure
    if failure and (is_for_rivals_alone(failure) or not may_ask_unread(failure)):
        return  # of a marketplace only rivals are asked, and none are known here
    made.is_asked = True
    title = "" if made.product else OWN_WORDS
    ask = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email=BUYER, product_title=title)
    submit_request(request_id, ask, utcnow())
    made.note(installation.work())
    confirm_request(request_id, utcnow())
    # The clock runs so fast that nobody would wait for an answer any more by the time it is asked for.
    get_request(request_id).expires_at = utcnow() + timedelta(days=14)
    db.session.commit()
    made.note(installation.work())
    for _ in range(MOST_ROUNDS):
        if all(outreach.status in ENDED for outreach in list_outreaches(request_id)):
            break
        made.note(installation.sweep())
    made.note(installation.sweep())
    _read_result(made, request_id)
    _take_mails(made, installation)


def _read_reading(made: Walk, request: DiscountRequest) -> None:
    if request.reading is ReadingStatus.READ and request.product is not None:
        made.product = request.product.title
        price, currency = request.product.price, request.product.currency
        made.price = f"{price.normalize():f} {currency}" if price is not None else ""
    else:
        made.reading_failure = request.reading_failure or str(request.reading)


def _read_result(made: Walk, request_id: UUID) -> None:
    for outreach in list_outreaches(request_id):
        _read_doors(made, outreach)
        case = find_case_of(outreach.id)
        made.case_reason = str(case.reason) if case else ""


def _read_doors(made: Walk, outreach: Outreach) -> None:
    points = outreach.shop.contact_points
    made.emails = [point.value for point in points if point.kind is ContactKind.EMAIL]
    made.forms = [point.value for point in points if point.kind is ContactKind.FORM]
    made.others = len(points) - len(made.emails) - len(made.forms)
    for step in outreach.steps:
        delivery = step.delivery
        made.form_deliveries += delivery.channel is ChannelKind.WEB_FORM
        if delivery.status is DeliveryStatus.SENT:
            made.sent.append((str(delivery.channel), delivery.address))
        elif delivery.status is DeliveryStatus.UNKNOWN:
            made.unknown += 1
        else:
            made.failed.append(
                f"{delivery.channel} {delivery.status} {delivery.failure}: {delivery.last_error}"
            )


def _take_mails(made: Walk, installation: Installation) -> None:
    """Take what has arrived at the mail server, to the shop and to the buyer."""
    taken, installation.relay.taken = installation.relay.taken, []
    made.told_buyer = sum(BUYER in envelope.rcpt_tos for envelope in taken)
    for envelope in taken:
        if BUYER not in envelope.rcpt_tos:
            content = envelope.content or b""
            assert isinstance(content, bytes)
            made.mails.append(
                (envelope.rcpt_tos, email.message_from_bytes(content, policy=email.policy.default))
            )
