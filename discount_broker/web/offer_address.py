"""Where a shop wants our letters: its own word, without an account."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.tokens import Purpose
from discount_broker.outreach.use_cases.correcting import note_new_address
from discount_broker.shops.queries import is_stopped
from discount_broker.web.access import token_page
from discount_broker.web.answer_form import AddressForm
from discount_broker.web.limits import SUBMIT, limited
from discount_broker.web.offer_page import open_outreach, stop_token_of

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

bp = Blueprint("offer_address", __name__, url_prefix="/o/<token>/address")


@bp.get("")
@token_page(Purpose.OFFER)
def show(outreach_id: UUID, token: str) -> ResponseReturnValue:
    return _page(open_outreach(outreach_id), token, AddressForm(formdata=None))


@bp.post("")
@limited(SUBMIT)
@token_page(Purpose.OFFER)
def take(outreach_id: UUID, token: str) -> ResponseReturnValue:
    """Keep the address; nothing is sent for it."""
    outreach, form = open_outreach(outreach_id), AddressForm()
    if not form.validate():
        return _page(outreach, token, form, 422)
    try:
        note_new_address(outreach_id, form.address.data or "", utcnow())
    except Refused as refused:
        form.show_refusal(Refused(refused.code, "address"))
        return _page(outreach, token, form, 422)
    return redirect(url_for("offer_address.show", token=token, kept="yes"))


def _page(outreach: "Outreach", token: str, form: AddressForm, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "offer_page/address.html",
        outreach=outreach,
        token=token,
        stop_token=stop_token_of(outreach),
        address_form=form,
        is_kept=request.args.get("kept") == "yes",
        is_stopped=is_stopped(outreach.shop),
    )
    return page, code
