"""One buyer's card: what the team knows, when to leave the buyer alone, and notes for colleagues."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.queries.buyers import find_kept
from discount_broker.accounts.queries.cards import card_of
from discount_broker.accounts.use_cases.cards import add_note, end_contact_wish
from discount_broker.escalation.use_cases.buyers import add_contact_wish, change_card
from discount_broker.kernel.business_time import ZONE_OF_COUNTRY
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.web import desk_buyer_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.desk_buyer_forms import BuyerForm, CardForm, NoteForm, WishForm
from discount_broker.web.desk_buyer_page import facts_of, proposals, written_again

bp = Blueprint("buyer_card", __name__, url_prefix="/desk/buyers/<uuid:buyer_id>")


@bp.get("")
@staff_required()
def show(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    del operator_id
    buyer = get_buyer(buyer_id)
    kept = find_kept(buyer_id)
    if kept is not None and kept.id != buyer_id:
        flash(gettext("These two cards were merged: this is the one that is kept."), "good")
        return redirect(url_for("buyer_card.show", buyer_id=kept.id))
    if buyer.erased_at is not None:
        return render_template("desk/buyer_erased.html", buyer=buyer), 410
    return page(buyer_id)


@bp.post("/card")
@staff_required()
def change(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    """Write on the card."""
    form = CardForm()
    if not form.validate():
        return page(buyer_id, 422, card_form=form)
    try:
        moved = change_card(buyer_id, form.said(), operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        is_overtaken = refused.code == "card_changed"
        if is_overtaken:  # whoever presses again has seen what the colleague wrote
            form.seen.data = card_of(buyer_id).seen
        return page(buyer_id, 409 if is_overtaken else 422, card_form=form)
    if moved is None:
        flash(gettext("Nothing was changed."), "good")
    else:
        flash(" ".join([gettext("Kept."), words.moved_in_words(moved)]).strip(), "good")
    return back(buyer_id)


@bp.post("/wishes")
@staff_required()
def wish(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    """Read a contact wish out of words, or keep one; what is planned moves at once."""
    form = WishForm()
    if request.form.get("act") == "read":
        return _read(form, buyer_id)
    if not form.validate():
        return page(buyer_id, 422, wish_form=form)
    try:
        moved = add_contact_wish(buyer_id, form.wish(), form.words.data or "", operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return page(buyer_id, 422, wish_form=form)
    if moved is None:
        flash(gettext("This wish stands on the card already."), "good")
    else:
        tone = "warn" if moved.unwanted else "good"
        said = words.moved_in_words(moved) or gettext("Nothing planned had to move.")
        flash(gettext("Kept: %(wish)s.", wish=words.wish_in_words(form.wish())) + " " + said, tone)
    return back(buyer_id, "wishes")


def _read(form: WishForm, buyer_id: UUID) -> ResponseReturnValue:
    said = form.words.data or ""
    found = proposals(said, buyer_id, utcnow())
    return page(buyer_id, wish_form=form, proposed=found, was_read=True)


@bp.post("/wishes/<uuid:wish_id>/end")
@staff_required()
def end(operator_id: UUID, buyer_id: UUID, wish_id: UUID) -> ResponseReturnValue:
    end_contact_wish(buyer_id, wish_id, operator_id, utcnow())
    flash(gettext("This wish no longer holds. What was moved because of it stays where it is."), "good")
    return back(buyer_id, "wishes")


@bp.post("/notes")
@staff_required()
def note(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    form = NoteForm()
    try:
        add_note(buyer_id, form.text.data or "", operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return page(buyer_id, 422, note_form=form)
    flash(gettext("The note is kept."), "good")
    return back(buyer_id, "notes")


def page(buyer_id: UUID, code: int = 200, **shown: Any) -> ResponseReturnValue:
    """The whole card; forms that were filled in keep what was typed."""
    facts = facts_of(buyer_id, utcnow())
    fresh: dict[str, BuyerForm] = {
        "card_form": CardForm.of(card_of(buyer_id)),
        "wish_form": WishForm(formdata=None),
        "note_form": NoteForm(formdata=None),
        "write_form": written_again(get_buyer(buyer_id), request.args.get("again", "")),
    }
    more = {"filled": set(shown), "words": words, "usual_zones": sorted(set(ZONE_OF_COUNTRY.values()))}
    return render_template("desk/buyer.html", **{**facts, **more, **fresh, **shown}), code


def back(buyer_id: UUID, place: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("buyer_card.show", buyer_id=buyer_id, _anchor=place))
