"""Everything the score-card of a shop shows, the same for everybody who may see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, abort, request

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.site import zone_for
from discount_broker.scorecards.queries import find_scorecard, list_dealings, list_replies
from discount_broker.scorecards.rules import COUNTED, ENOUGH, GOOD_SHARE, LEFT_OUT, Dealing, wilson
from discount_broker.web.plots import HIGH, NARROW, WIDE, Plot
from discount_broker.web.scorecards_plots import plots_of

if TYPE_CHECKING:
    from discount_broker.scorecards.models import CardReply, ScoreCard
    from discount_broker.shops.models import Shop

PlotUrl = Callable[[str, str], str]
"""Where a picture stands for the readers of a page, by its name and size."""


@dataclass(frozen=True, kw_only=True)
class ShownCard:
    """A score-card as `scorecards/_card.html` shows it."""

    card: "ScoreCard"
    least: int
    most: int
    """The interval of the share answered, per cent."""
    plots: Sequence[Plot]
    plot_url: PlotUrl
    replies: "Sequence[CardReply]"
    wide: int = WIDE
    narrow: int = NARROW
    high: int = HIGH
    counted: int = COUNTED
    enough: int = ENOUGH
    good_share: int = round(100 * GOOD_SHARE)
    days_left_out: int = LEFT_OUT.days

    @property
    def share(self) -> int:
        return round(100 * self.card.answered / self.card.asked) if self.card.asked else 0

    @property
    def is_enough(self) -> bool:
        return self.card.asked >= ENOUGH

    @property
    def promises_broken(self) -> int:
        return self.card.promises_made - self.card.promises_kept - self.card.promises_late


def shown_card(shop: "Shop", plot_url: PlotUrl, *, sees_all: bool = False) -> ShownCard | None:
    """The card of a shop; None where nothing that counts has happened yet.

    `sees_all` is for the shop itself and for our team: they read replies that are not published.
    """
    card = find_scorecard(shop.id)
    if card is None or not card.asked:
        return None
    least, most = wilson(card.answered, card.asked)
    return ShownCard(
        card=card,
        least=round(100 * least),
        most=round(100 * most),
        plots=plots_of(_dealings_of(card), zone_for(shop.country)),
        plot_url=plot_url,
        replies=list_replies(shop.id, only_public=not sees_all),
    )


def dealings_behind(shop_id: UUID) -> list[Dealing]:
    """The cases from which the card that stands was computed."""
    card = find_scorecard(shop_id)
    return _dealings_of(card) if card else []


def _dealings_of(card: "ScoreCard") -> list[Dealing]:
    if card.until is None:
        return []
    return list_dealings(card.shop_id, card.until, card.computed_at - card.until)


def picture(shop: "Shop", name: str) -> Response:
    """One of the plots of a card, for whoever may see the card."""
    found = {plot.name: plot for plot in plots_of(dealings_behind(shop.id), zone_for(shop.country))}
    if name not in found:
        abort(404)
    width = NARROW if request.args.get("size") == "narrow" else WIDE
    answer = Response(found[name].draw(width), mimetype="image/svg+xml")
    answer.cache_control.max_age = 300
    answer.cache_control.private = True
    return answer


def as_file(text: str, name: str) -> Response:
    """A table to open in a program for tables."""
    answer = Response("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}-{utcnow():%Y-%m-%d}.csv"
    return answer
