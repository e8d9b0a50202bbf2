"""One seeded case after another: its shop, its buyer, what was tried, and where it stands."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar
from uuid import UUID

from discount_broker.accounts.models import Operator
from discount_broker.accounts.operations import note_change
from discount_broker.cli.seeding.calls import CallSeeder
from discount_broker.cli.seeding.clocks import ClockSeeder
from discount_broker.cli.seeding.control import ControlSeeder
from discount_broker.cli.seeding.letters import LetterSeeder
from discount_broker.cli.seeding.people import PeopleSeeder
from discount_broker.cli.seeding.promises import PromiseSeeder
from discount_broker.cli.seeding.words import OFFER_TEXTS
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.models import Call, EscalationCase, Promise
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.rules import CLAIM_LASTS
from discount_broker.escalation.status import (
    FIRST_ACTION,
    CallResult,
    CaseReason,
    CaseStatus,
    Ending,
    NextAction,
    PromiseKind,
    PromiseStatus,
    PromiseTo,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.money import Money
from discount_broker.offers.models import Offer
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.outreach.status import OutreachStatus

T = TypeVar("T")
R = CaseReason
REASONS = {
    R.SILENCE: 47,
    R.REPLY_TO_READ: 12,
    R.PROMISE_DUE: 3,
    R.PROMISE_BROKEN: 8,
    R.CAPTCHA: 8,
    R.OUTCOME_UNKNOWN: 6,
    R.DOORS_DEAD: 7,
    R.NO_CONTACT_POINTS: 5,
    R.NOT_REACHED: 4,
}
FRUITLESS = (
    CallResult.NO_ANSWER,
    CallResult.NO_ANSWER,
    CallResult.GATEKEEPER,
    CallResult.GATEKEEPER,
    CallResult.BUSY,
    CallResult.CALL_BACK,
    CallResult.WRONG_NUMBER,
)
LATER_REASONS = (R.PROMISE_DUE, R.PROMISE_BROKEN, R.NOT_REACHED)
"""What happened after the ladder had ended in silence."""
STILL_OPEN = (*LATER_REASONS, R.REPLY_TO_READ)
"""Reasons of cases that nobody has ended yet."""
SHARE_CLOSED, DAYS_OF_CLOSED, DAYS_OF_OPEN = 0.35, 15, 6
MOST_HELD = 3
"""Shops that one operator has in hand."""
STATUS_OF_ENDING = {
    Ending.OFFERED: OutreachStatus.ANSWERED,
    Ending.DECLINED: OutreachStatus.DECLINED,
    Ending.UNREACHABLE: OutreachStatus.STOPPED,
    Ending.NO_LONGER_NEEDED: OutreachStatus.STOPPED,
}


class Seeder:
    """Draws everything from one source of chance, so that a seed gives the same desk again."""

    def __init__(self, chance: Random, operators: Sequence[Operator], now: datetime, seed: int) -> None:
        self.chance, self.now = chance, now
        self.operators = operators
        self.people = PeopleSeeder(chance, operators, now, seed)
        self.letters = LetterSeeder(chance, now)
        self.calls = CallSeeder(chance, operators, now)
        self.promises = PromiseSeeder(chance, operators, now)
        self.clocks = ClockSeeder(chance, now)
        self.control = ControlSeeder(chance, operators, now)
        self.held: dict[UUID, int] = dict.fromkeys((operator.id for operator in operators), 0)

    def add_case(self) -> EscalationCase:
        reason = self.chance.choices([*REASONS], [*REASONS.values()])[0]
        is_over = reason not in STILL_OPEN and self.chance.random() < SHARE_CLOSED
        days = DAYS_OF_CLOSED if is_over else DAYS_OF_OPEN
        opened_at = self.now - timedelta(minutes=self.chance.randint(20, 60 * 24 * days))
        outreach = self.people.an_outreach(asked_at=opened_at - timedelta(days=self.chance.randint(3, 6)))
        # Of what came after the ladder had ended the desk has been told.
        outreach.exhausted_why = R.SILENCE if reason in STILL_OPEN else reason
        self.letters.write(outreach, reason)
        case = EscalationCase(
            id=self.an_id(),
            outreach=outreach,
            reason=reason,
            opened_at=opened_at,
            next_action=FIRST_ACTION.get(reason, NextAction.CALL),
            next_action_at=opened_at,
        )
        db.session.add(case)
        db.session.flush()
        self.calls.cases[outreach.shop_id].append(case)
        self._live(case, is_over=is_over)
        self.clocks.wind(case)
        self.control.look_at(case)
        self._queue(case)
        return case

    def _live(self, case: EscalationCase, *, is_over: bool) -> None:
        """What happened since the case was opened."""
        tell(case.outreach.discount_request, "handed_to_people", case.opened_at, shop=case.outreach.shop.name)
        may_be_new = case.reason not in (R.PROMISE_DUE, R.PROMISE_BROKEN)
        for _ in range(
            self.chance.choice((0, 0, 1, 1, 2, 3, 4)) if may_be_new else self.chance.randint(0, 2)
        ):
            self._call(case, self.chance.choice(FRUITLESS))
        following: dict[CaseReason, Callable[[EscalationCase], None]] = {
            R.PROMISE_DUE: self._promise_due,
            R.PROMISE_BROKEN: self._promise_broken,
            R.NOT_REACHED: self._not_reached,
        }
        if case.reason in following:
            following[case.reason](case)
        elif is_over:
            self._close(case)
        elif self.chance.random() < 0.3:
            self._wait(case)
        if self.chance.random() < 0.2:
            self.promises.give(case)

    def _queue(self, case: EscalationCase) -> None:
        """Reckon the shop's place; now and then somebody has it in hand, nobody more than a few."""
        entry, operator = requeue(case.outreach.shop_id, self.now), self.pick(self.operators)
        is_free = case.status is CaseStatus.OPEN and entry.operator_id is None
        if is_free and self.held[operator.id] < MOST_HELD and self.chance.random() < 0.15:
            self.held[operator.id] += 1
            entry.operator_id = operator.id
            entry.claimed_until = self.now + CLAIM_LASTS - timedelta(minutes=self.chance.randint(5, 110))

    def _call(self, case: EscalationCase, result: CallResult, started_at: datetime | None = None) -> Call:
        return self.calls.call(case, result, started_at or self._between(case.opened_at))

    def _note(self, what: str, case: EscalationCase, at: datetime, operator: Operator, **facts: str) -> None:
        shop_id = case.outreach.shop_id
        note_change(what, at, operator.id, case_id=case.id, shop_id=shop_id, subject="", **facts)

    def _promise(self, case: EscalationCase, due_at: datetime) -> Promise:
        call = self._call(
            case, CallResult.PROMISED, min(due_at, self.now) - timedelta(hours=self.chance.randint(3, 20))
        )
        promise = Promise(
            id=self.an_id(),
            outreach_id=case.outreach_id,
            kind=self.pick([*PromiseKind]),
            promised_by=call.person,
            promised_to=self.pick((PromiseTo.US, PromiseTo.BUYER)),
            person_id=call.met.id if call.met else None,
            operator_id=call.operator.id,
            due_at=due_at,
            made_at=call.started_at,
        )
        case.opened_at = min(case.opened_at, call.started_at - timedelta(hours=1))
        db.session.add(promise)
        facts = {"shop": case.outreach.shop.name, "kind": promise.kind, "due_at": due_at.isoformat()}
        told = {"kind": promise.kind, "due_at": due_at.isoformat()}
        self._note("promise_made", case, call.started_at, call.operator, **told)
        tell(case.outreach.discount_request, "promise_made", call.started_at, **facts)
        return promise

    def _promise_due(self, case: EscalationCase) -> None:
        promise = self._promise(case, self.now - timedelta(minutes=self.chance.randint(1, 55)))
        promise.woken_at = case.next_action_at = promise.due_at

    def _promise_broken(self, case: EscalationCase) -> None:
        due_at = self.now - timedelta(hours=self.chance.randint(2, 30))
        promise = self._promise(case, due_at)
        promise.status, promise.evidence = PromiseStatus.BROKEN, "time ran out"
        promise.woken_at, promise.settled_at = due_at, due_at + timedelta(hours=1)
        case.next_action_at = promise.settled_at
        tell(
            case.outreach.discount_request, "promise_broken", promise.settled_at, shop=case.outreach.shop.name
        )

    def _not_reached(self, case: EscalationCase) -> None:
        """An accepted offer whose shop never got in touch."""
        self._offer(case, OfferStatus.ACCEPTED)
        request = case.outreach.discount_request
        request.status, request.outcome = RequestStatus.CLOSED, Outcome.NOTHING
        request.closed_at = case.opened_at
        tell(request, "outcome_reported", case.opened_at, outcome="nothing")

    def _close(self, case: EscalationCase) -> None:
        case.status, case.ending = CaseStatus.CLOSED, self.pick([*STATUS_OF_ENDING])
        case.closed_at, case.next_action_at = self._between(case.opened_at), None
        case.closed_by = self.pick(self.operators)
        number = case.outreach.discount_request.number
        self._note("case_closed", case, case.closed_at, case.closed_by, ending=case.ending, number=number)
        case.outreach.status = STATUS_OF_ENDING[case.ending]
        shop = case.outreach.shop.name
        if case.ending is Ending.OFFERED:
            self._settled_promise(case)
            self._offer(case, OfferStatus.OPEN)
            case.outreach.discount_request.status = RequestStatus.OFFERED
            tell(case.outreach.discount_request, "shop_answered", case.closed_at, shop=shop)
        elif case.ending is Ending.DECLINED:
            self._call(case, CallResult.REFUSED, case.closed_at)
            case.outreach.answered_at = case.closed_at
            tell(case.outreach.discount_request, "shop_declined", case.closed_at, shop=shop)

    def _settled_promise(self, case: EscalationCase) -> None:
        """Half of the offers came as promised, some of them late."""
        if case.closed_at is None or self.chance.random() < 0.5:
            return
        is_late = self.chance.random() < 0.4
        due_at = case.closed_at + timedelta(hours=-5 if is_late else 5)
        promise = self._promise(case, min(due_at, self.now))
        promise.status = PromiseStatus.LATE if is_late else PromiseStatus.KEPT
        promise.settled_at, promise.evidence = case.closed_at, "offer"

    def _offer(self, case: EscalationCase, status: OfferStatus) -> None:
        outreach, percent = case.outreach, Decimal(self.pick((3, 5, 5, 7, 10, 12)))
        outreach.status, outreach.answered_at = OutreachStatus.ANSWERED, case.closed_at or case.opened_at
        price = outreach.price
        db.session.add(
            Offer(
                id=self.an_id(),
                outreach=outreach,
                kind=AnswerKind.PERCENT,
                percent=percent,
                final_price=Money(price, outreach.currency or "").less(percent).amount if price else None,
                text=self.pick(("", OFFER_TEXTS[outreach.shop.language or "en"])),
                valid_until=self.now + timedelta(days=3),
                status=status,
                operator=self.pick(self.operators),
                made_at=outreach.answered_at,
                settled_at=None if status is OfferStatus.OPEN else outreach.answered_at,
            )
        )

    def _wait(self, case: EscalationCase) -> None:
        """Put off, or waiting for a promise that is not due yet."""
        later = self.now + timedelta(minutes=15 * self.chance.randint(2, 200))
        if self.chance.random() < 0.5:
            self._promise(case, later)
            case.next_action = NextAction.CHECK_PROMISE
        case.next_action_at = later
        until = later.isoformat()
        self._note(
            "case_snoozed", case, self._between(case.opened_at), self.pick(self.operators), until=until
        )

    def _between(self, start: datetime) -> datetime:
        """Some time after `start`, not later than now."""
        return start + (self.now - start) * self.chance.uniform(0.1, 0.95)

    def an_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def pick(self, choices: Sequence[T]) -> T:
        return self.chance.choice(choices)
