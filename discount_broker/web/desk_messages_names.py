"""What stands behind each name that the words of a message may use."""

from typing import Final

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

MEANINGS: Final[dict[str, LazyString]] = {
    # Who and what
    "shop": _l("the name of the shop"),
    "shop_clip": _l("the name of the shop, cut short for a subject"),
    "shops": _l("the shops that are asked"),
    "shops_count": _l("how many shops are asked"),
    "shops_waiting": _l("how many shops have not answered yet"),
    "product": _l("the product, as its page calls it"),
    "product_url": _l("the page of the product"),
    "title": _l("the product, as its page calls it"),
    "url": _l("the address of the page"),
    "price": _l("the price on that page"),
    "seen_on": _l("the day on which the page was read"),
    "seen_at": _l("the day on which the page was read"),
    "number": _l("the number of the request"),
    "quantity": _l("how many pieces the buyer wants"),
    "city": _l("the city of the buyer"),
    "others": _l("what else is asked for by the same press"),
    "elsewhere": _l("the same product in other shops"),
    "had_offers": _l("set where a shop made an offer that was not accepted"),
    "ran_out": _l("shops whose offers ran out before they were accepted"),
    "similar": _l("similar products; empty for who did not agree to hear of more than their requests"),
    "service": _l("the name of our service"),
    "site_url": _l("the address of our site"),
    "invited_by": _l("who sends the invitation"),
    "client": _l("the program that asks for others"),
    "ask": _l("one of the requests"),
    "each": _l("one thing of the list"),
    "other": _l("one of the other products"),
    "people": _l("how many buyers want the same"),
    "has_others": _l("set where there are more requests than are named"),
    # The wish and the buyer
    "wish": _l("what the buyer asks for: ten per cent off, a price of …"),
    "wanted_until": _l("the day until which the buyer waits"),
    "note": _l("what the buyer added in their own words"),
    "buyer_email": _l("the buyer's e-mail address, where the shop may know it"),
    "buyer_phone": _l("the buyer's phone, where the shop may know it"),
    "best_time": _l("when the buyer is best reached"),
    "contact_wishes": _l("when and how the buyer wants to be left alone"),
    "shared_email": _l("the e-mail address that the shop has been told"),
    "shared_phone": _l("the phone number that the shop has been told"),
    "shared_best_time": _l("the best time that the shop has been told"),
    "is_said_by_buyer": _l("set where the price was told by the buyer, for the page hides it"),
    "earlier_number": _l("a running request of the same buyer for the same product"),
    "earlier_url": _l("the page of that earlier request"),
    # Offers and answers
    "offer": _l("what the shop gives, in one phrase"),
    "final_price": _l("what the buyer pays in the end"),
    "saving": _l("what the buyer saves"),
    "shop_words": _l("what the shop added in its own words"),
    "valid_until": _l("the day until which the offer holds"),
    "valid_until_day": _l("the day until which the offer holds"),
    "code": _l("the code to show or tell in the shop, or of an answer"),
    "answer": _l("one answer, in words"),
    "answers": _l("the answers that a shop gives with one press"),
    "first_answer": _l("the code of the answer that gives what is asked"),
    "withdrawn": _l("how many running requests were ended"),
    "evidence": _l("the words of the shop that say it"),
    "day": _l("the day it is about"),
    "numbers": _l("the numbers of the requests"),
    "numbers_count": _l("how many requests these are"),
    "rules_url": _l("the page on which the shop's rules can be seen and ended"),
    "has_term": _l("set where the shop named a day"),
    "said_on": _l("the day of the call in which it was said"),
    "asked_at": _l("the day on which the shop was asked"),
    "report_url": _l("link to the report of a check"),
    "said_by": _l("who said it on the phone"),
    "why": _l("why it was changed"),
    "reason": _l("why the buyer did not take it"),
    # What was done, and what comes
    "attempt": _l("one time the shop was written to or called"),
    "tried": _l("letters, forms and calls so far"),
    "next_step": _l("what we do next, in a sentence"),
    "next_step_at": _l("when we do it at the latest"),
    "call_by": _l("by when the shop promised to call"),
    "calls_buyer": _l("set where the shop calls the buyer, and not us"),
    "promised_for": _l("the time for which a call was promised"),
    "was_reached": _l("set where somebody was reached on the phone"),
    "again_at": _l("when we see to it again"),
    "ask_again_at": _l("when the shop wants to be asked again"),
    "first_asked_at": _l("the day of our first letter"),
    "begun_at": _l("the day on which the request was begun"),
    "ends_at": _l("until when it can be confirmed"),
    "due_at": _l("when it will be done"),
    "requests": _l("the requests that wait for this shop"),
    "requests_count": _l("how many requests wait for this shop"),
    "unanswered": _l("the requests of the buyer that nobody has answered"),
    "unanswered_count": _l("how many requests nobody has answered"),
    "greeting": _l("one of the ways to begin a letter"),
    "question": _l("what the shop is asked"),
    "line": _l("one piece of news"),
    "lines": _l("the news, one by one"),
    "lines_count": _l("how many pieces of news there are"),
    "headline": _l("one piece of news in a sentence"),
    # Letters
    "words": _l("what somebody wrote, line by line"),
    "subject": _l("the subject of the letter it answers"),
    "files": _l("the names of attached files"),
    "is_cut": _l("set where the letter is longer than what is shown"),
    "has_gaps": _l("set where contact details were left out"),
    # Watched products
    "below": _l("the price below which the buyer wants to hear"),
    "lowest": _l("the lowest price of the last thirty days"),
    "raised_from": _l("the price before the shop raised it"),
    "can_repeat": _l("set where the request can be asked again"),
    "is_gone": _l("set where the page of the product is gone"),
    # Webhooks
    "event": _l("what the program was to be told"),
    "failing_since": _l("since when calls have failed"),
    "last_status": _l("what the other server answered last"),
    "is_ended": _l("set where no more calls are made"),
    "is_paused": _l("set where calls are kept until they are taken again"),
    "help_url": _l("the page that says how to have them sent again"),
    # Links, each to be pressed
    "confirm_url": _l("the link by which it is confirmed"),
    "follow_url": _l("the buyer's page of the request"),
    "offer_url": _l("the page on which the shop answers"),
    "waiting_url": _l("the page with all requests of the shop"),
    "answer_url": _l("the page on which the buyer answers"),
    "check_url": _l("the page on which the buyer says whether they called"),
    "login_url": _l("the link by which one logs in"),
    "password_url": _l("the link by which a password is chosen"),
    "enter_url": _l("the link by which one comes to the page of the shop"),
    "keep_url": _l("the link by which the deletion is called off"),
    "voucher_url": _l("a page with the code, to show or to print"),
    "reply_address": _l("the address to which answers go"),
    "valid_minutes": _l("how many minutes the link works"),
    "valid_hours": _l("how many hours the link works"),
    "valid_days": _l("how many days the link works"),
    "room": _l("set while there is room for more in the text message"),
}

