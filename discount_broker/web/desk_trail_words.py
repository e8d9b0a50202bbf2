"""The sentences of the audit trail, by what was changed; each goes on from the name of who did it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.web.desk_review_words import DECISIONS
from discount_broker.web.desk_words import ENDINGS, PROMISE_KINDS, RESULTS_SHORT
from discount_broker.web.filters import moment_in_words

SENTENCES: Final[dict[str, LazyString]] = {
    # Cases and the queue
    "shop_taken": _l("Took the shop in hand."),
    "shop_released": _l("Gave the shop back."),
    "case_snoozed": _l("Put the case off until %(until)s."),
    "case_closed": _l("Closed the case %(number)s: %(ending)s."),
    "sent_by_hand": _l("Filled in the shop's form by hand."),
    # Calls
    "call_logged": _l("Wrote down a call of %(minutes)s min: %(result)s."),
    "call_started": _l("Began a call to the shop."),
    "call_dropped": _l("Dropped a call that was under way."),
    "person_corrected": _l("Put right what is known of %(name)s."),
    "person_left": _l("Noted that %(name)s does not work there any more."),
    "person_came_back": _l("Noted that %(name)s works there after all."),
    "phone_call_settled": _l("Noted that nothing follows from a call."),
    "price_asked": _l("Had the price read again."),
    "case_reopened": _l("Opened the case again."),
    "form_tried": _l("Tried to fill in the shop's form by hand: %(outcome)s."),
    "outcome_found": _l("Found out whether our letter had arrived."),
    # The lead's word
    "case_flagged": _l("Asked the lead to look at the case."),
    "case_unflagged": _l("Took the flag away: the lead has looked at the case."),
    "case_reviewed": _l("Looked through the case and decided: %(decision)s."),
    "review_read": _l("Read what the lead wrote."),
    # Texts
    "text_changed": _l("Changed the text %(text)s (%(language)s): version %(version)s."),
    "text_restored": _l("Went back to version %(old)s of the text %(text)s (%(language)s)."),
    "text_retired": _l("Retired the text %(text)s (%(language)s)."),
    "offer_said": _l("Wrote down an offer made on the phone, and asked the shop to confirm it."),
}
"""With the names of the entry's facts as placeholders; a fact that an old entry lacks reads as nothing."""
UNNAMED: Final = _l("Changed something that has no words yet: %(what)s.")

WORDS_OF_FACTS: Final[dict[str, Mapping[str, LazyString]]] = {
    "result": RESULTS_SHORT,
    "ending": ENDINGS,
    "kind": PROMISE_KINDS,
    "decision": DECISIONS,
}
"""Facts that are codes of the domain, and how people say them."""


def sentence(what: str, facts: Mapping[str, Any], now: datetime) -> str:
    """What was done, in words; of a key without a sentence at least the key."""
    said = {name: _fact(name, value, now) for name, value in facts.items()}
    return str(SENTENCES.get(what, UNNAMED)) % defaultdict(str, said, what=what)


def _fact(name: str, value: Any, now: datetime) -> str:
    if name == "until" or name.endswith("_at"):
        return moment_in_words(datetime.fromisoformat(value), now) if value else ""
    return str(WORDS_OF_FACTS.get(name, {}).get(value, "" if value is None else value))
