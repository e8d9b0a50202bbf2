"""Finding an accepted offer by the code that its buyer shows, and the pages that lead to it."""

from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import follow_url
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.offers.models import Offer
from discount_broker.offers.rules.coding import read_code


def find_offer_by_code(typed: str) -> Offer | None:
    """The offer whose buyer was given this code, however its letters are set."""
    code = read_code(typed)
    return db.session.scalar(select(Offer).where(Offer.code == code)) if code else None


def voucher_url(request: DiscountRequest) -> str:
    """The page with number and code, to be shown in the shop or printed."""
    return f"{follow_url(request)}/voucher"


def lookup_url(code: str) -> str:
    """Where staff of the shop see what was accepted: what the QR code says."""
    return f"{site().base_url}/shop/lookup?code={code}"
