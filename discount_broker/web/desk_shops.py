"""The catalogue: every shop, door and product that was ever seen, to be searched."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from discount_broker.discovery.queries.catalogue import ShopView, count_shops, search_shops
from discount_broker.shops.queries import list_shared_doors
from discount_broker.web import desk_shop_words as words
from discount_broker.web.access import staff_required

bp = Blueprint("shops", __name__, url_prefix="/desk/shops")

LONGEST_SEARCH = 200


@bp.get("")
@staff_required()
def catalogue(operator_id: UUID) -> ResponseReturnValue:
    """One page of the shops of one view, or of those that match."""
    del operator_id
    view, text = _view(), request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = search_shops(text, view, request.args.get("page", 1, type=int))
    return render_template(
        "desk/shops.html", found=found, view=view, views=ShopView, q=text, known=count_shops(), words=words
    )


@bp.get("/twins")
@staff_required()
def twins(operator_id: UUID) -> ResponseReturnValue:
    """Shops with an address or a number in common: they may be one."""
    del operator_id
    return render_template("desk/shop_twins.html", shared=list_shared_doors(), views=ShopView, words=words)


def _view() -> ShopView:
    try:
        return ShopView(request.args.get("view", ShopView.ALL))
    except ValueError:
        return ShopView.ALL
