"""Finds where the quoted mail begins, in the manners of all the mail programs known.

Line by line and with short patterns only: bodies come from strangers, and a pattern that backtracks
over a whole mail is an open door.
"""

import re

WROTE = (
    r"wrote|writes|schrieb|escribi[oó]|a [eé]crit|ha scritto|scrisse|napisa[lł](?:\(?a\)?)?|nadesłał\S*"
    r"|skrev|schreef|geschreven|escreveu|kirjoitti|пишет|писал[аи]?|написал[аи]?|написав|пише"
    r"|napsal(?:\(?a\)?)?|đã viết|schreibt|wrote on|scritto|yazdı|írta|a scris|va escriure|έγραψε|كتب|כתב"
    r"|написа|pisze|napísal(?:\(?a\)?)?|rakstīja|rašė|kirjutas|menulis"
)
ATTRIBUTION = re.compile(
    rf"(?:(?<!\w)(?:{WROTE})(?!\w).{{0,80}}[:：]|[写寫]道[:：]|作成[:：]|님이 작성.{{0,20}}[:：]"
    r"|\b(?:wrote|sent)|:)\W{0,4}$",
    re.IGNORECASE,
)
ATTRIBUTION_VERB = re.compile(rf"(?<!\w)(?:{WROTE})(?!\w)|[写寫]道|작성|пользовател|\bsent:$", re.IGNORECASE)
DATE_AND_ADDRESS = re.compile(
    r"^\W{0,3}(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\w{2,12},? \d{1,2}).{0,120}<[^<>\s]+@[^<>\s]+>:?$"
)
"""How Yandex, and old Gmail, begin a quote: no verb at all."""
DATED_SENDER = re.compile(
    r"^.{0,200}(?:\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}).{0,200}"
    r"[<(\[]\s*[^<>\s]{1,100}@[^<>\s]{1,100}[>)\]].{0,40}[:：]\W{0,4}$"
    r"|^.{0,100}<\s*[^<>\s]{1,100}@[^<>\s]{1,100}>.{0,60}(?:\b(?:19"
    r"|20)\d\d).{0,40}\d[:.h]\d{2}.{0,20}[:：]\W{0,4}$"
)
"""A day or an hour, an address in brackets and a colon: a quote begins, in whatever language."""
SENDER = re.compile(r"<[^<>\s]{1,100}@[^<>\s]{1,100}>:$")
BETWEEN_DASHES = re.compile(r"^-{2,} ?on .{5,200}\bwrote ?-{2,}\W{0,3}$", re.IGNORECASE)
QUOTING = re.compile(r"^(?:quoting|citando|zitat von|цитирую|citerar) .{1,100}:$", re.IGNORECASE)
REPLY_ABOVE = re.compile(
    r"^[^\w\n]{0,8}(?:[\w ]{0,30}(?:type|write|enter|add)? ?(?:your )?(?:reply|response"
    r"|answer)s? above (?:this|the) line|[\w ]{0,20}(?:reply|respond|write|type) (?:only )?above th(?:is"
    r"|e) line|(?:введите|пишите|напишите|оставьте)? ?(?:ваш )?ответ (?:можно )?(?:выше"
    r"|над) эт\w+ (?:строк|лини|черт)\w+)",
    re.IGNORECASE,
)
"""Where a help desk cuts a mail, said to everybody."""
ONE_LINE_HEADERS = re.compile(
    r"^\W{0,4}(?:from|von|от|de|da)\s?:.{3,150}\b(?:sent|date|gesendet|отправлено|дата|envoyé|enviado"
    r"|inviato)\s?:",
    re.IGNORECASE,
)
LONE_SENDER = re.compile(
    r"^\W{0,4}(?:from|von|от|от кого)\s?:\s{0,3}[^\s@]{1,64}@[^\s@]{1,100}$", re.IGNORECASE
)
ON_SAME_LINE = re.compile(
    rf"[ \t-]*\b(?:On|Am|Le|El)\s(?=\w{{2,9}}[.,]?\s.{{6,200}}\b(?:{WROTE})\W{{0,2}}:$)"
)
ATTRIBUTION_START = re.compile(
    r"^\W{0,3}(?:on|am|le|el|il|den|dnia|op|em|dne|vào|den|w dniu|ter|man|tir|ons|tor|fre|lør|søn|mån|tis"
    r"|lör|sön|mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс|понед\w+|вторн\w+|сред[ау]|четв\w+"
    r"|пятниц\w+|суббот\w+|воскр\w+|\d{1,4}[-./ ]|20\d\d|\d{1,2}:\d\d)",
    re.IGNORECASE,
)
DATED = re.compile(r"\d{1,2}[:.h]\d{2}|\b20\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|@")
SEPARATOR = re.compile(
    r"^[ \t>*]*(?:[-_=*‐–—]{2,}[ \t]*)(?:original message|reply message|forwarded message"
    r"|original appointment|исходное (?:сообщение|письмо)|пересылаемое сообщение"
    r"|перенаправленное сообщение|конец пересылаемого|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message original|mensaje original|messaggio originale|oprindelig meddelelse"
    r"|oprindelig besked|opprinnelig melding|ursprungligt meddelande|oorspronkelijk bericht"
    r"|wiadomość oryginalna|original-nachricht|původní zpráva|alkuperäinen viesti|mensagem original"
    r"|原始邮件)",
    re.IGNORECASE,
)
FORWARDED = re.compile(r"^(?:begin forwarded message|forwarded by|-+ ?forwarded by)", re.IGNORECASE)
HEADER_LINE = re.compile(
    r"^[ \t>*_]{0,6}(from|sent|to|subject|date|cc|bcc|reply-to|organization|von|gesendet|an|betreff|datum"
    r"|de|envoy[eé]|[àa]|objet|répondre à|para|enviado(?: el)?|asunto|fecha|da|inviato|oggetto|data"
    r"|risposta|fra|sendt|til|emne|dato|från|skickat|till|ämne|van|verzonden|aan|onderwerp|od|wysłano|do"
    r"|temat|dw|от|от кого|кому|копия|тема|дата|отправлено|отправитель|получатель|від|надіслано"
    r"|发件人|发送时间|收件人|主题|差出人|message du|送信日時|宛先|件名|odesláno|komu|předmět|lähettäjä"
    r"|lähetetty|vastaanottaja|aihe"
    r"|kimden|gönderildi|tarih|kime|konu|feladó|elküldve|dátum|címzett|tárgy|de la|trimis|către|subiect"
    r"|pour|sujet|enviada(?: em)?|enviado em|когда)[ \t]?\*?[ \t]?[:：]\*?(?:[ \t]|$)",
    re.IGNORECASE,
)
FIRST_HEADER = re.compile(
    r"message du|kimden|feladó|de la|from|von|de|da|fra|från|van|od|от|от кого|отправитель|від|发件人|差出人"
    r"|sent|date|lähettäjä|дата|data|datum|to|subject|reply-to",
    re.IGNORECASE,
)
RULER = re.compile(r"^[ \t]*[_]{20,}[ \t]*$|^[ \t]*-{20,}[ \t]*$")
SIGNATURE_MARK = re.compile(
    r"^[ \t]*(?:--|—|__|–)[ \t]*$|^(?:--|__)[ \t]{0,2}\S.{0,60}$|^[_\-*~=]{4,}[ \t]*$"
)
MOST_ATTRIBUTION_LINES = 6
LONGEST_ATTRIBUTION = 400


