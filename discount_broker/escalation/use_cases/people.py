"""What operators put right of the people at a shop."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.operations import PersonTold, correct_person
from discount_broker.shops.queries import get_person_of


def put_person_right(
    shop_id: UUID,
    person_id: UUID,
    operator_id: UUID,
    now: datetime,
    *,
    name: str,
    role: str,
    phone: str,
    note: str,
) -> None:
    """Keep what is known of somebody at the shop as it is now.

    Raises:
        NotFound: nobody of this shop has this id.
        Refused: `person_needs_name`, `direct_number_unclear`.

    """
    with transaction():
        person = get_person_of(shop_id, person_id)
        told = PersonTold(name=name, role=role, phone=phone, email=person.email, note=note)
        correct_person(person, told)
        note_change("person_corrected", now, operator_id, shop_id=shop_id, name=person.name)


def note_whether_left(
    shop_id: UUID, person_id: UUID, operator_id: UUID, now: datetime, *, has_left: bool
) -> None:
    """Somebody does not work there any more, or does after all.

    Raises:
        NotFound: nobody of this shop has this id.

    """
    with transaction():
        person = get_person_of(shop_id, person_id)
        person.left_at = (person.left_at or now) if has_left else None
        what = "person_left" if has_left else "person_came_back"
        note_change(what, now, operator_id, shop_id=shop_id, name=person.name)
