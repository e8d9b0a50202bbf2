"""Asking for several things, in the buyer's own words, until a day, and seeing what a shop would see."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from discount_broker.accounts.queries.consents import list_consents
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Delivery
from discount_broker.scorecards.models import ScoreCard
from tests.builders import a_buyer, a_product, a_request, a_shop, saved
from tests.fakes import RecordingQueue
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


def typed(**more: Any) -> dict[str, Any]:
    return {"wish": "10", "email": "anna@mail.example", "asks_rivals": "y", "consent": "y", **more}


def a_draft(now: datetime, **given: Any) -> DiscountRequest:
    return a_request(now, RequestStatus.DRAFT, **given)


def an_unread_draft(now: datetime, failure: str) -> DiscountRequest:
    draft = a_draft(now)
    draft.product, draft.reading, draft.reading_failure = None, ReadingStatus.FAILED, failure
    db.session.commit()
    return draft


def paste(client: Browser, *links: str) -> tuple[str, list[DiscountRequest]]:
    """The page to which the links lead, and their drafts in its order."""
    answer = client.press("/ask", link="\n".join(links))
    drafts = db.session.query(DiscountRequest).order_by(DiscountRequest.created_at).all()
    return answer.location, drafts


def read(now: datetime, *drafts: DiscountRequest) -> None:
    shop = a_shop(now)
    for n, draft in enumerate(drafts):
        draft.product = a_product(now, shop, title=f"Drill {n}", url=draft.product_url)
        draft.reading = ReadingStatus.READ
    db.session.commit()


SEVERAL = [f"https://tools.example/p/{n}" for n in range(6)]


def test_several_links_are_a_basket_that_one_press_signs(client: Browser, now: datetime) -> None:
    page, drafts = paste(client, *SEVERAL[:3])
    read(now, *drafts)
    shown = client.get(page).text
    assert [shown.index(f"Drill {n}") for n in range(3)] == sorted(
        shown.index(f"Drill {n}") for n in range(3)
    )
    assert client.press(page, **typed()).status_code == 302
    assert {draft.status for draft in drafts} == {RequestStatus.UNCONFIRMED}
    assert {draft.wish_value for draft in drafts} == {Decimal(10)}
    assert len({draft.basket_id for draft in drafts}) == 1
    letter = db.session.query(Delivery).one()
    assert "Drill 2" in letter.text
    assert "One press confirms all of them." in letter.text
    assert letter.text.count("Price on ") == 3, "each product of the basket is named with its price"


def test_one_press_in_the_mailbox_confirms_the_whole_basket(
    client: Browser, link: Link, now: datetime
) -> None:
    page, drafts = paste(client, *SEVERAL[:3])
    read(now, *drafts)
    client.press(page, **typed())
    client.press(f"/confirm/{link(Purpose.CONFIRM, drafts[0].id)}")
    assert {draft.status for draft in drafts} == {RequestStatus.CONFIRMED}


def test_each_request_of_a_basket_leads_to_the_others_that_were_confirmed(
    client: Browser, link: Link, now: datetime
) -> None:
    page, drafts = paste(client, *SEVERAL[:3])
    read(now, *drafts)
    client.press(page, **typed())
    client.press(f"/confirm/{link(Purpose.CONFIRM, drafts[0].id)}")
    drafts[2].status = RequestStatus.UNCONFIRMED
    db.session.commit()
    shown = client.get(f"/requests/{link(Purpose.FOLLOW, drafts[0].id)}").text
    assert "Asked together with:" in shown
    assert "Drill 1" in shown
    assert "Drill 2" not in shown, "what nobody confirmed is not told of"
    path = re.search(r'Asked together with:\s*<a href="([^"]+)"', shown)
    assert path is not None
    assert "Drill 0" in client.get(path[1]).text


def test_more_than_five_links_are_refused_and_none_is_lost(client: Browser) -> None:
    answer = client.press("/ask", link=" ".join(SEVERAL))
    assert answer.status_code == 422
    assert "more than five products" in answer.text
    assert SEVERAL[5] in answer.text
    assert db.session.query(DiscountRequest).count() == 0


def test_a_price_cannot_be_wished_for_several_things(client: Browser, now: datetime) -> None:
    page, drafts = paste(client, *SEVERAL[:2])
    read(now, *drafts)
    answer = client.press(page, **typed(wish="price", own_price="100", note="A black one"))
    assert answer.status_code == 422
    assert "For several products at once please wish for a percentage" in answer.text
    assert "A black one" in answer.text


def test_another_product_joins_and_leaves_and_what_was_typed_stays(client: Browser, now: datetime) -> None:
    page, drafts = paste(client, SEVERAL[0])
    read(now, *drafts)
    answer = client.press(f"{page}/more", another=SEVERAL[1], **typed(note="A black one", city="Tver"))
    assert answer.status_code == 302
    second = db.session.query(DiscountRequest).filter_by(product_url=SEVERAL[1]).one()
    assert second.basket_id == drafts[0].basket_id
    shown = client.get(answer.location).text
    assert "A black one" in shown
    assert 'value="Tver"' in shown
    client.press(f"{page}/without", which=str(second.id))
    assert second.basket_id is None
    assert SEVERAL[1] not in client.get(page).text


@pytest.mark.parametrize(
    ("another", "sentence"), [("a drill", "does not look like a link"), ("", "not look")]
)
def test_what_is_no_link_joins_nothing(client: Browser, now: datetime, another: str, sentence: str) -> None:
    page, drafts = paste(client, SEVERAL[0])
    read(now, *drafts)
    answer = client.press(f"{page}/more", another=another, **typed(note="A black one"))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A black one" in answer.text


def test_a_sixth_product_is_refused(client: Browser, now: datetime) -> None:
    page, _ = paste(client, *SEVERAL[:5])
    assert "more than five" in client.press(f"{page}/more", another=SEVERAL[5]).text


def test_a_stranger_can_leave_out_nothing_of_somebody_else(
    client: Browser, link: Link, now: datetime
) -> None:
    page, _ = paste(client, *SEVERAL[:2])
    other = a_draft(now)
    client.press(f"{page}/without", which=str(other.id))
    assert other.status is RequestStatus.DRAFT
    assert (
        client.press(f"/ask/{link(Purpose.FOLLOW, other.id)}/without", which=str(other.id)).status_code == 404
    )


def test_a_price_that_the_page_hides_is_kept_as_the_buyers_word(
    client: Browser, link: Link, now: datetime
) -> None:
    page_says = a_product(now, a_shop(now), price=None, currency=None)
    draft = a_draft(now, product=page_says)
    said = {f"{draft.number}-price": "12 990 ₽", f"{draft.number}-title": "The black drill"}
    answer = client.press(
        f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(wish="price", own_price="11000", **said)
    )
    assert answer.status_code == 302
    assert draft.product is not None
    assert (draft.product.price, draft.product.currency) == (Decimal(12990), "RUB")
    assert draft.product.evidence["sources"] == {"title": "buyer", "price": "buyer", "currency": "buyer"}
    assert page_says.price is None, "a snapshot is never overwritten"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"price": "for free"}, "number above zero"),
        ({"price": "-5"}, "number above zero"),
        ({"price": "100"}, "choose the currency"),
        ({"price": "100", "currency": "roubles"}, "choose the currency"),
        ({"picture": "my own photo"}, "not the address of a picture"),
        ({"picture": "javascript:alert(1)"}, "not the address of a picture"),
        ({"title": "x" * 300}, "longer than 200"),
    ],
)
def test_a_wrong_word_about_the_product_is_explained_beside_it(
    client: Browser, link: Link, now: datetime, said: dict[str, str], sentence: str
) -> None:
    draft = a_draft(now, product=a_product(now, a_shop(now), price=None, currency=None))
    fields = {f"{draft.number}-{name}": value for name, value in said.items()}
    answer = client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(note="A black one", **fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A black one" in answer.text
    assert draft.status is RequestStatus.DRAFT


def test_a_page_that_forbids_reading_is_asked_about_in_the_buyers_words(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = an_unread_draft(now, "robots")
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}"
    assert "say what the product is called" in client.press(path, **typed()).text
    client.press(path, **typed(**{f"{draft.number}-title": "Drill of my dreams"}))
    assert draft.product is not None
    assert draft.product.title == "Drill of my dreams"


@pytest.mark.parametrize("failure", ["listing", "not_product", "http_404", "private_address"])
def test_a_page_that_cannot_be_asked_about_is_not_sent_whatever_is_typed(
    client: Browser, link: Link, now: datetime, failure: str
) -> None:
    draft = an_unread_draft(now, failure)
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}"
    answer = client.press(path, **typed(**{f"{draft.number}-title": "Drill"}))
    assert answer.status_code == 422
    assert "First mend the link above" in answer.text
    assert draft.status is RequestStatus.DRAFT


def test_a_private_address_is_refused_without_a_hint_of_what_is_there(
    client: Browser, link: Link, now: datetime
) -> None:
    pages = [
        client.get(f"/ask/{link(Purpose.DRAFT, an_unread_draft(now, 'private_address').id)}").text
        for _ in range(2)
    ]
    assert all("belongs to a private network" in page for page in pages)


def test_of_a_marketplace_its_rivals_are_asked_instead(client: Browser, link: Link, now: datetime) -> None:
    draft = an_unread_draft(now, "marketplace")
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}"
    shown = client.get(path).text
    assert "a seller we cannot write to" in shown
    assert "we ask the shops we know to sell it" in shown
    client.press(path, **typed(asks_rivals="", **{f"{draft.number}-title": "Drill"}))
    assert draft.status is RequestStatus.UNCONFIRMED
    assert draft.asks_rivals, "there is nobody else to ask"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quantity": "0"}, "from 1 to 999"),
        ({"quantity": "1000"}, "from 1 to 999"),
        ({"quantity": "1,5"}, "from 1 to 999"),
        ({"quantity": "many"}, "from 1 to 999"),
        ({"wish": "percent", "own_percent": "-150"}, "between 1 and 90"),
        ({"wish": "price", "own_price": "150 $"}, "another currency"),
        ({"wish": "price", "own_price": "100 евро"}, "another currency"),
        ({"city": "x" * 200}, "longer than 100"),
        ({"answers_by": "yesterday"}, "Not a valid date"),
    ],
)
def test_details_that_no_shop_could_read_are_explained(
    client: Browser, link: Link, now: datetime, fields: dict[str, str], sentence: str
) -> None:
    draft = a_draft(now)
    answer = client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(note="A black one", **fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A black one" in answer.text
    assert draft.status is RequestStatus.DRAFT


@pytest.mark.parametrize(("days", "sentence"), [(-1, "This day has passed"), (61, "next sixty days")])
def test_a_day_that_is_over_or_too_far_is_refused(
    client: Browser, link: Link, now: datetime, days: int, sentence: str
) -> None:
    client.set_cookie("zone", "UTC", domain="localhost")
    draft = a_draft(now)
    day = (now + timedelta(days=days)).date().isoformat()
    answer = client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(answers_by=day))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_town_quantity_and_day_go_with_the_wish(client: Browser, link: Link, now: datetime) -> None:
    client.set_cookie("zone", "UTC", domain="localhost")
    draft = a_draft(now)
    day = (now + timedelta(days=5)).date()
    more = {"quantity": "3", "city": " Tver ", "answers_by": day.isoformat()}
    assert client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(**more)).status_code == 302
    assert (draft.quantity, draft.city, draft.answers_by) == (3, "Tver", day)
    client.press(f"/confirm/{link(Purpose.CONFIRM, draft.id)}")
    assert draft.expires_at is not None
    assert draft.expires_at.date() == day, "midnight in Moscow, where the shop is"


def test_no_box_is_ticked_beforehand(client: Browser, link: Link, now: datetime) -> None:
    page = client.get(f"/ask/{link(Purpose.DRAFT, a_draft(now).id)}").text
    for name in ("consent", "may_contact_directly", "wants_news"):
        box = page[page.index(f'name="{name}"') - 100 : page.index(f'name="{name}"') + 100]
        assert "checked" not in box, name


def test_every_box_leaves_a_line_in_the_ledger_word_for_word(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = a_draft(now)
    client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(wants_news="y"))
    assert draft.buyer is not None
    lines = {line.kind: line for line in list_consents(draft.buyer.id)}
    assert {kind: line.is_given for kind, line in lines.items()} == {
        ConsentKind.PROCESSING: True,
        ConsentKind.DIRECT_CONTACT: False,
        ConsentKind.NEWS: True,
    }
    line = lines[ConsentKind.PROCESSING]
    assert line.text.startswith("I agree that my details are used")
    assert (line.version, line.language, line.subject) == ("processing:2", "en", draft.number)


def test_a_consent_is_kept_in_the_language_it_was_given_in(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = a_draft(now)
    client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(language="ru"))
    client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed())
    assert draft.buyer is not None
    assert {line.language for line in list_consents(draft.buyer.id)} == {"ru"}


def test_what_the_shop_will_see_is_shown_as_typed_and_nothing_is_kept(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = a_draft(now)
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}/preview"
    more = {
        f"{draft.number}-price": "20 000",
        "note": "A black one",
        "quantity": "2",
        "phone": "+7 916 1234567",
    }
    seen = client.press(path, **typed(**more)).text
    assert "the buyer says" in seen
    assert "RUB\u00a018,000" in seen
    assert "A black one" in seen
    assert "anna@mail.example" not in seen
    assert "+7 916 1234567" not in seen
    allowed = client.press(path, **typed(may_contact_directly="y", **more)).text
    assert "anna@mail.example" in allowed
    assert draft.status is RequestStatus.DRAFT
    assert draft.product is not None
    assert draft.product.price == Decimal(12990)


def test_a_preview_is_for_whoever_has_the_link_alone(client: Browser, link: Link, now: datetime) -> None:
    assert client.press(f"/ask/{link(Purpose.FOLLOW, a_draft(now).id)}/preview").status_code == 404


def a_card(now: datetime, shop_id: UUID, **given: Any) -> ScoreCard:
    facts = {"shop_id": shop_id, "asked": 12, "answered": 7, "offered": 5, "promises_made": 0,
             "promises_kept": 0, "median_answer_seconds": 5 * 3600,
             "usual_from": Decimal(5), "usual_to": Decimal(8), "best_percent": Decimal(15),
             "computed_at": now}  # fmt: skip
    return saved(ScoreCard(**{**facts, **given}))


def test_the_forecast_says_what_the_shop_did_with_the_number_of_cases(
    client: Browser, link: Link, now: datetime
) -> None:
    shop = a_shop(now)
    a_card(now, shop.id)
    page = client.get(f"/ask/{link(Purpose.DRAFT, a_draft(now, shop=shop).id)}").text
    assert "It answered 7 of 12 requests." in page
    assert "within 5 hours" in page
    assert "Usually it gives 5% to 8%." in page


def test_a_wish_above_the_best_ever_given_is_said_before_it_is_sent(
    client: Browser, link: Link, now: datetime
) -> None:
    shop = a_shop(now, name="Tools")
    a_card(now, shop.id)
    path = f"/ask/{link(Purpose.DRAFT, a_draft(now, shop=shop).id)}/preview"
    seen = client.press(path, **typed(wish="percent", own_percent="40")).text
    assert "40% off was never given by Tools: the most was 15%" in seen
    assert "never given" not in client.press(path, **typed(wish="15")).text


def test_with_few_cases_the_forecast_says_so(client: Browser, link: Link, now: datetime) -> None:
    shop = a_shop(now)
    a_card(now, shop.id, asked=3, answered=3)
    page = client.get(f"/ask/{link(Purpose.DRAFT, a_draft(now, shop=shop).id)}").text
    assert "Too few to say: we have asked it 3 times so far." in page
    assert "It answered" not in page


def test_who_asks_twice_is_led_to_the_running_request_unless_they_insist(
    client: Browser, link: Link, now: datetime
) -> None:
    buyer, shop = a_buyer(now), a_shop(now)
    running = a_request(now, RequestStatus.ASKED, buyer=buyer, shop=shop)
    draft = a_draft(now, shop=shop)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"buyer:{buyer.id}", True
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}"
    answer = client.press(path, **typed(email=buyer.email))
    assert answer.status_code == 409
    assert "You have asked for this already" in answer.text
    assert link(Purpose.FOLLOW, running.id)[:30] in answer.text
    assert client.press(path, **typed(email=buyer.email, asks_again="y")).status_code == 302
    client.press(f"/confirm/{link(Purpose.CONFIRM, draft.id)}")
    assert draft.repeats_id == running.id


def test_a_stranger_learns_nothing_of_what_an_address_has_asked_for(
    client: Browser, link: Link, now: datetime, queue: RecordingQueue
) -> None:
    buyer, shop = a_buyer(now), a_shop(now)
    running = a_request(now, RequestStatus.ASKED, buyer=buyer, shop=shop)
    answer = client.press(
        f"/ask/{link(Purpose.DRAFT, a_draft(now, shop=shop).id)}", **typed(email=buyer.email)
    )
    assert answer.status_code == 302
    assert running.number not in client.get(answer.location).text
    letter = db.session.query(Delivery).one()
    assert running.number in letter.text, "its owner reads it in their mailbox"


def test_another_product_of_the_same_shop_is_no_repetition(
    client: Browser, link: Link, now: datetime
) -> None:
    buyer, shop = a_buyer(now), a_shop(now)
    a_request(now, RequestStatus.ASKED, buyer=buyer, shop=shop)
    draft = a_draft(now, product=a_product(now, shop, url=f"{shop.home_url}p/2"))
    client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(email=buyer.email))
    assert "still running" not in db.session.query(Delivery).one().text


def test_the_page_that_confirms_shows_the_whole_basket_and_what_runs_already(
    client: Browser, link: Link, now: datetime
) -> None:
    buyer = a_buyer(now)
    page, drafts = paste(client, *SEVERAL[:2])
    read(now, *drafts)
    assert drafts[0].product is not None
    running = a_request(now, RequestStatus.ASKED, buyer=buyer, product=drafts[0].product)
    client.press(page, **typed(email=buyer.email, city="Tver"))
    shown = client.get(f"/confirm/{link(Purpose.CONFIRM, drafts[0].id)}").text
    assert "Drill 0" in shown
    assert "Drill 1" in shown
    assert "Tver" in shown
    assert "You have asked for this already" in shown
    assert running.number in shown.replace("\u2011", "-")
