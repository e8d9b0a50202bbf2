"""What kind of lead a buyer is."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from discount_broker.accounts.rules.leads import LeadFacts, fits, lead_type_of, read_conditions
from discount_broker.kernel.errors import Refused

FACTS = LeadFacts(
    via="form",
    referrer="m.forum.example",
    campaign="Spring",
    requests=3,
    accepted=1,
    categories=frozenset({"Tools", "Cordless drills"}),
    value=Decimal("12990"),
    country="RU",
    language="ru",
)


@dataclass
class Rule:
    lead_type: str
    conditions: dict[str, str] = field(default_factory=dict)


@pytest.mark.parametrize(
    "conditions",
    [
        {"via": "form"},
        {"referrer": "forum.example"},
        {"campaign": "spring"},
        {"requests_at_least": "3"},
        {"accepted_at_least": "1"},
        {"category": "drill"},
        {"value_at_least": "12990"},
        {"country": "ru"},
        {"language": "RU", "campaign": "spring"},
        {},
    ],
)
def test_a_rule_fits_where_all_it_names_holds(conditions: dict[str, str]) -> None:
    assert fits(conditions, FACTS)


@pytest.mark.parametrize(
    "conditions",
    [
        {"via": "api"},
        {"referrer": "rum.example"},
        {"campaign": "autumn"},
        {"requests_at_least": "4"},
        {"accepted_at_least": "2"},
        {"category": "books"},
        {"value_at_least": "12990.01"},
        {"country": "DE", "language": "ru"},
    ],
)
def test_a_rule_does_not_fit_where_one_thing_does_not_hold(conditions: dict[str, str]) -> None:
    assert not fits(conditions, FACTS)


def test_the_first_rule_that_fits_names_the_lead() -> None:
    rules = [
        Rule("wholesale", {"requests_at_least": "9"}),
        Rule("regular", {"accepted_at_least": "1"}),
        Rule("new"),
    ]
    assert lead_type_of(rules, FACTS) == "regular"
    assert lead_type_of(rules, LeadFacts()) == "new"
    assert lead_type_of(rules[:2], LeadFacts()) == ""


def test_conditions_left_empty_are_none_and_numbers_are_read_as_people_write_them() -> None:
    typed = {"via": " ", "value_at_least": "12 990,50", "requests_at_least": "2", "other": "x"}
    assert read_conditions(typed) == {"requests_at_least": "2", "value_at_least": "12990.50"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("requests_at_least", "two"),
        ("requests_at_least", "1.5"),
        ("value_at_least", "-1"),
        ("value_at_least", "NaN"),
    ],
)
def test_a_number_that_is_none_is_refused_with_its_field(name: str, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_conditions({name: typed})
    assert refused.value.field == name
