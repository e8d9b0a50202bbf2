"""What a shop's answer asks for or offers, read by rules in Russian and English."""

import re
from dataclasses import dataclass
from enum import StrEnum


class IntentKind(StrEnum):
    OFFER = "offer"
    DECLINE = "decline"
    CALL_US = "call_us"
    WHO_ARE_YOU = "who_are_you"
    OPT_OUT = "opt_out"
    NEW_ADDRESS = "new_address"
    OUT_UNTIL = "out_until"
    QUESTION = "question"


@dataclass(frozen=True)
class Intent:
    kind: IntentKind
    value: str | None
    """`10%`, `11500 RUB`, a phone number, an address, a date; None where the kind says all."""
    evidence: str
    """The sentence that says it."""


SENTENCE = re.compile(r"[^.!?\n]+(?:[.](?=\S)[^.!?\n]*)*[.!?]*")
PERCENT = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?(?:%|процент\w*|percent|per cent)", re.IGNORECASE
)
PRICE = re.compile(
    r"(?<![\d.,])(?:(?P<before>[$€£₽])\s?)?(?P<amount>\d{1,3}(?:[ \u00a0.,]\d{3})+(?:[.,]\d{2})?"
    r"|\d{2,7}(?:[.,]\d{2})?)\s?"
    r"(?P<after>₽|руб\w*\.?|р\.|rub|usd|eur|gbp|[$€£]|euros?|dollars?|тенге|₸|грн\w*)?(?![\d%])",
    re.IGNORECASE,
)
CURRENCIES = {
    "₽": "RUB",
    "ру": "RUB",
    "р.": "RUB",
    "ru": "RUB",
    "$": "USD",
    "us": "USD",
    "do": "USD",
    "€": "EUR",
    "eu": "EUR",
    "£": "GBP",
    "gb": "GBP",
    "те": "KZT",
    "₸": "KZT",
    "гр": "UAH",
}
GIVES = re.compile(
    r"скидк|предлож|можем|готов|отдад|дадим|сделаем|уступ|для вас|цена|стоит|за \d|discount|offer"
    r"|can (?:do|give|sell|let)|happy to|price|reduce|off\b|deal",
    re.IGNORECASE,
)
NOT_GIVEN = re.compile(
    r"\b(?:не|нет|no|not|cannot|can't|unable|без|only|уже|already|вы просили|you asked|requested"
    r"|просите)\b",
    re.IGNORECASE,
)
DECLINES = re.compile(
    r"(?:не можем|не сможем|не готовы|не имеем возможности|невозможно|не да[её]м|не предоставля\w+"
    r"|нет возможности|не предусмотрен\w*|не делаем).{0,40}(?:скид|цен|предостав|предлож|снизить)"
    r"|скидок? (?:нет|не (?:будет|да|предост|дела|предусм))|скидки не|цена (?:окончательная"
    r"|фиксированная|минимальная)|(?:cannot|can ?not|can't|unable to|not able to|do(?:es)? not|don't"
    r"|won't|no longer)"
    r".{0,50}(?:discount|lower|price match|reduce|offer (?:you )?(?:a |any )?(?:discount|lower|reduction"
    r"|better))|no (?:further |additional )?discounts?|price is (?:final|firm|fixed)|must decline"
    r"|вынуждены отказать",
    re.IGNORECASE,
)
CALLS = re.compile(
    r"(?:по|пере)?звоните|(?:по|пере)звонить (?:нам|по)|набер\w+ (?:нас|нам)"
    r"|свяжитесь (?:с нами )?по (?:тел|номер)|give us a (?:call|ring)|(?:please )?(?:call|phone|ring) us"
    r"|call (?:me|our|\+?\d)|reach us (?:by phone|on|at \+?\d)",
    re.IGNORECASE,
)
PHONE = re.compile(r"\+?\d[\d\s().-]{6,18}\d")
ASKS_WHO = re.compile(
    r"кто вы|вы кто|что (?:за|это за) (?:сервис|компания|сайт|организация)|от (?:чьего|какого) (?:имени"
    r"|лица)|откуда у вас (?:наш|мой|этот)|who are you|what (?:is|company|service) (?:this|are you)"
    r"|how did you get (?:my|our|this)|is this (?:spam|a scam)",
    re.IGNORECASE,
)
STOPS = re.compile(
    r"отпишите|отписать(?:ся)?|отписк|не пишите|больше не (?:пиш|присыл|беспоко)|удалите (?:нас|меня|наш"
    r"|мой|этот)|уберите (?:нас|наш)|исключите (?:нас|наш)|не (?:присылайте|беспокойте)"
    r"|жалоб|роскомнадзор|\bФАС\b|прекратите|unsubscribe|remove (?:us|me|our|my|this)|stop (?:sending"
    r"|contacting|writing|e-?mailing|this)|do not (?:contact|write|e-?mail|send)|don't (?:contact|write"
    r"|e-?mail|send)|take (?:us|me) off|^\W*(?:stop|стоп|спам|spam)\W*$",
    re.IGNORECASE,
)
MOVES = re.compile(
    r"пишите (?:на|по|нам на)|обращайтесь (?:на|по|к)|направ\w+ .{0,40}на|новый адрес|адрес (?:изменился"
    r"|сменился)|отправ(?:ьте|ляйте) .{0,40}на|(?:write|send|e-?mail|contact|forward|address"
    r"|direct).{0,40}(?:to|at|us at|instead)|new (?:e-?mail )?address|no longer (?:used|monitored|in use)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
AWAY = re.compile(
    r"отпуск|отсутству|вернусь|вернёмся|вернемся|буду на месте|на месте с|out of (?:the )?office"
    r"|on (?:vacation|leave|holiday)|i(?:'ll| will) (?:be back|return)|away until|back (?:on|in)"
    r"|не работаем|closed until",
    re.IGNORECASE,
)
MONTHS = "янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATE = re.compile(
    rf"\d{{1,2}}[./-]\d{{1,2}}(?:[./-]\d{{2,4}})?|20\d\d-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd"
    rf"|th)?\s(?:of\s)?(?:{MONTHS})\w*|(?:{MONTHS})\w*\s\d{{1,2}}(?!\d)|понедельник\w*|вторник\w*"
    rf"|сред[уы]|четверг\w*|пятниц\w+|monday|tuesday|wednesday|thursday|friday",
    re.IGNORECASE,
)
MOST_TEXT = 10_000


