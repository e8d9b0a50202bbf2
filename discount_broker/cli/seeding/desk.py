"""What the desk's pages about mail, sending and stops show, beside the cases."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Operator
from discount_broker.cli.seeding.desk_words import (
    ANSWERS,
    HOLD,
    NOTES,
    PAUSE,
    QUESTIONS,
    REFUSED,
    STOPS,
    TEXTS,
)
from discount_broker.cli.seeding.mail import MailSeeder
from discount_broker.cli.seeding.people import PeopleSeeder
from discount_broker.cli.seeding.stray import StraySeeder
from discount_broker.escalation.models import Review
from discount_broker.escalation.status import ReviewKind
from discount_broker.escalation.use_cases import open_reviews
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import forget_pending_jobs
from discount_broker.kernel.money import Money
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress, withhold
from discount_broker.messaging.queries import own_sender_key
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, FailureReason, ReceiptKind
from discount_broker.offers.models import OfferDraft
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.models import InboundMail, Outreach, Reply, Step, Suggestion
from discount_broker.outreach.operations.conversation import send_desk_note
from discount_broker.outreach.operations.digests import join_digest
from discount_broker.outreach.rules.ladder import RungReason
from discount_broker.outreach.status import UNMATCHED, OutreachStatus, ReplyKind
from discount_broker.outreach.use_cases import set_mail_aside
from discount_broker.shops.models import Shop
from discount_broker.shops.status import ContactKind

IN_A_DIGEST = 3
LEFT_TO_LOOK_AT = 6


class DeskSeeder:
    def __init__(
        self, chance: Random, operators: Sequence[Operator], people: PeopleSeeder, now: datetime
    ) -> None:
        self.chance, self.now, self.people = chance, now, people
        self.operators = operators
        self.mails = MailSeeder(chance, now)

    def fill(self) -> None:
        """Each in a transaction of its own; nothing of it rings a bell, for nothing is to leave."""
        parts: tuple[Callable[[], None], ...] = (
            self._stops,
            self._drafts,
            self._conversations,
            self._digests,
            self._texts,
            self._alarm,
            self._stray_mail,
            self._tasks,
        )
        for part in parts:
            part()
            db.session.commit()
            forget_pending_jobs()

    def _stops(self) -> None:
        for days, (key, reason, cause) in enumerate(STOPS):
            who = self._who() if reason == "operator" else None
            at = self.now - timedelta(days=2 * days, hours=3)
            suppress(key, reason=reason, cause=cause, now=at, operator_id=who)
        key, cause = PAUSE
        suppress(key, reason="pause", cause=cause, now=self.now, until=self.now + timedelta(days=26))

    def _conversations(self) -> None:
        """In each language a buyer who talks with the shop, and one of our people who wrote as well."""
        for language in ("ru", "en"):
            outreach = self._answered(language)
            if outreach is None:
                continue
            at = max(reply.received_at for reply in outreach.replies)
            first, second = QUESTIONS[language]
            hour = (self.now - at) / 6
            self.mails.ask(outreach, first, at + hour)
            self.mails.take_in(outreach, ReplyKind.HUMAN, *ANSWERS[language], at + 2 * hour)
            self.mails.ask(outreach, second, at + 3 * hour)
            note = send_desk_note(outreach, NOTES[language], at + 4 * hour, self._who())
            self.mails.mark_sent(note.delivery, at + 4 * hour)

    def _answered(self, language: str) -> Outreach | None:
        query = (
            select(Outreach)
            .join(Outreach.replies)
            .join(Outreach.shop)
            .where(
                Reply.kind == ReplyKind.HUMAN,
                Shop.language == language,
                Outreach.status == OutreachStatus.EXHAUSTED,
                Outreach.id.not_in(select(OfferDraft.outreach_id)),
            )
            .order_by(Reply.received_at, Outreach.id)
        )
        return db.session.scalars(query).first()

    def _digests(self) -> None:
        """One that has left, and one that waits because its shop is held."""
        self._digest("en", is_sent=True)
        held = self._digest("ru", is_sent=False)
        withhold(
            f"shop:{held.domain}",
            reason="operator",
            cause=HOLD,
            now=self.now - timedelta(hours=2),
            operator_id=self._who(),
        )

    def _digest(self, language: str, *, is_sent: bool) -> Shop:
        shop = next((s for s in self.people.shops if s.language == language), self.people.shops[0])
        at = self.now - timedelta(hours=5)
        asked = [self.people.an_outreach(at, shop=shop) for _ in range(IN_A_DIGEST)]
        for outreach in asked:
            self._put_into_digest(outreach, at)
        if is_sent:
            self.mails.mark_sent(asked[-1].steps[-1].delivery, at)
        return shop

    def _put_into_digest(self, outreach: Outreach, at: datetime) -> None:
        outreach.status, outreach.exhausted_why, outreach.steps_taken = OutreachStatus.ASKED, "", 1
        outreach.next_step_at = self.now + timedelta(days=1)
        point = next(p for p in outreach.shop.contact_points if p.kind is ContactKind.EMAIL)
        delivery = join_digest(outreach, point, 1, at, due_at=self.now + timedelta(days=1))
        step = Step(number=1, contact_point=point, delivery=delivery, taken_at=at, why=RungReason.USUAL)
        step.id = self._id()
        outreach.steps.append(step)
        db.session.flush()

    def _texts(self) -> None:
        """What buyers were told by SMS, and what their phones made of it."""
        to_be_told = [ask for ask in self.people.requests if ask.phone]
        for number, ask in enumerate(to_be_told[:12]):
            assert ask.product is not None
            at = ask.created_at + timedelta(days=2)
            told = TEXTS[ask.language].format(shop=ask.product.shop.name, number=ask.number)
            delivery = Delivery(
                id=self._id(),
                purpose=f"offer_made:{ask.id}:text",
                template="offer_made",
                channel=ChannelKind.SMS,
                address=ask.phone or "",
                language=ask.language,
                subject="",
                text=told,
                created_at=at,
            )
            db.session.add(delivery)
            db.session.flush()
            self.mails.mark_sent(delivery, at)
            self._hear_of_text(delivery, at, is_lost=number % 6 == 5)

    def _hear_of_text(self, delivery: Delivery, at: datetime, *, is_lost: bool) -> None:
        delivery.evidence, delivery.provider_reference = {"parts": 2}, self._id().hex[:12]
        if is_lost:
            delivery.status, delivery.failure = DeliveryStatus.BOUNCED, FailureReason.OTHER
            delivery.last_error, delivery.delivered_at = "the phone could not be reached for three days", None
            self.mails.hear(delivery, ReceiptKind.FAILED, "EXPIRED", at + timedelta(days=3))
        elif delivery.delivered_at is None:
            delivery.delivered_at = at + timedelta(minutes=2)
            self.mails.hear(delivery, ReceiptKind.DELIVERED, "DELIVRD", delivery.delivered_at)

    def _alarm(self) -> None:
        """Servers refused our mail yesterday; the pause has ended by itself, its task has not."""
        began = self.now - timedelta(hours=26)
        withhold(
            own_sender_key(), reason="policy", cause=REFUSED, now=began, until=began + timedelta(hours=6)
        )

    def _drafts(self) -> None:
        """A letter plainly names a discount: an hour ago the shop was asked whether we understood it."""
        for suggestion in db.session.scalars(select(Suggestion).order_by(Suggestion.created_at)):
            reply, percent = suggestion.reply, suggestion.value.removesuffix("%")
            is_open = reply.outreach.status is OutreachStatus.EXHAUSTED and _is_last_word(reply)
            if suggestion.kind == IntentKind.OFFER and percent.isdecimal() and is_open:
                self._draft(suggestion, Decimal(percent))
                return

    def _draft(self, suggestion: Suggestion, percent: Decimal) -> None:
        outreach = suggestion.reply.outreach
        price = Money(outreach.price, outreach.currency) if outreach.price and outreach.currency else None
        draft = OfferDraft(
            id=self._id(),
            outreach=outreach,
            reply_id=suggestion.reply_id,
            kind=AnswerKind.PERCENT,
            percent=percent,
            final_price=price.less(percent).amount if price else None,
            evidence=suggestion.evidence,
            created_at=self.now - timedelta(hours=1),
        )
        db.session.add(draft)

    def _stray_mail(self) -> None:
        """Letters that wait to be filed, one that was set aside, and what a robot wrote."""
        asked = {shop.language or "": self._asked(shop) for shop in reversed(self.people.shops)}
        StraySeeder(self.chance, self.now).receive({key: one for key, one in asked.items() if one})
        unwanted = select(InboundMail.id).where(
            InboundMail.verdict == UNMATCHED, InboundMail.sender.like("%@first-place.example")
        )
        for mail_id in db.session.scalars(unwanted).all():
            db.session.rollback()
            set_mail_aside(mail_id, self._who(), self.now)

    def _asked(self, shop: Shop) -> Outreach | None:
        return db.session.scalars(
            select(Outreach).where(Outreach.shop_id == shop.id).order_by(Outreach.created_at, Outreach.id)
        ).first()

    def _tasks(self) -> None:
        """Doors that died, most of them looked at by now, and the alarm."""
        open_reviews(self.now)
        doors = select(Review).where(Review.kind == ReviewKind.ADDRESS_DEAD).order_by(Review.key)
        for number, review in enumerate(db.session.scalars(doors)):
            review.created_at = self.now - timedelta(hours=5 * number + 1)
            if number >= LEFT_TO_LOOK_AT:
                review.settled_at = review.created_at + timedelta(hours=3)
                review.operator_id = self._who()

    def _who(self) -> UUID:
        return self.chance.choice(self.operators).id

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def _is_last_word(reply: Reply) -> bool:
    human = [other for other in reply.outreach.replies if other.kind is ReplyKind.HUMAN]
    return human[-1].id == reply.id
