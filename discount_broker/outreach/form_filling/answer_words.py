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
GOOD = re.compile(
    r"спасибо|благодар|успешно (?:отправ|принят|созда|добавл)|(?:сообщени|заявк|письм|вопрос|обращени"
    r"|запрос|форма|данные|отзыв)\w*\W+(?:\w+\W+){0,3}"
    r"(?:отправлен|принят|получен|зарегистр|доставлен)|^\W*(?:отправлено|принято)\W*$|свяжемся|свяжутся"
    r"|ответим|перезвоним"
    r"|thank(?:s| you)|(?:has|have) been (?:successfully )?(?:sent|received|submitted|delivered)"
    r"|success(?:fully)? (?:sent|submitted|received)|sent successfully"
    r"|(?:message|enquiry|inquiry|request|form|e-?mail|question)\b.{0,30}\b(?:was |is )?(?:sent|received"
    r"|submitted)|we(?:'ll|’ll| will|'ve| have) (?:\w+ )?(?:get back|contact|be in touch|reply|respond"
    r"|received|answer)"
    r"|vielen dank|(?:wurde|haben).{0,40}(?:gesendet|versendet|übermittelt|verschickt|erhalten"
    r"|empfangen)|wir (?:melden|werden) "
    r"|\bmerci\b|a (?:bien )?été (?:envoy|transmis|reçu)|nous vous (?:répond|recontact)"
    r"|\bgracias\b|(?:ha sido|se ha|fue) (?:enviad|recibid)|enviado correctamente"
    r"|nos pondremos en contacto",
    re.IGNORECASE,
)
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
"""What is said for the case that something goes wrong is no complaint."""
HOPELESS = re.compile(
    r"\bspam|спам|blocked|заблокир|blacklist|banned|forbidden|too many|слишком (?:част|много)|rate.?limit"
    r"|mail_failed|could not be sent|not be delivered|try again later|позже|server error|aborted",
    re.IGNORECASE,
)
"""Complaints that no other way of filling would answer, or that leave open whether something was sent."""


def verdict_of(text: str) -> Verdict:
    """What one line says. A denial outweighs thanks: "Thank you, but your message was not sent"."""
    if BAD.search(CONDITION.sub(" ", text)):
        return Verdict.BAD
    return Verdict.GOOD if GOOD.search(text) else Verdict.SILENT
