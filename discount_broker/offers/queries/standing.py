"""Reading the standing rules of shops, and what they gave."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.offers.models import Offer, StandingRule
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import ShopMember
from discount_broker.shops.queries import names_of


def get_rule_of(shop_id: UUID, rule_id: UUID) -> StandingRule:
    """A rule of this very shop, ended or not.

    Raises:
        NotFound

    """
    is_theirs = StandingRule.shop_id.in_(names_of(shop_id))
    rule = db.session.scalar(select(StandingRule).where(StandingRule.id == rule_id, is_theirs))
    if rule is None:
        raise NotFound("rule")
    return rule


def list_rules(shop_id: UUID) -> list[StandingRule]:
    """The rules of a shop that nobody has ended, the oldest first; one that is asleep is among them."""
    query = (
        select(StandingRule)
        .where(StandingRule.shop_id.in_(names_of(shop_id)), StandingRule.ended_at.is_(None))
        .order_by(StandingRule.made_at, StandingRule.id)
    )
    return list(db.session.scalars(query))


def list_awake_rules(shop_id: UUID, *, lock: bool = False) -> list[StandingRule]:
    """The rules that may answer: whoever set them still speaks for the shop, with proof.

    `lock` makes another answer wait until this one is counted.
    """
    query = (
        select(StandingRule)
        .join(ShopMember, ShopMember.id == StandingRule.shop_member_id)
        .where(
            StandingRule.shop_id.in_(names_of(shop_id)),
            StandingRule.ended_at.is_(None),
            ShopMember.proved_at.is_not(None),
            ShopMember.ended_at.is_(None),
        )
        .order_by(StandingRule.made_at, StandingRule.id)
    )
    return list(db.session.scalars(query.with_for_update(of=StandingRule) if lock else query))


def count_given(rule_ids: Collection[UUID], since: datetime) -> Counter[UUID]:
    """How many buyers each rule has answered since then; an offer that was changed later counts."""
    query = (
        select(Offer.rule_id, func.count())
        .where(Offer.rule_id.in_(rule_ids), Offer.made_at >= since)
        .group_by(Offer.rule_id)
    )
    return Counter({rule_id: given for rule_id, given in db.session.execute(query) if rule_id is not None})


def list_unasked(shop_id: UUID) -> list[UUID]:
    """Outreaches of a shop to which no message was written yet."""
    query = (
        select(Outreach.id)
        .where(
            Outreach.shop_id == shop_id,
            Outreach.status == OutreachStatus.PLANNED,
            Outreach.steps_taken == 0,
        )
        .order_by(Outreach.created_at, Outreach.id)
    )
    return list(db.session.scalars(query))


def count_changes(outreach_id: UUID) -> int:
    """How often a shop has said something else instead of its offer."""
    query = select(func.count()).where(Offer.outreach_id == outreach_id, Offer.status == OfferStatus.REPLACED)
    return db.session.scalar(query) or 0


def list_setters_to_tell(since: datetime) -> list[UUID]:
    """Members who may speak for their shop, and whose rules have given something since then."""
    query = (
        select(ShopMember.id)
        .join(StandingRule, StandingRule.shop_member_id == ShopMember.id)
        .join(Offer, Offer.rule_id == StandingRule.id)
        .where(Offer.made_at >= since, ShopMember.proved_at.is_not(None), ShopMember.ended_at.is_(None))
        .distinct()
    )
    return list(db.session.scalars(query))


def list_given_by(member_id: UUID, begins: datetime, ends: datetime) -> list[str]:
    """The numbers of the requests that one member's rules answered within that time, in their order."""
    query = (
        select(DiscountRequest.number)
        .join(Outreach, Outreach.discount_request_id == DiscountRequest.id)
        .join(Offer, Offer.outreach_id == Outreach.id)
        .join(StandingRule, StandingRule.id == Offer.rule_id)
        .where(StandingRule.shop_member_id == member_id, Offer.made_at >= begins, Offer.made_at < ends)
        .order_by(Offer.made_at, Offer.id)
    )
    return list(db.session.scalars(query))