WHOLE: Final[dict[str, LazyString]] = {
    "terms": _l("what the shop offers, and until when"),
    "contact": _l("how the buyer is reached: no case shows that here"),
    "shared": _l("how the buyer is reached: no case shows that here"),
    "found_at": _l("the page on which the shop's address was found"),
    "found_on": _l("the day on which it was found"),
}
"""What no text names by itself: it is said in several names, or by the frame around the words."""


def fact_called(name: str) -> str:
    """What a fact of a message is, in words."""
    return str(WHOLE[name]) if name in WHOLE else meaning_of(name)


def meaning_of(name: str) -> str:
    """What a name stands for; forms of a number and answers to a question are explained as such."""
    bare = name.rpartition(".")[2]
    if bare in MEANINGS:
        return str(MEANINGS[bare])
    if bare.endswith("_one"):
        return str(gettext("set where the number is one (in Russian also 21, 31, …)"))
    if bare.endswith("_few"):
        return str(gettext("set where the number is 2, 3, 4, 22, …"))
    begun = next((known for known in MEANINGS if bare.startswith(f"{known}_")), "")
    if begun:
        case = bare.removeprefix(f"{begun}_").replace("_", " ")
        return str(gettext("set in one case of it: %(what)s", what=f"{MEANINGS[begun]} ({case})"))
    return ""
