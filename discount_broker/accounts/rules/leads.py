"""What kind of lead a buyer is: the first of the leads' rules that fits names it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from discount_broker.kernel.errors import Refused

LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class LeadFacts:
    """What is known of a buyer when rules are looked through."""

    via: str = ""
    referrer: str = ""
    campaign: str = ""
    requests: int = 0
    accepted: int = 0
    """Requests for which they accepted an offer."""
    categories: frozenset[str] = frozenset()
    value: Decimal = Decimal(0)
    """Of the dearest thing they asked for."""
    country: str = ""
    """Of the shop they last asked about."""
    language: str = ""


class Rule(Protocol):
    @property
    def lead_type(self) -> str: ...

    @property
    def conditions(self) -> Mapping[str, Any]: ...


Fits = Callable[[LeadFacts, str], bool]


def _is(name: str) -> Fits:
    return lambda facts, wanted: getattr(facts, name).lower() == wanted.lower()


def _has(facts: LeadFacts, wanted: str) -> bool:
    return any(wanted.lower() in category.lower() for category in facts.categories)


def _came_from(facts: LeadFacts, wanted: str) -> bool:
    """From this host, or one below it."""
    host, wanted = facts.referrer.lower(), wanted.lower()
    return host == wanted or host.endswith(f".{wanted}")


CONDITIONS: dict[str, Fits] = {
    "via": _is("via"),
    "referrer": _came_from,
    "campaign": _is("campaign"),
    "requests_at_least": lambda facts, wanted: facts.requests >= int(wanted),
    "accepted_at_least": lambda facts, wanted: facts.accepted >= int(wanted),
    "category": _has,
    "value_at_least": lambda facts, wanted: facts.value >= Decimal(wanted),
    "country": _is("country"),
    "language": _is("language"),
}
"""What a rule may ask for; all that it names must hold."""
COUNTS, SUMS = ("requests_at_least", "accepted_at_least"), ("value_at_least",)


def lead_type_of(rules: Sequence[Rule], facts: LeadFacts) -> str:
    """The kind of lead the first rule that fits names; empty where none does."""
    place = first_that_fits(rules, facts)
    return "" if place is None else rules[place].lead_type


def first_that_fits(rules: Sequence[Rule], facts: LeadFacts) -> int | None:
    """The place of the rule that counts, from 0 on."""
    return next((place for place, rule in enumerate(rules) if fits(rule.conditions, facts)), None)


def fits(conditions: Mapping[str, Any], facts: LeadFacts) -> bool:
    """A rule without conditions fits everybody: it stands last, for all others."""
    return all(CONDITIONS[name](facts, str(wanted)) for name, wanted in conditions.items())


def read_conditions(typed: Mapping[str, str]) -> dict[str, str]:
    """The conditions somebody filled in, those left empty left out.

    Raises:
        Refused: `lead_condition_no_number`, with the condition as its field.

    """
    said = {name: typed.get(name, "").strip()[:LONGEST] for name in CONDITIONS}
    read = {name: value for name, value in said.items() if value}
    for name in read.keys() & {*COUNTS, *SUMS}:
        read[name] = _number(name, read[name])
    return read


def _number(name: str, typed: str) -> str:
    try:
        number = Decimal(typed.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except InvalidOperation:
        raise Refused("lead_condition_no_number", name) from None
    is_whole = number == number.to_integral_value() if number.is_finite() else False
    if not number.is_finite() or not 0 <= number < 10**12 or (name in COUNTS and not is_whole):
        raise Refused("lead_condition_no_number", name)
    return f"{number.to_integral_value() if is_whole else number:f}"
