from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.tokens import Purpose, issue_token
from tests.builders import a_buyer, a_product, a_request, a_shop
from tests.fakes import RecordingQueue
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


def typed(**more: Any) -> dict[str, Any]:
    return {"wish": "10", "email": "anna@mail.example", "asks_rivals": "y", "consent": "y", **more}


def a_draft(now: datetime, **given: Any) -> DiscountRequest:
    return a_request(now, RequestStatus.DRAFT, **given)


def an_unread_draft(now: datetime, failure: str | None = None) -> DiscountRequest:
    draft = a_draft(now)
    draft.product, draft.reading = None, ReadingStatus.FAILED if failure else ReadingStatus.WAITING
    draft.reading_failure = failure
    db.session.commit()
    return draft


def test_a_pasted_link_begins_a_draft_and_its_reading(client: Browser, queue: RecordingQueue) -> None:
    answer = client.press("/ask", link="look: https://shop.example/p/1?utm_source=mail !")
    draft = db.session.query(DiscountRequest).one()
    assert answer.status_code == 302
    assert draft.product_url == "https://shop.example/p/1"
    assert (Job.READ_PRODUCT, draft.id) in queue.rung
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "does not look like a link"),
        ("a coffee machine", "does not look like a link"),
        ("javascript:alert(1)", "Only web addresses"),
        ("https://shop.example/" + "x" * 3000, "too long"),
    ],
)
def test_what_is_no_link_is_given_back_with_a_sentence(client: Browser, pasted: str, sentence: str) -> None:
    answer = client.press("/ask", link=pasted)
    assert answer.status_code == 422
    assert sentence in answer.text
    if pasted:
        assert pasted[:30] in answer.text


def test_the_page_shows_progress_and_asks_again_until_the_product_is_read(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = an_unread_draft(now)
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}"
    assert 'hx-trigger="every 1s"' in client.get(path).text
    assert "HX-Trigger-After-Swap" not in client.get(f"{path}/product").headers
    draft.product = a_product(now, a_shop(now), title="Aurora 3000")
    draft.reading = ReadingStatus.READ
    db.session.commit()
    answer = client.get(f"{path}/product")
    assert answer.headers["HX-Trigger-After-Swap"] == "product-read", "what shops will see is drawn anew"
    fragment = answer.text
    assert "Aurora 3000" in fragment
    assert "hx-trigger" not in fragment
    assert "RUB\u00a011,691" in fragment
    assert "you save RUB\u00a01,299" in fragment


def test_an_address_with_a_cyrillic_domain_comes_back_as_it_is_written(
    client: Browser, link: Link, now: datetime
) -> None:
    buyer = a_buyer(now, email="anna@xn--80a1acny.xn--p1ai")
    draft = a_draft(now, buyer=buyer, wish_kind=WishKind.PERCENT, wish_value=Decimal(10))
    assert 'value="anna@почта.рф"' in client.get(f"/ask/{link(Purpose.DRAFT, draft.id)}").text


def test_a_hostile_title_and_picture_do_nothing(client: Browser, link: Link, now: datetime) -> None:
    shop = a_shop(now)
    product = a_product(now, shop, title="<script>alert(1)</script>", image="javascript:alert(1)")
    page = client.get(f"/ask/{link(Purpose.DRAFT, a_draft(now, product=product).id)}").text
    assert "<script>alert" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    ("failure", "sentence", "may_repeat", "may_send"),
    [
        ("unreachable", "does not answer right now", True, True),
        ("http_404", "does not exist", False, False),
        ("private_address", "private network", False, False),
        ("robots", "does not allow robots", False, True),
        ("not_product", "no product on this page", False, False),
        ("something new", "could not be read", False, False),
    ],
)
def test_a_failed_reading_says_why_and_what_can_be_done(
    client: Browser, link: Link, now: datetime, failure: str, sentence: str, may_repeat: bool, may_send: bool
) -> None:
    page = client.get(f"/ask/{link(Purpose.DRAFT, an_unread_draft(now, failure).id)}").text
    assert sentence in page
    assert ("Try the same link again" in page) is may_repeat
    assert ("Send my wish" in page) is may_send


