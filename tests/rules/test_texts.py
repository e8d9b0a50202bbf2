"""What leads may write into a text, and how it is filled."""

import pytest

from discount_broker.escalation.rules import texts_en, texts_ru
from discount_broker.escalation.rules.texts import LONGEST_TEXT, NAMES, Attempt, Flaw, fill, flaws_in

FACTS = {name: name.upper() for name in NAMES} | {"attempts": [Attempt("3 May", "e-mail"), ("4 May", "call")]}
LOOP = "{% for attempt in attempts %}\n- {{ attempt.day }}: {{ attempt.what }}\n{% endfor %}"
BUILT_IN = [
    (f"{module.__name__[-2:]} {key}", body)
    for module in (texts_en, texts_ru)
    for key, body in (
        *module.SCRIPT.items(),
        *((key, body) for canned in module.CANNED.values() for key, (_, body) in canned.items()),
    )
]


def test_a_name_that_does_not_exist_is_told_with_its_line_and_the_nearest_one_known() -> None:
    assert flaws_in("Hello,\n\n{{ shop }} sells {{ prodcut }}.\n{{ nothing_like_it }}") == [
        Flaw(3, "unknown_name", "prodcut", "product"),
        Flaw(4, "unknown_name", "nothing_like_it", ""),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "no names at all, 5 % off and {braces}",
        "{% if price and not (price_now or wish) %}{{ shop | upper }}{% elif number %}x{% endif %}",
        LOOP,
        "{% if shop %}" + "{% elif price %}" * 200 + "{% endif %}",
        "{# for colleagues #}{% raw %}{{ as it stands }}{% endraw %}",
    ],
)
def test_names_conditions_and_the_loop_over_attempts_are_taken(body: str) -> None:
    assert flaws_in(body) == []
    fill(body, FACTS)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ shop.upper() }}", "not_allowed"),
        ("{{ ''.__class__ }}", "not_allowed"),
        ("{{ 9 ** 9 ** 9 }}", "not_allowed"),
        ("{{ shop['name'] }}", "not_allowed"),
        ("{{ attempts }}", "not_allowed"),
        ("{% set a = 1 %}", "not_allowed"),
        ("{% include 'base.html' %}", "not_allowed"),
        ("{% if shop == 'a' %}{% endif %}", "not_allowed"),
        ("{% for shop in attempts %}{% endfor %}", "not_allowed"),
        ("{% for attempt in attempts recursive %}{% endfor %}", "not_allowed"),
        ("{% macro a() %}{% endmacro %}", "not_allowed"),
        ("{{ attempt.day }}", "unknown_name"),
        ("{{ loop.index }}", "unknown_name"),
        # Nine of these within each other say a thousand million things.
        (f"{{% for attempt in attempts %}}{LOOP}{{% endfor %}}", "not_allowed"),
        ("{{ self.__init__ }}", "unknown_name"),
        ("{{ shop.name }}", "unknown_part"),
        ("{% for attempt in attempts %}{{ attempt.__class__ }}{% endfor %}", "unknown_part"),
        ("{{ shop | attr('x') }}", "unknown_filter"),
        ("{{ shop | upper('x') }}", "unknown_filter"),
        ("{% if shop %}", "syntax"),
        ("{{ shop", "syntax"),
        ("{{ shop" + "|upper" * 300 + " }}", "too_deep"),
        ("{% if " + "not " * 1400 + "shop %}{% endif %}", "too_deep"),
        ("{% if shop" + " and shop" * 500 + " %}{% endif %}", "too_deep"),
        ("{% if shop %}" * 90 + "{% endif %}" * 90, "too_deep"),
        ("{{ " + "(" * 1500 + "shop" + ")" * 1500 + " }}", "too_deep"),
        ("a" * (LONGEST_TEXT + 1), "too_long"),
    ],
)
def test_whatever_else_a_template_could_do_is_refused_and_said_as_it_stands(body: str, code: str) -> None:
    assert [flaw.code for flaw in flaws_in(body)][:1] == [code]
    assert fill(body, FACTS) == body


@pytest.mark.parametrize("body", [body for _, body in BUILT_IN], ids=[name for name, _ in BUILT_IN])
def test_what_the_desk_begins_with_could_be_kept_as_well(body: str) -> None:
    assert flaws_in(body) == []
    for said in (fill(body, FACTS), fill(body, {})):
        assert said
        assert "{" not in said


def test_there_is_the_same_to_say_in_each_language() -> None:
    assert texts_en.SCRIPT.keys() == texts_ru.SCRIPT.keys()
    assert {k: set(v) for k, v in texts_en.CANNED.items()} == {k: set(v) for k, v in texts_ru.CANNED.items()}


def test_attempts_are_listed_and_what_is_not_known_is_left_out() -> None:
    assert fill(LOOP, FACTS) == "- 3 May: e-mail\n- 4 May: call"
    assert fill("It costs {{ price }}.{% if wish %} They ask for {{ wish }}.{% endif %}", {"price": 5}) == (
        "It costs 5."
    )
    assert fill("{% for attempt in attempts %}{{ attempt }}{% endfor %}", {"attempts": [("3 May", "a")]}) == (
        "3 May: a"
    )


def test_a_fact_from_a_strangers_page_is_one_line_and_is_never_a_template() -> None:
    hostile = "Drill\n\n- {{ number }} {% if x %}<b>"
    assert fill("{{ product }}", {"product": hostile}) == "Drill - {{ number }} {% if x %}<b>"


@pytest.mark.parametrize("odd", [None, False, 5, "abc", [("only a day",)], [()], object()])
def test_odd_facts_raise_nothing(odd: object) -> None:
    for body in (LOOP, "{{ shop }}", "{% if shop %}{{ shop | upper }}{% endif %}"):
        fill(body, {"attempts": odd, "shop": odd})


def test_the_supervisor_is_told_dates_and_no_hurry_that_nobody_knows_of() -> None:
    for module in (texts_en, texts_ru):
        told = fill(module.SCRIPT["supervisor"], FACTS)
        assert "3 May: e-mail" in told
        assert "4 May: call" in told
        unsaid = fill(module.SCRIPT["supervisor"], {**FACTS, "attempts": [], "deadline": "", "unreached": ""})
        assert "DEADLINE" not in unsaid
