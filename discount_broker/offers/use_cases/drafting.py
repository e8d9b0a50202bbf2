"""What a shop's letter plainly offers becomes a draft, which the shop itself confirms by one press."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from discount_broker.discount_requests.queries import get_request
from discount_broker.escalation.operations import open_case, requeue
from discount_broker.escalation.queries import find_case_of, find_entry
from discount_broker.escalation.status import CaseReason, CaseStatus
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.site import site, zone_for
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.rendering import render_mail
from discount_broker.notifications.catalogue import OfferToConfirm
from discount_broker.offers.extract.terms import find_term
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.operations import ANSWERABLE, settle_draft, take_answer
from discount_broker.offers.queries import (
    draft_purpose,
    find_offer_of,
    get_draft,
    list_drafts,
    list_letters_with_an_offer,
    list_open_drafts,
    terms_of_draft,
)
from discount_broker.offers.rules import Answer, Asked, answer_in, final_price, offer_ends_at
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.inbound import read_inbound
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.operations import offer_url, product_seen_at, reply_address, stop_url
from discount_broker.outreach.queries import get_outreach, list_outreaches_in
from discount_broker.outreach.rules import step_ends_at
from discount_broker.outreach.status import OPEN, OutreachEvent, ReplyKind
from discount_broker.shops.queries import domains_of, door_stop_keys, is_stopped
from discount_broker.shops.rules import language_for
from discount_broker.shops.status import ContactKind

FRESH = timedelta(hours=2)
"""A letter that has waited longer is with our people already."""
MOST_DRAFTS = 2
"""A shop that goes on correcting what we understood talks to a person."""


def draft_offers(now: datetime) -> int:
    """Ask the shops whose letters plainly offer something whether we understood them; how many."""
    return for_each(list_letters_with_an_offer(now - FRESH), partial(_draft_of, now=now))


def _draft_of(reply_id: UUID, now: datetime) -> bool:
    with transaction() as session:
        return _draft(session.get_one(Reply, reply_id), now)


def _draft(reply: Reply, now: datetime) -> bool:
    request = get_request(reply.outreach.discount_request_id, lock=True)
    outreach = get_outreach(reply.outreach_id, lock=True)
    mail = db.session.get_one(InboundMail, reply.inbound_mail_id)
    is_wanted = outreach.status in OPEN and request.status in ANSWERABLE and bool(outreach.steps)
    if (
        not is_wanted
        or _is_about_several(reply)
        or not _is_last_word(outreach, reply)
        or not _is_proved(outreach, mail)
    ):
        return False
    answer = _answer_in(outreach, mail, now)
    if answer is None or len(list_drafts(outreach.id)) >= MOST_DRAFTS:
        return False
    for earlier in list_open_drafts(outreach.id):
        settle_draft(earlier, now)
    draft = _keep(outreach, reply, answer, now)
    letter = letter_about(draft, reply.received_at, now)
    ask_the_shop(draft, letter, reply.sender, now, follows=reply.delivery_id)
    _let_the_desk_wait(outreach, now)
    return True


def _answer_in(outreach: Outreach, mail: InboundMail, now: datetime) -> Answer | None:
    inbound = read_inbound(mail.content)
    term = find_term(inbound.reply_text, (inbound.date or mail.received_at).date())
    asked = Asked(price=outreach.price, currency=outreach.currency, term=term)
    return answer_in(inbound.intents, asked, now)


def _is_about_several(reply: Reply) -> bool:
    """The answer to a digest: which of its products "7 %" is meant for, a person finds out."""
    return reply.delivery_id is not None and len(list_outreaches_in(reply.delivery_id)) > 1


def _is_last_word(outreach: Outreach, reply: Reply) -> bool:
    """Whatever a person wrote since may have changed it."""
    human = [each for each in outreach.replies if each.kind is ReplyKind.HUMAN]
    return bool(human) and human[-1].id == reply.id


def _is_proved(outreach: Outreach, mail: InboundMail) -> bool:
    """Whether the mail is the shop's own, as its domain has proved; free mail never is."""
    domain = mail.authentication.get("domain", "")
    is_senders = domain == registrable_domain(mail.sender.rpartition("@")[2])
    return is_senders and domain in domains_of(outreach.shop) and not is_stopped(outreach.shop)


