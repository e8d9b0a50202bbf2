"""A conversation as a page shows it: who wrote what to whom, and what became of each message."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from flask_babel import gettext

from discount_broker.kernel.urls import host_of
from discount_broker.messaging.queries import held_until
from discount_broker.messaging.rendering import one_line
from discount_broker.messaging.status import ChannelKind, DeliveryStatus
from discount_broker.outreach.extract.private_words import lines_of, veil_secrets
from discount_broker.outreach.queries.thread import (
    TO_BUYER,
    attached_to,
    gather_threads,
    is_for_us,
    shared_deliveries,
)
from discount_broker.outreach.status import LetterAuthor
from discount_broker.web.delivery_words import GOOD, Told, sentence, told_of

if TYPE_CHECKING:
    from discount_broker.messaging.models import Delivery
    from discount_broker.outreach.models import Letter, Outreach, Step

MOST_LINES = 2000
SIDES = {LetterAuthor.BUYER: "buyer", LetterAuthor.SHOP: "shop", LetterAuthor.OPERATOR: "us"}


class State(NamedTuple):
    """One thing that happened to a message, in words."""

    text: str
    tone: str


class Entry(NamedTuple):
    """One message of a conversation."""

    key: str
    at: datetime
    side: str
    """Who wrote it: `buyer`, `shop` or `us`."""
    heading: str
    text: str
    """Without the secret links of whoever it was written to."""
    language: str
    states: list[State]
    is_letter: bool
    """Whether it was written by a person: then its words stand open."""
    files: list[str]


def threads_of(outreaches: Iterable["Outreach"], now: datetime) -> dict[UUID, list[Entry]]:
    """The conversation with each shop, oldest first, as the buyer may see it."""
    found = list(outreaches)
    gather_threads(found)
    shared = shared_deliveries(found)
    files = attached_to(letter for outreach in found for letter in outreach.letters)
    return {outreach.id: _thread_of(outreach, now, shared, files) for outreach in found}


def _thread_of(
    outreach: "Outreach", now: datetime, shared: set[UUID], files: dict[UUID, list[str]]
) -> list[Entry]:
    letters = [letter for letter in outreach.letters if _is_out(letter)]
    entries = [
        *(_of_step(step, now, is_shared=step.delivery_id in shared) for step in outreach.steps),
        *(_of_letter(letter, files.get(letter.id, []), now) for letter in letters),
    ]
    return sorted(entries, key=lambda entry: entry.at)


def _is_out(letter: "Letter") -> bool:
    """What our people may still take back, or have taken back, was not said."""
    delivery = letter.delivery
    if letter.author is not LetterAuthor.OPERATOR or delivery is None:
        return True
    return delivery.status not in (DeliveryStatus.QUEUED, DeliveryStatus.STOPPED)


def _of_step(step: "Step", now: datetime, *, is_shared: bool) -> Entry:
    delivery = step.delivery
    told = told_of(delivery, now, is_held=is_held(delivery, now))
    if step.acknowledged_at is not None:
        told.append(Told("acknowledged", {"at": step.acknowledged_at}, GOOD))
    return Entry(
        key=f"step-{step.id}",
        at=delivery.sent_at or step.taken_at,
        side="us",
        heading=heading_of_step(step),
        text="" if is_shared else clean(veil_secrets(delivery.text)),
        language=delivery.language,
        states=[State(sentence(each, now), each.tone) for each in told],
        is_letter=False,
        files=[],
    )


def heading_of_step(step: "Step") -> str:
    shop, where = step.outreach.shop.name, step.delivery.address
    if step.delivery.channel is ChannelKind.EMAIL:
        if step.is_reminder:
            return str(gettext("We reminded %(shop)s by e-mail at %(address)s", shop=shop, address=where))
        return str(gettext("We asked %(shop)s by e-mail at %(address)s", shop=shop, address=where))
    return str(gettext("We asked %(shop)s through the form on %(site)s", shop=shop, site=host_of(where)))


def _of_letter(letter: "Letter", files: list[str], now: datetime) -> Entry:
    delivery = letter.delivery
    if delivery is None:
        told = [] if letter.author is LetterAuthor.SHOP else [Told("by_person", {})]
    else:
        told = told_of(delivery, now, is_held=is_held(delivery, now))
    return Entry(
        key=f"letter-{letter.id}",
        at=letter.created_at,
        side=SIDES[letter.author],
        heading=heading_of_letter(letter),
        text=clean(letter.text),
        language="",
        states=[State(sentence(each, now), each.tone) for each in told],
        is_letter=True,
        files=files,
    )


def heading_of_letter(letter: "Letter") -> str:
    shop = letter.outreach.shop.name
    if letter.author is LetterAuthor.SHOP:
        return str(gettext("%(shop)s wrote", shop=shop))
    if letter.author is LetterAuthor.BUYER and is_for_us(letter):
        return str(gettext("You wrote to us"))
    if letter.author is LetterAuthor.BUYER:
        return str(gettext("You wrote to %(shop)s", shop=shop))
    if is_to_buyer(letter):
        return str(gettext("One of our people wrote to you"))
    return str(gettext("One of our people wrote to %(shop)s", shop=shop))


def is_to_buyer(letter: "Letter") -> bool:
    return letter.delivery is not None and letter.delivery.template in TO_BUYER


def clean(text: str) -> str:
    """Words of strangers without what cannot be seen, or would turn the text around it."""
    return "\n".join(one_line(line) for line in lines_of(text, MOST_LINES))


def is_held(delivery: "Delivery", now: datetime) -> bool:
    return delivery.status is DeliveryStatus.QUEUED and held_until(delivery, now) is not None
