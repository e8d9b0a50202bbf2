"""What a sensible visitor puts where a form asks for more than name, address and message."""

import re
from typing import Any

from discount_broker.outreach.form_filling.entry_list import Entry, is_option_disabled, option_value

BUYING = re.compile(
    r"скид|цен|товар|заказ|покуп|продаж|продук|sales|order|product|pric|purchas|buy|bestell|produkt"
    r"|vente|produit|venta|pedido",
    re.IGNORECASE,
)
GENERAL = re.compile(
    r"общ|друг|ин(?:ое|ой)|вопрос|консульт|general|other|question|enquir|inquir|customer|service|support"
    r"|allgemein|sonstig|autre|otro|consulta",
    re.IGNORECASE,
)
NOT_OURS = re.compile(
    r"возврат|рекламац|претенз|жалоб|ваканс|работ|сотруднич|гарант|сми\b|return|refund|complain|claim"
    r"|job|career|press|warrant|technical"
    r"|webmaster|partner|wholesale|reklamation|retoure|presse",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    r"^\W*$|выбер|укаж|choose|select|please|wählen|choisi|elija|seleccion|^-", re.IGNORECASE
)
LINK = re.compile(r"https?://[^\s<>\"]+")


def choose_option(select: Any) -> str | None:
    """The value of the option that suits a buyer's question best; None when there is none to choose."""
    options = [option for option in select.iter("option") if not is_option_disabled(option)]
    offered = [(option_value(option), " ".join(option.itertext()).strip()) for option in options]
    real = [(value, said) for value, said in offered if value.strip() and not PLACEHOLDER.search(said)]
    return max(real, key=lambda pair: suits(pair[1]), default=(None, ""))[0]


def is_unchosen(entry: Entry) -> bool:
    """Whether a drop-down still shows its "please choose"."""
    if not entry.is_sent or not entry.value.strip():
        return True
    said = [
        " ".join(option.itertext())
        for option in entry.control.iter("option")
        if option_value(option) == entry.value
    ]
    return bool(said) and PLACEHOLDER.search(said[0].strip()) is not None


def suits(said: str) -> int:
    """How well a choice suits a buyer who asks for a better price."""
    if NOT_OURS.search(said):
        return -1
    return 2 if BUYING.search(said) else 1 if GENERAL.search(said) else 0


def words_of(control: Any) -> str:
    """What is written beside a box or a button: its label, or its value."""
    identity = control.get("id")
    labels = control.getroottree().xpath("//label[@for=$identity]", identity=identity) if identity else []
    around = next(control.iterancestors("label"), None)
    said = [" ".join(label.itertext()) for label in (*labels, around) if label is not None]
    return " ".join([*said, control.get("value") or ""])[:300]


def filler(entry: Entry, text: str) -> str:
    """Something honest for a demanded field that means nothing to us."""
    if entry.kind == "url":
        link = LINK.search(text)
        return link.group() if link else ""
    if entry.kind in ("number", "range"):
        return entry.control.get("min") or "1"
    return "-"


def shaped_phone(phone: str, entry: Entry) -> str:
    """The number as the field's pattern or length wants it."""
    digits = re.sub(r"\D", "", phone)
    ten = digits[-10:]
    shapes = [phone, f"+{digits}", digits, ten]
    if len(ten) == 10:
        lead = digits[:-10] or "7"
        shapes += [
            f"+{lead} ({ten[:3]}) {ten[3:6]}-{ten[6:8]}-{ten[8:]}",
            f"+{lead}({ten[:3]}){ten[3:6]}-{ten[6:8]}-{ten[8:]}",
            f"8{ten}",
        ]
    return next((shape for shape in shapes if fits(shape, entry)), phone)


def fits(value: str, entry: Entry) -> bool:
    pattern = entry.control.get("pattern")
    if not pattern:
        return True
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # a JavaScript pattern that Python does not know
        return True


def shorten(text: str, limit: int, link: str = "") -> str:
    """The text cut at a sentence so that it fits, with the link that answers it still in it."""
    if length(text) <= limit:
        return text
    tail = f"\n{link}" if link and length(link) + 1 < limit else ""
    kept = ""
    for piece in re.split(r"(?<=[.!?:])(?=\s)|(?=\n)", text):
        if length(kept + piece) + length(tail) > limit:
            break
        kept += piece
    if not kept.strip():
        room = limit - length(tail)
        kept = text[:room].rpartition(" ")[0] or text[:room]
    return kept.strip() if tail.strip() and tail.strip() in kept.split() else f"{kept.rstrip()}{tail}".strip()


def length(text: str) -> int:
    """Length as browsers and scripts count it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