def _keep(outreach: Outreach, reply: Reply, answer: Answer, now: datetime) -> OfferDraft:
    ends_at = offer_ends_at(answer.valid_until, zone_for(outreach.shop.country), now)
    evidence = next((s.evidence for s in reply.suggestions if s.kind == "offer"), reply.text[:300])
    draft = OfferDraft(
        outreach=outreach,
        reply_id=reply.id,
        kind=answer.kind,
        percent=answer.percent if answer.kind is AnswerKind.PERCENT else None,
        final_price=final_price(answer, outreach.price),
        valid_until=ends_at if answer.valid_until else None,
        evidence=evidence,
        created_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def ask_the_shop(
    draft: OfferDraft, letter: OfferToConfirm, address: str, now: datetime, follows: UUID | None = None
) -> None:
    """One short letter with a link to the draft; under what they answered, where they wrote."""
    outreach, shop, here = draft.outreach, draft.outreach.shop, site()
    envelope = Envelope(
        channel=ChannelKind.EMAIL,
        address=address,
        stop_keys=door_stop_keys(shop, ContactKind.EMAIL, address),
        sender_name=here.service_name,
        reply_to=reply_address(outreach),
        stop_url=stop_url(outreach),
        expires_at=outreach.discount_request.expires_at,
        follows=follows,
    )
    rendered = render_mail(letter, language_for(shop.domain, shop.language), here)
    queue_delivery(rendered, envelope, purpose=draft_purpose(draft.id), now=now)


def letter_about(
    draft: OfferDraft, told_on: datetime, now: datetime, said_on: datetime | None = None, said_by: str = ""
) -> OfferToConfirm:
    """What the shop is asked to confirm; `told_on` is when they told us of their address themselves."""
    outreach = draft.outreach
    usual_end = offer_ends_at(None, zone_for(outreach.shop.country), now)
    return OfferToConfirm(
        number=outreach.discount_request.number,
        product=product_seen_at(outreach),
        offer_url=offer_url(outreach),
        reply_address=reply_address(outreach),
        stop_url=stop_url(outreach),
        found_at="",
        found_on=told_on,
        terms=terms_of_draft(draft, draft.valid_until or usual_end),
        has_term=draft.valid_until is not None,
        evidence=draft.evidence,
        confirm_url=f"{offer_url(outreach)}/drafts/{draft.id}",
        said_on=said_on,
        said_by=said_by,
    )


def _let_the_desk_wait(outreach: Outreach, now: datetime) -> None:
    """The case is there, and comes to the desk if the shop confirms nothing within its business day.

    Whoever has it in hand hears of the letter at once, and what is more urgent stays where it is.
    """
    case = find_case_of(outreach.id)
    if case is not None and case.status is CaseStatus.OPEN:
        entry = find_entry(outreach.shop_id)
        is_held = entry is not None and entry.held_by(now) is not None
        if is_held or case.reason is CaseReason.PROMISE_BROKEN:
            return
    case = open_case(outreach, CaseReason.REPLY_TO_READ, now)
    case.next_action_at = paced(step_ends_at(now, outreach.shop.calendar), now)
    outreach.exhausted_why = CaseReason.SILENCE  # told; the next letter is told again
    requeue(outreach.shop_id, now)


@again_if_deadlocked
def confirm_draft(outreach_id: UUID, draft_id: UUID, now: datetime) -> None:
    """The shop says that we understood it: the draft is its answer. A second press changes nothing.

    Raises:
        NotFound: this shop neither wrote nor said anything of this kind.
        Refused: its term is over.
        IllegalTransition: something else was answered or written meanwhile, or the buyer wants none any more.

    """
    with transaction():
        request = get_request(get_outreach(outreach_id).discount_request_id, lock=True)
        outreach = get_outreach(outreach_id, lock=True)
        draft = get_draft(draft_id, outreach.id)
        if draft.settled_at is not None and find_offer_of(outreach.id) is None:
            raise IllegalTransition(outreach.status, OutreachEvent.ANSWERED)
        take_answer(outreach, request, answer_of_draft(draft), now)


def answer_of_draft(draft: OfferDraft) -> Answer:
    """The draft as the shop would have filled it in."""
    zone = zone_for(draft.outreach.shop.country)
    return Answer(
        kind=draft.kind,
        percent=draft.percent,
        price=draft.final_price if draft.kind is AnswerKind.PRICE else None,
        text=draft.text,
        valid_until=draft.valid_until.astimezone(zone).date() if draft.valid_until else None,
    )
