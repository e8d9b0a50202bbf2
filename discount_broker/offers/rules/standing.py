"""What a shop gives to every buyer who asks for no more: which standing rule fits a request. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import Money, is_discount

LONGEST_RULE = timedelta(days=366)
LONGEST_RULE_WORDS = 100
LONGEST_RULE_TEXT = 500
MOST_A_DAY = 1_000
MOST_RULES = 20
"""Standing at once: nobody oversees more."""


@dataclass(frozen=True, kw_only=True)
class RuleTerms:
    """What a rule gives, to whom, how long and how often."""

    percent: Decimal
    """At most so much off; a buyer who wishes for less gets what they wish for."""
    words_in_title: str = ""
    """Only products whose title or category holds this; empty for all."""
    until: date | None = None
    """The last day on which it answers."""
    a_day: int | None = None
    """At most so many answers a day."""
    text: str = ""
    """What the shop says to each of these buyers."""


@dataclass(frozen=True)
class KnownRule:
    id: UUID
    terms: RuleTerms


@dataclass(frozen=True, kw_only=True)
class RuleWish:
    """What the buyer asks this shop for: exactly one of the two."""

    percent: Decimal | None = None
    price: Money | None = None


@dataclass(frozen=True, kw_only=True)
class RuleProduct:
    """The product as this shop sells it."""

    title: str
    category: Sequence[str] = ()
    price: Money | None = None


def check_rule(terms: RuleTerms, today: date) -> None:
    """Refuse a rule that could never answer, or for longer than anybody thinks of it.

    Raises:
        Refused: the first of `rule_mistakes`.

    """
    for mistake in rule_mistakes(terms, today):
        raise mistake


def rule_mistakes(terms: RuleTerms, today: date) -> Iterator[Refused]:
    """All that is wrong with a rule, each beside its field, in the order in which they are filled in.

    `percent_out_of_range`, `rule_words_long`, `rule_until_past`, `rule_until_far`,
    `a_day_out_of_range`, `rule_text_long`.
    """
    if not is_discount(terms.percent):
        yield Refused("percent_out_of_range", "percent")
    if len(terms.words_in_title) > LONGEST_RULE_WORDS:
        yield Refused("rule_words_long", "words_in_title")
    if terms.until is not None and terms.until < today:
        yield Refused("rule_until_past", "until")
    if terms.until is not None and terms.until > today + LONGEST_RULE:
        yield Refused("rule_until_far", "until")
    if terms.a_day is not None and not 1 <= terms.a_day <= MOST_A_DAY:
        yield Refused("a_day_out_of_range", "a_day")
    if len(terms.text) > LONGEST_RULE_TEXT:
        yield Refused("rule_text_long", "text")


def rule_that_fits(
    rules: Iterable[KnownRule],
    wish: RuleWish,
    product: RuleProduct,
    used_today: Mapping[UUID, int],
    today: date,
) -> KnownRule | None:
    """The first rule that gives this buyer what they wish for; None where the shop must be asked."""
    asked = percent_asked(wish, product.price)
    if asked is None:
        return None
    return next(
        (
            rule
            for rule in rules
            if asked <= rule.terms.percent
            and _is_about(rule.terms, product)
            and _is_in_force(rule.terms, used_today.get(rule.id, 0), today)
        ),
        None,
    )


def percent_asked(wish: RuleWish, price: Money | None) -> Decimal | None:
    """The wish in per cent of this shop's price; None where it cannot be told, or is no discount at all."""
    if wish.percent is not None:
        return wish.percent
    if wish.price is None or price is None or wish.price.currency != price.currency:
        return None
    if not 0 < wish.price.amount < price.amount:
        return None
    return (price.amount - wish.price.amount) * 100 / price.amount


def _is_about(terms: RuleTerms, product: RuleProduct) -> bool:
    """Whether the title or a category holds the words, however they are written in it."""
    words = _folded(terms.words_in_title)
    return not words or any(words in _folded(text) for text in (product.title, *product.category))


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _is_in_force(terms: RuleTerms, used_today: int, today: date) -> bool:
    is_over = terms.until is not None and today > terms.until
    return not is_over and (terms.a_day is None or used_today < terms.a_day)
