"""Shops that answer well, for everybody: the list, the card of each, its pictures and its table."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.scorecards.queries import get_public_card, list_good_cards
from discount_broker.scorecards.rules import COUNTED, ENOUGH, GOOD_SHARE, LEFT_OUT
from discount_broker.web.access import public
from discount_broker.web.scorecards_csv import cases_as_csv
from discount_broker.web.scorecards_page import as_file, dealings_behind, picture, shown_card

bp = Blueprint("scorecards", __name__, url_prefix="/shops")

A_PAGE = 50
LONGEST_NAME = 60


@bp.get("")
@public
def catalogue() -> ResponseReturnValue:
    """Only who answers well; that a shop is not here says nothing of it."""
    begins = request.args.get("q", "").strip()[:LONGEST_NAME]
    page = request.args.get("page", "")
    number = min(max(int(page), 1), 1000) if page.isdecimal() and len(page) < 6 else 1
    cards = list_good_cards(begins, skip=(number - 1) * A_PAGE, limit=A_PAGE + 1)
    return render_template(
        "scorecards/shops.html",
        cards=cards[:A_PAGE],
        begins=begins,
        number=number,
        has_more=len(cards) > A_PAGE,
        counted=COUNTED,
        enough=ENOUGH,
        good_share=round(100 * GOOD_SHARE),
        days_left_out=LEFT_OUT.days,
    )


@bp.get("/<domain>")
@public
def show(domain: str) -> ResponseReturnValue:
    shop = get_public_card(domain).shop
    score = shown_card(shop, lambda name, size: url_for(".plot", domain=shop.domain, name=name, size=size))
    return render_template("scorecards/shop.html", shop=shop, score=score)


@bp.get("/<domain>/plots/<name>.svg")
@public
def plot(domain: str, name: str) -> Response:
    return picture(get_public_card(domain).shop, name)


@bp.get("/<domain>/card.csv")
@public
def table(domain: str) -> Response:
    shop = get_public_card(domain).shop
    return as_file(cases_as_csv(dealings_behind(shop.id), for_everybody=True), f"card-{shop.domain}")
