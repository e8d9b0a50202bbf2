import ast
from collections.abc import Iterator
from pathlib import Path

from discount_broker.web.timeline_words import BAD, GOOD, SENTENCES

PACKAGE = Path(__file__).resolve().parents[2] / "discount_broker"


def told_events() -> Iterator[str]:
    """The events that the program appends to the story of a request, where their names stand in the call."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell" and len(node.args) > 1:
                yield from (part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant))


def test_every_event_of_the_story_has_a_sentence() -> None:
    told = set(told_events())
    assert len(told) > 15
    assert told - set(SENTENCES) == set()


def test_every_mark_belongs_to_an_event() -> None:
    assert (GOOD | BAD) - set(SENTENCES) == set()


def test_every_closer_sentence_has_a_general_one() -> None:
    assert {event.partition(":")[0] for event in SENTENCES} - set(SENTENCES) == set()
