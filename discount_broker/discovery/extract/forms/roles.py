"""What each field of a form wants: rules where there is no doubt, weighed signs for what people fill in."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from discount_broker.discovery.extract.forms.controls import Control
from discount_broker.discovery.extract.forms.descriptions import FieldRole
from discount_broker.discovery.extract.forms.signs import signs_of_phrase
from discount_broker.discovery.extract.forms.weights import Weights
from discount_broker.discovery.extract.forms.words import concepts_of

MOST_WEIGHED = 60
"""Fields of a form that are weighed; no form that people write letters in has more."""
SUM = re.compile(
    r"(?<![\d+()-])(?<!\d[ -])\d{1,2}\s*(?:[+*x×-]|plus|mal|плюс)\s*\d{1,2}\s*(?:=|\?|$)", re.IGNORECASE
)
"""A riddle for robots; the pieces of an example of a phone number are none."""
RANDOM = re.compile(r"(?=.*\d)[A-Za-z0-9+/=_-]{24,}")
CANCEL = re.compile(r"cancel|abbrech|annul|отмен|\breset\b|clear|очист", re.IGNORECASE)
NEIGHBOURS = frozenset(
    {"email", "phone", "name", "first", "last", "subject", "message", "captcha", "address", "company"}
)


def plain_role(control: Control) -> FieldRole | None:
    """The role of a control about which its type leaves no doubt."""
    if control.type == "hidden":
        return _of_hidden(control)
    if "captcha" in (code := control.name.lower()) and ("response" in code or "challenge" in code):
        return FieldRole.CAPTCHA
    if control.is_button:
        return FieldRole.OTHER if CANCEL.search(control.name) else FieldRole.SUBMIT
    if control.type == "file":
        return FieldRole.FILE
    if control.type in ("password", "reset", "button", "color", "range"):
        return FieldRole.OTHER
    return FieldRole.HONEYPOT if control.is_trap else None


def _of_hidden(control: Control) -> FieldRole:
    name = control.name.lower()
    if "captcha" in name or "smart-token" in name or "turnstile" in name:
        return FieldRole.TOKEN if "sid" in name else FieldRole.CAPTCHA
    if "token" in concepts_of(re.sub(r"[\W_]+", " ", name)) or RANDOM.fullmatch(control.get("value")):
        return FieldRole.TOKEN
    return FieldRole.OTHER


@lru_cache(maxsize=20_000)
def _phrase(zone: str, text: str) -> tuple[str, ...]:
    return tuple(signs_of_phrase(zone, text))


ORDER_OF_GUESSES = (
    "captcha",
    "ordernumber",
    "fax",
    "middle",
    "optin",
    "consent",
    "email",
    "last",
    "first",
    "phone",
    "company",
    "user",
    "website",
    "file",
    "name",
    "address",
    "subject",
    "message",
    "gender",
    "date",
    "quantity",
    "query",
    "search",
    "coupon",
)
"""What a text most likely wants that speaks of several things, the surest first."""


ROLE_CONCEPTS = frozenset(ORDER_OF_GUESSES)


def _concepts_of(signs: Sequence[str]) -> set[str]:
    return {sign.partition("~")[2] for sign in signs}


def _guess(signs: Sequence[str]) -> str:
    concepts = _concepts_of(signs)
    return next((concept for concept in ORDER_OF_GUESSES if concept in concepts), "")


def _group(control: Control) -> str:
    return "text" if control.type in ("text", "email", "tel", "url", "number", "search") else control.type


def _look(control: Control) -> Iterator[str]:
    yield f"type={control.type}"
    if control.is_required:
        yield "required"
    if control.is_out_of_sight:
        yield "out of sight"
        yield f"out of sight {_group(control)}"
    if control.get("tabindex") == "-1":
        yield "not to be reached"
    if control.get("autocomplete") in ("off", "nope", "new-password"):
        yield "autocomplete off"
    if control.get("maxlength").isdigit() and int(control.get("maxlength")[:6]) < 10:
        yield "short"
    if control.picture:
        yield "picture"
        yield from _phrase("picture", control.picture[-60:])
    if SUM.search(control.said):
        yield "a sum"


def own_signs(control: Control) -> set[str]:
    """Signs of the control by itself."""
    found = set(_look(control))
    group = _group(control)
    code, label = _phrase("code", control.code), _phrase("label", control.label)
    hint, choice = _phrase("hint", control.hint), _phrase("choice", control.choices)
    lead = _phrase("lead", control.lead)
    told = (*code, *label, *hint, *choice, *lead)
    found.update(told)
    found.update(f"{group}&{sign}" for sign in told if "~" in sign)
    found.update(f"any~{sign.partition('~')[2]}" for sign in told if "~" in sign)
    by_code, by_label = _guess(code), _guess(label) or _guess(hint)
    found |= {
        f"by code {by_code}", f"by label {by_label}", f"best {by_label or by_code}",
        f"{group} best {by_label or by_code}", f"{group} by lead {_guess(lead)}",
    }  # fmt: skip
    if by_code == by_label:
        found.add(f"both {by_code}")
    if by_label and len(_concepts_of((*label, *hint)) & ROLE_CONCEPTS) == 1:
        found |= {f"nothing but {by_label}", f"{group} nothing but {by_label}"}
    found.update(_phrase("box", control.surroundings))
    return found


def signs_of_field(place: int, filled: Sequence[Control], own: Sequence[set[str]]) -> set[str]:
    """Signs of one of the controls that people fill in: its own, and where it stands among the others."""
    control, group = filled[place], _group(filled[place])
    found = set(own[place])
    found.add(f"{group} {'first' if place == 0 else 'second' if place == 1 else 'later'}")
    for step, name in ((-1, "before"), (1, "behind")):
        if 0 <= place + step < len(filled):
            beside = own[place + step]
            found.update(f"{name}~{concept}" for concept in NEIGHBOURS if f"any~{concept}" in beside)
            found.add(f"{name} {_group(filled[place + step])}")
        else:
            found.add(f"nothing {name}")
    others = [signs for signs in own if signs is not own[place]]
    found.update(
        f"{group} and no other {concept}"
        for concept in ("email", "phone", "name", "subject", "message")
        if not any(f"any~{concept}" in signs for signs in others)
    )
    areas = [other for other in filled if other.type == "textarea"]
    if control.type == "textarea":
        found.add("the first text area" if areas[0] is control else "another text area")
        if len(areas) == 1:
            found.add("the only text area")
    elif areas:
        found.add(f"{group} beside a text area")
    return found


SURE_TYPES = {"email": FieldRole.EMAIL, "tel": FieldRole.PHONE}


def sure_role(place: int, filled: Sequence[Control], own: Sequence[set[str]]) -> FieldRole | None:
    """What the type of a field to fill in says of itself."""
    control, signs = filled[place], own[place]
    if control.type != "textarea":
        is_sum = "a sum" in signs and control.type not in SURE_TYPES
        riddle = (is_sum or "captcha" in control.name.lower()) and control.is_typed
        if riddle:
            return FieldRole.CAPTCHA
        numbered = control.type == "text" and "best ordernumber" in signs
        return FieldRole.ORDER_NUMBER if numbered else SURE_TYPES.get(control.type)
    speaks = "any~message" in signs
    if "any~captcha" in signs or ("any~address" in signs and not speaks):
        return None
    alone = sum(other.type == "textarea" for other in filled) == 1
    return FieldRole.MESSAGE if alone or speaks else None


def fillable(controls: Sequence[Control]) -> list[Control]:
    return [control for control in controls if plain_role(control) is None]


QUICK = {
    "captcha": FieldRole.CAPTCHA,
    "optin": FieldRole.NEWSLETTER,
    "consent": FieldRole.CONSENT,
    "email": FieldRole.EMAIL,
    "last": FieldRole.LAST_NAME,
    "first": FieldRole.FIRST_NAME,
    "phone": FieldRole.PHONE,
    "user": FieldRole.OTHER,
    "name": FieldRole.NAME,
    "address": FieldRole.ADDRESS,
}
OF_BOXES = frozenset({"optin", "consent"})


def quick_roles(controls: Sequence[Control]) -> dict[Control, FieldRole]:
    """Roles by the first thing that type, label or name speak of: enough where no letter can be written."""
    return {
        control: plain_role(control) or SURE_TYPES.get(control.type) or _quick(control)
        for control in controls
    }


def _quick(control: Control) -> FieldRole:
    said = concepts_of(control.said.lower()) or concepts_of(control.code.lower())
    fit = (
        role for concept, role in QUICK.items() if concept in said and control.is_box == (concept in OF_BOXES)
    )
    return next(fit, FieldRole.OTHER)


def roles_of(controls: Sequence[Control], weights: Weights) -> dict[Control, FieldRole]:
    """The role of each control, in the order given."""
    roles = {control: plain_role(control) for control in controls}
    filled = [control for control, role in roles.items() if role is None][:MOST_WEIGHED]
    own = [own_signs(control) for control in filled]
    for place, control in enumerate(filled):
        roles[control] = sure_role(place, filled, own) or FieldRole(
            weights.likeliest(signs_of_field(place, filled, own))
        )
    known = {control: role or FieldRole.OTHER for control, role in roles.items()}
    if FieldRole.LAST_NAME in known.values() and FieldRole.FIRST_NAME not in known.values():
        # "Name" beside "Surname" asks for the first name.
        return {c: FieldRole.FIRST_NAME if role == FieldRole.NAME else role for c, role in known.items()}
    return known
