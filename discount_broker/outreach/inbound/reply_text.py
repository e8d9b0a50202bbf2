"""Takes the words a person wrote out of a mail body: no quotes, no headers of quotes, no signature.

Line by line and with short patterns only: bodies come from strangers, and a pattern that backtracks
over a whole mail is an open door.
"""

import re
from dataclasses import dataclass

WROTE = (
    r"wrote|writes|schrieb|escribi[oó]|a [eé]crit|ha scritto|scrisse|napisa[lł](?:\(?a\)?)?|nadesłał\S*"
    r"|skrev|schreef"
    r"|geschreven|escreveu|kirjoitti|пишет|писал[аи]?|написал[аи]?|написав|пише|napsal(?:\(?a\)?)?"
    r"|đã viết|schreibt|wrote on|scritto"
)
ATTRIBUTION = re.compile(
    rf"(?:(?<!\w)(?:{WROTE})(?!\w).{{0,80}}[:：]|写道[:：]|作成[:：]|님이 작성.{{0,20}}[:：]|\b(?:wrote|sent)"
    rf"|:)\W{{0,4}}$",
    re.IGNORECASE,
)
ATTRIBUTION_VERB = re.compile(rf"(?<!\w)(?:{WROTE})(?!\w)|写道|작성|пользовател|\bsent:$", re.IGNORECASE)
DATE_AND_ADDRESS = re.compile(
    r"^\W{0,3}(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\w{2,12},? \d{1,2}).{0,120}<[^<>\s]+@[^<>\s]+>:?$"
)
"""How Yandex, and old Gmail, begin a quote: no verb at all."""
ON_SAME_LINE = re.compile(
    rf"[ \t-]*\b(?:On|Am|Le|El)\s(?=\w{{2,9}}[.,]?\s.{{6,200}}\b(?:{WROTE})\W{{0,2}}:$)"
)
ATTRIBUTION_START = re.compile(
    r"^\W{0,3}(?:on|am|le|el|il|den|dnia|op|em|dne|vào|den|w dniu|ter|man|tir|ons|tor|fre|lør|søn|mån"
    r"|tis|lör|sön|mon|tue|wed|thu|fri|sat"
    r"|sun|пн|вт|ср|чт|пт|сб|вс|понед\w+|вторн\w+|сред[ау]|четв\w+|пятниц\w+|суббот\w+|воскр\w+"
    r"|\d{1,4}[-./ ]|20\d\d|\d{1,2}:\d\d)",
    re.IGNORECASE,
)
DATED = re.compile(r"\d{1,2}[:.h]\d{2}|\b20\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|@")
SEPARATOR = re.compile(
    r"^[ \t>*]*(?:[-_=*]{2,}[ \t]*)(?:original message|reply message|forwarded message"
    r"|original appointment|исходное сообщение|пересылаемое сообщение"
    r"|перенаправленное сообщение|конец пересылаемого|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message original"
    r"|mensaje original|messaggio originale|oprindelig meddelelse|oprindelig besked|opprinnelig melding"
    r"|ursprungligt meddelande"
    r"|oorspronkelijk bericht|wiadomość oryginalna|original-nachricht|původní zpráva|alkuperäinen viesti"
    r"|mensagem original|原始邮件)",
    re.IGNORECASE,
)
FORWARDED = re.compile(r"^(?:begin forwarded message|forwarded by|-+ ?forwarded by)", re.IGNORECASE)
HEADER_LINE = re.compile(
    r"^[ \t>*_]{0,6}(from|sent|to|subject|date|cc|bcc|reply-to|organization|von|gesendet|an|betreff"
    r"|datum|de|envoy[eé]|[àa]|objet|répondre à"
    r"|para|enviado(?: el)?|asunto|fecha|da|inviato|oggetto|data|risposta|fra|sendt|til|emne|dato|från"
    r"|skickat|till|ämne|van|verzonden|aan"
    r"|onderwerp|od|wysłano|do|temat|dw|от|от кого|кому|копия|тема|дата|отправлено|отправитель"
    r"|получатель|від|надіслано|发件人|发送时间|收件人|主题|差出人"
    r"|message du|送信日時|宛先|件名|odesláno|komu|předmět|lähettäjä|lähetetty|vastaanottaja"
    r"|aihe)[ \t]?\*?[ \t]?[:：]\*?(?:[ \t]|$)",
    re.IGNORECASE,
)
FIRST_HEADER = re.compile(
    r"message du|from|von|de|da|fra|från|van|od|от|от кого|отправитель|від|发件人|差出人|sent|date|lähettäjä"
    r"|дата|data|datum|to|subject|reply-to",
    re.IGNORECASE,
)
RULER = re.compile(r"^[ \t]*[_]{20,}[ \t]*$|^[ \t]*-{20,}[ \t]*$")
SIGNATURE_MARK = re.compile(
    r"^[ \t]*(?:--|—|__|–)[ \t]*$|^(?:--|__)[ \t]{0,2}\S.{0,60}$|^[_\-*~=]{4,}[ \t]*$"
)
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
    r"|з повагою)\b[^.?]{0,40}$",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^\W{0,4}(?:disclaimer|confidential(?:ity)?\b.{0,20}[:.]|caution:|warning:|this (?:e-?mail"
    r"|message)\b.{0,60}(?:confidential|intended|privileged)"
    r"|(?:важно|внимание|конфиденциальн\w+).{0,30}:|(?:это|данное) (?:письмо|сообщение"
    r"|электронное).{0,60}(?:конфиденциал|предназнач)|hinweis:|diese e-?mail)",
    re.IGNORECASE,
)
MOST_ATTRIBUTION_LINES = 6
LONGEST_CLOSING_BLOCK = 12
"""Lines below a closing that can still be a signature."""


@dataclass(frozen=True)
class ReplyText:
    text: str
    signature: str


def split_reply(body: str) -> ReplyText:
    """What was written, and the signature under it."""
    lines = [
        line.rstrip()
        for line in body.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "").split("\n")
    ]
    written = _unquoted(lines)
    # A mail that is nothing but a quote or a forwarded letter is shown as it came.
    text, signature = _without_signature(written if any(line.strip() for line in written) else lines)
    return ReplyText("\n".join(text).strip(), "\n".join(signature).strip())


