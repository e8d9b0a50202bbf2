"""The stop list in the hands of the desk: what somebody told us, and what they take back."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.operations import note_change
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.operations import allow, suppress
from discount_broker.messaging.queries import find_suppression
from discount_broker.outreach.operations import close_shop
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.operations import reopen
from discount_broker.shops.queries import find_shop_by_domain
from discount_broker.shops.status import ContactKind, ContactState

DOORS = {"email": ContactKind.EMAIL, "phone": ContactKind.PHONE, "form": ContactKind.FORM}
DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
LONGEST_CAUSE = 2_000


@again_if_deadlocked
def forbid_for(kind: str, text: str, cause: str, operator_id: UUID, now: datetime) -> str:
    """Put on the stop list what somebody told us to leave alone; the key it stands under.

    Args:
        kind: `shop` for all doors of a shop, `domain` for every address at it, or `email`, `phone`, `form`.
        text: as it was typed.
        cause: what was said, by whom.
        operator_id: who enters it.
        now: when.

    Raises:
        Refused: `domain_unclear`, `cause_missing`, or a code of `normal_value`.

    """
    if not cause.strip():
        raise Refused("cause_missing", "cause")
    with transaction():
        key = _key_of(kind, text)
        said = cause.strip()[:LONGEST_CAUSE]
        suppress(key, reason="operator", cause=said, now=now, operator_id=operator_id)
        shop = find_shop_by_domain(key.removeprefix("shop:")) if kind == "shop" else None
        if shop is not None:
            close_shop(shop, reason="operator", cause=said, now=now)
        # The key may be an address: the trail names what kind it is, and of shops which.
        note_change("stop_entered", now, operator_id, shop_id=shop.id if shop else None, stop=kind)
        return key


def _key_of(kind: str, text: str) -> str:
    if kind in DOORS:
        value = normal_value(DOORS[kind], text, None)
        return f"{kind}:{value.lower() if kind == 'email' else value}"
    typed = text.strip().lower().rpartition("@")[2]
    domain = registrable_domain(typed if "//" in typed else typed.partition("/")[0])
    if not DOMAIN.fullmatch(domain):
        raise Refused("domain_unclear", "value")
    return f"{kind}:{domain}"


def allow_again(key: str, cause: str, operator_id: UUID, now: datetime) -> None:
    """Take an entry off the stop list, for whoever asked for it wants to hear from us again.

    The entry stays as a memory, with the reason. What was open then stays closed; doors that nothing
    else forbids are tried again with the next request.

    Raises:
        NotFound: no such entry.
        Refused: `cause_missing`.

    """
    if not cause.strip():
        raise Refused("cause_missing", "cause")
    with transaction():
        if find_suppression(key) is None:
            raise NotFound("suppression")
        allow(key, cause=cause.strip()[:LONGEST_CAUSE], operator_id=operator_id, now=now)
        for point in _doors_under(key):
            reopen(point)
        note_change("stop_lifted", now, operator_id, stop=key.partition(":")[0])


def _doors_under(key: str) -> list[ContactPoint]:
    kind, _, value = key.partition(":")
    stopped = select(ContactPoint).where(ContactPoint.state == ContactState.STOPPED)
    if kind == "shop":
        shop = find_shop_by_domain(value)
        return list(db.session.scalars(stopped.where(ContactPoint.shop_id == shop.id))) if shop else []
    if kind == "domain":
        return list(db.session.scalars(stopped.where(ContactPoint.value.endswith(f"@{value}"))))
    return list(db.session.scalars(stopped.where(ContactPoint.value == value)))
