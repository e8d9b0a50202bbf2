"""What a buyer decides about one offer, and what a press that comes too late is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.tokens import Purpose
from discount_broker.offers.models import Offer
from discount_broker.offers.queries.countering import find_counter
from discount_broker.offers.status import CounterAnswer, DeclineReason, OfferStatus
from discount_broker.scorecards.models import ScoreCard
from tests.builders import a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser
from tests.web.test_buyer import an_offer, an_offered_request

Link = Callable[[Purpose, UUID], str]


def test_an_offer_says_delivery_condition_and_how_its_shop_has_answered(
    client: Browser, link: Link, now: datetime
) -> None:
    request = a_request(now, RequestStatus.OFFERED)
    outreach = an_outreach(now, request)
    facts = {"asked": 12, "answered": 7, "offered": 5, "promises_made": 3, "promises_kept": 2}
    saved(ScoreCard(shop_id=outreach.shop_id, computed_at=now, **facts))
    offer = an_offer(now, outreach, 11700, delivery="by courier on Friday", condition="paid in advance")
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    for page in (client.get(path).text, client.get(f"{path}/offers/{offer.id}").text):
        assert "by courier on Friday" in page
        assert "paid in advance" in page
        assert "Answered 7 of 12 requests. Kept 2 of 3 promises in time." in page


def test_a_shop_that_was_never_asked_is_not_judged(client: Browser, link: Link, now: datetime) -> None:
    request, _near, _cheap = an_offered_request(now)
    page = client.get(f"/requests/{link(Purpose.FOLLOW, request.id)}").text
    assert page.count("not asked this shop often enough") == 2


def test_a_changed_offer_shows_what_it_was_before(client: Browser, link: Link, now: datetime) -> None:
    request = a_request(now, RequestStatus.OFFERED)
    outreach = an_outreach(now, request)
    an_offer(now, outreach, 12100, status=OfferStatus.REPLACED, settled_at=now)
    an_offer(now, outreach, 11500)
    page = client.get(f"/requests/{link(Purpose.FOLLOW, request.id)}").text
    assert "The shop has changed its offer" in page
    assert "RUB\u00a012,100" in page
    assert "RUB\u00a011,500" in page


def test_a_counter_offer_is_put_once_and_the_offer_stands(client: Browser, link: Link, now: datetime) -> None:
    request, near, _cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    assert "Ask for a little more, once" in client.get(f"{path}/offers/{near.id}").text
    for _ in range(2):
        pressed = client.press(f"{path}/counter/{near.id}", price="11 000 ₽", words="Then I take it today.")
        assert pressed.status_code == 302
    counter = find_counter(near.outreach_id)
    assert counter is not None
    assert (counter.price, counter.percent, counter.words) == (Decimal(11000), None, "Then I take it today.")
    assert near.status is OfferStatus.OPEN
    page = client.get(path).text
    assert "The shop has not answered that yet" in page
    assert "for a price of RUB\u00a011,000. Its offer stands meanwhile." in page
    other = client.press(f"{path}/counter/{near.id}", price="10500")
    assert other.status_code == 422
    assert "it is asked only once" in other.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"price": "11 700"}, "no less than you are offered"),
        ({"price": "12 000"}, "no less than you are offered"),
        ({"percent": "5"}, "no less than you are offered"),
        ({"price": "1"}, "more than 90 per cent off"),
        ({"price": "100 €"}, "asks in another currency"),
        ({"percent": "95"}, "between 1 and 90"),
        ({"percent": "-150"}, "between 1 and 90"),
        ({"price": "cheap, please"}, "name the price that you would take"),
        ({}, "name the price that you would take"),
        ({"price": "11000", "words": "x" * 501}, "shorten it to 500"),
    ],
    ids=[
        "the same",
        "more",
        "fewer per cent",
        "next to nothing",
        "in euros",
        "95 per cent",
        "below nought",
        "words",
        "nothing",
        "too long",
    ],
)
def test_a_counter_offer_nobody_could_act_on_is_refused_and_nothing_typed_is_lost(
    client: Browser, link: Link, now: datetime, typed: dict[str, str], sentence: str
) -> None:
    request, near, _cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    answer = client.press(f"{path}/counter/{near.id}", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(value in answer.text for value in typed.values())
    assert find_counter(near.outreach_id) is None


@pytest.mark.parametrize("answered", list(CounterAnswer))
def test_the_shops_answer_to_a_counter_offer_is_told(
    client: Browser, link: Link, now: datetime, answered: CounterAnswer
) -> None:
    request, near, _cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    client.press(f"{path}/counter/{near.id}", percent="15")
    counter = find_counter(near.outreach_id)
    assert counter is not None
    counter.answer, counter.answered_at = answered, now
    saved(counter)
    page = client.get(path).text
    says = {CounterAnswer.ACCEPTED: "this is what the shop gives", CounterAnswer.REFUSED: "keeps its offer"}
    assert says[answered] in page


def test_an_offer_is_declined_with_a_reason_and_words(client: Browser, link: Link, now: datetime) -> None:
    request, near, _cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    answer = client.press(f"{path}/decline/{near.id}", reason="delivery", words="Two weeks is too long.")
    assert answer.status_code == 302
    assert near.status is OfferStatus.DECLINED
    assert (near.decline_reason, near.decline_words) == (DeclineReason.DELIVERY, "Two weeks is too long.")


@pytest.mark.parametrize(
    "typed", [{"reason": "because"}, {"words": "x" * 501}], ids=["no such reason", "too long"]
)
def test_a_reason_that_does_not_exist_declines_nothing(
    client: Browser, link: Link, now: datetime, typed: dict[str, str]
) -> None:
    request, near, _cheap = an_offered_request(now)
    answer = client.press(f"/requests/{link(Purpose.FOLLOW, request.id)}/decline/{near.id}", **typed)
    assert answer.status_code == 422
    assert near.status is OfferStatus.OPEN


def a_late_press(client: Browser, path: str, offer: Offer) -> str:
    answer = client.press(f"{path}/accept/{offer.id}")
    assert answer.status_code == 409
    assert "This offer is not open any more" in answer.text
    return answer.text


def test_who_accepts_after_the_term_is_told_when_it_ended(client: Browser, link: Link, now: datetime) -> None:
    request = a_request(now, RequestStatus.OFFERED)
    offer = an_offer(now, an_outreach(now, request), 11700, valid_until=now - timedelta(minutes=5))
    text = a_late_press(client, f"/requests/{link(Purpose.FOLLOW, request.id)}", offer)
    assert "The term of this offer ended today at" in text
    assert offer.status is OfferStatus.OPEN


def test_who_accepts_a_second_offer_is_told_which_one_was_taken(
    client: Browser, link: Link, now: datetime
) -> None:
    request, near, cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    client.press(f"{path}/accept/{cheap.id}")
    assert "You have accepted the offer of Cheap &amp; Good already" in a_late_press(client, path, near)


def test_who_accepts_what_the_shop_has_changed_is_led_to_the_new_offer(
    client: Browser, link: Link, now: datetime
) -> None:
    request = a_request(now, RequestStatus.OFFERED)
    outreach = an_outreach(now, request)
    old = an_offer(now, outreach, 11500, status=OfferStatus.REPLACED, settled_at=now)
    an_offer(now, outreach, 12500)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    assert "has changed its offer meanwhile" in a_late_press(client, path, old)
    assert client.press(f"{path}/counter/{old.id}", price="11000").status_code == 409
    assert client.press(f"{path}/decline/{old.id}").status_code == 409


def test_who_accepts_what_they_declined_is_told_so(client: Browser, link: Link, now: datetime) -> None:
    request, near, _cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    client.press(f"{path}/decline/{near.id}")
    assert "You declined this offer" in a_late_press(client, path, near)


def test_an_offer_of_another_request_has_no_page_here(client: Browser, link: Link, now: datetime) -> None:
    _request, near, _cheap = an_offered_request(now)
    other = a_request(now, RequestStatus.OFFERED)
    path = f"/requests/{link(Purpose.FOLLOW, other.id)}"
    assert client.get(f"{path}/offers/{near.id}").status_code == 404
    assert client.press(f"{path}/counter/{near.id}", price="9000").status_code == 404
    assert client.press(f"/requests/{'0' * 48}/accept/{near.id}").status_code == 404


def test_number_code_and_qr_code_stand_on_a_page_to_show(client: Browser, link: Link, now: datetime) -> None:
    request, _near, cheap = an_offered_request(now)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    assert client.get(f"{path}/voucher").location == path
    assert client.get(f"{path}/voucher/code.svg").status_code == 404
    client.press(f"{path}/accept/{cheap.id}")
    assert cheap.code is not None
    page = client.get(f"{path}/voucher").text
    assert request.number in page
    assert cheap.code in page
    drawn = client.get(f"{path}/voucher/code.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert "<path" in drawn.text
    assert cheap.code in client.get(path).text


def test_a_shop_that_was_open_to_many_shows_its_name_escaped(
    client: Browser, link: Link, now: datetime
) -> None:
    request = a_request(now, RequestStatus.OFFERED)
    shop = a_shop(now, name="<script>alert(1)</script>")
    words = {"text": "<b>gift</b>", "delivery": "<i>d</i>", "condition": "<u>c</u>"}
    offer = an_offer(now, an_outreach(now, request, shop), 9000, **words)
    path = f"/requests/{link(Purpose.FOLLOW, request.id)}"
    for page in (client.get(path).text, client.get(f"{path}/offers/{offer.id}").text):
        assert not any(tag in page for tag in ("<script>alert", "<b>gift", "<i>d", "<u>c"))
