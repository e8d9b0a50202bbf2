"""Letters our people write by hand, half a minute to take one back, and the page of one outreach."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.queries import find_case_of, find_entry
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.escalation.queries.texts import Text, is_version, list_canned, render_text
from discount_broker.escalation.status import TextKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.queries.thread import find_letter, get_letter
from discount_broker.outreach.status import LetterAuthor
from discount_broker.outreach.use_cases.conversing import Reader, take_back_letter, write_by_hand
from discount_broker.web.access import staff_required
from discount_broker.web.desk_ladder import ladder_of
from discount_broker.web.desk_script import language_of
from discount_broker.web.desk_texts_preview import facts_for
from discount_broker.web.desk_thread import said_in
from discount_broker.web.sentences import refusal
from discount_broker.web.thread import is_to_buyer

if TYPE_CHECKING:
    from discount_broker.outreach.models import Letter, Outreach

bp = Blueprint("letter", __name__, url_prefix="/desk")
bp.add_app_template_filter(is_to_buyer, "to_buyer")

REFUSALS: Final[dict[str, LazyString]] = {
    "letter_empty": _l("Please write something first."),
    "letter_too_long": _l("This is too long for one letter. Please shorten it to 6,000 characters."),
    "letters_forbidden": _l("This shop wants no letters from us, from nobody and through no door."),
    "letter_has_no_way": _l("This shop has no address and no form a letter could go to. Please call."),
    "case_is_taken": _l("A colleague has this case. Nothing was sent; what you typed is below."),
}


class Written(NamedTuple):
    """What stands in the form: to whom, the words, and what is wrong with them."""

    reader: Reader = Reader.SHOP
    text: str = ""
    wrong: str = ""
    begun_with: str = ""
    """The version of the canned text they were begun with."""


@bp.get("/outreach/<uuid:outreach_id>")
@staff_required()
def show(operator_id: UUID, outreach_id: UUID) -> ResponseReturnValue:
    del operator_id
    return _page(get_outreach(outreach_id), written_again(outreach_id))


@bp.post("/outreach/<uuid:outreach_id>/letters")
@staff_required()
def write(operator_id: UUID, outreach_id: UUID) -> ResponseReturnValue:
    outreach, now = get_outreach(outreach_id), utcnow()
    reader = Reader.BUYER if request.form.get("reader") == Reader.BUYER else Reader.SHOP
    text, begun_with = request.form.get("text", ""), request.form.get("begun_with", "")
    begun_with = begun_with if is_version(begun_with) else ""
    if is_taken(outreach_id, operator_id, now):
        return _page(outreach, Written(reader, text, str(REFUSALS["case_is_taken"]), begun_with), 409)
    try:
        write_by_hand(outreach_id, reader, operator_id, text, now, written_with=begun_with)
    except Refused as refused:
        wrong = str(REFUSALS.get(refused.code) or refusal(refused.code))
        return _page(outreach, Written(reader, text, wrong, begun_with), 422)
    return redirect(place_of(outreach_id))


@bp.post("/letters/<uuid:letter_id>/undo")
@staff_required()
def undo(operator_id: UUID, letter_id: UUID) -> ResponseReturnValue:
    """Stop a letter that has not left; its words come back into the form."""
    letter = get_letter(letter_id)
    if take_back_letter(letter_id, operator_id, utcnow()):
        flash(gettext("Taken back: nothing was sent. Your words are in the form again."), "good")
        return redirect(place_of(letter.outreach_id, again=letter_id))
    flash(gettext("Too late: the letter has left, or was taken back before."), "warn")
    return redirect(place_of(letter.outreach_id))


def place_of(outreach_id: UUID, again: UUID | None = None) -> str:
    """Where the conversation is worked: its case, or its own page where it has none."""
    case, place = find_case_of(outreach_id), "write" if again else None
    if case is None:
        return url_for("letter.show", outreach_id=outreach_id, again=again, _anchor=place)
    return url_for("case.show", case_id=case.id, again=again, _anchor=place)


def written_again(outreach_id: UUID) -> Written:
    """The words of a letter that was taken back, as `?again=` names it, or of the text of `?text=`."""
    if request.args.get("text"):
        return begun_with_text(get_outreach(outreach_id), request.args["text"])
    try:
        letter = find_letter(UUID(request.args.get("again", "")))
    except ValueError:
        letter = None
    if letter is None or letter.outreach_id != outreach_id or letter.author is not LetterAuthor.OPERATOR:
        return Written()
    begun_with = letter.delivery.written_with if letter.delivery else ""
    return Written(Reader.BUYER if is_to_buyer(letter) else Reader.SHOP, letter.text, begun_with=begun_with)


@bp.get("/outreach/<uuid:outreach_id>/words")
@staff_required()
def words(operator_id: UUID, outreach_id: UUID) -> ResponseReturnValue:
    """A canned text with the facts of this outreach, for a page that puts it where somebody writes."""
    del operator_id
    begun = begun_with_text(get_outreach(outreach_id), request.args.get("text", ""))
    return jsonify(reader=begun.reader.value, text=begun.text, begun_with=begun.begun_with)


@bp.app_template_global()
def canned_for(outreach: "Outreach") -> list[Text]:
    """What a letter may be begun with: to the shop in its language, to the buyer in theirs."""
    shops, buyers = language_of(outreach.shop), outreach.discount_request.language
    return [
        *(text for text in list_canned(TextKind.MAIL, shops) if not text.is_for_buyer),
        *(text for text in list_canned(TextKind.MAIL, buyers) if text.is_for_buyer),
    ]


def begun_with_text(outreach: "Outreach", key: str) -> Written:
    """A canned text as the beginning of a letter; an empty letter where there is none of this name."""
    text = next((each for each in canned_for(outreach) if each.key == key), None)
    if text is None:
        return Written()
    case = find_case_of(outreach.id)
    said = render_text(text, facts_for(text, outreach, case.calls if case else ()))
    return Written(Reader.BUYER if text.is_for_buyer else Reader.SHOP, said, begun_with=text.reference)


def undoable(outreach: "Outreach") -> "list[Letter]":
    """Letters written by hand that have not left yet."""
    return [
        letter
        for letter in outreach.letters
        if letter.delivery
        and letter.delivery.by_hand
        and letter.delivery.status is DeliveryStatus.QUEUED
        and letter.delivery.attempts == 0
    ]


def is_taken(outreach_id: UUID, operator_id: UUID, now: datetime) -> bool:
    """Whether a colleague has the shop of this conversation in hand."""
    case = find_case_of(outreach_id)
    entry = find_entry(case.outreach.shop_id) if case else None
    return is_held_by_another(entry, operator_id, now)


def _page(outreach: "Outreach", written: Written, code: int = 200) -> ResponseReturnValue:
    now = utcnow()
    facts: dict[str, Any] = {
        "outreach": outreach,
        "ask": outreach.discount_request,
        "case": find_case_of(outreach.id),
        "conversation": said_in(outreach, [], now),
        "written": written,
        "undoable": undoable(outreach),
        "ladder": ladder_of(outreach),
    }
    return render_template("desk/outreach.html", **facts), code
