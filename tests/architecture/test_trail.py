import ast
from collections.abc import Iterator
from pathlib import Path

from discount_broker.web.desk_trail_words import SENTENCES

PACKAGE = Path(__file__).resolve().parents[2] / "discount_broker"


WRITERS = {"note_change", "note_of_staff", "note_of_client"}


def noted_changes() -> Iterator[str]:
    """What the program writes into the audit trail, where the keys stand in the call."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WRITERS:
                yield from keys_in(node.args[0])


def keys_in(node: ast.expr) -> Iterator[str]:
    """The key itself, or both of `"one" if … else "other"`; what decides between them is no key."""
    if isinstance(node, ast.IfExp):
        yield from keys_in(node.body)
        yield from keys_in(node.orelse)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def test_every_change_in_the_trail_has_a_sentence() -> None:
    noted = set(noted_changes())
    assert {"call_logged", "case_closed", "shop_taken"} <= noted
    assert noted - set(SENTENCES) == set()
