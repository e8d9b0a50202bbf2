"""Finds the signature under a letter: marks, closings, "sent from my phone", disclaimers."""

import re

from discount_broker.outreach.inbound.quotes import SIGNATURE_MARK, next_text

SENT_FROM = re.compile(
    r"^\W{0,3}(?:(?:sent|written|send) (?:from|via|with|by|using)|get outlook for|отправлено (?:из|с|через"
    r"|от)|послано с|gesendet (?:von|mit)|von meinem|envoyé (?:de|depuis|à partir)|enviado (?:desde|do"
    r"|a partir)|inviato da|sendt fra|skickat från|verzonden vanaf|wysłan[eo] z|надіслано з|odesláno z"
    r"|lähetetty|du mobile|从我的|iphoneから|twitter for|typed on|thumb ?typed|sent via)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^\W{0,2}(?:(?:with )?(?:best|kind|warm|kindest|many)?[ ,]*(?:regards|wishes)|best|cheers|sincerely"
    r"|yours (?:truly|faithfully|sincerely)|thanks?(?: you)?(?: (?:and|&) (?:best |kind )?regards"
    r"| (?:very much|so much|a lot|again|in advance))?|thx|с уважением|с наилучшими(?: пожеланиями)?"
    r"|всего (?:хорошего|доброго|наилучшего)|хорошего дня|благодарю|спасибо(?: заранее)?"
    r"|mit freundlichen gr[uü]ß?s?s?en|mit besten gr[uü]\w+|(?:viele|liebe|beste) gr[uü]\w+|mfg|lg"
    r"|cordialement|bien à vous|saludos(?: cordiales)?|un saludo|atentamente|cordiali saluti"
    r"|distinti saluti|met vriendelijke groet(?:en)?|med vänliga hälsningar|med venlig hilsen"
    r"|venlig hilsen|med vennlig hilsen|mvh|pozdrawiam|z poważaniem|s pozdravem|з повагою"
    r"|заранее (?:спасибо|благодар\w+)|kh|vh|med vh|hilsen)\b[^.?]{0,40}$",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^\W{0,4}(?:disclaimer|confidential(?:ity)?\b.{0,20}[:.]|caution:|warning:|this (?:e-?mail"
    r"|message)\b.{0,60}(?:confidential|intended|privileged)"
    r"|(?:важно|внимание|конфиденциальн\w+).{0,30}:|(?:это|данное) (?:письмо|сообщение"
    r"|электронное).{0,60}(?:конфиденциал|предназнач)|hinweis:|diese e-?mail)",
    re.IGNORECASE,
)
DASHED_NAME = re.compile(
    r"[-–—]{1,2}[A-ZА-ЯЁ][\w.]{1,20}(?: [A-ZА-ЯЁ][\w.]{0,20}){0,2}"
    r"|[-–—]{1,2} [A-ZА-ЯЁ]\w{1,20}(?: [A-ZА-ЯЁ][\w.]{0,20}){1,2}"
)
"""A name behind a dash. One word behind a dash and a space may be the last of a list."""
LONGEST_CLOSING_BLOCK = 12
"""Lines below a closing that can still be a signature."""


def without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    begins = next_text(lines, 0)
    # Counted once: a letter of nothing but marks and empty lines must not take minutes.
    below = sum(bool(line.strip()) for line in lines[begins:])
    for index, line in enumerate(lines[begins:], begins):
        below -= bool(line.strip())
        is_near_the_end = below <= LONGEST_CLOSING_BLOCK
        if index == begins or not line.strip():
            continue
        if _begins_signature(line, is_near_the_end=is_near_the_end) or _is_name_alone(lines, index, below):
            return lines[:index], lines[index:]
    return lines, []


def _is_name_alone(lines: list[str], index: int, below: int) -> bool:
    """Whether a letter ends with "-Anna Petrova", or that stands above a line across it."""
    if lines[index - 1].strip() or not DASHED_NAME.fullmatch(lines[index].strip()):
        return False
    after = next_text(lines, index + 1)
    return below == 0 or SIGNATURE_MARK.match(lines[after]) is not None


def _begins_signature(line: str, *, is_near_the_end: bool) -> bool:
    if SENT_FROM.match(line) or DISCLAIMER.match(line):
        return True
    return is_near_the_end and bool(SIGNATURE_MARK.match(line) or CLOSING.match(line.strip()))
