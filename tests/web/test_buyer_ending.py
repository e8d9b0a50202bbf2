"""How requests end by the buyer's word, what is said when nothing came, and how they begin anew."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.discovery.models import Listing
from discount_broker.escalation.models import Call
from discount_broker.escalation.status import CallResult
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Suppression
from discount_broker.offers.status import OfferStatus
from discount_broker.offers.use_cases import ask_outcomes
from discount_broker.outreach.status import OutreachStatus
from tests.builders import (
    a_buyer,
    a_case,
    a_product,
    a_request,
    a_shop,
    an_operator,
    an_outreach,
    saved,
)
from tests.fakes import RecordingQueue
from tests.web.conftest import Browser
from tests.web.test_buyer import an_offer, an_offered_request

Link = Callable[[Purpose, UUID], str]


def a_listing(now: datetime, title: str = "Bosch GSR 12V-15 cordless drill", **given: object) -> Listing:
    shop = given.pop("shop", None) or a_shop(now)
    facts = {
        "shop": shop,
        "url": f"{shop.home_url}p/{uuid4().hex}",
        "title": title,
        "title_key": "drill",
        "price": Decimal(11000),
        "currency": "RUB",
        "brand": "Bosch",
        "brand_key": "bosch",
        "seen_at": now,
    }
    return saved(Listing(**{**facts, **given}))


def test_the_link_in_the_letter_chooses_an_answer_and_writes_nothing(
    client: Browser, link: Link, now: datetime
) -> None:
    request, _near, cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    assert "nothing to say about this request yet" in client.get(f"{path}/outcome?said=bought").text
    client.press(f"{path}/accept/{cheap.id}")
    page = client.get(f"{path}/outcome?said=nothing").text
    assert "Did it work out with Cheap &amp; Good?" in page
    assert request.outcome is None
    assert client.press(f"{path}/outcome", outcome="nothing").status_code == 302
    assert request.outcome is Outcome.NOTHING
    assert "Another press changes what you said" in client.get(f"{path}/outcome?said=bought").text
    client.press(f"{path}/outcome", outcome="bought")
    assert request.outcome is Outcome.BOUGHT


def test_an_outcome_of_what_was_never_asked_changes_nothing(
    client: Browser, link: Link, now: datetime
) -> None:
    request = a_request(now, RequestStatus.UNCONFIRMED)
    answer = client.press(f"/requests/{link(Purpose.FOLLOW, request.id)}/outcome", outcome="bought")
    assert answer.status_code == 302
    assert request.status is RequestStatus.UNCONFIRMED


def test_the_page_that_ends_a_request_says_what_stops(client: Browser, link: Link, now: datetime) -> None:
    request, _near, cheap = an_offered_request(now)
    silent = an_outreach(now, request, a_shop(now, name="Silent"), status=OutreachStatus.PLANNED)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    page = client.get(f"{path}/end").text
    assert "No further letter goes to: Silent." in page
    assert (
        "Cheap &amp; Good made an offer" in page or "Cheap &amp; Good, " in page or "Cheap &amp; Good" in page
    )
    assert silent.status is OutreachStatus.PLANNED
    assert cheap.status is OfferStatus.OPEN


def test_who_has_bought_it_elsewhere_is_left_in_peace_by_one_press(
    client: Browser, link: Link, now: datetime
) -> None:
    request, near, _cheap = an_offered_request(now)
    silent = an_outreach(now, request, a_shop(now), status=OutreachStatus.PLANNED)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    assert client.press(f"{path}/bought", where="the moon").location == f"{path}/end"
    for _ in range(2):
        assert client.press(f"{path}/bought", where="elsewhere").location == path
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, Outcome.BOUGHT_ALREADY)
    assert silent.status is OutreachStatus.STOPPED
    assert near.status is OfferStatus.DECLINED
    assert "bought it elsewhere" in client.get(path).text
    assert client.get(f"{path}/end").location == path


def test_when_nothing_came_we_say_sorry_and_what_could_be_asked_for_instead(
    client: Browser, link: Link, now: datetime, queue: RecordingQueue
) -> None:
    product = a_product(now, a_shop(now), brand="Bosch", category=["Tools", "Drills"], model="GSR 12V-15")
    request = a_request(now, RequestStatus.CLOSED, product=product, outcome=Outcome.NO_OFFER)
    an_outreach(now, request, status=OutreachStatus.DECLINED)
    kin = a_listing(now, "Bosch EasyDrill 1200 drill")
    a_listing(now, "Bosch washing machine", price=Decimal(12000))
    a_listing(now, "Bosch drill of gold", price=Decimal(99000))
    forbids = a_shop(now)
    saved(Suppression(key=f"shop:{forbids.domain}", reason="never", cause="letter", created_at=now))
    a_listing(now, "Bosch GSB 180 drill", shop=forbids)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    page = client.get(path).text
    assert "We are sorry that nothing came of it" in page
    assert kin.title in page
    assert not any(title in page for title in ("washing", "of gold", "GSB 180"))
    answer = client.press(f"{path}/again", listing=str(kin.id))
    draft = db.session.scalars(select(DiscountRequest).where(DiscountRequest.product_url == kin.url)).one()
    assert "/ask/" in answer.location
    assert (draft.status, draft.repeats_id, draft.wish_value) == (RequestStatus.DRAFT, None, Decimal(10))
    assert (Job.READ_PRODUCT, draft.id) in queue.rung
    assert client.press(f"{path}/again", listing=str(uuid4())).status_code == 404
    assert client.press(f"{path}/again", listing="rubbish").status_code == 404


def test_a_request_is_asked_again_with_the_form_filled_in(client: Browser, link: Link, now: datetime) -> None:
    buyer = a_buyer(now)
    given = {"buyer": buyer, "wish_value": Decimal(17), "note": "Blue, please.", "outcome": Outcome.NO_OFFER}
    request = a_request(now, RequestStatus.CLOSED, **given)
    client.press(f"/login/{link(Purpose.LOGIN, buyer.id)}")
    assert "Ask again" in client.get("/requests").text
    answer = client.press(f"/requests/{link(Purpose.FOLLOW, request.id)}/again")
    draft = db.session.scalars(select(DiscountRequest).where(DiscountRequest.repeats_id == request.id)).one()
    assert (draft.product_url, draft.buyer_id) == (request.product_url, buyer.id)
    page = client.get(answer.location).text
    assert "Blue, please." in page
    assert 'value="17"' in page


def test_a_request_that_was_never_confirmed_is_not_repeated(
    client: Browser, link: Link, now: datetime
) -> None:
    request = a_request(now, RequestStatus.UNCONFIRMED)
    assert client.press(f"/requests/{link(Purpose.FOLLOW, request.id)}/again").status_code == 409


def test_the_overview_says_what_was_saved_in_each_currency(
    client: Browser, link: Link, now: datetime
) -> None:
    buyer = a_buyer(now)
    for price, currency in ((11990, "RUB"), (100, "EUR")):
        request = a_request(now, RequestStatus.CLOSED, buyer=buyer, outcome=Outcome.BOUGHT)
        full = {"price": Decimal(12990) if currency == "RUB" else Decimal(120), "currency": currency}
        outreach = an_outreach(now, request, a_shop(now), **full)
        an_offer(now, outreach, price, status=OfferStatus.ACCEPTED, settled_at=now)
    client.press(f"/login/{link(Purpose.LOGIN, buyer.id)}")
    page = client.get("/requests").text
    assert "Saved so far" in page
    assert "RUB\u00a01,000" in page
    assert "€20" in page
    assert "saved €20" in page


def test_the_short_link_of_a_text_opens_the_question_once_it_was_asked(
    client: Browser, link: Link, now: datetime
) -> None:
    request, _near, cheap = an_offered_request(now)
    short = f"/t/{short_code(request.number)}"
    client.press(f"/requests/{link(Purpose.FOLLOW, request.id)}/accept/{cheap.id}")
    assert not client.get(short).location.endswith("/outcome")
    ask_outcomes(now + timedelta(days=3))
    assert client.get(short).location.endswith("/outcome")


def test_calls_are_among_what_was_tried(client: Browser, link: Link, now: datetime) -> None:
    request = a_request(now, RequestStatus.CLOSED, outcome=Outcome.NO_OFFER)
    shop = a_shop(now, name="Silent Tools")
    case = a_case(now, an_outreach(now, request, shop, status=OutreachStatus.STOPPED))
    operator = an_operator(now)
    facts = {"operator_id": operator.id, "started_at": now, "ended_at": now, "result": CallResult.NO_ANSWER}
    saved(Call(shop_id=shop.id, cases=[case], **facts))
    assert "We called Silent Tools." in client.get(f"/requests/{link(Purpose.FOLLOW, request.id)}").text


def test_consents_of_another_time_are_not_given_anew_by_themselves(
    client: Browser, link: Link, now: datetime
) -> None:
    request = a_request(
        now, RequestStatus.CLOSED, outcome=Outcome.NO_OFFER, phone="+79161234567", may_contact_directly=True
    )
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    form = client.get(client.press(f"{path}/again").location).text
    assert "+79161234567" in form
    for box in ("consent", "may_contact_directly"):
        [tag] = re.findall(rf'<input[^>]*name="{box}"[^>]*>', form)
        assert "checked" not in tag
