"""What our people write to a buyer from the buyer's card, by mail or SMS."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from discount_broker.accounts.operations import note_change
from discount_broker.accounts.operations.cards import kept_buyer, subject_of
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import news_of, wishes_of_buyer
from discount_broker.discount_requests.queries.buyers import list_messages_to
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.messaging.operations import cancel_by_hand
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import DeskNote
from discount_broker.notifications.operations import may_ring_at, text
from discount_broker.outreach.extract.private_words import lines_of
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations.conversation import send_desk_note
from discount_broker.outreach.queries import get_outreach

PRESSED_TWICE = timedelta(minutes=10)
"""The same words to the same buyer within this time are one message."""
LONGEST_MAIL, LONGEST_TEXT = 6000, 300


class By(StrEnum):
    MAIL = "mail"
    SMS = "sms"


@again_if_deadlocked
def write_to_buyer(
    buyer_id: UUID, outreach_id: UUID, words: str, operator_id: UUID, now: datetime, *, by: By = By.MAIL
) -> None:
    """Write to a buyer about one of their requests; it waits half a minute for second thoughts.

    Raises:
        NotFound: the request is not theirs.
        Refused: `letter_empty`, `letter_too_long`; codes of `_send_text`.

    """
    written = _checked(words, LONGEST_TEXT if by is By.SMS else LONGEST_MAIL)
    with transaction():
        outreach = get_outreach(outreach_id, lock=True)
        if outreach.discount_request.buyer_id != kept_buyer(buyer_id).id:
            raise NotFound("outreach")
        if _was_just_written(buyer_id, written, by, now):
            return
        if by is By.SMS:
            _send_text(outreach, written, now)
        else:
            send_desk_note(outreach, written, now, operator_id)
        note_change(
            "buyer_written_to",
            now,
            operator_id,
            shop_id=outreach.shop_id,
            subject=subject_of(buyer_id),
            means=by,
            number=outreach.discount_request.number,
        )


def _checked(words: str, longest: int) -> str:
    written = words.replace("\r\n", "\n").strip()
    if not written:
        raise Refused("letter_empty", "text")
    if len(written) > longest:
        raise Refused("letter_too_long", "text")
    return written


def _send_text(outreach: Outreach, words: str, now: datetime) -> None:
    request = outreach.discount_request
    wishes = wishes_of_buyer(request.buyer_id)
    number = number_for_texts(request)
    if may_ring_at(number, wishes, now) is None:
        raise Refused("text_has_no_hour", "text")
    sent = text(
        DeskNote(**news_of(request), words=lines_of(words)),
        phone=number,
        language=request.language,
        purpose=f"card:{uuid4()}",
        now=now,
        wishes=wishes,
        by_hand=True,
    )
    if sent is None:
        raise Refused("text_not_possible", "text")
    sent.evidence = {"words": words}


def number_for_texts(request: DiscountRequest) -> str:
    """The number to which a buyer agreed that texts go.

    Raises:
        Refused: `text_needs_consent`, `text_has_no_number`.

    """
    if not request.wants_texts:
        raise Refused("text_needs_consent", "text")
    number = textable_number(request.phone or "", site().time_zone)
    if number is None:
        raise Refused("text_has_no_number", "text")
    return number


def _was_just_written(buyer_id: UUID, words: str, by: By, now: datetime) -> bool:
    recent = [each for each in list_messages_to(kept_buyer(buyer_id), 5) if each.by_hand]
    return any(
        now - each.created_at < PRESSED_TWICE
        and each.status is not DeliveryStatus.STOPPED
        and (each.evidence.get("words") == words if by is By.SMS else words in each.text)
        for each in recent
    )


def take_back_message(buyer_id: UUID, delivery_id: UUID, operator_id: UUID, now: datetime) -> bool:
    """Stop a message to this buyer that was written by hand and has not left; whether it was stopped."""
    with transaction():
        if delivery_id not in {each.id for each in list_messages_to(kept_buyer(buyer_id))}:
            raise NotFound("message")
        is_stopped_now = cancel_by_hand(delivery_id)
        if is_stopped_now:
            note_change("letter_taken_back", now, operator_id, subject=subject_of(buyer_id))
        return is_stopped_now
