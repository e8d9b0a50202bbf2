"""Reads what a shop wants of us: a call, another address, an explanation, silence."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from discount_broker.discovery.extract.phones.numbers import read_number
from discount_broker.outreach.inbound.dates_said import last_day
from discount_broker.outreach.inbound.intents import Intent, IntentKind, said
from discount_broker.outreach.inbound.sentences import Doubt, Sentence

CALLS = re.compile(
    r"(?:по|пере)?звоните|(?:по|пере)звонить (?:нам|по)|(?:по|пере)звон(?:им|ит[еь])|набер\w+ (?:нас|нам"
    r"|меня|мне)|(?:свяжитесь|связаться|связь).{0,30}по (?:тел|номер)|(?:наш|мой|контактный) (?:телефон"
    r"|номер)|по телефону|give (?:us|me) a (?:call|ring)|(?:please )?(?:call|phone|ring|whatsapp) (?:us|me"
    r"|our|back)|call \+?\d|by phone|reach (?:us|me) (?:on|at) \+?\d|(?:our|my) (?:phone|number|tel)",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d\s().–-]{6,18}\d(?!\w)")
ASKS_WHO = re.compile(
    r"кто вы\b|вы кто\b|с кем (?:я|мы) (?:говор|общ)|что (?:за|это за) (?:сервис|компания|сайт|организация"
    r"|контора)|от (?:чьего|какого) (?:имени|лица)|откуда у вас (?:наш|мой|этот)|откуда вы (?:взяли"
    r"|знаете)|представьтесь|who (?:are you|is this|am i (?:talking|writing))|what (?:is|company|service"
    r"|kind of company) (?:this|are you|is this)|how did you (?:get|find) (?:my|our|this|us)"
    r"|where did you get|is this (?:spam|a scam|legit)|introduce yourself",
    re.IGNORECASE,
)
STOPS = re.compile(
    r"(?:больше|впредь) (?:(?:нам|мне|сюда|никогда) )?не (?:пиш|присыл|беспоко|звон|отправля|шлите|обраща"
    r"|нужно писать)|не (?:пишите|присылайте|шлите|беспокойте|отправляйте)(?: нам| мне| нас"
    r"| меня)?(?: больше| сюда| никогда| спам| (?:ваш|подобн|так)\w* .{0,20}| (?:письма|письмо|рассыл\w+"
    r"|запрос\w*|предложени\w*))?\s*(?:[.!,]|$|пожалуйста)|отпишите|(?:хотим|хочу|прошу|просим"
    r"|как) (?:нас )?(?:отписать|отписаться)|удалите (?:нас|меня|наш|мой|этот|из)|(?:уберите|исключите"
    r"|вычеркните) (?:нас|наш|меня|мой|из)|прекратите (?:рассыл|присыл|писать|спам|нам|эт|сво|ваш)\w*"
    r"|хватит (?:писать|спамить|слать)|отстаньте|(?:подадим|подам|напишем|напишу|направим"
    r"|будет) .{0,20}жалоб\w+|жалоб\w+ в (?:роскомнадзор|фас)|обратимся в (?:роскомнадзор|фас)"
    r"|\bэто спам\b|\bunsubscribe\b|remove (?:us|me|our|my|this (?:address|e-?mail))|opt (?:us |me )?out"
    r"|stop (?:sending|contacting|writing|e-?mailing|messaging|spamming|bothering|these|this)|(?:do not"
    r"|don.t|never) (?:contact|write|e-?mail|message|spam|bother|approach)(?: to)? (?:us|me|again"
    r"|any ?more|this)|(?:do not|don.t) (?:contact|write|e-?mail|message|spam|bother)\s*(?:[.!]|$)"
    r"|(?:do not|don.t) send (?:us|me|any ?more|further|these|such|this|more)|no more (?:e-?)?(?:mails"
    r"|messages|requests)|(?:take|cross) (?:us|me) off|leave (?:us|me) alone|this is spam"
    r"|reported? (?:you |it |this )?as spam|^\W*(?:stop|стоп|спам|spam|отписка|unsubscribe)\W*$",
    re.IGNORECASE,
)
HOW_TO_STOP = re.compile(
    r"https?:|ссылк|\blinks?\b|click|нажм|перейд|чтобы (?:отпис|отказ)|если (?:вы"
    r"|не) (?:больше )?(?:не )?(?:хоти|жела)|(?:вы )?можете отпис|\bto unsubscribe\b|unsubscribe (?:here"
    r"|from this list|at any time)|you can unsubscribe|if you (?:no longer|do not|don.t|would like|wish"
    r"|want)|subscribed|подписан",
    re.IGNORECASE,
)
"""The foot of somebody's newsletter, telling us how to leave it."""
NOT_INTERESTED = re.compile(r"не ?интересно|не заинтересован|not interested|неактуально|жалоб", re.IGNORECASE)
MOVES = re.compile(
    r"пишите\b.{0,30}(?:на|по)\b|напишите.{0,30}(?:на|по)\b|обращайтесь|обратитесь|(?:пере)?направ\w+"
    r"|новый адрес|адрес (?:изменился|сменился|такой)|(?:отправ|перешл|продублируй|вышл|пришл)(?:ьте|ляйте"
    r"|ите|те)\b|дублируйте|(?:наша|новая|актуальная|правильная|рабочая) почта|вопросами .{0,40}занима"
    r"|(?:write|send|e-?mail|contact|forward|address|direct|resend|redirect|reach|reply)\b.{0,50}(?:to|at"
    r"|us|instead|via)\b|new (?:e-?mail )?address"
    r"|please (?:e-?mail|contact|use)|is handled by",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-zА-Яа-я]{2,20}")