def test_what_was_typed_goes_along_to_another_link(client: Browser, link: Link, now: datetime) -> None:
    an_unread_draft(now, "http_404")
    answer = client.press(
        "/ask", link="https://other.example/p", note="A black one", email="anna@mail.example"
    )
    page = client.get(answer.location).text
    assert "A black one" in page
    assert "anna@mail.example" in page


def test_a_failed_reading_is_tried_again_by_one_press(
    client: Browser, link: Link, now: datetime, queue: RecordingQueue
) -> None:
    draft = an_unread_draft(now, "too_slow")
    token = link(Purpose.DRAFT, draft.id)
    assert client.press(f"/ask/{token}/again").status_code == 302
    assert (Job.READ_PRODUCT, draft.id) in queue.rung


def test_a_wish_is_signed_and_the_mailbox_named_without_its_owner(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = a_draft(now)
    answer = client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(note="A black one"))
    assert answer.status_code == 302
    assert draft.status is RequestStatus.UNCONFIRMED
    assert (draft.note, draft.asks_rivals, draft.may_contact_directly) == ("A black one", True, False)
    sent = client.get(answer.location).text
    assert "a…@mail.example" in sent
    assert "anna@" not in sent


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"wish": "percent", "own_percent": "95"}, "between 1 and 90"),
        ({"wish": "percent", "own_percent": "0,5"}, "between 1 and 90"),
        ({"wish": "percent", "own_percent": "much"}, "how many per cent"),
        ({"wish": "price", "own_price": ""}, "name a price"),
        ({"wish": "price", "own_price": "13 000"}, "not below the price on the page"),
        ({"wish": "price", "own_price": "0"}, "above zero"),
        ({"wish": "rubbish"}, "how many per cent"),
        ({"email": ""}, "type your e-mail"),
        ({"email": "anna@"}, "cannot be right"),
        ({"consent": ""}, "tick this box"),
        ({"note": "x" * 2000}, "longer than 500"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(
    client: Browser, link: Link, now: datetime, fields: dict[str, str], sentence: str
) -> None:
    draft = a_draft(now)
    given = typed(best_time="after six in the evening") | fields
    answer = client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **{k: v for k, v in given.items() if v})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "after six in the evening" in answer.text
    assert fields.get("own_percent", "") in answer.text
    assert draft.status is RequestStatus.DRAFT


def test_what_turns_round_the_words_behind_it_is_left_out(client: Browser, link: Link, now: datetime) -> None:
    draft = a_draft(now)
    client.press(
        f"/ask/{link(Purpose.DRAFT, draft.id)}",
        **typed(note="\u202eRed\x00, please\u2066", city="\u202dTver"),
    )
    assert (draft.note, draft.city) == ("Red, please", "Tver")


def test_a_slip_in_a_known_domain_is_mended_by_one_press(client: Browser, link: Link, now: datetime) -> None:
    draft = a_draft(now)
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}"
    answer = client.press(path, **typed(email="anna@gmial.com"))
    assert answer.status_code == 422
    assert "Did you mean anna@gmail.com?" in answer.text
    client.press(path, **typed(email="anna@gmial.com", mended_email="anna@gmail.com"))
    assert draft.buyer is not None
    assert draft.buyer.email == "anna@gmail.com"


def test_an_address_typed_anew_is_not_overruled_by_the_suggestion(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = a_draft(now)
    fields = typed(email="boris@mail.example", mended_email="anna@gmail.com")
    client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **fields)
    assert draft.buyer is not None
    assert draft.buyer.email == "boris@mail.example"


@pytest.mark.parametrize("address", [f"reply+{'a' * 48}@in.broker.test", "Bounce+x@IN.broker.test"])
def test_an_address_of_ours_is_no_buyers_address(
    client: Browser, link: Link, now: datetime, address: str
) -> None:
    path = f"/ask/{link(Purpose.DRAFT, a_draft(now).id)}"
    answer = client.press(path, **typed(email=address, email_is_right="y"))
    assert answer.status_code == 422
    assert "cannot be right" in answer.text


