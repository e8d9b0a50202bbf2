"""Writing to a buyer from the card, by mail or SMS; half a minute to take it back."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.escalation.queries.texts import TextName, find_text, render_text
from discount_broker.escalation.status import TextKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.messaging.extract.segments import measure
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.queries.buyers import list_outreaches_of_buyer, text_as_sent
from discount_broker.outreach.use_cases.writing_to_buyers import By, take_back_message, write_to_buyer
from discount_broker.web.access import staff_required
from discount_broker.web.desk_buyer import back, page
from discount_broker.web.desk_buyer_forms import WriteForm
from discount_broker.web.desk_texts_facts import facts_for_buyer

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

bp = Blueprint("buyer_letter", __name__, url_prefix="/desk/buyers/<uuid:buyer_id>")


@bp.post("/letters")
@staff_required()
def write(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    """Send a message, or show what it would look like and cost."""
    form = WriteForm()
    outreach_id, by = form.outreach_id(), By.SMS if form.means.data == By.SMS else By.MAIL
    if outreach_id is None:
        form.wrong("about", "no_request")
        return page(buyer_id, 422, write_form=form)
    if request.form.get("act") == "begin":
        _begin(form, _theirs(buyer_id, outreach_id), request.form.get("canned", ""))
        return page(buyer_id, write_form=form)
    if request.form.get("act") == "look":
        return page(buyer_id, write_form=form, look=_look(buyer_id, outreach_id, form.text.data or "", by))
    try:
        write_to_buyer(buyer_id, outreach_id, form.text.data or "", operator_id, utcnow(), by=by)
    except Refused as refused:
        form.show_refusal(refused)
        return page(buyer_id, 422, write_form=form)
    flash(
        gettext("Written. It leaves in 30 seconds at the earliest; until then you can take it back."), "good"
    )
    return back(buyer_id, "messages")


@bp.post("/letters/<uuid:delivery_id>/undo")
@staff_required()
def undo(operator_id: UUID, buyer_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Stop a message that has not left."""
    if take_back_message(buyer_id, delivery_id, operator_id, utcnow()):
        flash(gettext("Taken back: nothing was sent. Your words are in the form again."), "good")
        place = url_for("buyer_card.show", buyer_id=buyer_id, again=delivery_id, _anchor="write")
        return redirect(place)
    flash(gettext("Too late: the message has left, or was taken back before."), "warn")
    return back(buyer_id, "messages")


def _begin(form: WriteForm, outreach: "Outreach", chosen: str) -> None:
    """Put a canned text into the form, filled with the facts of this request, below what stood there."""
    kind, _, key = chosen.partition(":")
    if kind not in (TextKind.MAIL, TextKind.SMS):
        return
    language = outreach.discount_request.language
    text = find_text(TextName(TextKind(kind), key, language))
    if text is None or text.is_retired or not text.is_for_buyer:
        return
    is_text = text.kind is TextKind.SMS
    facts = facts_for_buyer(outreach.discount_request, outreach, language, is_text=is_text)
    written = (form.text.data or "").strip()
    form.text.data = "\n\n".join(part for part in (written, render_text(text, facts)) if part)
    form.means.data = str(By.SMS if is_text else By.MAIL)


def _look(buyer_id: UUID, outreach_id: UUID, words: str, by: By) -> dict[str, Any]:
    """The message as it would arrive; of an SMS also what it costs."""
    outreach = _theirs(buyer_id, outreach_id)
    if by is By.MAIL:
        return {"by": by, "text": words}
    text = text_as_sent(outreach, words)
    parts, price = measure(text).parts, current_app.extensions["settings"].sms_price
    wishes = wishes_of_buyer(buyer_id)
    free_at = wishes.next_allowed(utcnow(), means="sms")
    return {"by": by, "text": text, "parts": parts, "price": price * parts, "free_at": free_at}


def _theirs(buyer_id: UUID, outreach_id: UUID) -> "Outreach":
    if outreach_id not in {each.id for each in list_outreaches_of_buyer(buyer_id)}:
        raise NotFound("outreach")
    return get_outreach(outreach_id)
