"""Cuts a letter into sentences and clauses, and says what makes the words of one uncertain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Doubt(StrEnum):
    """Why words do not simply say what they seem to say."""

    QUESTION = "question"
    """"Would 5 % suit you?"""
    CONDITION = "condition"
    """"10 % if you buy three": the value holds only then."""
    VAGUE = "vague"
    """"up to 10 %", "perhaps"."""
    ALREADY = "already"
    """"the price is already 10 % down": nothing new may be meant."""
    NEGATED = "negated"
    SEVERAL = "several"
    """Two values of one kind, and nothing that says which counts."""
    CONTRADICTED = "contradicted"
    """The same letter says the opposite."""
    NO_CURRENCY = "no_currency"
    SUM_OFF = "sum_off"
    """A sum taken off is meant, not the price that is left."""


WRAPPED = re.compile(r"(?<=[^\n.!?:;]{30}[^\n.!?:;])\n(?=[a-zа-яё0-9(])")
"""A line end that a mail program put into a sentence."""
END = re.compile(r"[.!?…]+[)\"»]*(?=\s|$)|\n")
GOES_ON = re.compile(r"\s+[a-zа-яё,]")
SHORTENED = re.compile(
    r"(?:\b(?:руб|тел|шт|р|т|г|ул|д|др|incl|approx|no|ext|max|min|tel)|\d)\.$", re.IGNORECASE
)
CLAUSE_END = re.compile(
    r"[,;:](?=\s)|\s[—–-]\s|\s(?=(?:но|а|зато|однако|but|however|though|instead)\s)", re.IGNORECASE
)
NOT_NEGATIONS = re.compile(
    r"не только|без проблем|нет проблем|не вопрос|почему бы (?:и )?нет|не против|не возража\w+|не сомнева\w+"
    r"|не (?:более|больше|свыше|выше|превыша\w+)|no problem|not only|why not|no more than|not more than"
    r"|(?:do not|don.t) (?:hesitate|worry|mind)|no doubt|without (?:any )?problems?",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:не|нет|ни|нельзя|невозможно|никак\w*|слишком|чересчур|нереальн\w*|no|not|cannot|unable|never|nor"
    r"|impossible|too (?:much|high|big)|unrealistic)\b|n['’]t\b",
    re.IGNORECASE,
)
POLITE_IFS = re.compile(
    r"если (?:вам |вас |это )*(?:хотите|угодно|интересно|подходит|подойд[её]т|удобно|устраивает|устроит"
    r"|что|будут вопросы)|if (?:you (?:like|wish|want|prefer|are interested|have (?:any )?questions)"
    r"|you.re (?:still )?interested|(?:that|this|it) (?:works|suits|helps|is (?:ok|okay|fine))|so"
    r"|interested|possible)",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:если|при (?:покупке|заказе|оплате|предоплате|условии|самовывозе|регистрации|приобретении"
    r"|внесении)|на (?:друг|остальн|аналогичн)\w+|on (?:other|selected|similar)|в случае|за отзыв|(?:от"
    r"|свыше|более) \d[\d ]* ?(?:шт|ед|руб|тыс|₽|т\.?р|позиц|товар)\w*|на (?:следующ|втор"
    r"|перв)\w+ (?:заказ|покупк|товар)\w*|по карте|для (?:новых|постоянных|юр|оптов)\w*|только (?:при|для"
    r"|если|по|на)|по предоплате|наличными|за наличные|if|unless|when (?:you|paying|ordering|buying)"
    r"|provided|as long as|(?:for|on) orders|orders? (?:of|over|above)|from \d+ (?:pcs|pieces|units|items)"
    r"|minimum order|for (?:new|returning|wholesale|members)|subject to|once you|on your (?:next|first)"
    r"|in exchange|buy(?:ing)? (?:\d+|two|three|several)|take (?:two|three|\d+)|in cash|with (?:prepayment"
    r"|(?:a )?membership))\b",
    re.IGNORECASE,
)
A_DAY = (
    r"\s+\d{1,2}(?:[./]\d{1,2}(?!\s*%|\d)|(?:-?(?:го|е))?\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт"
    r"|ноя|дек))"
)
"""What follows "до" where that means a day and not "up to"."""
VAGUE = re.compile(
    r"\b(?:возможно|может быть|наверн\w+|вероятно|думаю|постара\w+|попробу\w+|рассмотр\w+|обсуд\w+"
    r"|уточн\w+|узна\w+|до(?=\s+\d)(?!"
    + A_DAY
    + r")|около|примерно|порядка|не (?:более|больше|свыше)|в пределах|maybe"
    r"|perhaps|possibly|probably|might|could|up to|(?:around|about|approximately|roughly)(?=\s+[\d$€£])"
    r"|try|consider|see (?:if|what)|let me check|will check|no more than|not more than|depends|зависит)\b",
    re.IGNORECASE,
)
ALREADY = re.compile(
    r"\b(?:уже|и так|сейчас действует|в прошлый раз|раньше|прежде|already|currently|last time|previously"
    r"|used to)\b",
    re.IGNORECASE,
)
LONGEST_EVIDENCE = 300
MOST_TEXT = 10_000
LONGEST_SENTENCE = 1_000
MOST_SENTENCES = 400


@dataclass(frozen=True)
class Sentence:
    text: str
    """On one line."""
    start: int
    """Where it begins in the letter."""
    words: str
    """Exactly as they stand in the letter."""

    @cached_property
    def is_question(self) -> bool:
        return self.text.rstrip('"») ').endswith("?")

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What speaks against taking this sentence at its word, whatever it says."""
        plain = POLITE_IFS.sub(" ", self.text)
        found = (
            (Doubt.QUESTION, self.is_question),
            (Doubt.CONDITION, CONDITION.search(plain) is not None),
            (Doubt.VAGUE, VAGUE.search(plain) is not None),
        )
        return tuple(doubt for doubt, is_there in found if is_there)

    def clause(self, position: int) -> tuple[int, int]:
        """The clause around a place: where it begins and ends."""
        start, end = 0, len(self.text)
        for cut in CLAUSE_END.finditer(self.text):
            if cut.end() <= position:
                start = cut.end()
            else:
                end = cut.start()
                break
        return start, end

    def is_negated(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` say no."""
        return is_negative(self.text[start:end])


def is_negative(words: str) -> bool:
    return NEGATION.search(NOT_NEGATIONS.sub(" ", words)) is not None


def cut_sentences(letter: str) -> Iterator[Sentence]:
    """The sentences of a letter, with their places in it."""
    text = WRAPPED.sub(" ", letter[:MOST_TEXT])
    start, count = 0, 0
    for end in (*END.finditer(text), None):
        if end and end.group() != "\n" and _goes_on(text, start, end.end()):
            continue
        stop = end.end() if end else len(text)
        # Nobody speaks so long without a full stop; what follows is read on its own.
        for begin in range(start, stop, LONGEST_SENTENCE):
            yield from _sentence(letter, text, begin, min(stop, begin + LONGEST_SENTENCE))
        start, count = stop, count + 1
        if count == MOST_SENTENCES:
            return


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the full stop belongs to a word (`11 500 руб. с доставкой`)."""
    is_lower = GOES_ON.match(text, end) is not None
    return text[end - 1] == "." and (
        is_lower or SHORTENED.search(text[max(start, end - 12) : end]) is not None
    )


def _sentence(letter: str, text: str, start: int, end: int) -> Iterator[Sentence]:
    whole = text[start:end]
    stripped = whole.strip()
    if stripped:
        begin = start + len(whole) - len(whole.lstrip())
        words = letter[begin : begin + min(len(stripped), LONGEST_EVIDENCE)]
        yield Sentence(stripped.replace("\t", " "), begin, words)
