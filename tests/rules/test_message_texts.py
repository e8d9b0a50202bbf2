"""The words of a message as leads write them: filled, laid out, and what they must not leave out."""

import pytest

from discount_broker.kernel.sandbox import Each, Flaw, Vocabulary
from discount_broker.messaging.rules.texts import (
    QUOTED,
    Block,
    BlockKind,
    always_said,
    fill,
    flaws_in,
    laid_out,
    unquoted,
)

WORDS = Vocabulary(
    frozenset({"note", "offer_url", "price", "shops"}), (Each("shops", "shop", frozenset({"city"})),)
)


def test_a_line_of_tags_alone_leaves_no_line_and_a_tag_within_a_line_changes_none() -> None:
    body = (
        "Hello\n{% if note %}\n- {{ note }}\n{% endif %}\n"
        "and {% if price %}{{ price }}{% else %}nothing{% endif %}\nmore"
    )
    assert fill(body, {"note": "n", "price": ""}) == "Hello\n- n\nand nothing\nmore"
    assert fill(body, {"note": "", "price": "5"}) == "Hello\nand 5\nmore"


def test_a_row_without_a_value_goes() -> None:
    body = "  Price: {{ price }}\n  Note: {{ note }}\nLink:\n"
    assert fill(body, {"price": "", "note": "n"}) == "  Note: n\nLink:\n"
    assert fill("  Price: {{ price }}", {"price": ""}) == ""


def test_a_note_for_colleagues_is_not_said() -> None:
    assert fill("{# ask Lena #}\nHello {# x #}there", {}) == "Hello there"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{{ offer_url }}", {"offer_url"}),
        ("{{ offer_url | lower }}?a={{ note }}", {"offer_url", "note"}),
        ("{% if note %}{{ offer_url }}{% endif %}", set()),
        ("{% if note %}{{ offer_url }}{% else %}{{ offer_url }}{{ price }}{% endif %}", {"offer_url"}),
        ("{% if note %}{{ offer_url }}{% elif price %}x{% else %}{{ offer_url }}{% endif %}", set()),
        ("{% for shop in shops %}{{ offer_url }}{% endfor %}", set()),
        ("{# {{ offer_url }} #}", set()),
        ("{% raw %}{{ offer_url }}{% endraw %}", set()),
        ("{{ broken", set()),
    ],
)
def test_only_what_stands_there_whatever_the_facts_are_is_always_said(body: str, said: set[str]) -> None:
    assert always_said(body) == said


def test_what_must_be_said_is_asked_for_once_nothing_else_is_wrong() -> None:
    assert flaws_in("{{ prise }}", WORDS, ["offer_url"]) == [Flaw(1, "unknown_name", "prise", "price")]
    assert flaws_in("{{ price }}", WORDS, ["offer_url"]) == [Flaw(0, "required", "offer_url")]
    assert flaws_in("{{ offer_url }}", WORDS, ["offer_url"]) == []


def test_things_of_a_list_have_the_parts_that_were_declared() -> None:
    loop = "{%% for shop in shops %%}{{ shop }}{{ shop.%s }}{%% if shop.city %%}x{%% endif %%}{%% endfor %%}"
    assert flaws_in(loop % "city", WORDS) == []
    assert flaws_in(loop % "town", WORDS) == [Flaw(1, "unknown_part", "shop.town", "")]
    assert flaws_in("{{ shops }}", WORDS) == [Flaw(1, "not_allowed", "shops")]


def test_a_text_is_laid_out_by_how_its_lines_begin() -> None:
    text = (
        "Hello\nthere,\n\n- one\n- two\n\n  Price: 5\n  Shop: A: B\n\n    R-7K2M9\n\n"
        f"{QUOTED}Label: no row\n{QUOTED}\n\nSee it:\nhttps://a.example/x\n\nDrill\nhttps://b.example/y\n"
        "A sentence.\nhttps://c.example"
    )
    assert laid_out(text) == [
        Block(BlockKind.PARAGRAPH, ["Hello", "there,"]),
        Block(BlockKind.ITEMS, ["one", "two"]),
        Block(BlockKind.ROWS, rows=[("Price", "5"), ("Shop", "A: B")]),
        Block(BlockKind.CODE, ["R-7K2M9"]),
        Block(BlockKind.QUOTE, ["Label: no row", ""]),
        Block(BlockKind.BUTTON, ["See it"], url="https://a.example/x", is_first=True),
        Block(BlockKind.LINK, ["Drill"], url="https://b.example/y"),
        Block(BlockKind.PARAGRAPH, ["A sentence."]),
        Block(BlockKind.LINK, url="https://c.example"),
    ]
    assert "  Label: no row" in unquoted(text)
