"""Finds the signature under a letter: marks, closings, "sent from my phone", disclaimers."""

import re

from discount_broker.outreach.inbound.quotes import SIGNATURE_MARK, next_text

SENT_FROM = re.compile(
    r"^\W{0,3}(?:(?:sent|written|send) (?:from|via|with|by|using)|get outlook for|отправлено (?:из|с"
    r"|через|от)|послано с|gesendet (?:von|mit)|von meinem"
    r"|envoyé (?:de|depuis|à partir)|enviado (?:desde|do|a partir)|inviato da|sendt fra|skickat från"
    r"|verzonden vanaf|wysłan[eo] z|надіслано з|odesláno z"
    r"|lähetetty|du mobile|从我的|iphoneから|twitter for|typed on|thumb ?typed|sent via)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^\W{0,2}(?:(?:with )?(?:best|kind|warm|kindest|many)?[ ,]*(?:regards|wishes)|best|cheers|sincerely"
    r"|yours (?:truly|faithfully|sincerely)|thanks?(?: you)?"
    r"(?: (?:and|&) (?:best |kind )?regards| (?:very much|so much|a lot|again|in advance))?|thx"
    r"|с уважением|с наилучшими(?: пожеланиями)?|всего (?:хорошего|доброго|наилучшего)"
    r"|хорошего дня|благодарю|спасибо(?: заранее)?|mit freundlichen gr[uü]ß?s?s?en|mit besten gr[uü]\w+"
    r"|(?:viele|liebe|beste) gr[uü]\w+|mfg|lg|cordialement"
    r"|bien à vous|saludos(?: cordiales)?|un saludo|atentamente|cordiali saluti|distinti saluti"
    r"|met vriendelijke groet(?:en)?|med vänliga hälsningar"
    r"|med venlig hilsen|venlig hilsen|med vennlig hilsen|mvh|pozdrawiam|z poważaniem|s pozdravem"
    r"|з повагою|заранее (?:спасибо|благодар\w+)|kh|vh|med vh|hilsen)\b[^.?]{0,40}$",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^\W{0,4}(?:disclaimer|confidential(?:ity)?\b.{0,20}[:.]|caution:|warning:|this (?:e-?mail"
    r"|message)\b.{0,60}(?:confidential|intended|privileged)"
    r"|(?:важно|внимание|конфиденциальн\w+).{0,30}:|(?:это|данное) (?:письмо|сообщение"
    r"|электронное).{0,60}(?:конфиденциал|предназнач)|hinweis:|diese e-?mail)",
    re.IGNORECASE,
)
LONGEST_CLOSING_BLOCK = 12
"""Lines below a closing that can still be a signature."""


def without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    begins = next_text(lines, 0)
    # Counted once: a letter of nothing but marks and empty lines must not take minutes.
    below = sum(bool(line.strip()) for line in lines[begins:])
    for index, line in enumerate(lines[begins:], begins):
        below -= bool(line.strip())
        if index > begins and _begins_signature(line, is_near_the_end=below <= LONGEST_CLOSING_BLOCK):
            return lines[:index], lines[index:]
    return lines, []


def _begins_signature(line: str, *, is_near_the_end: bool) -> bool:
    if SENT_FROM.match(line) or DISCLAIMER.match(line):
        return True
    return is_near_the_end and bool(SIGNATURE_MARK.match(line) or CLOSING.match(line.strip()))
