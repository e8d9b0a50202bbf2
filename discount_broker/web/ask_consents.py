"""The words of the boxes that a buyer may tick, in one place, and what was agreed to by them."""

from typing import Final, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.accounts.rules.consents import ConsentSaid
from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.site import site


class Words(NamedTuple):
    """What stands beside a box; whoever changes a word counts the version on."""

    version: str
    label: LazyString
    hint: LazyString


WORDS: Final[dict[ConsentKind, Words]] = {
    ConsentKind.PROCESSING: Words(
        "processing:2",
        _l("I agree that my details are used to ask shops for this discount"),
        _l("Without it we may not ask. You can withdraw the request, or have all deleted, at any time."),
    ),
    ConsentKind.DIRECT_CONTACT: Words(
        "direct_contact:1",
        _l("Shops may contact me directly"),
        _l(
            "Off: every answer goes through us and nobody learns your address. On: shops see your e-mail and"
            " phone at once."
        ),
    ),
    ConsentKind.TEXTS: Words(
        "texts:1",
        _l("Text me the news to my phone as well"),
        _l(
            "Only if you like: I agree that %(service)s texts my number when an offer comes, a shop will call"
            " or my number for the shop is there. By day only, and one word ends it."
        ),
    ),
    ConsentKind.NEWS: Words(
        "news:2",
        _l("Write to me with more than news of my own requests"),
        _l(
            "Off: you hear of what you asked for, and of nothing else. On: when nothing came, also of"
            " products like it; and, if you tell us the day, a word on your birthday."
        ),
    ),
}


def hint_of(kind: ConsentKind) -> str:
    return str(WORDS[kind].hint).replace("%(service)s", site().service_name)


def said(ticked: dict[ConsentKind, bool]) -> tuple[ConsentSaid, ...]:
    """A line for each box that was shown, in the language in which it was."""
    return tuple(
        ConsentSaid(
            kind=kind,
            is_given=is_given,
            version=WORDS[kind].version,
            text=f"{WORDS[kind].label}. {hint_of(kind)}",
        )
        for kind, is_given in ticked.items()
    )
