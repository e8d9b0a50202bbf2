"""What we understood of a shop's letter or call: one page, one press, and the buyer has the offer."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.tokens import Purpose
from discount_broker.offers.queries import get_draft, terms_of_draft
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import confirm_draft
from discount_broker.outreach.status import OPEN
from discount_broker.web.access import token_page
from discount_broker.web.answer_reading import USUAL_TERM
from discount_broker.web.limits import SUBMIT, limited
from discount_broker.web.offer_page import WANTED, open_outreach, stop_token_of
from discount_broker.web.sentences import refusal

if TYPE_CHECKING:
    from discount_broker.offers.models import OfferDraft

bp = Blueprint("offer_draft", __name__, url_prefix="/o/<token>/drafts/<uuid:draft_id>")


@bp.get("")
@token_page(Purpose.OFFER)
def show(outreach_id: UUID, token: str, draft_id: UUID) -> ResponseReturnValue:
    outreach = open_outreach(outreach_id)
    draft = get_draft(draft_id, outreach_id)
    if outreach.status not in OPEN or outreach.discount_request.status not in WANTED:
        return redirect(url_for("offer_page.thanks", token=token))
    if draft.settled_at is not None:  # a later letter has taken its place: let the shop say it itself
        return redirect(url_for("offer_page.show", token=token))
    return _page(draft, token)


@bp.post("")
@limited(SUBMIT)
@token_page(Purpose.OFFER)
def confirm(outreach_id: UUID, token: str, draft_id: UUID) -> ResponseReturnValue:
    """The draft is the shop's answer from now on; a second press changes nothing."""
    open_outreach(outreach_id)
    draft = get_draft(draft_id, outreach_id)
    try:
        confirm_draft(outreach_id, draft_id, utcnow())
    except Refused as refused:
        return _page(draft, token, str(refusal(refused.code)), 422)
    except IllegalTransition:  # something else was answered, written or wished meanwhile
        return redirect(url_for("offer_page.thanks", token=token, kept="first"))
    return redirect(url_for("offer_page.thanks", token=token, answered=draft.kind.value))


def answer_code(draft: "OfferDraft") -> str:
    """The draft as a link to the usual page has it: `percent-7`, `price-11500`."""
    value = draft.percent if draft.kind is AnswerKind.PERCENT else draft.final_price
    return draft.kind.value if value is None else f"{draft.kind.value}-{value.normalize():f}"


def _page(draft: "OfferDraft", token: str, why_not: str = "", code: int = 200) -> ResponseReturnValue:
    outreach = draft.outreach
    page = render_template(
        "offer_page/draft.html",
        draft=draft,
        outreach=outreach,
        ask=outreach.discount_request,
        terms_read=terms_of_draft(draft, draft.valid_until or utcnow() + USUAL_TERM),
        answer_code=answer_code(draft),
        why_not=why_not,
        token=token,
        stop_token=stop_token_of(outreach),
    )
    return page, code
