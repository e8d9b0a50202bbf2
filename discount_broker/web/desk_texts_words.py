"""Words of the pages on which leads edit texts: what can be named, and why something was refused."""

from typing import Final

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.queries.texts import Text
from discount_broker.escalation.rules.script import Situation
from discount_broker.escalation.rules.texts import LONGEST_TEXT, Flaw
from discount_broker.escalation.status import TextKind
from discount_broker.web.desk_script import SITUATIONS

KINDS: Final[dict[str, LazyString]] = {
    TextKind.SCRIPT: _l("What to say on the phone"),
    TextKind.MAIL: _l("Letters"),
    TextKind.SMS: _l("Text messages"),
}
READERS: Final[dict[str, LazyString]] = {"shop": _l("For a shop"), "buyer": _l("For a buyer")}
VARIABLES: Final[dict[str, LazyString]] = {
    "operator": _l("your name"),
    "service": _l("the name of our service"),
    "company": _l("the company that runs it"),
    "site_address": _l("the address of our site"),
    "shop": _l("the name of the shop"),
    "product": _l("the product, as the shop's page calls it"),
    "price": _l("the price when the buyer asked"),
    "price_now": _l("the price now, where it has changed"),
    "wish": _l("what the buyer asks for: ten per cent off, a price of …"),
    "number": _l("the number of the request"),
    "deadline": _l("the day until which the buyer waits"),
    "attempts": _l("letters and calls without an answer, each with `attempt.day` and `attempt.what`"),
    "unreached": _l("set where no letter of ours has reached the shop"),
    "person": _l("whom we spoke with last"),
    "promise_by": _l("who promised what did not come"),
    "promise_day": _l("the day on which it was promised"),
    "promise_due": _l("the time by which it was promised"),
    "buyer_phone": _l("the buyer's phone, where the shop may know it"),
    "buyer_email": _l("the buyer's e-mail address, where the shop may know it"),
    "best_time": _l("when the buyer is best reached"),
    "contact_wishes": _l("when and how the buyer wants to be left alone"),
    "link": _l("the buyer's page of the request (in what is written to buyers)"),
}
REFUSALS: Final[dict[str, LazyString]] = {
    "text_empty": _l("Please write something."),
    "text_title_missing": _l("Please give it a title of at most 100 letters."),
    "text_key_odd": _l("Please use small Latin letters, digits and underscores, and begin with a letter."),
    "text_key_taken": _l("There is a text of this name already. Please open it, or choose another name."),
    "text_has_flaws": _l("Something in it cannot be said. Please see what, line by line."),
    "text_changed_meanwhile": _l(
        "Somebody has saved another version since you opened this one; it stands below. "
        "What you typed is kept: save it once more to put yours in its place."
    ),
}


def title_of(text: Text) -> str:
    """What a text is called on the desk."""
    if text.kind is TextKind.SCRIPT:
        return str(SITUATIONS[Situation(text.key)])
    return text.title or text.key


def flaw_in_words(flaw: Flaw) -> str:
    """Where something is wrong, what, and what may have been meant."""
    where = gettext("Line %(line)s:", line=flaw.line)
    return f"{where} {_what(flaw)}"


def _what(flaw: Flaw) -> str:
    said = {
        "unknown_name": _l("there is no “%(name)s”."),
        "unknown_part": _l("there is no “%(name)s”."),
        "unknown_filter": _l("“%(name)s” cannot stand behind a bar; upper, lower and capitalize can."),
        "not_allowed": _l(
            "this cannot stand here (%(name)s). A text may name facts, ask whether they are known, "
            "and list the attempts."
        ),
        "syntax": _l("this is not finished, or a sign is missing or too many: %(name)s"),
        "too_deep": _l("too many conditions stand within one another here."),
        "too_long": _l("here the text is longer than %(most)s letters."),
    }[flaw.code] % {"name": flaw.name, "most": LONGEST_TEXT}
    if not flaw.nearest:
        return str(said)
    nearest = gettext("Did you mean “%(nearest)s”?", nearest=flaw.nearest)
    return f"{said} {nearest}"