def test_who_insists_on_an_unusual_address_keeps_it(client: Browser, link: Link, now: datetime) -> None:
    draft = a_draft(now)
    client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", **typed(email="anna@gmial.com", email_is_right="y"))
    assert draft.buyer is not None
    assert draft.buyer.email == "anna@gmial.com"


def test_without_a_price_a_percentage_can_be_wished_for_or_the_price_be_told(
    client: Browser, link: Link, now: datetime
) -> None:
    product = a_product(now, a_shop(now), price=None, currency=None)
    path = f"/ask/{link(Purpose.DRAFT, a_draft(now, product=product).id)}"
    assert "tell us above what it costs, or wish for a percentage" in client.get(path).text
    assert "shows no price" in client.press(path, **typed(wish="price", own_price="100")).text


def test_without_scripts_one_press_shows_what_was_read_and_keeps_what_was_typed(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = a_draft(now)
    answer = client.press(f"/ask/{link(Purpose.DRAFT, draft.id)}", refresh="1", note="A black one")
    assert answer.status_code == 200
    assert "A black one" in answer.text
    assert draft.status is RequestStatus.DRAFT


def test_another_language_keeps_what_was_typed(client: Browser, link: Link, now: datetime) -> None:
    draft = a_draft(now)
    path = f"/ask/{link(Purpose.DRAFT, draft.id)}"
    page = client.get(path).text
    assert page.index('id="enter"') < page.index('name="language"'), "Enter presses the first button"
    answer = client.press(path, language="ru", note="A black one")
    assert answer.status_code == 200
    assert 'lang="ru"' in answer.text
    assert "A black one" in answer.text
    assert draft.status is RequestStatus.DRAFT


def test_changing_the_address_begins_with_what_was_typed_before(
    client: Browser, link: Link, now: datetime
) -> None:
    draft = a_request(now, RequestStatus.UNCONFIRMED, note="A black one")
    page = client.get(f"/ask/{link(Purpose.DRAFT, draft.id)}").text
    assert "A black one" in page
    assert draft.buyer is not None
    assert draft.buyer.email in page


def test_a_confirmed_request_is_no_longer_changed_here(client: Browser, link: Link, now: datetime) -> None:
    request = a_request(now, RequestStatus.ASKED)
    path = f"/ask/{link(Purpose.DRAFT, request.id)}"
    assert client.get(path).location.endswith("/sent")
    assert "is confirmed" in client.get(f"{path}/sent").text


def test_an_old_draft_link_says_that_it_is_too_old(client: Browser, now: datetime) -> None:
    token = issue_token(Purpose.DRAFT, a_draft(now).id, now - timedelta(days=8))
    answer = client.get(f"/ask/{token}")
    assert answer.status_code == 410
    assert "too old" in answer.text


def test_a_link_in_capitals_works(client: Browser, link: Link, now: datetime) -> None:
    assert client.get(f"/ask/{link(Purpose.DRAFT, a_draft(now).id).upper()}").status_code == 200


def test_a_form_without_a_session_is_sent_by_one_more_press(
    client: Browser, link: Link, now: datetime
) -> None:
    path = f"/ask/{link(Purpose.DRAFT, a_draft(now).id)}"
    answer = client.post(path, data=typed(note="A black one"))
    assert answer.status_code == 400
    assert "press once more" in answer.text
    assert "allow cookies" in answer.text
    assert 'value="A black one"' in answer.text
    client.set_cookie("session", "of-long-ago", domain="localhost")
    assert "open for a long time" in client.post(path, data=typed()).text


def test_a_price_wished_for_too_early_is_kept_until_the_page_is_read(
    client: Browser, link: Link, now: datetime
) -> None:
    path = f"/ask/{link(Purpose.DRAFT, an_unread_draft(now).id)}"
    answer = client.press(path, **typed(wish="price", own_price="11 000"))
    assert answer.status_code == 422
    assert "not read the price yet" in answer.text
    assert 'value="11 000"' in answer.text
