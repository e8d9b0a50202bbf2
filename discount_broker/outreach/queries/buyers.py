"""Reading what was said between one buyer, the shops and our people."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import news_of
from discount_broker.kernel.db import db
from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.messaging.rendering import render_sms
from discount_broker.notifications.catalogue import DeskNote
from discount_broker.notifications.queries import has_been_texted
from discount_broker.outreach.models import Letter, Outreach

MOST_READ = 300


def list_letters_of_buyer(buyer_id: UUID, limit: int = MOST_READ) -> list[Letter]:
    """The letters that passed between a buyer, the shops and our people, the latest first."""
    query = (
        select(Letter)
        .join(Letter.outreach)
        .join(Outreach.discount_request)
        .where(DiscountRequest.buyer_id == buyer_id)
        .options(joinedload(Letter.outreach).joinedload(Outreach.shop), joinedload(Letter.operator))
    )
    return list(db.session.scalars(query.order_by(Letter.created_at.desc()).limit(limit)))


def list_outreaches_of_buyer(buyer_id: UUID, limit: int = MOST_READ) -> list[Outreach]:
    """Every shop that was asked for a buyer, the latest request first and rivals last."""
    query = (
        select(Outreach)
        .join(Outreach.discount_request)
        .where(DiscountRequest.buyer_id == buyer_id)
        .options(joinedload(Outreach.shop), joinedload(Outreach.discount_request))
        .order_by(DiscountRequest.created_at.desc(), Outreach.is_rival, Outreach.created_at)
    )
    return list(db.session.scalars(query.limit(limit)))


def text_as_sent(outreach: Outreach, words: str) -> str:
    """What an SMS about this request would say on the buyer's phone."""
    request, here = outreach.discount_request, site()
    number = textable_number(request.phone or "", here.time_zone) or ""
    return render_sms(
        DeskNote(**news_of(request), words=tuple(words.split("\n"))),
        request.language,
        here,
        link=f"{here.base_url}/t/{short_code(request.number)}",
        is_first=not has_been_texted(number),
    ).text