def _unquoted(lines: list[str]) -> list[str]:
    start, end = _first_quote(lines)
    above = [line for line in lines[:start] if not _is_quoted(line)]
    if start < len(lines) and (shared := ON_SAME_LINE.search(lines[start])):
        above.append(lines[start][: shared.start()])
    if any(line.strip() for line in above):
        return above + ([] if end is None else _answers_below(lines[end:]))
    # Nothing above the quote: the answer stands under it, or between its lines.
    return above if end is None else [line for line in lines[end:] if not _is_quoted(line)]


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _answers_below(lines: list[str]) -> list[str]:
    """Answers between and under quoted lines; nothing where the quote is not marked by `>`."""
    first = _next_text(lines, 0)
    if first == len(lines) or not _is_quoted(lines[first]):
        return []
    answers = [
        line
        for index, line in enumerate(lines)
        if index > first and not _is_quoted(line) and not _is_wrapped(lines, index)
    ]
    begin = _next_text(answers, 0)
    if begin == len(answers) or SIGNATURE_MARK.match(answers[begin]):
        return []
    return answers


def _is_wrapped(lines: list[str], index: int) -> bool:
    """Whether this is the broken-off end of a quoted line, not an answer to it."""
    return _is_quoted(lines[index - 1]) and index + 1 < len(lines) and _is_quoted(lines[index + 1])


def _first_quote(lines: list[str]) -> tuple[int, int | None]:
    """Where the header of the first quote begins and where it ends (None: it goes to the end)."""
    for index, line in enumerate(lines):
        if not line.strip() or _is_quoted(line):
            continue
        if SEPARATOR.match(line) or FORWARDED.match(line.strip()) or _is_header_block(lines, index):
            return index, None
        if RULER.match(line) and _is_header_block(lines, _next_text(lines, index + 1)):
            return index, None
        if length := _attribution_length(lines, index):
            return index, index + length
    return len(lines), None


def _next_text(lines: list[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _attribution_length(lines: list[str], index: int) -> int:
    """How many lines from here are an "On Monday X wrote:"; 0 when they are none."""
    if DATE_AND_ADDRESS.match(lines[index].strip()) or ON_SAME_LINE.search(lines[index]):
        return 1
    if not _may_begin_attribution(lines[index]):
        return 0
    joined = ""
    for length, line in enumerate(lines[index : index + MOST_ATTRIBUTION_LINES], 1):
        joined = f"{joined} {line.strip()}"[:400]
        is_end = ATTRIBUTION.search(joined) and ATTRIBUTION_VERB.search(joined) and DATED.search(joined)
        if is_end:
            return length
        if _is_quoted(line):
            break
    return 0


def _may_begin_attribution(line: str) -> bool:
    stripped = line.strip()
    has_verb = ATTRIBUTION_VERB.search(stripped) is not None
    return bool(
        (ATTRIBUTION_START.match(stripped) and DATED.search(stripped))
        or (has_verb and (stripped.endswith((":", ":*", "：")) or "@" in stripped))
        or ("@" in stripped and stripped.startswith(("<", '"', "*")))
    )


def _is_header_block(lines: list[str], index: int) -> bool:
    """Whether a block of quoted mail headers ("From: … Sent: …") begins here."""
    names = []
    for line in lines[index : index + 6]:
        field = HEADER_LINE.match(line)
        if field:
            names.append(field.group(1).lower())
        elif not names or (line.strip() and len(names) > 1):
            break
    return (
        len(set(names)) >= 2
        and FIRST_HEADER.fullmatch(names[0]) is not None
        and DATED.search(" ".join(lines[index : index + 6])) is not None
    )


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    begins = _next_text(lines, 0)
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
