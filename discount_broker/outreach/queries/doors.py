"""The doors of a shop as the ladder sees them."""

from collections.abc import Iterable

from discount_broker.kernel.emails import FREE_MAIL
from discount_broker.kernel.urls import registrable_domain
from discount_broker.messaging.queries import is_suppressed
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries.learning import cases_of_doors, rate_of
from discount_broker.outreach.rules import Cases, Door, TakenStep, chance_of
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import door_stop_keys, list_doors
from discount_broker.shops.rules import DOUBTFUL
from discount_broker.shops.status import ContactKind, ContactState


def usable_points(outreach: Outreach) -> list[ContactPoint]:
    """The shop's doors that nobody has forbidden, in the order of their standing."""
    return [point for point in list_doors(outreach.shop_id) if not is_suppressed(keys_of(point))]


def keys_of(point: ContactPoint) -> list[str]:
    """Entries of the stop list that close this door; also those of a shop whose door another one shows."""
    is_mail = point.kind is ContactKind.EMAIL
    # A form may stand on the pages of one shop and be sent to another.
    places = [point.value.rpartition("@")[2]] if is_mail else [point.value, (point.form or {}).get("action")]
    owners = {registrable_domain(place) for place in places if place} - FREE_MAIL
    keys = door_stop_keys(point.shop, point.kind, point.value)
    return [*dict.fromkeys([*keys, *(f"shop:{owner}" for owner in sorted(owners))])]


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
