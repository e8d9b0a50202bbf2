"""The doors of a shop as the ladder sees them."""

from collections.abc import Iterable

from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries.learning import cases_of_doors, rate_of
from discount_broker.outreach.rules import Cases, Door, TakenStep, chance_of
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.rules import DOUBTFUL
from discount_broker.shops.status import ContactKind, ContactState


def doors_of(shop: Shop, points: Iterable[ContactPoint]) -> list[Door]:
    """What the rules must know of the doors, in the order given."""
    points = list(points)
    cases = cases_of_doors(points)
    expected = {kind: _expected(kind, shop.country) for kind in {point.kind for point in points}}
    return [
        Door(
            point.id,
            point.kind,
            has_captcha=bool(point.form and point.form.get("captcha")),
            chance=chance_of(cases[point.id], *expected[point.kind]),
            has_answered=cases[point.id].answered > 0,
            is_preferred=point.preferred_at is not None,
            is_doubtful=point.confidence < DOUBTFUL and point.state is not ContactState.GOOD,
        )
        for point in points
    ]


def _expected(kind: ContactKind, country: str | None) -> tuple[Cases, Cases]:
    return (rate_of(kind, country) if country else Cases()), rate_of(kind, "")


def steps_of(outreach: Outreach) -> list[TakenStep]:
    return [
        TakenStep(step.contact_point_id, step.contact_point.kind, step.delivery.status, step.is_reminder)
        for step in outreach.steps
    ]
