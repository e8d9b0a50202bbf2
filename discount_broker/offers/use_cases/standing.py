"""Standing rules: a shop says once what it gives, and no letter needs to be written for it."""

from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import get_request
from discount_broker.kernel.db import find_row
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.money import Money
from discount_broker.kernel.site import zone_for
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.offers.models import StandingRule
from discount_broker.offers.operations import ANSWERABLE, take_answer
from discount_broker.offers.queries.standing import (
    count_given,
    get_rule_of,
    list_awake_rules,
    list_rules,
    list_unasked,
)
from discount_broker.offers.rules import (
    MOST_RULES,
    Answer,
    KnownRule,
    RuleProduct,
    RuleTerms,
    RuleWish,
    check_rule,
    rule_that_fits,
)
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import get_outreach, wish_put_to
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.queries import get_shop, is_stopped, shop_of_member


def make_rule(member_id: UUID, terms: RuleTerms, now: datetime) -> UUID:
    """Let a shop answer by itself from now on; the same terms again are the same rule.

    Raises:
        NotAllowed: the address was never proved, or may not speak for the shop any more.
        Refused: codes of `check_rule`, `too_many_rules`.

    """
    with transaction() as session:
        member = _speaker(member_id)
        shop = get_shop(shop_of_member(member_id).id, lock=True)
        terms = _trimmed(terms)
        check_rule(terms, _today(shop, now))
        again = _standing_already(shop, terms, now)
        if again is not None:
            return again.id
        if len(list_rules(shop.id)) >= MOST_RULES:
            raise Refused("too_many_rules", "percent")
        rule = _new_rule(shop, member, terms, now)
        session.add(rule)
        session.flush()
        return rule.id


def end_rule(member_id: UUID, rule_id: UUID, now: datetime) -> None:
    """Let a rule of the member's shop answer no more, whoever set it; what it gave stands.

    Raises:
        NotAllowed: the address was never proved, or may not speak for the shop any more.
        NotFound: another shop's rule, or none.

    """
    with transaction():
        _speaker(member_id)
        rule = get_rule_of(shop_of_member(member_id).id, rule_id)
        rule.ended_at = rule.ended_at or now


@again_if_deadlocked
def answer_by_rule(outreach_id: UUID, now: datetime) -> bool:
    """Answer a buyer by a standing rule of the shop, before the first letter; whether one fitted."""
    try:
        return _answer(outreach_id, now)
    except Refused:  # the shop's page shows a lower price by now than the rule comes to
        return False


def _answer(outreach_id: UUID, now: datetime) -> bool:
    with transaction():
        request = get_request(get_outreach(outreach_id).discount_request_id, lock=True)
        outreach = get_outreach(outreach_id, lock=True)
        if not _is_unasked(outreach, request) or is_stopped(outreach.shop):
            return False
        rule = _fitting(outreach, now)
        if rule is None:
            return False
        outreach.asked_at = outreach.asked_at or now  # the rule was asked: it counts like any other answer
        take_answer(outreach, request, _given(outreach, rule.terms), now, rule_id=rule.id)
        return True


def answer_by_rules(shop_id: UUID, now: datetime) -> int:
    """Answer whoever waits for a shop's first letter and gets what they ask by a rule; how many."""
    if not list_awake_rules(shop_id):
        return 0
    return sum(answer_by_rule(outreach_id, now) for outreach_id in list_unasked(shop_id))


def terms_of_rule(rule: StandingRule) -> RuleTerms:
    """What a rule gives, as its shop said it."""
    return RuleTerms(
        percent=rule.percent,
        words_in_title=rule.words_in_title,
        until=rule.until,
        a_day=rule.a_day,
        text=rule.text,
    )


def _standing_already(shop: Shop, terms: RuleTerms, now: datetime) -> StandingRule | None:
    """The rule that says just this; one that nobody speaks for any more makes room for the new one."""
    awake = {rule.id for rule in list_awake_rules(shop.id)}
    for rule in list_rules(shop.id):
        if terms_of_rule(rule) == terms:
            if rule.id in awake:
                return rule
            rule.ended_at = now
    return None


def _new_rule(shop: Shop, member: ShopMember, terms: RuleTerms, now: datetime) -> StandingRule:
    return StandingRule(
        shop_id=shop.id,
        shop_member_id=member.id,
        percent=terms.percent,
        words_in_title=terms.words_in_title,
        until=terms.until,
        a_day=terms.a_day,
        text=terms.text,
        made_at=now,
    )


def _speaker(member_id: UUID) -> ShopMember:
    member = find_row(ShopMember, member_id)
    if member is None or member.proved_at is None or member.ended_at is not None:
        raise NotAllowed("shop_member")
    return member


def _trimmed(terms: RuleTerms) -> RuleTerms:
    words = " ".join(terms.words_in_title.split())
    return replace(terms, words_in_title=words, text=terms.text.strip())


def _today(shop: Shop, now: datetime) -> date:
    return now.astimezone(zone_for(shop.country)).date()


def _is_unasked(outreach: Outreach, request: DiscountRequest) -> bool:
    is_first = outreach.status is OutreachStatus.PLANNED and outreach.steps_taken == 0
    return is_first and request.status in ANSWERABLE


def _fitting(outreach: Outreach, now: datetime) -> KnownRule | None:
    rules = [
        KnownRule(rule.id, terms_of_rule(rule)) for rule in list_awake_rules(outreach.shop_id, lock=True)
    ]
    if not rules:
        return None
    today = _today(outreach.shop, now)
    midnight = datetime.combine(today, time(), zone_for(outreach.shop.country))
    used = count_given([rule.id for rule in rules], midnight)
    wish = wish_put_to(outreach)
    asked = RuleWish(percent=wish.percent, price=wish.price)
    return rule_that_fits(rules, asked, _product(outreach), used, today)


def _product(outreach: Outreach) -> RuleProduct:
    product, price = outreach.discount_request.product, None
    if outreach.price is not None and outreach.currency is not None:
        price = Money(outreach.price, outreach.currency)
    categories = product.category if product is not None else []
    return RuleProduct(title=outreach.product_title, category=categories, price=price)


def _given(outreach: Outreach, terms: RuleTerms) -> Answer:
    """All that the buyer wishes, with the shop's word to it."""
    wish = wish_put_to(outreach)
    if wish.price is not None:
        return Answer(kind=AnswerKind.PRICE, price=wish.price.amount, text=terms.text)
    return Answer(kind=AnswerKind.PERCENT, percent=wish.percent, text=terms.text)
