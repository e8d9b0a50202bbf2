"""The sentences of the audit trail, by what was changed; each goes on from the name of who did it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.web.desk_clocks_words import CLOCKS
from discount_broker.web.desk_mail_words import SAID
from discount_broker.web.desk_review_words import DECISIONS
from discount_broker.web.desk_sending_words import HOLDS, REVIEWS, STOP_KINDS
from discount_broker.web.desk_staff_words import ROLES
from discount_broker.web.desk_words import ENDINGS, HAND_OUTCOMES, PROMISE_KINDS, RESULTS_SHORT
from discount_broker.web.filters import moment_in_words

SENTENCES: Final[dict[str, LazyString]] = {
    # Cases and the queue
    "shop_taken": _l("Took the shop in hand."),
    "shop_released": _l("Gave the shop back."),
    "claim_moved": _l("Went with its cases into the same hands: %(domain)s is another name of this shop."),
    "claim_lost": _l("Lost hold of %(domain)s: it is another name of this shop, which a colleague has."),
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
    "form_tried": _l("Tried to fill in the shop's form by hand: %(outcome)s. %(why)s"),
    "outcome_found": _l("Found out whether our letter had arrived."),
    # Promises and clocks
    "promise_made": _l("Wrote down a promise: %(kind)s, by %(due_at)s."),
    "promise_moved": _l("Agreed on another time for a promise: %(kind)s, by %(due_at)s."),
    "promise_kept": _l("A promise was kept: %(kind)s."),
    "promise_broken": _l("A promise was broken: %(kind)s."),
    "promise_withdrawn": _l("Took a promise back: %(kind)s."),
    "clock_warned": _l("A clock runs out soon: %(clock)s."),
    "clock_missed": _l("A clock ran out: %(clock)s."),
    "clock_changed": _l(
        "Changed a clock: %(clock)s, %(minutes)s min, with a warning %(warn_minutes)s min before."
    ),
    # The lead's word
    "case_flagged": _l("Asked the lead to look at the case."),
    "case_unflagged": _l("Took the flag away: the lead has looked at the case."),
    "case_reviewed": _l("Looked through the case and decided: %(decision)s."),
    "review_read": _l("Read what the lead wrote."),
    # Checks, and what shops say to their cards
    "check_asked": _l("Asked the question of a responsiveness check (%(round)s)."),
    "check_noted": _l("Wrote down what came of a responsiveness check (%(round)s)."),
    "check_finished": _l("Finished a responsiveness check (%(round)s)."),
    "check_dropped": _l("Left the shop out of the responsiveness checks (%(round)s)."),
    "card_reply_published": _l("Put a reply of the shop beside its score-card."),
    "card_reply_answered": _l("Answered a reply of the shop to its score-card."),
    # Letters, and what may leave
    "mail_filed": _l("Filed a letter that no rule could place."),
    "mail_set_aside": _l("Set a letter aside: it belongs to nothing of ours."),
    "mail_taken_up": _l("Took up a letter again that had been set aside."),
    "letter_written": _l("Wrote a letter by hand."),
    "letter_taken_back": _l("Took a letter back before it left."),
    "answer_entered": _l("Entered what the shop answered."),
    "suggestion_taken": _l("Followed what a letter says: %(intent)s."),
    "suggestion_dismissed": _l("Put aside what a letter seemed to say: %(intent)s."),
    "task_settled": _l("Looked at a task: %(task)s."),
    "stop_entered": _l("Entered in the stop list: %(stop)s."),
    "stop_lifted": _l("Took back an entry of the stop list: %(stop)s."),
    "sending_held": _l("Held back what would leave: %(held)s."),
    "hold_lifted": _l("Let leave again what was held back: %(held)s."),
    # Texts
    "text_changed": _l("Changed the text %(text)s (%(language)s): version %(version)s."),
    "text_restored": _l("Went back to version %(old)s of the text %(text)s (%(language)s)."),
    "text_retired": _l("Retired the text %(text)s (%(language)s)."),
    "message_text_changed": _l(
        "Changed the words of the message %(message)s (%(channel)s, %(language)s): version %(version)s."
    ),
    "message_text_restored": _l(
        "Went back to version %(old)s of the words of the message %(message)s (%(channel)s, %(language)s)."
    ),
    "offer_said": _l("Wrote down an offer made on the phone, and asked the shop to confirm it."),
    # People of a shop
    "shop_claimed": _l("Somebody at %(email)s proved that address, and answers for the shop from now on."),
    "shop_member_ended": _l("The shop took %(email)s away: that address answers for it no more."),
    # Buyers
    "card_changed": _l("Changed the card of a buyer: %(fields)s."),
    "wish_added": _l("Put down a contact wish of a buyer."),
    "wish_ended": _l("Noted that a contact wish of a buyer no longer holds."),
    "planned_call_moved": _l("A contact wish put off the call to the buyer of %(number)s until %(until)s."),
    "note_added": _l("Wrote a note on the card of a buyer."),
    "buyer_written_to": _l("Wrote to the buyer of %(number)s (%(means)s)."),
    "cards_merged": _l("Made one card of two cards of a buyer."),
    "buyer_exported": _l("Took away everything that is known of a buyer (%(form)s)."),
    "buyer_erased": _l("Erased a buyer, with %(requests)s requests."),
    "lead_rules_changed": _l("Changed the rules for kinds of leads: %(rules)s rules."),
    # Programs of others
    "api_client_made": _l("Let a program use the API: %(client)s."),
    "api_client_changed": _l("Changed name or address of a program: %(client)s."),
    "api_client_off": _l("Shut a program out of the API: %(client)s."),
    "api_client_on": _l("Let a program use the API again: %(client)s."),
    "api_token_made": _l("Made a key of %(client)s: %(key)s."),
    "api_token_revoked": _l("Revoked a key of %(client)s: %(key)s."),
    "webhook_added": _l("Gave %(client)s a webhook at %(host)s."),
    "webhook_ended": _l("Took a webhook of %(client)s away: %(host)s."),
    "webhook_replayed": _l("Had all calls made again that a webhook of %(client)s had not taken: %(host)s."),
    "webhook_tried": _l("Made a trial call to a webhook of %(client)s: %(host)s."),
    "hook_call_repeated": _l("Had a call to a webhook of %(client)s made again: %(host)s."),
    # Staff
    "signed_in": _l("Logged in: %(browser)s."),
    "session_ended": _l("Signed out other browsers: %(browsers)s."),
    "password_changed": _l("Chose a new password."),
    "password_link_asked": _l("Somebody asked for a link to choose a new password for %(name)s."),
    "password_link_sent": _l("Sent %(name)s a link to choose a password."),
    "second_factor_on": _l("Turned the second factor on."),
    "second_factor_off": _l("Turned the second factor off."),
    "second_factor_reset": _l("Took the second factor of %(name)s away."),
    "recovery_code_used": _l("Logged in by a recovery code; left: %(left)s."),
    "recovery_codes_renewed": _l("Made new recovery codes."),
    "operator_created": _l("The account of %(name)s was set up at the server: %(role)s."),
    "operator_invited": _l("Invited %(name)s: %(role)s."),
    "operator_changed": _l("Changed name or extension of %(name)s."),
    "role_changed": _l("Changed the role of %(name)s from %(was)s to %(role)s."),
    "operator_signed_out": _l("Signed %(name)s out everywhere."),
    "operator_deactivated": _l("Closed the account of %(name)s."),
    "operator_reactivated": _l("Opened the account of %(name)s again."),
}
"""With the names of the entry's facts as placeholders; a fact that an old entry lacks reads as nothing."""
UNNAMED: Final = _l("Changed something that has no words yet: %(what)s.")

WORDS_OF_FACTS: Final[dict[str, Mapping[str, LazyString]]] = {
    "result": RESULTS_SHORT,
    "outcome": HAND_OUTCOMES,
    "ending": ENDINGS,
    "kind": PROMISE_KINDS,
    "clock": CLOCKS,
    "decision": DECISIONS,
    "held": HOLDS,
    "intent": SAID,
    "role": ROLES,
    "stop": STOP_KINDS,
    "task": REVIEWS,
    "was": ROLES,
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
