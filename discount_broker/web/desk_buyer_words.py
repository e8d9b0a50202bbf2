"""The words of the buyers' cards."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _l

from discount_broker.accounts.status import ContactWishKind, Standing, ZoneSource
from discount_broker.discount_requests.status import Outcome
from discount_broker.web.filters import day, zone_name

if TYPE_CHECKING:
    from discount_broker.accounts.models import ContactWish
    from discount_broker.accounts.rules.wishes import Wish
    from discount_broker.escalation.operations.wishes import Moved

REFUSALS: Final[dict[str, LazyString]] = {
    "wish_hours_missing": _l("From when until when? Please fill in both times."),
    "wish_hours_empty": _l("This begins and ends at the same minute, so it leaves no time quiet."),
    "wish_day_missing": _l("On which day? Please choose one."),
    "wish_day_past": _l("This day has passed."),
    "standing_needs_reason": _l("Please say why: colleagues read it before they call."),
    "zone_unknown": _l("There is no time zone of this name. It looks like Europe/Moscow."),
    "card_changed": _l(
        "A colleague has changed this card since you opened it: what it says now stands above. Press again to"
        " keep what you typed."
    ),
    "birthday_wrong": _l("This cannot be a birthday."),
    "note_empty": _l("Please write something first."),
    "note_too_long": _l("This is too long for one note. Please shorten it to 4,000 characters."),
    "lead_type_missing": _l("Please give each rule the kind of lead it names."),
    "lead_condition_no_number": _l("This is no number."),
    "lead_rules_too_many": _l("More than 40 rules can no longer be overlooked."),
    "lead_rules_changed": _l(
        "A colleague has changed the rules meanwhile. Yours are below: look at theirs first, then save."
    ),
    "letter_empty": _l("Please write something first."),
    "letter_too_long": _l("This is too long. Please shorten it."),
    "text_needs_consent": _l("This buyer has not agreed to SMS. Please write a mail."),
    "text_has_no_number": _l("There is no number that takes SMS. Please write a mail."),
    "text_has_no_hour": _l("The buyer's wishes leave no hour for an SMS. Please write a mail."),
    "text_not_possible": _l("No SMS can leave: no gateway is set up, or this number wants none from us."),
    "no_request": _l("Please choose what the letter is about."),
    "merge_itself": _l("This is the same card."),
    "merge_gone": _l("One of the two cards is kept elsewhere already, or was erased."),
    "buyer_unknown": _l("Nobody is known by this. Type a whole e-mail address or the number of a request."),
    "confirm_missing": _l("Nothing has been erased. Please type the address to confirm it."),
}  # fmt: skip
STANDINGS: Final[dict[Standing, LazyString]] = {
    Standing.NONE: _l("Nothing special"),
    Standing.LOYAL: _l("Loyal"),
    Standing.DIFFICULT: _l("Difficult"),
}
TONES: Final = {Standing.LOYAL: "good", Standing.DIFFICULT: "warn"}
WISH_KINDS: Final[dict[ContactWishKind, LazyString]] = {
    ContactWishKind.QUIET_HOURS: _l("Leave them alone between two times"),
    ContactWishKind.WRITE_ONLY: _l("Write, do not call"),
    ContactWishKind.NOT_ON: _l("Leave them alone on one day"),
}
ZONE_SOURCES: Final[dict[ZoneSource, LazyString]] = {
    ZoneSource.CARD: _l("as it stands on the card"),
    ZoneSource.PHONE: _l("by the country of their phone"),
    ZoneSource.SHOP: _l("by the shop they last asked about"),
    ZoneSource.UNKNOWN: _l("nothing tells where they live"),
}
VIAS: Final[dict[str, LazyString]] = {
    "form": _l("our form"),
    "bookmarklet": _l("the bookmarklet"),
    "share": _l("the share menu of a phone"),
    "api": _l("the interface for programs"),
}
CONDITIONS: Final[dict[str, LazyString]] = {
    "via": _l("Came by"),
    "referrer": _l("From the site"),
    "campaign": _l("Campaign"),
    "requests_at_least": _l("Requests, at least"),
    "accepted_at_least": _l("Accepted, at least"),
    "category": _l("Category holds"),
    "value_at_least": _l("Dearest product, at least"),
    "country": _l("Country of the shop"),
    "language": _l("Language"),
}
OUTCOMES: Final[dict[Outcome, LazyString]] = {
    Outcome.BOUGHT: _l("bought with the discount"),
    Outcome.BOUGHT_ALREADY: _l("bought already, without us"),
    Outcome.CALLED: _l("the shop got in touch"),
    Outcome.NOTHING: _l("the shop never got in touch"),
    Outcome.WITHDRAWN: _l("withdrawn by the buyer"),
    Outcome.NO_OFFER: _l("no offer came"),
}


def wish_in_words(wish: "Wish | ContactWish") -> str:
    """`No calls and no texts from 13:00 to 15:00`."""
    if wish.kind is ContactWishKind.WRITE_ONLY:
        return str(gettext("Write, do not call"))
    if wish.kind is ContactWishKind.NOT_ON:
        return str(gettext("No calls and no SMS on %(day)s", day=day(wish.on_day)))
    begins, ends = clock(wish.from_minute or 0), clock(wish.until_minute or 0)
    return str(gettext("No calls and no SMS from %(begins)s to %(ends)s", begins=begins, ends=ends))


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def moved_in_words(moved: "Moved") -> str:
    """What a wish has changed of what was planned."""
    said = [
        ngettext("One planned call was put off.", "%(num)d planned calls were put off.", moved.calls)
        if moved.calls
        else "",
        ngettext("One SMS waits longer.", "%(num)d SMS wait longer.", moved.texts) if moved.texts else "",
        ngettext(
            "A shop has promised a call that this buyer does not want: please tell it.",
            "Shops have promised %(num)d calls that this buyer does not want: please tell them.",
            moved.unwanted,
        )
        if moved.unwanted
        else "",
    ]
    return " ".join(each for each in said if each)


def clock_in_words(zone: str, source: ZoneSource) -> str:
    return str(gettext("Time of %(place)s, %(why)s", place=zone_name(zone), why=ZONE_SOURCES[source]))


def origin_in_words(origin: Mapping[str, Any]) -> str:
    """`our form, from forum.example, campaign spring`; empty where nothing is known."""
    via = origin.get("via", "")
    parts = [str(VIAS.get(via, via))] if via else []
    if origin.get("referrer"):
        parts.append(gettext("from %(site)s", site=origin["referrer"]))
    if origin.get("campaign"):
        parts.append(gettext("campaign %(name)s", name=origin["campaign"]))
    paid = [origin[name] for name in ("source", "medium") if origin.get(name)]
    return ", ".join(parts + paid)
