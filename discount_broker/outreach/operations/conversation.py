"""Letters between buyer and shop: each passes through us, and neither sees the other's address."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.status import Outcome
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db
from discount_broker.messaging.operations import cancel_queued
from discount_broker.messaging.status import DeliveryStatus, FailureReason
from discount_broker.notifications.catalogue import BuyerQuestion, DeskLetter, DeskNote
from discount_broker.outreach.extract.private_words import GAP, lines_of, veil_secrets
from discount_broker.outreach.models import Letter, Outreach, Reply
from discount_broker.outreach.operations.climbing import in_their_hours
from discount_broker.outreach.operations.digests import has_had_its_share
from discount_broker.outreach.operations.letters import letter_facts, news_from
from discount_broker.outreach.operations.relaying import (
    LETTER,
    Way,
    close_door,
    mail_to_buyer,
    queue_to_shop,
    shop_wrote,
    way_to_shop,
)
from discount_broker.outreach.queries.thread import (
    LONGEST_LETTER,
    MOST_A_DAY,
    TO_BUYER,
    count_letters_today,
    is_our_turn,
    last_word_to_buyer,
    veil_for,
    why_not_write_to,
)
from discount_broker.outreach.status import LetterAuthor

LONGEST_KEPT = 20_000
A_DAY = timedelta(days=1)
CAME_BACK = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.STOPPED)
CLOSED_FOR_GOOD = (FailureReason.ADDRESS_DEAD, FailureReason.FORM_GONE, FailureReason.SCRIPT_ONLY)


def take_shop_letter(outreach: Outreach, reply: Reply, now: datetime) -> Letter:
    """Show a person's letter of the shop to the buyer, and mail it on; the same reply is passed on once.

    Called for letters of people alone, and not for those that ask to be left in peace.
    """
    known = next((letter for letter in outreach.letters if letter.reply_id == reply.id), None)
    if known is not None:
        return known
    letter = _keep(outreach, LetterAuthor.SHOP, veil_secrets(reply.text), now, reply=reply)
    if outreach.discount_request.outcome is not Outcome.WITHDRAWN:
        letter.delivery = mail_to_buyer(letter, shop_wrote(letter), now)
    return letter


def take_buyer_letter(outreach: Outreach, text: str, now: datetime) -> Letter:
    """Pass on what the buyer wrote in answer to one of our mails, its quotes stripped.

    It goes to whoever wrote to the buyer last: the shop, or our people, for whom it stays on the desk.
    What may not go on, or has no door to go through, stays there too.
    """
    is_too_much = len(text) > LONGEST_LETTER or count_letters_today(outreach, now) >= MOST_A_DAY
    if last_word_to_buyer(outreach) is LetterAuthor.OPERATOR:
        tell(outreach.discount_request, "wrote_to_us", now)
        return _keep_for_people(outreach, text, now)
    if is_too_much or why_not_write_to(outreach):
        tell(outreach.discount_request, "letter_kept", now, shop=outreach.shop.name)
        return _keep_for_people(outreach, text, now)
    return send_buyer_letter(outreach, text, now)


def send_buyer_letter(outreach: Outreach, text: str, now: datetime) -> Letter:
    """Write to the shop for the buyer; where there is no door, the letter waits for our people."""
    way, words = way_to_shop(outreach), veil_for(outreach, text).text
    if way is None:
        tell(outreach.discount_request, "letter_kept", now, shop=outreach.shop.name)
        return _keep_for_people(outreach, words, now)
    letter = _keep(outreach, LetterAuthor.BUYER, words, now)
    letter.delivery = queue_to_shop(letter, _question(letter, way), way, now, _when(outreach, now))
    tell(outreach.discount_request, "buyer_wrote", now, shop=outreach.shop.name)
    return letter


def _question(letter: Letter, way: Way) -> BuyerQuestion:
    facts, words = letter_facts(letter.outreach, way.point), lines_of(letter.text)
    return BuyerQuestion(**facts, subject=way.subject, words=words, has_gaps=GAP in letter.text)


def _when(outreach: Outreach, now: datetime) -> datetime | None:
    """At once where the shop awaits an answer; else in its hours, and when it has had its share, next day."""
    if is_our_turn(outreach):
        return None
    day = paced(now + A_DAY, now) - now
    is_spent = has_had_its_share(outreach.shop_id, now)
    return in_their_hours(outreach.shop, now + day if is_spent else now)


def settle_letter(letter: Letter, now: datetime) -> None:
    """A letter of the buyer that came back, or may not leave, goes through another door at once.

    What is left without a door comes to the desk, and so does what may have arrived.
    """
    delivery, outreach = letter.delivery, letter.outreach
    if delivery is None or delivery.template in TO_BUYER or delivery.status not in CAME_BACK:
        return
    if delivery.failure in CLOSED_FOR_GOOD:
        close_door(outreach, delivery)
    if letter.author is not LetterAuthor.BUYER or why_not_write_to(outreach):
        return
    way = way_to_shop(outreach)
    if way is not None and way.point.value != delivery.address:
        letter.delivery = (
            queue_to_shop(letter, _question(letter, way), way, now, _when(outreach, now)) or delivery
        )
    elif delivery.status is DeliveryStatus.STOPPED:
        letter.delivery = None  # it has never left, and nobody but our people can pass it on


def drop_letters(outreach: Outreach) -> None:
    """Nobody waits for an answer of this shop any more: what has not left does not leave."""
    cancel_queued(f"{LETTER}{outreach.id}")


def send_desk_letter(
    outreach: Outreach, text: str, now: datetime, operator_id: UUID, *, written_with: str = ""
) -> Letter | None:
    """Write to the shop by hand; None where it has no door for a letter."""
    way = way_to_shop(outreach)
    if way is None:
        return None
    letter = _keep(outreach, LetterAuthor.OPERATOR, veil_secrets(text), now, operator_id=operator_id)
    facts = letter_facts(outreach, way.point)
    said = DeskLetter(**facts, subject=way.subject, words=lines_of(letter.text))
    letter.delivery = queue_to_shop(letter, said, way, now, written_with=written_with)
    return letter


def send_desk_note(
    outreach: Outreach, text: str, now: datetime, operator_id: UUID, *, written_with: str = ""
) -> Letter:
    """Write to the buyer by hand."""
    letter = _keep(outreach, LetterAuthor.OPERATOR, text, now, operator_id=operator_id)
    note = DeskNote(**news_from(outreach), words=lines_of(text))
    letter.delivery = mail_to_buyer(letter, note, now, written_with=written_with)
    return letter


def _keep_for_people(outreach: Outreach, text: str, now: datetime) -> Letter:
    """The letter comes to the desk, also where somebody has the case in hand and waits for something else."""
    if outreach.exhausted_why != "reply_to_read":
        outreach.exhausted_why = "stranded_letter"
    return _keep(outreach, LetterAuthor.BUYER, text[:LONGEST_KEPT], now)


def _keep(
    outreach: Outreach,
    author: LetterAuthor,
    text: str,
    now: datetime,
    *,
    reply: Reply | None = None,
    operator_id: UUID | None = None,
) -> Letter:
    letter = Letter(author=author, text=text, reply=reply, operator_id=operator_id, created_at=now)
    outreach.letters.append(letter)
    db.session.flush()
    return letter
