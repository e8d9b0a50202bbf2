"""What a visitor types into each field: the letter's parts in the shape the field wants, nothing invented."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from discount_broker.discovery.extract.forms.descriptions import FieldRole
from discount_broker.discovery.extract.pages.page import squeeze
from discount_broker.outreach.form_filling.drafts import Circumstances, Correction, Fix, Letter
from discount_broker.outreach.form_filling.entry_list import Entry, float_of, int_of
from discount_broker.outreach.form_filling.questions import Question

LINK = re.compile(r"https?://[^\s<>\"]+")
COMPANY = re.compile(
    r"compan|organi[sz]|firm|business|bedrijf|empresa|soci[ée]t|azienda|компан|организац|фирм", re.I
)
PERSON = re.compile(
    r"(?<![a-z])(?:name|person|naam)|nombre|\bnom\b|nome|имя|ф\.?\s?и\.?\s?о|контактное лицо|ansprech", re.I
)
PLACE = re.compile(r"web.?(?:site|page)|homepage|\burl\b|сайт|ссылк|link", re.I)
DAY = re.compile(r"\bdate\b|дата|datum|fecha", re.I)
AREA = re.compile(r"area|\bcode\b|prefix|vorwahl|indicatif|код(?: города)?", re.I)
MEANS_LITTLE = {FieldRole.OTHER, FieldRole.ADDRESS, FieldRole.ORDER_NUMBER}
PLACE_OF_DIGIT = r"(?:[\d_#]|[xX](?=[xX])|(?<=[xX])[xX])"
MASK = re.compile(rf"\+?\(?{PLACE_OF_DIGIT}(?:[ ()–-]*{PLACE_OF_DIGIT}){{9,13}}(?!\w)")
NATIONAL = 10
"""Digits of a number without its country, in Russia and North America."""


def typed(question: Question, letter: Letter, now: Circumstances) -> str | None:
    """What belongs into the field; None where it is left as served."""
    entry, correction = question.entry, now.corrections.get(question.name)
    value = _of_role(question, letter, correction)
    if not value and question.is_demanded and question.role in MEANS_LITTLE:
        value = entry.value or _filler(question, letter, now.today)
    if value is None:
        return None
    # One-line fields lose line breaks, as in a browser.
    value = value if entry.kind == "textarea" else squeeze(value)
    limits = [int_of(entry.control.get("maxlength"), 0), correction.limit if correction else 0]
    limit = min((each for each in limits if each), default=0)
    is_cut = limit and question.role != FieldRole.PHONE
    return (
        shorten(value, limit, letter.link if question.role == FieldRole.MESSAGE else "") if is_cut else value
    )


def _of_role(question: Question, letter: Letter, correction: Correction | None) -> str | None:
    if question.is_later:
        return None
    if question.role == FieldRole.PHONE:
        tried = correction.tried if correction and correction.fix == Fix.OTHER_SHAPE else ""
        return shaped_phone(letter.phone, question.entry, question.said, tried) if letter.phone else None
    first, _, last = letter.name.partition(" ")
    values = {
        FieldRole.NAME: letter.name,
        FieldRole.FIRST_NAME: first,
        FieldRole.LAST_NAME: last or first,
        FieldRole.EMAIL: letter.email,
        FieldRole.SUBJECT: letter.subject,
        FieldRole.MESSAGE: letter.text,
    }
    return values.get(question.role)


def _filler(question: Question, letter: Letter, today: date | None) -> str:
    """Something honest for a demanded field that means nothing to us."""
    kind, said = question.entry.kind, question.said
    if kind in MOMENTS:
        return MOMENTS[kind](today) if today else ""
    if kind in ("number", "range"):
        return f"{float_of(question.entry.control.get('min'), 1):g}"
    if kind == "url" or PLACE.search(said):
        link = LINK.search(f"{letter.link} {letter.text}")
        return link.group() if link else ""
    if DAY.search(said) and today:
        return f"{today:%d.%m.%Y}"
    return letter.name if COMPANY.search(said) or PERSON.search(said) else "-"


MOMENTS: dict[str, Callable[[date], str]] = {
    "date": date.isoformat,
    "datetime-local": lambda day: f"{day.isoformat()}T12:00",
    "month": lambda day: f"{day:%Y-%m}",
    "week": lambda day: f"{day:%G-W%V}",
    "time": lambda _: "12:00",
}


def shaped_phone(phone: str, entry: Entry, said: str = "", tried: str = "") -> str:
    """The number as the field's mask, pattern and length want it, and not as it was `tried`."""
    masks = (entry.control.get(key) or "" for key in ("data-mask", "data-inputmask", "placeholder"))
    masked = [shape for mask in (*masks, said) if (shape := _in_mask(phone, mask))]
    plain = list(_shapes(phone))
    # Who refuses a number with its plus sign most likely wants digits and nothing else.
    usual = sorted(plain, key=lambda shape: not shape.isdigit()) if tried else plain
    shapes = [shape for shape in (*masked, *usual) if shape != tried]
    if entry.kind == "number":
        shapes = [shape for shape in shapes if shape.isdigit()]
    return next((shape for shape in shapes if fits(shape, entry)), phone)