AWAY = re.compile(
    r"отпуск|отсутству|вернусь|верн[её]мся|буду на (?:месте|работе)|на месте с|на больничном"
    r"|в командировке|не (?:работаем|будет (?:на месте|в офисе))|выходн\w+|out of (?:the )?office"
    r"|on (?:\w+ )?(?:vacation|leave|holiday)|i(?:'ll| will|.m) (?:be )?(?:back|return|away)"
    r"|return(?:ing)? (?:to the office |to work )?on|away (?:until|till|from)|back (?:on|in|at)"
    r"|closed (?:until|till|from)|unavailable until|will be (?:back|away|out)",
    re.IGNORECASE,
)
REGIONS = {"ru": ("RU", "KZ", "BY"), "en": ("US", "GB")}
LEAST_QUESTION = 5


def read_wishes(sentence: Sentence, language: str, written_on: date | None) -> Iterator[Intent]:
    """What this sentence asks of us."""
    asks_who = ASKS_WHO.search(sentence.text) is not None
    if asks_who:
        yield said(IntentKind.WHO_ARE_YOU, None, sentence, ())
    yield from _stop(sentence)
    if CALLS.search(sentence.text):
        yield from _call(sentence, language)
    yield from _new_addresses(sentence)
    if AWAY.search(sentence.text) and (named := last_day(sentence.text, written_on)):
        yield _away(sentence, *named)
    if sentence.is_question and not asks_who and len(sentence.text) > LEAST_QUESTION:
        yield said(IntentKind.QUESTION, None, sentence, ())


def _stop(sentence: Sentence) -> Iterator[Intent]:
    text = sentence.text
    if HOW_TO_STOP.search(text):
        return
    if STOPS.search(text):
        # "Do not write to this address, write to that one" is no farewell.
        is_move = ADDRESS.search(text) is not None
        doubts = tuple(
            doubt
            for doubt, holds in ((Doubt.QUESTION, sentence.is_question), (Doubt.VAGUE, is_move))
            if holds
        )
        yield said(IntentKind.OPT_OUT, None, sentence, doubts)
    elif NOT_INTERESTED.search(text):
        yield said(IntentKind.OPT_OUT, None, sentence, (Doubt.VAGUE,))


def _call(sentence: Sentence, language: str) -> Iterator[Intent]:
    numbers = [found.group().strip() for found in PHONE.finditer(sentence.text)]
    read = dict.fromkeys(read_number(raw, REGIONS[language]) or raw for raw in numbers)
    doubts = (Doubt.SEVERAL,) if len(read) > 1 else ()
    for number in read or (None,):
        yield said(IntentKind.CALL_US, number, sentence, doubts)


def _new_addresses(sentence: Sentence) -> Iterator[Intent]:
    if not MOVES.search(sentence.text):
        return
    named = (found for found in ADDRESS.finditer(sentence.text) if not _is_old(sentence, found.start()))
    for address in dict.fromkeys(found.group().lower().strip(".") for found in named):
        yield said(IntentKind.NEW_ADDRESS, address, sentence, (Doubt.QUESTION,) * sentence.is_question)


def _is_old(sentence: Sentence, position: int) -> bool:
    """Whether the address is the one that is given up: "do not write to", "is no longer used"."""
    return sentence.is_negated(*sentence.clause(position))


def _away(sentence: Sentence, words: str, day: date | None, is_plain: bool) -> Intent:
    value = day.isoformat() if day else words
    intent = said(IntentKind.OUT_UNTIL, value, sentence, () if is_plain else (Doubt.VAGUE,))
    return replace(intent, until=day)
