"""The doors of a shop that may be used."""

from discount_broker.messaging.queries import is_suppressed
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations.letters import keys_of
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.queries import list_doors


def usable_points(outreach: Outreach) -> list[ContactPoint]:
    """The shop's doors that nobody has forbidden, in the order of their standing."""
    return [point for point in list_doors(outreach.shop_id) if not is_suppressed(keys_of(point))]
