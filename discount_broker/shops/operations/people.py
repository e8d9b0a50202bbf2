"""Keeping the people at a shop whom somebody of us has met."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.shops.extract.spelling import normal_phone
from discount_broker.shops.models import Shop, ShopPerson
from discount_broker.shops.queries import get_person_of, list_people

LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class PersonTold:
    """What somebody says of a person at a shop."""

    name: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


def meet(shop: Shop, told: PersonTold, now: datetime, person_id: UUID | None = None) -> ShopPerson | None:
    """Whoever was spoken to, known or new; None where nobody was named.

    What is not told of a known person stays as it was.

    Raises:
        NotFound: nobody of this shop has this id.
        Refused: `direct_number_unclear`.

    """
    person = get_person_of(shop.id, person_id) if person_id else _namesake(shop, told.name)
    if person is None and not told.name.strip():
        return None
    if person is None:
        person = ShopPerson(shop_id=shop.id, name=told.name.strip()[:LONGEST_NAME], created_at=now)
        db.session.add(person)
    person.role = told.role.strip()[:LONGEST_NAME] or person.role or ""
    person.phone = direct_number(told.phone, shop.country) or person.phone or ""
    person.met_at, person.left_at = now, None
    db.session.flush()
    return person


def correct_person(person: ShopPerson, told: PersonTold) -> None:
    """Put right what is known of somebody: an empty field empties it, only a name there must be.

    Raises:
        Refused: `person_needs_name`, `direct_number_unclear`.

    """
    if not told.name.strip():
        raise Refused("person_needs_name", "name")
    person.phone = direct_number(told.phone, person.shop.country)
    person.name, person.role = told.name.strip()[:LONGEST_NAME], told.role.strip()[:LONGEST_NAME]
    person.email, person.note = told.email.strip()[:254], told.note.strip()[:500]


def direct_number(text: str, country: str | None) -> str:
    """E.164, or nothing where nothing was given.

    Raises:
        Refused: `direct_number_unclear`.

    """
    if not text.strip():
        return ""
    try:
        return normal_phone(text, country)
    except Refused:
        raise Refused("direct_number_unclear", "direct_number") from None


def _namesake(shop: Shop, name: str) -> ShopPerson | None:
    """Somebody of this name whom we know: one who is typed in twice is one person."""
    wanted = name.strip().casefold()
    return next(
        (person for person in list_people(shop.id) if wanted and person.name.casefold() == wanted), None
    )
