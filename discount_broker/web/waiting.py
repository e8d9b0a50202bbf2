"""All requests of one digest on one page: staff answer each with its own button."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.outreach.queries import list_outreaches_in, wish_put_to
from discount_broker.outreach.status import OPEN
from discount_broker.web.access import token_page
from discount_broker.web.offer_page import WANTED, open_outreach, stop_token_of

bp = Blueprint("waiting", __name__)


@bp.get("/w/<token>")
@token_page(Purpose.WAITING)
def show(delivery_id: UUID, **_token: str) -> ResponseReturnValue:
    """The requests that still wait, each with the way to its answer; how many are answered already."""
    outreaches = list_outreaches_in(delivery_id)
    if not outreaches:
        raise NotFound("digest")
    first = open_outreach(outreaches[0].id)
    waiting = [o for o in outreaches if o.status in OPEN and o.discount_request.status in WANTED]
    asks = [
        (outreach, wish_put_to(outreach), issue_token(Purpose.OFFER, outreach.id, outreach.created_at))
        for outreach in waiting
    ]
    return render_template(
        "offer_page/waiting.html",
        asks=asks,
        over=len(outreaches) - len(waiting),
        shop=first.shop,
        stop_token=stop_token_of(first),
    )
