"""Words by which shops say that a letter was taken, or was not: ru, en, de, fr, es."""

import re
from enum import StrEnum


class Verdict(StrEnum):
    GOOD = "good"
    BAD = "bad"
    SILENT = "silent"


BAD = re.compile(
    r"ошиб[ко]|заполните|неверн|некоррект|недопустим|не (?:был\w? |удалось |смогли )?(?:отправ|заполн"
    r"|верн|указан|принят|прош|совпада|выбран|может)"
    r"|не удалось|обязательн|введите|укажите|подтвердите|поставьте|слишком (?:корот|длин|част|мног)|капч"
    r"|истекл|устарел|повторите|попробуйте|заблокирован"
    r"|\berror|invalid|(?:is|are|field) required|required field|must (?:be|not|contain|enter|accept)"
    r"|please (?:enter|fill|check(?! your (?:e-?mail|in-?box|mail|spam|junk))|correct|provide|complete"
    r"|try|select|accept|specify)"
    r"|fail(?:ed|ure)|not (?:be )?(?:sent|been sent|submitted|delivered|valid)|(?:could|can) ?not"
    r"|unable to|incorrect|spam(?!.{0,3}(?:folder|ordner|box|mail))|expired"
    r"|captcha|too (?:short|long|many)|blocked"
    r"|cannot be (?:blank|empty)|can't be (?:blank|empty)|went wrong|does not appear"
    r"|fehler|ungültig|pflichtfeld|bitte (?:geben|füllen|prüfen|überprüfen|wählen)|nicht (?:gesendet"
    r"|versendet)|fehlgeschlagen"
    r"|erreur|invalide|obligatoire|veuillez|n['’]a pas (?:pu|été)|échou"
    r"|requerido|obligatorio|no (?:es )?v[áa]lid|por favor,? (?:introdu|rellen|complet|intent)"
    r"|no se (?:ha|pudo)",
    re.IGNORECASE,
)
TAKEN = re.compile(
    r"успешно (?:отправ|принят|созда)|(?:сообщени|заявк|письм|вопрос|обращени|запрос|форма|данные)\w*\W+"
    r"(?:\w+\W+){0,3}(?:отправлен|принят|получен|зарегистр|доставлен)|^\W*(?:отправлено|принято)\W*$"
    r"|(?:has|have) been (?:successfully )?(?:sent|received|submitted|delivered)"
    r"|success(?:fully)? (?:sent|submitted|received)|sent successfully|we(?:['’]ve| have) received"
    r"|(?:message|enquiry|inquiry|request|form|e-?mail|question)\b.{0,30}\b(?:was |is )?(?:sent|received"
    r"|submitted)|(?:wurde|haben).{0,40}(?:gesendet|versendet|übermittelt|verschickt|erhalten|empfangen)"
    r"|a (?:bien )?été (?:envoy|transmis|reçu)|(?:ha sido|se ha|fue) (?:enviad|recibid)"
    r"|enviado correctamente",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"спасибо|благодар(?!я\b)|\bthank(?:s\b(?! to\b)| you)|vielen dank|\bmerci\b|\bgracias\b", re.IGNORECASE
)
PROMISE = re.compile(
    r"свяжемся|свяжутся|ответим|перезвоним|we(?:'ll|’ll| will) (?:\w+ )?(?:get back|contact|be in touch|reply"
    r"|respond|answer)|wir (?:melden|werden) |nous vous (?:répond|recontact)|nos pondremos en contacto",
    re.IGNORECASE,
)
INVITING = re.compile(
    r"оставь|заполн|напиши|пришли|закаж|звоните|complete the|fill (?:in|out)|submit (?:the|your)"
    r"|to contact us|send us|drop us|would like|ausfüllen|schreiben sie|remplis|complete el",
    re.IGNORECASE,
)
"""Words by which a page asks for a letter: its promises are not answers to one."""
STALE = re.compile(
    r"сесси\w* (?:истек|устар)|(?:истек|устар)\w+ (?:\w+ )?(?:сесси|токен|форм)|форма устарела|устарела"
    r"|session (?:has |is |was )?(?:expired|timed out|invalid|out of date)"
    r"|(?:invalid|expired|bad|wrong|missing) (?:security |csrf |form |session )*(?:token|key|nonce)"
    r"|token (?:mismatch|(?:is |has )?(?:invalid|expired))"
    r"|csrf|form has (?:been )?expired|form (?:is )?out ?dated|page (?:has )?expired",
    re.IGNORECASE,
)
"""What shops say when the token of a form was too old: nothing was taken, the letter itself is right."""
CONDITION = re.compile(
    r"(?:\b(?:if|in case|should you|unless|falls|wenn)\b|\b(?:если|в случае)\b)[^.!?]*", re.IGNORECASE
)
"""What is said for a case that may come is neither a complaint nor a confirmation."""
HOPELESS = re.compile(
    r"\bspam|спам|blocked|заблокир|blacklist|banned|forbidden|too many|слишком (?:част|много)|rate.?limit"
    r"|mail_failed|could not be sent|not be delivered|try again later|позже|server error|aborted",
    re.IGNORECASE,
)
"""Complaints that no other way of filling would answer, or that leave open whether something was sent."""


def verdict_of(text: str) -> Verdict:
    """What one line says. A denial outweighs thanks: "Thank you, but your message was not sent"."""
    text = CONDITION.sub(" ", text)
    if BAD.search(text):
        return Verdict.BAD
    is_promise = PROMISE.search(text) is not None and INVITING.search(text) is None
    return Verdict.GOOD if is_promise or TAKEN.search(text) or THANKS.search(text) else Verdict.SILENT


def says_it_was_taken(text: str) -> bool:
    """Not only thanks or a promise, which stand on many pages for everybody."""
    return TAKEN.search(CONDITION.sub(" ", text)) is not None