def find_intents(text: str) -> list[Intent]:
    """Everything the answer says that moves a case, each kind once, with its sentence."""
    found: dict[IntentKind, Intent] = {}
    for match in SENTENCE.finditer(text[:MOST_TEXT]):
        sentence = " ".join(match.group().split())
        for intent in _of_sentence(sentence):
            found.setdefault(intent.kind, intent)
    if IntentKind.OFFER in found and IntentKind.DECLINE in found:
        # "Not 15 %, but 10 % we can give": an offer is the later word of the two.
        del found[IntentKind.DECLINE]
    return list(found.values())


def _of_sentence(sentence: str) -> list[Intent]:
    declined = DECLINES.search(sentence) is not None
    intents = [Intent(kind, None, sentence[:300]) for kind, words in SAID if words.search(sentence)]
    if not declined and (value := _offered(sentence)):
        intents.append(Intent(IntentKind.OFFER, value, sentence[:300]))
    if CALLS.search(sentence):
        intents.append(Intent(IntentKind.CALL_US, _first(PHONE, sentence), sentence[:300]))
    if MOVES.search(sentence) and (address := _first(ADDRESS, sentence)):
        intents.append(Intent(IntentKind.NEW_ADDRESS, address.lower(), sentence[:300]))
    if AWAY.search(sentence) and (date := _first(DATE, sentence)):
        intents.append(Intent(IntentKind.OUT_UNTIL, date, sentence[:300]))
    if sentence.endswith("?") and not ASKS_WHO.search(sentence) and len(sentence) > 5:
        intents.append(Intent(IntentKind.QUESTION, None, sentence[:300]))
    return intents


SAID = ((IntentKind.DECLINE, DECLINES), (IntentKind.WHO_ARE_YOU, ASKS_WHO), (IntentKind.OPT_OUT, STOPS))


def _offered(sentence: str) -> str | None:
    if not GIVES.search(sentence) or sentence.endswith("?"):
        return None
    percent = PERCENT.search(sentence)
    if percent and not NOT_GIVEN.search(sentence[: percent.start()]):
        return f"{percent.group(1).replace(',', '.')}%"
    prices = [found for found in PRICE.finditer(sentence) if found["before"] or found["after"]]
    if prices and not NOT_GIVEN.search(sentence[: prices[-1].start()]):
        return _price(prices[-1])
    return None


def _price(found: re.Match[str]) -> str:
    sign = (found["before"] or found["after"]).lower()
    currency = CURRENCIES.get(sign[:2]) or CURRENCIES.get(sign[:1], "")
    amount = re.sub(r"[ \u00a0]", "", found["amount"])
    amount = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", amount).replace(",", ".")
    return f"{amount} {currency}".strip()


def _first(pattern: re.Pattern[str], sentence: str) -> str | None:
    found = pattern.search(sentence)
    return found.group().strip() if found else None
