"""What a sensible visitor ticks and chooses where a form offers a choice."""

import re
from dataclasses import replace
from typing import Any

from discount_broker.discovery.extract.forms.descriptions import FieldRole
from discount_broker.outreach.form_filling.drafts import Corrections
from discount_broker.outreach.form_filling.entry_list import Entry, is_option_disabled, option_value
from discount_broker.outreach.form_filling.questions import Question, label_of

BUYING = re.compile(
    r"скид|цен|товар|заказ|покуп|продаж|продук|sales|order|product|pric|purchas|buy|bestell|produkt"
    r"|vente|produit|venta|pedido|quote|vendit|prodott|verkoop",
    re.IGNORECASE,
)
GENERAL = re.compile(
    r"общ|друг|ин(?:ое|ой)|вопрос|консульт|general|other|question|enquir|inquir|customer|service|support"
    r"|allgemein|sonstig|autre|otro|altro|overig|anders|consulta|e-?mail|почт",
    re.IGNORECASE,
)
NOT_OURS = re.compile(
    r"возврат|рекламац|претенз|жалоб|ваканс|работ|сотруднич|гарант|сми\b|доставк|оптов|поставщ"
    r"|return|refund|complain|claim|missing|incorrect|defect|damag|broken|cancel|track|shipp|deliver"
    r"|job|career|recruit|press|media|warrant|technical|tech.?support|my order|existing order"
    r"|webmaster|partner|wholesale|investor|advert|reklamation|retoure|presse|reclam|klacht",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    r"^\W*$|выбер|укаж|choose|select|please|wählen|choisi|elija|seleccion|scegli|kies|^-", re.IGNORECASE
)
YES = re.compile(r"\b(?:yes|y|agree|accept|true|1|on|ja|oui|si)\b|соглас|\bда\b|принима", re.IGNORECASE)
NO = re.compile(
    r"\b(?:no|n|false|0|off|nein|non|nee|disagree|decline)\b|\bнет\b|не (?:соглас|хоч|над|подпис)", re.I
)
NEWS = re.compile(
    r"newsletter|subscri|mailing.?list|\bnews\b|promo|marketing|opt.?in\b|special offers"
    r"|рассылк|подписа|новост|рекламн|акци(?:и|ях)\b|abonn|infolettre|bolet[ií]n|nieuwsbrief",
    re.IGNORECASE,
)
SMS = re.compile(r"(?:\b|_)(?:sms|text messages?)(?:\b|_)|смс", re.IGNORECASE)
PROCESSING = re.compile(
    r"персональн|обработк|конфиденциальн|соглаш|оферт|услови|privacy|personal (?:data|information)"
    r"|data protection|gdpr|terms|processing|datenschutz|agb\b|données|confidentialit|datos|privacidad"
    r"|dati personali|gegevens",
    re.IGNORECASE,
)


def chosen_option(question: Question, corrections: Corrections) -> Entry:
    """The drop-down with the option that suits a buyer's question best, or as it was served."""
    entry, role = question.entry, question.role
    tried = corrections[entry.name].tried if entry.name in corrections else None
    is_open = question.is_demanded or role == FieldRole.SUBJECT
    if role == FieldRole.NEWSLETTER or role in (FieldRole.TOKEN, FieldRole.HONEYPOT):
        return entry
    if (is_open and _is_unchosen(entry)) or tried is not None or _is_unsuitable(entry):
        value = _best_option(entry.control, tried, _wish_of(role))
        return entry if value is None else entry.with_value(value)
    return entry


def _is_unsuitable(entry: Entry) -> bool:
    """It stands at somebody else's business, and ours can be chosen."""
    if not entry.is_sent or len(list(entry.control.iter("option"))) > 40:
        return False
    shown = _shown(entry)
    return suits(shown) < 0 and any(suits(said) > 0 for _, said in _offered(entry.control))


def _shown(entry: Entry) -> str:
    return next((said for value, said in _offered(entry.control) if value == entry.value), "")


