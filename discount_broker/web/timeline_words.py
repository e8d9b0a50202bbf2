"""The sentences of a request's story, by event; `event:kind` where the facts allow a closer word."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: Final[dict[str, LazyString]] = {
    "draft_started": _l("You gave us the link."),
    "product_read": _l("We read the page of the product."),
    "reading_failed": _l("The page of the product could not be read."),
    "reading_repeated": _l("You had us read the page once more."),
    "submitted": _l("You said what you wish for, and we sent you a letter to confirm it."),
    "left_out": _l("You left this one out."),
    "reminded_buyer": _l("You had not confirmed it yet, so we asked you once whether to go on."),
    "confirmed": _l("You confirmed the request."),
    "shops_chosen": _l("We chose the shops to ask: %(shops)s."),
    "rivals_sought": _l("We are looking on the web for other shops that sell it."),
    "rivals_chosen": _l("We found other shops that sell it and ask them too: %(shops)s."),
    "no_rivals": _l("We looked for other shops that sell exactly this, and found none to ask."),
    "no_rivals:search_failed": _l(
        "We could not search the web for other shops this time, and know of none that sells exactly this."
    ),
    "asked_shop": _l("We asked %(shop)s."),
    "asked_shop:email": _l("We wrote to %(shop)s by e-mail."),
    "asked_shop:form": _l("We wrote to %(shop)s through the form on its site."),
    "asked_shop_later": _l("Our letter to %(shop)s is ready and leaves in their working hours, %(due_at)s."),
    "put_on_page": _l(
        "Your request stands on the page where %(shop)s answers buyers: it wants no letters from us. If "
        "nobody answers there within a working day, one of our people calls."
    ),
    "not_acknowledged": _l(
        "%(shop)s usually confirms at once that a letter came, and did not this time: we try another way."
    ),
    "door_failed": _l("One way to reach %(shop)s did not work, so we try the next one."),
    "door_failed:email": _l("An e-mail address of %(shop)s does not work, so we try the next way."),
    "door_failed:form": _l(
        "The form on the site of %(shop)s did not take our letter, so we try the next way."
    ),
    "pooled": _l(
        "%(people)s people want this of %(shop)s with you, so it is asked for all of you at once."
        " Nobody learns who the others are."
    ),
    "reminded_shop": _l("%(shop)s had not answered, so we reminded them."),
    "no_contact_points": _l("We found no way to write to %(shop)s. One of our people looks into it."),
    "shop_answered": _l("%(shop)s made an offer."),
    "rule_answered": _l("%(shop)s gives you what you asked for: that is its standing offer."),
    "shop_declined": _l("%(shop)s does not give a discount this time."),
    "shop_will_call": _l("%(shop)s says it will call, by %(call_by)s."),
    "shop_later": _l("%(shop)s cannot say yet. We ask it again on %(day)s, as it wishes."),
    "shop_forwarded": _l("%(shop)s passed your request on: somebody else there decides it."),
    "offer_changed": _l("%(shop)s changed its offer."),
    "offer_changed:gave_counter": _l("%(shop)s gives you what you asked for instead."),
    "counter_refused": _l("%(shop)s cannot give what you asked for. Its offer stands as it was."),
    "shop_away": _l("An automatic answer of %(shop)s says that they are away until %(until)s."),
    "shop_wrote": _l("%(shop)s wrote. You find the letter below; one of our people reads it too."),
    "buyer_wrote": _l("You wrote to %(shop)s, and we pass it on."),
    "wrote_to_us": _l("You wrote to us. One of our people reads it."),
    "letter_kept": _l("You wrote to %(shop)s. One of our people looks after your letter."),
    "handed_to_people": _l("%(shop)s has not answered our letters. One of our people takes over."),
    "handed_to_people:no_contact_points": _l(
        "We found no way to write to %(shop)s. One of our people looks into it."
    ),
    "handed_to_people:doors_dead": _l(
        "None of the addresses of %(shop)s works. One of our people takes over."
    ),
    "handed_to_people:captcha": _l("The form of %(shop)s wants a person, so one of our people fills it in."),
    "handed_to_people:outcome_unknown": _l(
        "We cannot tell whether %(shop)s got our letter. One of our people asks."
    ),
    "shop_forbids": _l("%(shop)s does not wish to get letters from us, so it is not asked."),
    "case_reopened": _l("We take %(shop)s up again."),
    "called_shop": _l("We called %(shop)s."),
    "called_shop:no_answer": _l("We called %(shop)s, and nobody picked up. We call again."),
    "called_shop:busy": _l("We called %(shop)s, and the line was busy. We call again."),
    "promise_made": _l("%(shop)s promised to answer by %(due_at)s."),
    "promise_made:call_buyer": _l("%(shop)s promised to call you by %(due_at)s."),
    "promise_made:send_offer": _l("%(shop)s promised to make an offer by %(due_at)s."),
    "silence_told": _l("No shop has answered yet. We told you so by letter, and go on."),
    "shop_unreachable": _l("We could not reach %(shop)s in any way. We are sorry."),
    "promise_kept": _l("%(shop)s kept its promise."),
    "promise_broken": _l("%(shop)s did not keep its promise. We call again."),
    "offer_accepted": _l("You accepted the offer of %(shop)s. The shop now has your contact details."),
    "counter_made": _l("You asked %(shop)s for a little more. Its offer stands meanwhile."),
    "counter_made:percent": _l("You asked %(shop)s for %(percent)s off. Its offer stands meanwhile."),
    "counter_made:price": _l("You asked %(shop)s for a price of %(price)s. Its offer stands meanwhile."),
    "offer_declined": _l("You declined the offer of %(shop)s."),
    "offer_expired": _l("The term of the offer of %(shop)s is over."),
    "offers_gone": _l("No offer is open any more. We go on asking."),
    "outcome_reported": _l("You told us what came of it. Thank you."),
    "outcome_reported:bought": _l("You told us that you bought it with the discount."),
    "outcome_reported:called": _l("You told us that the shop got in touch."),
    "outcome_reported:nothing": _l("You told us that the shop never got in touch."),
    "bought_already": _l("You told us that you have bought it. Nobody is asked any more."),
    "bought_already:here": _l(
        "You told us that you have bought it in a shop we asked. Nobody is asked any more."
    ),
    "bought_already:elsewhere": _l(
        "You told us that you have bought it elsewhere. Nobody is asked any more."
    ),
    "ask_refused": _l("What a program asked for you could not be sent to any shop."),
    "withdrawn": _l("You withdrew the request."),
    "closed": _l("The request was closed."),
}
UNKNOWN: Final = _l("We went one step further with your request.")

GOOD: Final = frozenset(
    {"confirmed", "shop_answered", "rule_answered", "shop_will_call", "promise_kept", "offer_accepted"}
)
BAD: Final = frozenset(
    {
        "reading_failed",
        "door_failed",
        "no_contact_points",
        "shop_declined",
        "promise_broken",
        "offer_expired",
        "shop_unreachable",
        "shop_forbids",
    }
)
