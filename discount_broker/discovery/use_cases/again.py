"""Reading a shop once more because a person wants it."""

from datetime import datetime
from uuid import UUID

from discount_broker.discovery.operations import begin_crawl
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.queries import get_shop, is_stopped


def read_again(shop_id: UUID, now: datetime) -> None:
    """Have the shop's pages read anew, however fresh what we know is; what people said of it stays.

    Raises:
        Refused: `shop_stopped`, it forbids us to write, so there is nothing to read for.

    """
    with transaction():
        shop = get_shop(shop_id)
        shop = shop.merged_into or shop
        if is_stopped(shop):
            raise Refused("shop_stopped")
        begin_crawl(shop, shop.home_url, now)
