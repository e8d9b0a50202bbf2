"""One page for all requests of a letter: each with its way, or all of them at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import find_offer_of
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def waiting(now: datetime) -> list[Outreach]:
    """Three requests in one letter, with wishes of their own."""
    shop = a_shop(now, "tools.ru", language="en", country=None, emails=("info@tools.ru",))
    point = shop.contact_points[0]
    letter = saved(
        Delivery(
            purpose="digest:1",
            template="shop_digest",
            language="en",
            html="",
            channel=ChannelKind.EMAIL,
            address=point.value,
            stop_keys=[],
            sender_name="x",
            subject="x",
            text="x",
            due_at=now,
            created_at=now,
        )
    )
    asked = []
    for wish in (5, 10, 15):
        request = a_request(now, RequestStatus.ASKED, shop=shop, wish_value=Decimal(wish))
        outreach = an_outreach(now, request, status=OutreachStatus.ASKED, next_step_at=now, steps_taken=1)
        saved(Step(outreach_id=outreach.id, number=1, contact_point_id=point.id, delivery_id=letter.id))
        asked.append(outreach)
    return asked


@pytest.fixture
def path(waiting: list[Outreach], link: Link) -> str:
    return f"/w/{link(Purpose.WAITING, waiting[0].steps[0].delivery_id)}"


def given(outreaches: list[Outreach]) -> list[Decimal | None]:
    db.session.expire_all()
    offers = [find_offer_of(outreach.id) for outreach in outreaches]
    return [offer.percent if offer else None for offer in offers]


def test_looking_answers_nobody(client: Browser, path: str, waiting: list[Outreach]) -> None:
    page = client.get(path).text
    assert "Give all 3 what they ask" in page
    assert given(waiting) == [None, None, None]


def test_all_get_what_they_ask_by_one_press_and_a_second_changes_nothing(
    client: Browser, path: str, waiting: list[Outreach]
) -> None:
    for _ in range(2):
        answer = client.press(path, all="wished")
    assert "Nobody waits any more" in client.get(answer.location).text
    assert given(waiting) == [5, 10, 15]
    assert len(list(db.session.scalars(select(Offer)))) == 3


def test_all_get_the_same_percentage(client: Browser, path: str, waiting: list[Outreach]) -> None:
    answer = client.press(path, all="percent", percent="7,5 %")
    assert "3 buyers have your offer" in client.get(answer.location).text
    assert given(waiting) == [Decimal("7.5")] * 3


def test_those_that_cannot_be_answered_so_stay_on_the_page(
    client: Browser, path: str, waiting: list[Outreach]
) -> None:
    waiting[0].price_now = Decimal(100)
    db.session.commit()
    answer = client.press(path, all="percent", percent="8")
    page = client.get(answer.location).text
    assert "2 buyers have your offer" in page
    assert "answer them one by one" in page
    assert waiting[0].discount_request.number[2:] in page
    assert given(waiting) == [None, 8, 8]


def test_all_are_put_off_to_a_day_by_one_press_and_may_be_answered_before(
    client: Browser, path: str, waiting: list[Outreach], now: datetime
) -> None:
    day = (now + timedelta(days=3)).date()
    for _ in range(2):
        answer = client.press(path, all="later", later_day=day.isoformat())
    page = client.get(answer.location).text
    assert "We ask you again on" in page
    assert page.count("You wanted to be asked again on") == 3
    assert [outreach.ask_again_on for outreach in waiting] == [day] * 3
    assert given(waiting) == [None, None, None]
    client.press(path, all="wished")
    assert given(waiting) == [5, 10, 15]


@pytest.mark.parametrize(
    ("later_day", "sentence"),
    [
        ("", "choose the day on which"),
        ("2020-01-01", "tomorrow or a later day"),
        ("2099-01-01", "within the next ninety days"),
        ("soon", "choose the day on which"),
    ],
)
def test_a_day_nobody_could_mean_is_explained(
    later_day: str, sentence: str, client: Browser, path: str, waiting: list[Outreach]
) -> None:
    answer = client.press(path, all="later", later_day=later_day)
    assert answer.status_code == 422
    assert sentence in answer.text.partition('id="later_day-wrong"')[2].partition("</span>")[0]
    assert {outreach.ask_again_on for outreach in waiting} == {None}


@pytest.mark.parametrize("percent", ["", "-150", "lots", "91"])
def test_a_percentage_nobody_could_mean_is_explained(
    percent: str, client: Browser, path: str, waiting: list[Outreach]
) -> None:
    answer = client.press(path, all="percent", percent=percent)
    assert answer.status_code == 422
    assert "between 1 and 90 per cent" in answer.text
    assert f'value="{percent}"' in answer.text
    assert given(waiting) == [None, None, None]


def test_a_button_nobody_knows_answers_nobody(client: Browser, path: str, waiting: list[Outreach]) -> None:
    assert client.press(path, all="everything").status_code == 422
    assert given(waiting) == [None, None, None]


def test_a_guessed_link_to_a_letter_opens_nothing(client: Browser, path: str) -> None:
    assert client.get(path.replace("/w/", "/o/")).status_code == 404
    assert client.get(f"{path}0").status_code == 404
    assert client.press(f"{path}0", all="wished").status_code == 404