def _shapes(phone: str) -> Iterator[str]:
    digits = re.sub(r"\D", "", phone)
    ten, lead = digits[-NATIONAL:], digits[:-NATIONAL] or "7"
    yield phone
    yield f"+{digits}"
    if len(ten) == NATIONAL:
        yield f"+{lead} ({ten[:3]}) {ten[3:6]}-{ten[6:8]}-{ten[8:]}"
        yield f"+{lead}({ten[:3]}){ten[3:6]}-{ten[6:8]}-{ten[8:]}"
    yield digits
    if lead == "7":
        yield f"8{ten}"
    yield ten


def _in_mask(phone: str, said: str) -> str:
    """The number in the shape that an example or a mask shows: `+7 (___) ___-__-__`, `8 800 555-35-35`."""
    found = MASK.search(said)
    digits = re.sub(r"\D", "", phone)
    ten, country = digits[-NATIONAL:], digits[:-NATIONAL]
    if not found or len(ten) < NATIONAL:
        return ""
    places = re.findall(PLACE_OF_DIGIT, found.group())
    lead = places[:-NATIONAL]
    is_ours = not lead or "".join(lead) in (country, "8" if country == "7" else country)
    if len(places) < NATIONAL or not is_ours:
        return ""
    filling = iter([*lead, *ten])
    return re.sub(PLACE_OF_DIGIT, lambda _: next(filling), found.group()).strip()


def phone_parts(questions: list[Question], phone: str) -> dict[int, str]:
    """A number that is asked for in pieces, by the places of the fields: the area first."""
    asked = [n for n, q in enumerate(questions) if q.role == FieldRole.PHONE and q.is_typed]
    digits = re.sub(r"\D", "", phone)[-NATIONAL:]
    if len(asked) not in (2, 3) or asked[-1] - asked[0] != len(asked) - 1 or len(digits) < NATIONAL:
        return {}
    room = [int_of(questions[n].entry.control.get("maxlength"), 0) for n in asked]
    if len(asked) == 3 and sum(room) in (NATIONAL, NATIONAL + 1):
        return dict(zip(asked, (digits[:3], digits[3:6], digits[6:]), strict=True))
    if len(asked) == 2 and AREA.search(questions[asked[0]].name.lower()):
        return dict(zip(asked, (digits[:3], digits[3:]), strict=True))
    return {}


def fits(value: str, entry: Entry) -> bool:
    """Whether the browser would let the value pass."""
    control = entry.control
    size = length(value)
    most = int_of(control.get("maxlength"), 0)
    if value and ((most and size > most) or size < int_of(control.get("minlength"), 0)):
        return False
    pattern = control.get("pattern")
    if not pattern:
        return True
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # a JavaScript pattern that Python does not know
        return True


def shorten(text: str, limit: int, link: str = "") -> str:
    """The text cut at a sentence so that it fits, with the link that answers it still in it."""
    if sent_length(text) <= limit:
        return text
    tail = f"\n{link}" if link and length(link) + 2 < limit else ""
    room, kept = limit - sent_length(tail), ""
    for piece in re.split(r"(?<=[.!?:])(?=\s)|(?=\n)", text):
        if sent_length(kept + piece) > room:
            break
        kept += piece
    if not kept.strip():
        kept = text[:room].rpartition(" ")[0] or text[:room]
    return kept.strip() if tail.strip() and tail.strip() in kept.split() else f"{kept.rstrip()}{tail}".strip()


def sent_length(text: str) -> int:
    """Length as servers count it, to whom every line break comes as two characters."""
    return length(text) + text.count("\n")


def length(text: str) -> int:
    """Length as browsers and scripts count it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