def _offered(select: Any) -> list[tuple[str, str]]:
    options = [option for option in select.iter("option") if not is_option_disabled(option)]
    return [(option_value(option), " ".join("".join(option.itertext()).split())) for option in options]


def _best_option(select: Any, tried: str | None, wish: re.Pattern[str] | None) -> str | None:
    real = [
        (value, said)
        for value, said in _offered(select)
        if value.strip() and not PLACEHOLDER.search(said) and value != tried
    ]
    if wish and (wished := [value for value, said in real if wish.search(said)]):
        return wished[0]
    return max(real, key=lambda pair: suits(pair[1]), default=(None, ""))[0]


def _wish_of(role: FieldRole) -> re.Pattern[str] | None:
    return {FieldRole.CONSENT: YES, FieldRole.NEWSLETTER: NO}.get(role)


def _is_unchosen(entry: Entry) -> bool:
    """Whether a drop-down still shows its "please choose"."""
    if not entry.is_sent or not entry.value.strip():
        return True
    return PLACEHOLDER.search(_shown(entry).strip()) is not None


def suits(said: str) -> int:
    """How well a choice suits a buyer who asks for a better price."""
    if NOT_OURS.search(said):
        return -1
    return 2 if BUYING.search(said) else 1 if GENERAL.search(said) else 0


def words_of(control: Any) -> str:
    """What is written beside a box or a button: its label, or its value."""
    return f"{label_of(control)} {_said_behind(control)} {control.get('value') or ''}"[:300]


def _said_behind(control: Any) -> str:
    return "" if label_of(control).strip() else " ".join((control.tail or "").split())


def pressed_radio(group: list[Question]) -> Entry:
    """The one of a row of buttons that a visitor of ours would press."""
    wish = _wish_of(group[0].role)
    wished = [q.entry for q in group if wish and wish.search(words_of(q.entry.control))]
    if wished:
        return wished[0]
    ticked = [q.entry for q in group if q.entry.is_sent]
    return ticked[-1] if ticked else max((q.entry for q in group), key=lambda e: suits(words_of(e.control)))


def radio(question: Question, pressed: Entry, *, is_demanded: bool, corrections: Corrections) -> Entry:
    entry = question.entry
    if entry is not pressed:
        return replace(entry, is_sent=False)
    roles = (FieldRole.SUBJECT, FieldRole.CONSENT, FieldRole.NEWSLETTER)
    is_asked = is_demanded or question.role in roles or entry.name in corrections
    return entry.with_value(entry.value) if is_asked else entry


def box(question: Question, group: list[Question]) -> Entry:
    """Consent yes, news no: also where the shop ticked it beforehand, for nobody asked for its news."""
    entry = question.entry
    if _brings_news(question):
        return replace(entry, is_sent=False)
    if question.role == FieldRole.CONSENT:
        return entry.with_value(entry.value)
    if not any(each.is_demanded for each in group):
        return entry
    if len(group) > 1 and not _is_consent_row(group):
        return _one_of_row(question, group)
    return entry.with_value(entry.value)


def _brings_news(question: Question) -> bool:
    """Advertising, and no more than that: one box for both is ticked only where it is demanded."""
    said = f"{question.said} {words_of(question.entry.control)}"
    speaks_of_data = PROCESSING.search(said) is not None
    if question.role == FieldRole.NEWSLETTER:
        return not (question.is_demanded and speaks_of_data)
    if question.is_demanded and question.role == FieldRole.CONSENT:
        return False
    is_text_service = SMS.search(said) is not None and not question.is_demanded
    return not speaks_of_data and (is_text_service or NEWS.search(said) is not None)


def _is_consent_row(group: list[Question]) -> bool:
    return all(q.role == FieldRole.CONSENT or PROCESSING.search(q.said) for q in group)


def _one_of_row(question: Question, group: list[Question]) -> Entry:
    """Of a row of boxes one is enough."""
    if any(q.entry.is_sent for q in group):
        return question.entry
    best = max(group, key=lambda q: suits(words_of(q.entry.control)))
    return question.entry.with_value(question.entry.value) if question is best else question.entry
