"""What the desk writes on a buyer's card and what moves because of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from discount_broker.accounts.models import BuyerCard
from discount_broker.accounts.operations import note_change
from discount_broker.accounts.operations.cards import add_wish, card_to_write, subject_of
from discount_broker.accounts.rules.wishes import Wish, check_wish
from discount_broker.accounts.status import Standing
from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.escalation.operations.wishes import Moved, requeue_shops_of, respect_wishes
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction

OLDEST = date(1900, 1, 1)


@dataclass(frozen=True, kw_only=True)
class CardSaid:
    """What an operator put on the card."""

    standing: Standing
    standing_reason: str = ""
    lead_type: str = ""
    """Empty: as the rules of the leads say."""
    birthday: date | None = None
    zone: str = ""
    """IANA name; empty: as phone or shop tell."""
    seen: str | None = None
    """The state of the card (`Card.seen`) that was before their eyes; None where they saw none."""


@again_if_deadlocked
def change_card(buyer_id: UUID, said: CardSaid, operator_id: UUID, now: datetime) -> Moved | None:
    """Write on the card; what moved because of another time zone, or None where nothing was changed.

    Raises:
        Refused: `standing_needs_reason`, `zone_unknown`, `birthday_wrong`, `card_changed` meanwhile.

    """
    _check(said, now)
    with transaction():
        card = card_to_write(buyer_id, now)
        changed = _changed(card, said)
        if not changed:
            return None
        _check_seen(card, said, now)
        for name in changed:
            setattr(card, name, _values(said)[name])
        card.changed_at = now
        subject, fields = subject_of(buyer_id), ", ".join(changed)
        note_change("card_changed", now, operator_id, subject=subject, fields=fields, standing=said.standing)
        if "zone" in changed:
            return respect_wishes(buyer_id, operator_id, now)
        if "standing" in changed:
            requeue_shops_of(buyer_id, now)
        return Moved()


def _check(said: CardSaid, now: datetime) -> None:
    if said.standing is not Standing.NONE and not said.standing_reason.strip():
        raise Refused("standing_needs_reason", "standing_reason")
    if said.zone and said.zone not in available_timezones():
        raise Refused("zone_unknown", "zone")
    if said.birthday is not None and not OLDEST <= said.birthday <= now.date():
        raise Refused("birthday_wrong", "birthday")


def _check_seen(card: BuyerCard, said: CardSaid, now: datetime) -> None:
    is_new = card.changed_at == now
    if said.seen is not None and not is_new and card.changed_at.isoformat() != said.seen:
        raise Refused("card_changed", "standing")


def _values(said: CardSaid) -> dict[str, object]:
    is_plain = said.standing is Standing.NONE
    return {
        "standing": said.standing,
        "standing_reason": "" if is_plain else said.standing_reason.strip()[:500],
        "lead_type": said.lead_type.strip()[:60],
        "is_lead_type_set": bool(said.lead_type.strip()),
        "birthday": said.birthday,
        "zone": said.zone,
    }


def _changed(card: BuyerCard, said: CardSaid) -> list[str]:
    return [name for name, value in _values(said).items() if getattr(card, name) != value]


@again_if_deadlocked
def add_contact_wish(
    buyer_id: UUID, wish: Wish, words: str, operator_id: UUID, now: datetime
) -> Moved | None:
    """Keep when a buyer wants to be left alone, and move what is planned; None where it was known.

    Raises:
        Refused: codes of `check_wish`.

    """
    with transaction():
        zone = wishes_of_buyer(buyer_id).zone
        check_wish(wish, now.astimezone(ZoneInfo(zone)).date())
        if add_wish(buyer_id, wish, words, operator_id, now) is None:
            return None
        return respect_wishes(buyer_id, operator_id, now)
