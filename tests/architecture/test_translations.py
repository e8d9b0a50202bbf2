"""Whoever reads Russian reads all of it in Russian."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
RUSSIAN = ROOT / "discount_broker" / "translations" / "ru" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def russian() -> Catalog:
    return read_po(BytesIO(RUSSIAN.read_bytes()), locale="ru")


@pytest.fixture(scope="module")
def sentences() -> set[tuple[str, ...]]:
    """What the pages, letters and the code say now, gathered as `make messages` gathers it."""
    mapping = re.findall(r"^\[(\w+): (.+)\]$", (ROOT / "babel.cfg").read_text(), re.MULTILINE)
    methods = [(files, method) for method, files in mapping]
    keywords = DEFAULT_KEYWORDS | parse_keywords(["lazy_gettext", "_l"])
    found = extract_from_dir(ROOT, methods, keywords=keywords, directory_filter=_is_ours)
    return {_forms(text) for _file, _line, text, _comments, _context in found}


def _is_ours(folder: str) -> bool:
    return Path(folder).parent != ROOT or Path(folder).name in ("discount_broker", "templates")


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (text or "",)


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _placeholders(texts: tuple[str, ...]) -> set[str]:
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def test_every_sentence_has_its_russian(russian: Catalog, sentences: set[tuple[str, ...]]) -> None:
    assert len(sentences) > 500, "nothing was gathered: the mapping in babel.cfg is broken"
    written = {
        _forms(message.id)
        for message in _messages(russian)
        if all(_forms(message.string)) and not message.fuzzy
    }
    assert sentences - written == set(), "run `make messages`, then translate these"


def test_the_catalogue_holds_nothing_that_is_no_longer_said(
    russian: Catalog, sentences: set[tuple[str, ...]]
) -> None:
    assert {_forms(message.id) for message in _messages(russian)} - sentences == set()
    assert list(russian.obsolete) == []


def test_every_number_has_its_three_russian_forms(russian: Catalog) -> None:
    assert russian.num_plurals == 3
    plural = {_forms(m.id): _forms(m.string) for m in _messages(russian) if m.pluralizable}
    assert plural
    assert {len(forms) for forms in plural.values()} == {3}
    # The first form is also that of 21, 31 and so on, so it has to name its number.
    numberless = {said for said, forms in plural.items() if not all("%(num)d" in form for form in forms)}
    assert numberless == ONE_OR_MANY


ONE_OR_MANY = {
    ("We are asking this shop:", "We are asking these shops:"),
    ("%(names)s is looking", "%(names)s are looking"),
    ("%(names)s is looking at this", "%(names)s are looking at this"),
}
"""Headings of lists, and sentences that name all they are about."""


def test_a_translation_names_the_same_facts_as_its_sentence(russian: Catalog) -> None:
    for message in _messages(russian):
        for form in _forms(message.string):
            assert _placeholders((form,)) == _placeholders(_forms(message.id)), message.id


def test_a_lone_per_cent_sign_never_breaks_a_sentence_with_facts(russian: Catalog) -> None:
    for message in _messages(russian):
        for form in _forms(message.string):
            left = PLACEHOLDER.sub("", form).replace("%%", "")
            assert not (message.python_format and "%" in left), message.id


def test_no_sentence_was_left_in_english(russian: Catalog) -> None:
    left = {
        form
        for message in _messages(russian)
        for form in _forms(message.string)
        if form in _forms(message.id) and re.search("[A-Za-z]", PLACEHOLDER.sub("", form))
    }
    assert left == set()


def test_quotation_marks_and_dashes_are_the_russian_ones(russian: Catalog) -> None:
    for message in _messages(russian):
        for form in _forms(message.string):
            assert not re.search(r"[\"“”'’]| - ", form), message.id
