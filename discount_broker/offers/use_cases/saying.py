"""What a shop offers on the phone becomes a draft, which the shop itself confirms by one press."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.accounts.rules import normal_email
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import get_request
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.escalation.operations import open_case, requeue
from discount_broker.escalation.queries import find_entry, get_case
from discount_broker.escalation.queries.calls import find_call_under_way
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.escalation.rules import LONGEST_CALL
from discount_broker.escalation.rules.calls import minutes_between
from discount_broker.escalation.status import CallResult, CaseReason, CaseStatus
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, Refused
from discount_broker.kernel.site import site, zone_for
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.queries import is_suppressed
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.operations import ANSWERABLE, now_at, settle_draft
from discount_broker.offers.queries import list_open_drafts
from discount_broker.offers.rules import LONGEST_TEXT, Answer, check_answer, final_price, offer_ends_at
from discount_broker.offers.status import GIVES, AnswerKind
from discount_broker.offers.use_cases.drafting import ask_the_shop, letter_about
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.rules import step_ends_at
from discount_broker.outreach.status import OPEN, OutreachEvent
from discount_broker.shops.operations import PersonTold, meet
from discount_broker.shops.queries import door_stop_keys, list_doors
from discount_broker.shops.status import ContactKind

LONGEST_PERSON = 200


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an operator wrote down of an offer that was made on the phone."""

    answer: Answer
    email: str
    """Where the page to confirm it goes."""
    person: str = ""
    role: str = ""
    minutes: int | None = None
    """How long the call took; None where its clock ran."""


@again_if_deadlocked
def say_offer(case_id: UUID, operator_id: UUID, said: Said, now: datetime) -> UUID:
    """Send the shop a page with what it said, of which the buyer sees nothing before the shop has pressed.

    The call is written down with it, and the case waits for a business day. The same again changes nothing.

    Raises:
        NotAllowed: a colleague has the shop, or the case is closed.
        Refused: codes of `check_answer`, `answer_missing`, `email_invalid`, `email_stopped`,
            `minutes_out_of_range`.
        IllegalTransition: the shop has answered, or the buyer wants no answers any more.

    """
    with transaction():
        request = get_request(get_case(case_id).outreach.discount_request_id, lock=True)
        case = get_case(case_id, lock=True)
        outreach = get_outreach(case.outreach_id, lock=True)
        _check_standing(case, request, operator_id, now)
        said = _checked(said, outreach.shop_id)
        check_answer(said.answer, outreach.price, now_at(outreach.shop, now))
        if is_suppressed(door_stop_keys(outreach.shop, ContactKind.EMAIL, said.email)):
            raise Refused("email_stopped", "email")
        draft = _new_draft(outreach, said.answer, now)
        again = next((each for each in list_open_drafts(outreach.id) if _is_the_same(each, draft)), None)
        return again.id if again else _send(draft, case, operator_id, said, now)


def _send(draft: OfferDraft, case: EscalationCase, operator_id: UUID, said: Said, now: datetime) -> UUID:
    _keep(draft, _call_of(case, operator_id, said, now), now)
    _meet(case.outreach, said, now)
    letter = letter_about(draft, now, now, said_on=now, said_by=said.person.strip())
    ask_the_shop(draft, letter, said.email, now)
    _wait_for_the_press(case, now)
    note_change(
        "offer_said",
        now,
        operator_id,
        case_id=case.id,
        shop_id=case.outreach.shop_id,
        kind=said.answer.kind.value,
        number=case.outreach.discount_request.number,
    )
    return draft.id


def _checked(said: Said, shop_id: UUID) -> Said:
    address = _address(said.email, shop_id)
    if site().is_own_mailbox(address):
        raise Refused("email_invalid", "email")
    if said.answer.kind not in GIVES:
        raise Refused("answer_missing", "kind")
    if said.minutes is not None and not 0 <= said.minutes <= LONGEST_CALL:
        raise Refused("minutes_out_of_range", "minutes")
    return replace(said, email=address)


def _address(typed: str, shop_id: UUID) -> str:
    """A door of the shop as it is: one of this machine alone would be no address if somebody typed it."""
    doors = {door.value for door in list_doors(shop_id) if door.kind is ContactKind.EMAIL}
    return typed.strip() if typed.strip() in doors else normal_email(typed)


def _check_standing(case: EscalationCase, request: DiscountRequest, operator_id: UUID, now: datetime) -> None:
    entry, outreach = find_entry(case.outreach.shop_id), case.outreach
    if outreach.status not in OPEN or request.status not in ANSWERABLE:
        raise IllegalTransition(outreach.status, OutreachEvent.ANSWERED)
    if is_held_by_another(entry, operator_id, now) or case.status is CaseStatus.CLOSED:
        raise NotAllowed("case")


def _new_draft(outreach: Outreach, answer: Answer, now: datetime) -> OfferDraft:
    ends_at = offer_ends_at(answer.valid_until, zone_for(outreach.shop.country), now)
    words = answer.text.strip()[:LONGEST_TEXT]
    return OfferDraft(
        outreach_id=outreach.id,
        kind=answer.kind,
        percent=answer.percent if answer.kind is AnswerKind.PERCENT else None,
        final_price=final_price(answer, outreach.price),
        text=words,
        valid_until=ends_at if answer.valid_until else None,
        evidence=words,
        created_at=now,
    )


def _is_the_same(one: OfferDraft, other: OfferDraft) -> bool:
    def terms(draft: OfferDraft) -> tuple[object, ...]:
        return draft.kind, draft.percent, draft.final_price, draft.text, draft.valid_until

    return one.call_id is not None and terms(one) == terms(other)


def _keep(draft: OfferDraft, call: Call, now: datetime) -> None:
    """What was said last counts: an earlier draft can be confirmed no more."""
    for earlier in list_open_drafts(draft.outreach_id):
        settle_draft(earlier, now)
    draft.call_id = call.id
    db.session.add(draft)
    db.session.flush()


def _call_of(case: EscalationCase, operator_id: UUID, said: Said, now: datetime) -> Call:
    """The call whose clock runs, or else one of now; written down with its result."""
    call, shop_id = find_call_under_way(operator_id), case.outreach.shop_id
    if call is None or call.shop_id != shop_id:
        call = Call(shop_id=shop_id, operator_id=operator_id, started_at=now)
        db.session.add(call)
    minutes = minutes_between(call.started_at, now) if said.minutes is None else said.minutes
    call.ended_at, call.minutes, call.result = now, minutes, CallResult.OFFERED
    call.person, call.note = _name(said), said.answer.text.strip()[:LONGEST_TEXT]
    call.cases = [case]
    db.session.flush()
    outreach = case.outreach
    tell(outreach.discount_request, "called_shop", now, shop=outreach.shop.name, result=CallResult.OFFERED)
    return call


def _meet(outreach: Outreach, said: Said, now: datetime) -> None:
    """Somebody of whom we know name and address is kept with the shop."""
    person = meet(outreach.shop, PersonTold(name=said.person, role=said.role), now)
    if person is not None:
        person.email = said.email


def _name(said: Said) -> str:
    return ", ".join(part.strip() for part in (said.person, said.role) if part.strip())[:LONGEST_PERSON]


def _wait_for_the_press(case: EscalationCase, now: datetime) -> None:
    """The case comes back if nobody presses within a business day of the shop."""
    outreach = case.outreach
    open_case(outreach, CaseReason.ANSWER_AWAITED, now)
    case.next_action_at = paced(step_ends_at(now, outreach.shop.calendar), now)
    requeue(outreach.shop_id, now)
