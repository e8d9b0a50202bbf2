"""Seeded calls: who was met, which cases they were about, and what the exchange tells of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from discount_broker.accounts.models import Operator
from discount_broker.accounts.operations import note_change
from discount_broker.cli.seeding.words import CALL_NOTES, PEOPLE, PersonWords
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import Call, EscalationCase, PhoneCall
from discount_broker.escalation.status import CallDirection, CallResult, CaseStatus
from discount_broker.kernel.db import db
from discount_broker.shops.models import Shop, ShopPerson
from discount_broker.shops.status import ContactKind

NOBODY_MET = (CallResult.NO_ANSWER, CallResult.BUSY, CallResult.WRONG_NUMBER)
EXCHANGE = "asterisk"


class CallSeeder:
    def __init__(self, chance: Random, operators: Sequence[Operator], now: datetime) -> None:
        self.chance, self.operators, self.now = chance, operators, now
        self.cases: dict[UUID, list[EscalationCase]] = defaultdict(list)
        self._people: dict[UUID, dict[str, ShopPerson]] = defaultdict(dict)

    def call(self, case: EscalationCase, result: CallResult, started_at: datetime) -> Call:
        """One call; every third is about other open cases of the shop as well."""
        shop, operator = case.outreach.shop, self.chance.choice(self.operators)
        met = None if result in NOBODY_MET else self._person(shop, started_at)
        minutes = self.chance.choice((1, 1, 2, 3, 4, 7, 12))
        call = Call(
            id=self._id(),
            shop_id=shop.id,
            operator=operator,
            number=self._number(shop),
            started_at=started_at,
            ended_at=started_at + timedelta(minutes=minutes),
            minutes=minutes,
            result=result,
            person=f"{met.name}, {met.role}" if met else "",
            met=met,
            note=self.chance.choice(CALL_NOTES[result][shop.language or "en"]),
        )
        db.session.add(call)
        call.cases.extend([case, *self._others(case, result, started_at)])
        db.session.flush()
        self._note(call, case, result)
        if self.chance.random() < 0.3:
            self._tell_of(call)
        return call

    def _note(self, call: Call, case: EscalationCase, result: CallResult) -> None:
        """What the buyers read of it, and the trail."""
        for one in call.cases:
            request = one.outreach.discount_request
            tell(request, "called_shop", call.started_at, shop=case.outreach.shop.name, result=result)
        note_change(
            "call_logged",
            call.started_at,
            call.operator.id,
            case_id=case.id,
            shop_id=call.shop_id,
            result=result,
            minutes=call.minutes,
        )

    def _others(self, case: EscalationCase, result: CallResult, at: datetime) -> list[EscalationCase]:
        if result in (CallResult.PROMISED, CallResult.REFUSED) or self.chance.random() < 0.67:
            return []
        others = self.cases[case.outreach.shop_id]
        return [one for one in others if one is not case and _is_open(one) and one.opened_at < at]

    def _person(self, shop: Shop, at: datetime) -> ShopPerson | None:
        words: PersonWords | None = self.chance.choice(PEOPLE[shop.language or "en"])
        if words is None:
            return None
        people = self._people[shop.id]
        if words.name not in people:
            people[words.name] = self._new_person(shop, words, at)
        person = people[words.name]
        person.met_at = max(person.met_at, at)
        return person

    def _new_person(self, shop: Shop, words: PersonWords, at: datetime) -> ShopPerson:
        has_number = self.chance.random() < 0.3
        ending = self.chance.randint(1_000_000, 9_999_999)
        person = ShopPerson(
            id=self._id(),
            shop=shop,
            name=words.name,
            role=words.role,
            phone=f"{self._number(shop)[:-7]}{ending}" if has_number else "",
            note=words.note,
            met_at=at,
            created_at=at,
        )
        if self.chance.random() < 0.05:
            person.left_at = self.now - timedelta(days=1)
        db.session.add(person)
        return person

    def _number(self, shop: Shop) -> str:
        return next(point.value for point in shop.contact_points if point.kind is ContactKind.PHONE)

    def _tell_of(self, call: Call) -> None:
        """The exchange noticed it too."""
        self._add(call.shop_id, call.number, call.started_at, call)

    def miss(self, shop: Shop, at: datetime) -> None:
        """The shop rang, and nobody was there."""
        self._add(shop.id, self._number(shop), at, None)

    def _add(self, shop_id: UUID, number: str, at: datetime, call: Call | None) -> None:
        phone_call_id = self._id()
        phone_call = PhoneCall(
            id=phone_call_id,
            provider=EXCHANGE,
            provider_id=str(phone_call_id),
            direction=CallDirection.OUT if call else CallDirection.IN,
            number=number,
            operator=call.operator if call else None,
            shop_id=shop_id,
            started_at=at,
            answered_at=at + timedelta(seconds=12) if call and call.person else None,
            ended_at=call.ended_at if call else at + timedelta(seconds=25),
            call=call,
            settled_at=call.ended_at if call else None,
        )
        db.session.add(phone_call)

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def _is_open(case: EscalationCase) -> bool:
    return case.status is not CaseStatus.CLOSED
