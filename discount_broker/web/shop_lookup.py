"""Looking up what a buyer shows in the shop: the number of a request, or the code of an accepted offer."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from discount_broker.offers.queries import find_offer_of, why_not_taken
from discount_broker.offers.queries.codes import find_offer_by_code
from discount_broker.outreach.inbound.request_numbers import find_numbers
from discount_broker.outreach.queries import wish_put_to
from discount_broker.outreach.queries.shop_page import find_put_to
from discount_broker.web.access import View, shop_required, visitor
from discount_broker.web.limits import limiter
from discount_broker.web.shop_frame import open_shop

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

bp = Blueprint("shop_lookup", __name__, url_prefix="/shop/lookup")

GUESSES = "20 per 15 minutes; 60 per day"
LONGEST = 60


def _spares_guesses(view: View) -> View:
    """Count what one member types in vain, from however many addresses; what is found is free."""
    rule: View = limiter.shared_limit(
        GUESSES, scope="guesses of a shop's member", key_func=_who, deduct_when=_was_in_vain
    )(view)
    return rule


def _who() -> str:
    who = visitor()
    return str(who.id) if who else ""


def _was_in_vain(response: Response) -> bool:
    return response.status_code == 404


@bp.get("")
@_spares_guesses
@shop_required
def show(member_id: UUID) -> ResponseReturnValue:
    """What was agreed, if it was put to this very shop; one sentence for all that is not."""
    shop, typed = open_shop(member_id), request.args.get("code", "").strip()[:LONGEST]
    outreach = _find(shop.id, typed) if typed else None
    offer = find_offer_of(outreach.id) if outreach else None
    is_vain = bool(typed) and outreach is None
    page = render_template(
        "shop/lookup.html",
        shop=shop,
        typed=typed,
        is_vain=is_vain,
        outreach=outreach,
        offer=offer,
        why_not=why_not_taken(offer) if offer else None,
        wanted=wish_put_to(outreach) if outreach else None,
    )
    return page, 404 if is_vain else 200


def _find(shop_id: UUID, typed: str) -> "Outreach | None":
    offer = find_offer_by_code(typed)
    if offer is not None:
        return offer.outreach if offer.outreach.shop_id == shop_id else None
    numbers = find_numbers(typed) or find_numbers(f"R-{typed.upper()}")
    return find_put_to(shop_id, numbers[0]) if numbers else None
