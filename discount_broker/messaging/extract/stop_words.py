"""Whether a text from a phone says that we shall stop. Pure.

To be taken for a stop by mistake costs somebody a few texts; not to be heard is a wrong done to
a person. So what could be a stop is one, except where it is plainly a sentence about something else.
"""

import re
import unicodedata

AT_ONCE = frozenset(
    ("stop", "stopall", "unsubscribe", "unsub", "optout", "стоп", "отписка", "отписаться", "отпишите",
     "cnjg", "ыещз", "ctop", "стор")
)  # fmt: skip
"""Words that begin nothing else: "Stop. Thank you for everything you have done so far" is a stop.

The last four are the right keys under the other keyboard, and the right shapes in the other alphabet.
"""
STOPS = AT_ONCE | frozenset(
    ("stopp", "stoppen", "cancel", "end", "quit", "remove", "revoke", "стопп", "отписать", "отпиши",
     "отпишитесь", "отмена", "отказ", "отказаться", "отказываюсь", "прекрати", "прекратите", "прекратить",
     "хватит", "удалите")
)  # fmt: skip
"""Words that are a stop where little else is said."""
PHRASES = re.compile(
    r"\b(?:opt out|(?:do not|dont) (?:text|write|message|contact)|no more (?:texts|messages|sms)"
    r"|leave me alone|remove me|stop (?:texting|sending|messaging|writing)"
    r"|(?:больше )?не (?:пишите|писать|присылайте|присылать|шлите|слать|беспокойте|беспокоить|отправляйте)"
    r"|(?:уберите|удалите|исключите) (?:меня|мой номер)|отстаньте|отвалите)\b"
)
NEGATED = re.compile(r"\b(?:do not|dont|never|не) (?=(?:stop|cancel|unsubscribe|remove|отпис|отмен|прекра))")
MOST_WORDS = 5
LOOK_ALIKES = str.maketrans("aceopxtkmhby", "асеорхткмнву")
"""Latin letters that look like Russian ones: СТОП is often typed half on either keyboard."""
LOOK_BACK = str.maketrans("асеорхткмнву", "aceopxtkmhby")
CYRILLIC = re.compile(r"[а-я]")
LATIN = re.compile(r"[a-z]")


def says_stop(text: str) -> bool:
    said = _words(text)
    words = said.split()
    if not words or NEGATED.search(said):
        return False
    if words[0] in AT_ONCE or PHRASES.search(said):
        return True
    return len(words) <= MOST_WORDS and not STOPS.isdisjoint(words)


def _words(text: str) -> str:
    """Lower-case words with a blank between them, every word in one alphabet."""
    folded = unicodedata.normalize("NFKC", text[:1000]).casefold().replace("ё", "е")
    # "С Т О П" and "S.T.O.P." are spelled out.
    letters = re.sub(r"\b(\w)[\s.\-]+(?=\w\b)", r"\1", folded)
    words = re.findall(r"\w+", letters.replace("'", "").replace("’", ""))
    return " ".join(_in_one_alphabet(word) for word in words)


def _in_one_alphabet(word: str) -> str:
    if not (CYRILLIC.search(word) and LATIN.search(word)):
        return word
    russian = word.translate(LOOK_ALIKES)
    return russian if not LATIN.search(russian) else word.translate(LOOK_BACK)
