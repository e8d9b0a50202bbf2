"""Reads a whole letter: everything it offers, refuses and asks for."""

from collections.abc import Iterator
from datetime import date

from discount_broker.outreach.inbound.intents import Intent, IntentKind, said, settled
from discount_broker.outreach.inbound.offers_said import read_offers
from discount_broker.outreach.inbound.sentences import Doubt, Sentence, cut_sentences
from discount_broker.outreach.inbound.wishes_said import read_wishes

BARE_NO = {
    "нет",
    "no",
    "нет спасибо",
    "no thanks",
    "no thank you",
    "увы нет",
    "к сожалению нет",
    "sorry no",
    "nope",
}
MOST_INTENTS = 30


def find_intents(letter: str, language: str, written_on: date | None = None) -> list[Intent]:
    """Everything the letter says that moves a case, as it says it, doubts included."""
    return settled(_read(letter, language, written_on))[:MOST_INTENTS]


def _read(letter: str, language: str, written_on: date | None) -> Iterator[Intent]:
    for sentence in cut_sentences(letter):
        yield from read_offers(sentence)
        yield from read_wishes(sentence, language, written_on)
        if _is_bare_no(sentence):
            yield said(IntentKind.DECLINE, None, sentence, (Doubt.VAGUE,))


def _is_bare_no(sentence: Sentence) -> bool:
    words = "".join(letter for letter in sentence.text.lower() if letter.isalpha() or letter == " ")
    return " ".join(words.split()) in BARE_NO
