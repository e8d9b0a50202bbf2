"""Seeded letters to shops, how each of them fared, and what came back."""

from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from sqlalchemy import null

from discount_broker.cli.seeding.mail import SENT_BY_FORM, TAKEN, TAKEN_BY_THEIRS, MailSeeder
from discount_broker.cli.seeding.words import AUTO_REPLIES, REPLIES
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.queries import text_to_paste
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind, FailureReason
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind
from discount_broker.outreach.form_filling.recipes import RECIPES
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.queries import keys_of
from discount_broker.outreach.status import ReplyKind
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.status import ContactKind, ContactState

FIELDS = "name, email, message"
NO_SUCH_USER = "550 5.1.1 <info>: Recipient address rejected: User unknown"
FATE: dict[DeliveryStatus, tuple[FailureReason | None, str | None, dict[str, object]]] = {
    DeliveryStatus.SENT: (None, None, {"server answer": TAKEN}),
    DeliveryStatus.BOUNCED: (FailureReason.ADDRESS_DEAD, NO_SUCH_USER, {"server answer": TAKEN}),
    DeliveryStatus.FAILED: (
        FailureReason.CAPTCHA,
        "the form asks for a captcha",
        {"captcha": "smartcaptcha"},
    ),
    DeliveryStatus.UNKNOWN: (
        FailureReason.OTHER,
        "the connection broke after the form was sent",
        {"fields": FIELDS},
    ),
}
Ladder = list[tuple[ContactKind, DeliveryStatus]]
LADDERS: dict[CaseReason, Ladder] = {
    CaseReason.DOORS_DEAD: [
        (ContactKind.EMAIL, DeliveryStatus.BOUNCED),
        (ContactKind.EMAIL, DeliveryStatus.BOUNCED),
    ],
    CaseReason.CAPTCHA: [
        (ContactKind.EMAIL, DeliveryStatus.BOUNCED),
        (ContactKind.FORM, DeliveryStatus.FAILED),
    ],
    CaseReason.OUTCOME_UNKNOWN: [
        (ContactKind.EMAIL, DeliveryStatus.BOUNCED),
        (ContactKind.FORM, DeliveryStatus.UNKNOWN),
    ],
    CaseReason.NO_CONTACT_POINTS: [],
}
USUAL_LADDERS: list[Ladder] = [
    [
        (ContactKind.EMAIL, DeliveryStatus.SENT),
        (ContactKind.FORM, DeliveryStatus.SENT),
        (ContactKind.EMAIL, DeliveryStatus.SENT),
    ],
    [
        (ContactKind.EMAIL, DeliveryStatus.BOUNCED),
        (ContactKind.EMAIL, DeliveryStatus.SENT),
        (ContactKind.EMAIL, DeliveryStatus.SENT),
    ],
    [(ContactKind.EMAIL, DeliveryStatus.SENT), (ContactKind.EMAIL, DeliveryStatus.SENT)],
]


class LetterSeeder:
    def __init__(self, chance: Random, now: datetime) -> None:
        self.chance, self.now = chance, now
        self.mails = MailSeeder(chance, now)
        self.replies = {language: cycle(letters) for language, letters in REPLIES.items()}

    def write(self, outreach: Outreach, reason: CaseReason) -> None:
        """Climb the ladder that leads to such a case."""
        ladder = LADDERS.get(reason) or self.chance.choice(USUAL_LADDERS)
        language = outreach.shop.language or "en"
        ladder = [] if reason is CaseReason.NO_CONTACT_POINTS else ladder
        at = outreach.asked_at or self.now
        for number, (kind, status) in enumerate(ladder, 1):
            self._step(outreach, number, kind, status, at)
            at += timedelta(hours=self.chance.randint(20, 30))
        outreach.steps_taken = len(ladder)
        if not ladder:
            outreach.asked_at = None
        if reason is CaseReason.REPLY_TO_READ:
            self._reply(outreach, ReplyKind.HUMAN, *next(self.replies[language]))
        elif ladder and self.chance.random() < 0.25:
            self._reply(outreach, ReplyKind.AUTO_REPLY, *AUTO_REPLIES[language])

    def _reply(self, outreach: Outreach, kind: ReplyKind, subject: str, text: str) -> None:
        at = outreach.steps[-1].taken_at + timedelta(hours=2)
        self.mails.take_in(outreach, kind, subject, text, at)

    def _step(
        self, outreach: Outreach, number: int, kind: ContactKind, status: DeliveryStatus, at: datetime
    ) -> None:
        taken = [step.contact_point for step in outreach.steps]
        doors = [p for p in outreach.shop.contact_points if p.kind is kind]
        point = next((p for p in doors if p not in taken), doors[0])
        delivery = self._delivery(outreach, number, point, status, at)
        step = Step(id=self._id(), number=number, contact_point=point, delivery=delivery, taken_at=at)
        step.is_reminder = point in taken
        outreach.steps.append(step)
        if status is DeliveryStatus.BOUNCED:
            point.state, point.state_reason = ContactState.DEAD, FailureReason.ADDRESS_DEAD
        if status is DeliveryStatus.FAILED:
            point.form = {"captcha": "smartcaptcha"}
        event = "reminded_shop" if step.is_reminder else "asked_shop"
        tell(outreach.discount_request, event, at, shop=outreach.shop.name, door=kind)
        if status in (DeliveryStatus.BOUNCED, DeliveryStatus.FAILED):
            tell(outreach.discount_request, "door_failed", at, shop=outreach.shop.name, door=kind)
        db.session.flush()

    def _delivery(
        self, outreach: Outreach, number: int, point: ContactPoint, status: DeliveryStatus, at: datetime
    ) -> Delivery:
        written = text_to_paste(outreach, point)
        failure, error, evidence = FATE[status]
        is_form = point.kind is ContactKind.FORM
        delivery = Delivery(
            id=self._id(),
            purpose=f"outreach:{outreach.id}:{number}",
            template=written.message,
            channel=ChannelKind.WEB_FORM if is_form else ChannelKind.EMAIL,
            address=point.value,
            stop_keys=sorted(keys_of(point)),
            language=written.language,
            subject=written.subject,
            text=written.text,
            status=status,
            attempts=1,
            created_at=at,
            due_at=null(),  # None would stand for the default, which is now
            sent_at=at + timedelta(minutes=1)
            if status in (DeliveryStatus.SENT, DeliveryStatus.BOUNCED)
            else None,
            failure=failure,
            last_error=error,
            evidence=dict(SENT_BY_FORM) if is_form and status is DeliveryStatus.SENT else dict(evidence),
            recipe=_recipe_of(point) if is_form else None,
        )
        self._hear(delivery, at)
        return delivery

    def _hear(self, delivery: Delivery, at: datetime) -> None:
        """What mail servers told of it."""
        if delivery.sent_at is None or delivery.channel is not ChannelKind.EMAIL:
            return
        self.mails.hear(delivery, ReceiptKind.ACCEPTED, TAKEN_BY_THEIRS, delivery.sent_at)
        if delivery.status is DeliveryStatus.BOUNCED:
            self.mails.hear(delivery, ReceiptKind.HARD_BOUNCE, NO_SUCH_USER, at + timedelta(minutes=4))

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def _recipe_of(form: ContactPoint) -> str:
    """A shop keeps its engine."""
    return RECIPES[sum(form.value.encode()) % len(RECIPES)].name
