"""How a buyer wants to hear of us, and what they agreed to: shown, changed, taken back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.queries.cards import card_of, list_own_hours
from discount_broker.accounts.queries.consents import agrees_to, consents_in_force, list_consents
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.queries import list_requests_of, wishes_of_buyer
from discount_broker.escalation.use_cases.preferences import change_preferences, withdraw_consent
from discount_broker.kernel.business_time import ZONE_OF_COUNTRY
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.messaging.queries import is_suppressed
from discount_broker.notifications.queries import list_ways
from discount_broker.notifications.status import NewsKind, NewsWay
from discount_broker.web import preferences_words as words
from discount_broker.web.access import buyer_required
from discount_broker.web.ask_consents import hint_of
from discount_broker.web.language import choose, speak
from discount_broker.web.preferences_forms import PreferencesForm

bp = Blueprint("preferences", __name__, url_prefix="/my/preferences")


@bp.get("")
@buyer_required
def show(buyer_id: UUID) -> ResponseReturnValue:
    return _page(buyer_id, _form(buyer_id))


@bp.post("")
@buyer_required
def save(buyer_id: UUID) -> ResponseReturnValue:
    form = _form(buyer_id)
    if form.validate():
        try:
            change_preferences(buyer_id, form.said(), utcnow())
        except Refused as refused:
            form.show_refusal(refused)
        else:
            choose(form.language.data)
            flash(gettext("Your preferences are saved."), "good")
            return redirect(url_for("preferences.show"))
    return _page(buyer_id, form), 422


@bp.post("/consents/<kind>/withdraw")
@buyer_required
def withdraw(buyer_id: UUID, kind: str) -> ResponseReturnValue:
    """Take back what was agreed to; without the first of them nothing can be asked: that is refused."""
    if kind not in list(ConsentKind):
        abort(404)
    try:
        withdraw_consent(buyer_id, ConsentKind(kind), utcnow())
    except Refused as refused:
        flash(words.REFUSALS[refused.code], "warn")
    else:
        flash(gettext("You have taken it back. It counts from now on."), "good")
    return redirect(url_for("preferences.show", _anchor="consents"))


def ways_of(buyer_id: UUID) -> dict[NewsKind, NewsWay]:
    """How each kind of news comes to a buyer now."""
    return list_ways(buyer_id, texts=any(ask.wants_texts for ask in list_requests_of(buyer_id)))


def phone_for_texts(buyer_id: UUID) -> str | None:
    """The number that may ring; None where there is none, it takes no texts, or it has said stop."""
    number = textable_number(get_buyer(buyer_id).phone or "", site().time_zone)
    if number is None or not site().sends_texts or is_suppressed([f"phone:{number}"]):
        return None
    return number


def _form(buyer_id: UUID) -> PreferencesForm:
    buyer = get_buyer(buyer_id)
    wants_more = agrees_to(buyer_id, ConsentKind.NEWS)
    hours = list_own_hours(buyer_id)
    form = PreferencesForm.of(card_of(buyer_id), buyer.language, hours, wants_more=wants_more)
    form.offer(ways_of(buyer_id), can_text=phone_for_texts(buyer_id) is not None)
    return form


def _page(buyer_id: UUID, form: PreferencesForm) -> str:
    buyer = get_buyer(buyer_id)
    if "language" not in session:
        speak(buyer.language)
    facts: dict[str, Any] = {
        "buyer": buyer,
        "form": form,
        "kinds": form.kinds,
        "words": words,
        "clock": wishes_of_buyer(buyer_id),
        "zones": sorted(set(ZONE_OF_COUNTRY.values())),
        "phone": phone_for_texts(buyer_id),
        "in_force": consents_in_force(buyer_id),
        "ledger": list_consents(buyer_id),
        "more_hint": hint_of(ConsentKind.NEWS),
    }
    return render_template("my/preferences.html", **facts)
