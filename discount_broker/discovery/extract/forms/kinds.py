"""What a form is for: told at a glance where it is plain, else by weighed signs and a few prohibitions."""

import re
from collections.abc import Collection

from discount_broker.discovery.extract.forms.descriptions import FieldRole, FormKind
from discount_broker.discovery.extract.forms.signs import signs_of
from discount_broker.discovery.extract.forms.traits import Traits
from discount_broker.discovery.extract.forms.weights import Weights
from discount_broker.discovery.extract.forms.words import concepts_of, words_of
from discount_broker.discovery.extract.vocabulary import words

REQUEST = "request"
"""A class of the model: asks to be called back, orders or books by a form; an order without a letter."""
NOT_A_SEARCH = frozenset(
    words(
        "newsletter email phone coupon ordernumber login user password comment captcha filter order "
        "register pass vote contact"
    )
)
STARS = re.compile(r"\brating|\bstars?\b|\bscore\b|оценк|ocenka|bewertung|reviewtitle", re.IGNORECASE)
OF_TWO_PEOPLE = re.compile(
    r"recipient|receiver|friend|(?:^|\s)(?:to[_-]?e?mail|e?mail[_-]?to)(?![a-z_-])|empf[aä]nger|destinata",
    re.IGNORECASE,
)
"""Fields of a letter to somebody else."""
ABOUT_THE_PAGE = re.compile(r"helpful|hilfreich|positiv|полезн|was_this", re.IGNORECASE)
MOST_REASONS = 4
ZONES = {
    "code": "the form is called",
    "target": "it is sent to",
    "field": "a field is called",
    "hidden": "a hidden field is called",
    "say": "a label says",
    "button": "a button says",
    "text": "its text says",
    "head": "the text above says",
    "box": "the box around it is called",
    "url": "the page's address says",
}


def is_plain_search(form: Traits) -> bool:
    """One field, called a search, and nothing that speaks of anything else."""
    visible = [control for control in form.bare if control.type != "hidden" and not control.is_button]
    if len(visible) != 1 or visible[0].type not in ("text", "search"):
        return False
    said = _concepts(f"{form.code} {form.target} {visible[0].code} {visible[0].hint}")
    named = {"search", "query"} & (said | concepts_of(visible[0].name.lower()))
    return bool(named or visible[0].type == "search") and not NOT_A_SEARCH & said


def _concepts(text: str) -> set[str]:
    found: set[str] = set()
    for word in words_of(text):
        found |= concepts_of(word)
    return found


def kind_of(
    form: Traits, roles: Collection[FieldRole], weights: Weights
) -> tuple[FormKind, float, tuple[str, ...]]:
    """The likeliest kind, how likely it is, and the signs that speak for it."""
    signs = signs_of(form)
    chances = weights.chances(signs)
    for kind in _forbidden(form, roles):
        chances[kind] = 0.0
    best = max(chances, key=lambda name: chances[name])
    confidence = round(min(0.999, chances[best] / (sum(chances.values()) or 1.0)), 3)
    why = tuple(_in_words(sign) for sign in weights.reasons(signs, best, MOST_REASONS))
    return _named(best, signs), confidence, why


def _forbidden(form: Traits, roles: Collection[FieldRole]) -> set[str]:
    """What a form can never be, whatever its words say."""
    if form.types["password"]:
        return {FormKind.CONTACT, FormKind.COMMENT, FormKind.NEWSLETTER, REQUEST}
    found: set[str] = set()
    names = " ".join(control.code for control in form.asked)
    if (FieldRole.MESSAGE not in roles and not form.has_message) or any(
        pattern.search(names) for pattern in (STARS, OF_TWO_PEOPLE, ABOUT_THE_PAGE)
    ):
        found.add(FormKind.CONTACT)
    if not {FieldRole.EMAIL, FieldRole.PHONE} & set(roles) and len(form.typed) < 3:
        found.add(FormKind.CONTACT)
    return found


def _named(best: str, signs: Collection[str]) -> FormKind:
    if best == REQUEST:
        return FormKind.ORDER
    if best == FormKind.OTHER and "choices" in signs and any(sign.endswith("~filter") for sign in signs):
        return FormKind.FILTER
    return FormKind(best)


def _in_words(sign: str) -> str:
    shape, _, rest = sign.rpartition("&")
    for mark, joint in (("~", "something like"), (":", "")):
        zone, found, word = rest.partition(mark)
        if found and zone in ZONES:
            said = " ".join(part for part in (ZONES[zone], joint, f"“{word}”") if part)
            return f"{said} ({shape})" if shape else said
    return sign
