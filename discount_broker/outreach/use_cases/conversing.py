"""What the buyer writes to a shop, and what our people write by hand to either."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.operations import cancel_by_hand
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Letter, Outreach
from discount_broker.outreach.operations.conversation import (
    send_buyer_letter,
    send_desk_letter,
    send_desk_note,
)
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.queries.thread import (
    LONGEST_LETTER,
    MOST_A_DAY,
    count_letters_today,
    get_letter,
    veil_for,
    why_not_write_to,
)
from discount_broker.outreach.status import LetterAuthor
from discount_broker.shops.queries import is_stopped

PRESSED_TWICE = timedelta(minutes=10)
"""The same words to the same reader within this time are one letter."""
LONGEST_BY_HAND = 6000


class Reader(StrEnum):
    """To whom one of our people writes."""

    SHOP = "shop"
    BUYER = "buyer"


@again_if_deadlocked
def write_to_shop(
    request_id: UUID, outreach_id: UUID, text: str, now: datetime, *, without_contacts: bool = False
) -> None:
    """The buyer writes to one of the shops that were asked. A second press sends nothing.

    `without_contacts`: the buyer knows that their contact details are left out.

    Raises:
        NotFound: the shop was not asked for this request.
        Refused: what the buyer can mend, or should know first (`letter_has_contacts`).

    """
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        if outreach.discount_request_id != request_id:
            raise NotFound("outreach")
        written = _checked(text, LONGEST_LETTER)
        veiled = veil_for(outreach, written)
        if _was_just_written(outreach, LetterAuthor.BUYER, veiled.text, now):
            return
        if code := why_not_write_to(outreach) or _is_enough(outreach, now):
            raise Refused(code, "text")
        if veiled.left_out and not without_contacts:
            raise Refused("letter_has_contacts", "text")
        send_buyer_letter(outreach, written, now)


def _is_enough(outreach: Outreach, now: datetime) -> str:
    return "letters_too_many" if count_letters_today(outreach, now) >= MOST_A_DAY else ""


@again_if_deadlocked
def write_by_hand(
    outreach_id: UUID, reader: Reader, operator_id: UUID, text: str, now: datetime, *, written_with: str = ""
) -> None:
    """One of our people writes to the shop or the buyer; it waits half a minute for second thoughts.

    `written_with` is the version of the canned text they began with.

    Raises:
        Refused: there is nothing to send, or no way to send it.

    """
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        written = _checked(text, LONGEST_BY_HAND)
        if _was_just_written(outreach, LetterAuthor.OPERATOR, written, now):
            return
        if reader is Reader.BUYER:
            send_desk_note(outreach, written, now, operator_id, written_with=written_with)
        elif is_stopped(outreach.shop):
            raise Refused("letters_forbidden", "text")
        elif send_desk_letter(outreach, written, now, operator_id, written_with=written_with) is None:
            raise Refused("letter_has_no_way", "text")
        note_change("letter_written", now, operator_id, shop_id=outreach.shop_id, reader=reader)


@again_if_deadlocked
def take_back_letter(letter_id: UUID, operator_id: UUID, now: datetime) -> bool:
    """Stop a letter that was written by hand, if it has not left; whether it was stopped."""
    with transaction():
        letter = get_letter(letter_id)
        if letter.author is not LetterAuthor.OPERATOR or letter.delivery_id is None:
            raise NotFound("letter")
        is_stopped_now = cancel_by_hand(letter.delivery_id)
        if is_stopped_now:
            note_change("letter_taken_back", now, operator_id, shop_id=letter.outreach.shop_id)
        return is_stopped_now


def _checked(text: str, longest: int) -> str:
    written = text.replace("\r\n", "\n").strip()
    if not written:
        raise Refused("letter_empty", "text")
    if len(written) > longest:
        raise Refused("letter_too_long", "text")
    return written


def _was_just_written(outreach: Outreach, author: LetterAuthor, text: str, now: datetime) -> bool:
    own = [letter for letter in outreach.letters if letter.author is author]
    return bool(own) and _is_again(own[-1], text, now)


def _is_again(letter: Letter, text: str, now: datetime) -> bool:
    was_taken_back = letter.delivery is not None and letter.delivery.status is DeliveryStatus.STOPPED
    return letter.text == text and now - letter.created_at < PRESSED_TWICE and not was_taken_back
