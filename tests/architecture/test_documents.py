"""What the documents promise is still shown by the tests they name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
PROMISES = sorted(
    {promise for page in (ROOT / "docs").glob("*.md") for promise in NAMED.findall(page.read_text("utf-8"))}
)


@pytest.mark.parametrize(("path", "name"), PROMISES)
def test_a_test_that_a_document_names_is_there(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text("utf-8")
