"""The offer page: one press, changing the answer, putting it off, and a counter-offer."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.queries import is_suppressed
from discount_broker.offers.models import CounterOffer, Offer
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.rules import MOST_CALLS_PROMISED, MOST_PUT_OFF, Answer
from discount_broker.offers.rules.countering import Counter
from discount_broker.offers.status import AnswerKind, CounterAnswer, DeclineReason, OfferStatus
from discount_broker.offers.use_cases import (
    accept_offer,
    counter_offer,
    decline_offer,
    note_bought,
    submit_answer,
    withdraw_request,
)
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop
from discount_broker.web.limits import WRONG_LINKS
from tests.builders import a_product, a_request, a_shop, an_outreach
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]
STATIC = Path(__file__).parents[2] / "static"
BUDGET = 100_000


@pytest.fixture
def outreach(now: datetime) -> Outreach:
    """A shop that has been written to at info@tools.ru."""
    shop = a_shop(now, "tools.ru", language="en", country=None, emails=("info@tools.ru",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    return outreach


@pytest.fixture
def path(outreach: Outreach, link: Link) -> str:
    return f"/o/{link(Purpose.OFFER, outreach.id)}"


def offers_of(outreach: Outreach) -> list[Offer]:
    db.session.expire_all()
    query = select(Offer).where(Offer.outreach_id == outreach.id).order_by(Offer.made_at)
    return list(db.session.scalars(query))


def offer_of(outreach: Outreach) -> Offer:
    db.session.expire_all()
    offer = find_offer_of(outreach.id)
    assert offer is not None
    return offer


def seen(client: Browser, path: str) -> str:
    """The offer that the page of changes says it is about."""
    found = re.search(r'name="changes" value="([^"]*)"', client.get(f"{path}/change").text)
    assert found is not None
    return found.group(1)


# One press


@pytest.mark.parametrize(
    ("code", "kind", "price"),
    [
        ("percent-10", AnswerKind.PERCENT, "11691"),
        ("percent-5", AnswerKind.PERCENT, "12340.50"),
        ("price-11500", AnswerKind.PRICE, "11500"),
        ("free_delivery", AnswerKind.FREE_DELIVERY, "12990"),
    ],
)
def test_a_button_of_the_page_is_the_whole_answer(
    code: str, kind: AnswerKind, price: str, client: Browser, path: str, outreach: Outreach
) -> None:
    page = client.get(f"{path}?answer={code}").text
    assert page.index(f'name="now" value="{code}"') < page.index('class="choices"')
    assert offers_of(outreach) == []
    for _ in range(2):
        answer = client.press(path, now=code)
        assert "The buyer has your offer" in client.get(answer.location).text
    [offer] = offers_of(outreach)
    assert (offer.kind, offer.final_price) == (kind, Decimal(price))


def test_what_was_chosen_in_the_letter_is_the_first_button(client: Browser, path: str) -> None:
    page = client.get(f"{path}?answer=free_delivery").text
    assert re.findall(r'name="now" value="([^"]*)"', page) == [
        "free_delivery",
        "percent-10",
        "percent-5",
        "not_now",
    ]


@pytest.mark.parametrize(
    "code", ["percent--150", "percent-91", "price-0", "call", "gift", "%00", "x" * 10_000]
)
def test_a_code_that_is_no_whole_answer_becomes_no_button(code: str, client: Browser, path: str) -> None:
    page = client.get(path, query_string={"answer": code}).text
    assert re.findall(r'name="now" value="([^"]*)"', page)[0] == "percent-10"
    assert client.press(path, now=code).status_code == 422


def test_the_page_weighs_less_than_100_kilobytes_with_everything(
    client: Browser, link: Link, now: datetime
) -> None:
    shop = a_shop(now, language="ru")
    product = a_product(now, shop, image="https://pictures.example/drill.jpg", title="Дрель " * 40)
    request = a_request(now, RequestStatus.ASKED, product=product, note="Поскорее, пожалуйста! " * 40)
    outreach = an_outreach(now, request, status=OutreachStatus.ASKED, next_step_at=now + timedelta(days=1))
    page = client.get(f"/o/{link(Purpose.OFFER, outreach.id)}").text
    files = set(re.findall(r'(?:href|src)="/static/([^"?]+)', page))
    assert {"css/site.css", "css/offer.css"} <= files
    weight = len(page.encode()) + sum((STATIC / name).stat().st_size for name in files)
    assert weight < BUDGET, f"{weight} bytes: {sorted(files)}"
    pictures = re.findall(r"<img [^>]*>", page)
    assert all('loading="lazy"' in picture and "pictures.example" in picture for picture in pictures)
    assert re.search(r"<script(?![^>]*timezone)", page) is None


# Bad input


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"answer": "percent", "percent": "-150"}, "between 1 and 90 per cent"),
        ({"answer": "price", "price": "eleven thousand"}, "write the price as a number"),
        ({"answer": "price", "price": "12990"}, "not below the price"),
        ({"answer": "price", "price": "400 €"}, "names its price in another currency"),
        ({"answer": "price", "price": "10"}, "more than 90 per cent off"),
        ({"answer": "wished", "words": "x" * 10_000}, "under 500 characters"),
        ({"answer": "wished", "delivery": "x" * 10_000}, "under 300 characters"),
        ({"answer": "later"}, "choose the day"),
        ({"answer": "later", "later_day": "2020-01-01"}, "tomorrow or a later day"),
        ({"answer": "later", "later_day": "2099-01-01"}, "within the next ninety days"),
        ({"answer": "forward"}, "type the e-mail address of whoever decides"),
        ({"answer": "forward", "forward_to": "a shop"}, "cannot be right"),
        ({"answer": "forward", "forward_to": "info@tools.ru"}, "the address to which we wrote"),
    ],
)
def test_what_cannot_be_meant_is_explained_beside_its_field(
    fields: dict[str, str], sentence: str, client: Browser, path: str, outreach: Outreach
) -> None:
    answer = client.press(path, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert offers_of(outreach) == []


def test_a_term_of_yesterday_or_of_next_year_is_refused(client: Browser, path: str, now: datetime) -> None:
    for days, sentence in ((-2, "This day has passed"), (365, "within the next ninety days")):
        day = (now + timedelta(days=days)).date().isoformat()
        answer = client.press(path, answer="wished", valid_until=day)
        assert (answer.status_code, sentence in answer.text) == (422, True)


def test_a_lower_price_on_the_page_by_now_is_what_an_offer_is_held_against(
    client: Browser, path: str, outreach: Outreach
) -> None:
    outreach.price_now = Decimal(11_000)
    db.session.commit()
    answer = client.press(path, now="percent-10")
    assert answer.status_code == 422
    assert "shows a lower price by now" in answer.text


def test_a_guessed_link_reveals_nothing_and_guessing_is_slowed_down(client: Browser, path: str) -> None:
    near = path[:-1] + ("1" if path[-1] == "0" else "0")
    most = int(WRONG_LINKS.split()[0])
    guesses = [near, *(f"/o/{'a' * n}" for n in range(1, most + 1))]
    answers = [client.get(guess, environ_base={"REMOTE_ADDR": "198.51.100.9"}) for guess in guesses]
    assert {answer.status_code for answer in answers[:most]} == {404}
    assert answers[-1].status_code == 429
    assert all("tools.ru" not in answer.text for answer in answers)
    assert client.get(path, environ_base={"REMOTE_ADDR": "198.51.100.10"}).status_code == 200


# Changing it


def test_an_offer_is_changed_where_it_stands(client: Browser, path: str, outreach: Outreach) -> None:
    client.press(path, answer="percent", percent="5", words="This week")
    done = client.get(f"{path}/thanks").text
    assert f'href="{path}/change"' in done
    form = client.get(f"{path}/change").text
    assert 'value="percent" checked' in form
    assert "This week" in form
    assert 'value="never"' not in form

    fields = {"answer": "percent", "percent": "7", "delivery": "tomorrow", "condition": "prepaid"}
    changed = client.press(f"{path}/change", changes=seen(client, path), **fields)
    page = client.get(changed.location).text
    assert "The buyer has your new offer" in page
    assert "tomorrow" in page
    assert [offer.status for offer in offers_of(outreach)] == [OfferStatus.REPLACED, OfferStatus.OPEN]


def test_of_two_tabs_the_second_is_told_that_the_first_stands(
    client: Browser, path: str, outreach: Outreach
) -> None:
    client.press(path, now="percent-5")
    was = seen(client, path)
    first, second = (
        client.press(f"{path}/change", changes=was, answer="percent", percent=value) for value in ("7", "9")
    )
    assert "that answer stands" not in client.get(first.location).text
    assert "that answer stands" in client.get(second.location).text
    assert offer_of(outreach).percent == 7


def test_a_change_that_gives_nothing_is_refused(client: Browser, path: str, outreach: Outreach) -> None:
    client.press(path, now="percent-5")
    for answer in ({"answer": "not_now"}, {"answer": "percent", "percent": "-3"}, {}):
        refused = client.press(f"{path}/change", changes=seen(client, path), **answer)
        assert refused.status_code == 422
    assert offer_of(outreach).percent == 5


def test_what_the_buyer_accepted_cannot_be_changed(
    client: Browser, path: str, outreach: Outreach, now: datetime
) -> None:
    client.press(path, now="percent-5")
    was = seen(client, path)
    accept_offer(outreach.discount_request_id, offer_of(outreach).id, now)
    page = client.get(f"{path}/change", follow_redirects=True).text
    assert "The buyer accepted it" in page
    assert f"{path}/change" not in page
    client.press(f"{path}/change", changes=was, answer="percent", percent="9")
    assert offer_of(outreach).percent == 5


def test_a_no_can_become_an_offer(client: Browser, path: str, outreach: Outreach) -> None:
    no = client.press(path, now="not_now")
    assert "Give something after all" in client.get(no.location).text
    changed = client.press(f"{path}/change", changes=seen(client, path), answer="wished")
    assert "The buyer has your new offer" in client.get(changed.location).text
    assert offer_of(outreach).percent == 10


def test_never_again_cannot_be_taken_back_by_the_way(client: Browser, path: str) -> None:
    never = client.press(path, answer="never")
    assert "Give something after all" not in client.get(never.location).text
    assert client.get(f"{path}/change").location.endswith("/thanks")


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.WITHDRAWN, "has withdrawn this request"),
        (Outcome.BOUGHT_ALREADY, "has bought it by now"),
        (Outcome.NO_OFFER, "does not wait for answers any more"),
        (Outcome.BOUGHT, "does not wait for answers any more"),
    ],
)
def test_each_way_a_request_ends_has_its_own_sentence(
    outcome: Outcome, sentence: str, client: Browser, path: str, outreach: Outreach, now: datetime
) -> None:
    ask = outreach.discount_request
    ask.status, ask.outcome, ask.closed_at = RequestStatus.CLOSED, outcome, now
    db.session.commit()
    assert sentence in client.get(path, follow_redirects=True).text
    assert client.press(path, now="percent-10").location.endswith("/thanks")
    assert offers_of(outreach) == []


def test_an_offer_the_buyer_did_not_take_is_thanked_for(
    client: Browser, path: str, outreach: Outreach, now: datetime
) -> None:
    client.press(path, now="percent-5")
    an_outreach(now, outreach.discount_request, a_shop(now))
    decline_offer(outreach.discount_request_id, offer_of(outreach).id, now)
    assert "Thank you for answering" in client.get(path, follow_redirects=True).text


def take_the_rivals(outreach: Outreach, offer: Offer, now: datetime) -> None:
    rival = an_outreach(now, outreach.discount_request, a_shop(now, "rival.ru"))
    submit_answer(rival.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(9)), now)
    accept_offer(outreach.discount_request_id, offer_of(rival).id, now)


@pytest.mark.parametrize(
    ("decide", "sentence"),
    [
        (
            lambda outreach, offer, now: decline_offer(
                outreach.discount_request_id, offer.id, now, DeclineReason.DELIVERY, "Too slow for me."
            ),
            "the delivery does not suit them",
        ),
        (
            lambda outreach, offer, now: decline_offer(outreach.discount_request_id, offer.id, now),
            "did not take it, and did not say why",
        ),
        (take_the_rivals, "chose another one"),
        (
            lambda outreach, _offer, now: withdraw_request(outreach.discount_request_id, now),
            "has withdrawn the request",
        ),
        (
            lambda outreach, _offer, now: note_bought(outreach.discount_request_id, now, elsewhere=True),
            "has found it meanwhile",
        ),
    ],
    ids=["with a reason", "without a reason", "another one", "withdrawn", "bought"],
)
def test_the_page_and_the_letter_say_what_became_of_an_offer(
    decide: Callable[[Outreach, Offer, datetime], None],
    sentence: str,
    client: Browser,
    path: str,
    outreach: Outreach,
    now: datetime,
) -> None:
    client.press(path, now="percent-5")
    decide(outreach, offer_of(outreach), now)
    db.session.expire_all()
    page = client.get(path, follow_redirects=True).text
    assert sentence in page
    assert "Too slow" not in page, "the buyer did not let their words go to the shop"
    letter = db.session.scalar(select(Delivery).where(Delivery.purpose == f"answer:{outreach.id}:thanked"))
    assert letter is not None
    assert sentence in letter.text.replace("\n", " ")


def test_a_shop_without_an_offer_learns_that_another_one_was_taken(
    client: Browser, path: str, outreach: Outreach, now: datetime
) -> None:
    rival = an_outreach(now, outreach.discount_request, a_shop(now, "rival.ru"))
    submit_answer(rival.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(9)), now)
    accept_offer(outreach.discount_request_id, offer_of(rival).id, now)
    assert "accepted the offer of another shop" in client.get(path, follow_redirects=True).text


def test_do_this_always_leads_to_the_claim_with_the_terms(
    client: Browser, path: str, outreach: Outreach
) -> None:
    client.press(path, now="percent-5")
    page = client.get(f"{path}/thanks").text
    assert "Do this always?" in page
    claim = "/shop/claim?shop=tools.ru&amp;rule_percent=5"
    assert claim in page
    assert 'value="tools.ru"' in client.get(claim.replace("&amp;", "&")).text
    with client.session_transaction() as kept:
        assert "/shop/rules?rule_percent=5" in kept.values()


def test_a_gift_is_no_rule(client: Browser, path: str) -> None:
    client.press(path, answer="gift", gift="a bag")
    assert "Do this always?" not in client.get(f"{path}/thanks").text


# Putting it off, passing it on


def test_ask_me_again_says_when_and_still_takes_an_answer(
    client: Browser, path: str, outreach: Outreach, now: datetime
) -> None:
    day = (now + timedelta(days=4)).date()
    later = client.press(path, answer="later", later_day=day.isoformat())
    assert "We ask you again on" in client.get(later.location).text
    assert outreach.ask_again_on == day
    assert "You wanted to be asked again" in client.get(path).text
    client.press(path, now="percent-5")
    assert offer_of(outreach).percent == 5


def test_a_day_the_buyer_does_not_wait_for_is_explained(client: Browser, path: str, now: datetime) -> None:
    day = (now + timedelta(days=20)).date().isoformat()
    answer = client.press(path, answer="later", later_day=day)
    assert (answer.status_code, "does not wait that long" in answer.text) == (422, True)


def test_who_puts_it_off_once_too_often_is_told_what_to_do_instead(
    client: Browser, path: str, outreach: Outreach, now: datetime
) -> None:
    days = [(now + timedelta(days=days)).date().isoformat() for days in range(2, 3 + MOST_PUT_OFF)]
    for day in days[:-1]:
        assert client.press(path, answer="later", later_day=day).status_code == 302
    refused = client.press(path, answer="later", later_day=days[-1])
    assert (refused.status_code, "Please say what you can give" in refused.text) == (422, True)
    assert f'value="{days[-1]}"' in refused.text, "what was typed is kept"


def test_who_promises_a_call_once_too_often_is_told_what_to_do_instead(
    client: Browser, path: str, now: datetime
) -> None:
    days = [(now + timedelta(days=days)).date().isoformat() for days in range(2, 3 + MOST_CALLS_PROMISED)]
    for day in days[:-1]:
        assert client.press(path, answer="call", call_day=day, call_time="15:00").status_code == 302
    refused = client.press(path, answer="call", call_day=days[-1], call_time="15:00")
    assert (refused.status_code, "the buyer still waits" in refused.text) == (422, True)
    assert f'value="{days[-1]}"' in refused.text, "what was typed is kept"


def test_not_mine_asks_a_colleague_at_once(client: Browser, path: str, outreach: Outreach) -> None:
    passed = client.press(path, answer="forward", forward_to="sales@tools.ru", stops_here="y")
    assert "Thank you for passing it on" in client.get(passed.location).text
    written = select(Delivery.address).where(Delivery.purpose.startswith(f"outreach:{outreach.id}"))
    assert "sales@tools.ru" in list(db.session.scalars(written))
    assert is_suppressed(["email:info@tools.ru"])


def test_not_mine_with_a_foreign_address_makes_a_case(client: Browser, path: str, outreach: Outreach) -> None:
    client.press(path, answer="forward", forward_to="boss@elsewhere.example")
    case = find_case_of(outreach.id)
    assert case is not None
    assert case.reason is CaseReason.FORWARDED


# The counter-offer


@pytest.fixture
def countered(client: Browser, path: str, outreach: Outreach, now: datetime) -> CounterOffer:
    client.press(path, now="percent-5")
    said = Counter(percent=Decimal(8), words="Ring +7 912 345-67-89, I come today")
    counter_offer(outreach.discount_request_id, offer_of(outreach).id, said, now)
    return db.session.scalars(select(CounterOffer)).one()


def test_the_page_shows_what_the_buyer_asks_for_instead_and_looking_answers_nothing(
    client: Browser, path: str, countered: CounterOffer
) -> None:
    page = client.get(path, follow_redirects=True).text
    assert "The buyer asks for 8% off instead" in page
    assert "I come today" in page
    assert "The buyer pays" in page, "the wish for a price can be held against a price"
    assert "345-67-89" not in page
    assert countered.answer is None


@pytest.mark.parametrize(
    ("give", "answer", "percent", "sentence"),
    [
        ("yes", CounterAnswer.ACCEPTED, 8, "and you gave it"),
        ("no", CounterAnswer.REFUSED, 5, "you stayed with your offer"),
    ],
)
def test_the_counter_offer_is_answered_by_one_press(
    give: str,
    answer: CounterAnswer,
    percent: int,
    sentence: str,
    client: Browser,
    path: str,
    outreach: Outreach,
    countered: CounterOffer,
) -> None:
    for _ in range(2):
        pressed = client.press(f"{path}/counter", give=give)
    assert sentence in client.get(pressed.location).text
    assert countered.answer is answer
    assert offer_of(outreach).percent == percent
    other = client.press(f"{path}/counter", give="no" if give == "yes" else "yes")
    assert "that answer stands" in client.get(other.location).text
    assert countered.answer is answer


def test_a_counter_offer_nobody_made_or_an_answer_nobody_knows_changes_nothing(
    client: Browser, path: str, outreach: Outreach
) -> None:
    client.press(path, now="percent-5")
    assert client.press(f"{path}/counter", give="yes").status_code == 302
    assert client.press(f"{path}/counter", give="perhaps").status_code == 422
    assert offer_of(outreach).percent == 5


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "percent", "percent": ""},
        {"answer": "percent", "percent": "150"},
        {"answer": "percent", "percent": "-5"},
        {"answer": "price", "price": ""},
        {"answer": "price", "price": "9" * 60},
        {"answer": "percent", "percent": "12", "valid_until": "9999-12-31"},
        {"answer": "percent", "percent": "12", "valid_until": "0001-01-01"},
    ],
)
@pytest.mark.parametrize("country", ["RU", "US"])
def test_a_change_that_cannot_be_is_refused_and_what_stood_stands(
    fields: dict[str, str], country: str, client: Browser, path: str, outreach: Outreach
) -> None:
    outreach.shop.country = country
    db.session.commit()
    client.press(path, now="percent-10")
    about = seen(client, path)
    assert client.press(f"{path}/change", changes=about, **fields).status_code == 422
    assert [offer.percent for offer in offers_of(outreach)] == [Decimal(10)]