def unquoted(lines: list[str]) -> list[str]:
    start, end = _first_quote(lines)
    above = [line for line in lines[:start] if not _is_quoted(line)]
    if start < len(lines) and (shared := _begin_on_same_line(lines[start])) is not None:
        above.append(lines[start][:shared])
    if any(line.strip() for line in above):
        return above + ([] if end is None else _answers_below(lines[end:]))
    # Nothing above the quote: the answer stands under it, or between its lines.
    return above if end is None else [line for line in lines[end:] if not _is_quoted(line)]


def _begin_on_same_line(line: str) -> int | None:
    """Where "On Monday X wrote:" begins behind the words of the answer."""
    tail = line[-LONGEST_ATTRIBUTION:]
    if not tail.endswith(":"):
        return None
    found = ON_SAME_LINE.search(tail)
    return len(line) - len(tail) + found.start() if found else None


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _answers_below(lines: list[str]) -> list[str]:
    """Answers between and under quoted lines; nothing where the quote is not marked by `>`."""
    first = next_text(lines, 0)
    if first == len(lines) or not _is_quoted(lines[first]):
        return []
    answers = [
        line
        for index, line in enumerate(lines)
        if index > first and not _is_quoted(line) and not _is_wrapped(lines, index)
    ]
    begin = next_text(answers, 0)
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
        if _begins_quote_to_the_end(lines, index):
            return index, None
        if length := _attribution_length(lines, index):
            return index, index + length
    return len(lines), None


def _begins_quote_to_the_end(lines: list[str], index: int) -> bool:
    line = lines[index]
    if SEPARATOR.match(line) or FORWARDED.match(line.strip()) or REPLY_ABOVE.match(line):
        return True
    begins = next_text(lines, index + 1) if RULER.match(line) else index
    return _is_header_block(lines, begins)


def next_text(lines: list[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _attribution_length(lines: list[str], index: int) -> int:
    """How many lines from here are an "On Monday X wrote:"; 0 when they are none."""
    line = lines[index].strip()[:LONGEST_ATTRIBUTION]
    if DATE_AND_ADDRESS.match(line) or _begin_on_same_line(lines[index]) is not None:
        return 1
    if BETWEEN_DASHES.match(line) or QUOTING.match(line) or _is_dated_sender(line):
        return 1
    if _announces_quote(line, lines, index):
        return 1
    if not _may_begin_attribution(line):
        return 0
    joined = ""
    for length, line in enumerate(lines[index : index + MOST_ATTRIBUTION_LINES], 1):
        joined = f"{joined} {line.strip()}"[:LONGEST_ATTRIBUTION]
        if _is_attribution(joined.strip()):
            return length
        if _is_quoted(line):
            break
    return 0


def _announces_quote(line: str, lines: list[str], index: int) -> bool:
    """Whether marked lines stand below an "Anna wrote:", or below "Anna <anna@shop.example>:"."""
    if not line.endswith((":", "：")) or not (ATTRIBUTION_VERB.search(line) or SENDER.search(line)):
        return False
    begins = next_text(lines, index + 1)
    return begins < len(lines) and _is_quoted(lines[begins])


def _is_attribution(joined: str) -> bool:
    if _is_dated_sender(joined):
        return True
    if not (":" in joined[-6:] or "：" in joined[-6:] or joined.endswith(("wrote", "sent"))):
        return False
    return all(pattern.search(joined) for pattern in (ATTRIBUTION, ATTRIBUTION_VERB, DATED))


def _is_dated_sender(line: str) -> bool:
    # Two cheap questions before the dear one: letters are made of other lines.
    return "@" in line and line.endswith((":", "：", ":*", ":>")) and DATED_SENDER.match(line) is not None


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
    first = lines[index][:LONGEST_ATTRIBUTION] if index < len(lines) else ""
    if ONE_LINE_HEADERS.match(first) or LONE_SENDER.match(first):
        return True
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
