"""A shop says where it wants our letters, without an account."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from discount_broker.kernel.tokens import Purpose
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import stop_shop
from discount_broker.shops.queries import list_corrections, list_doors
from discount_broker.shops.status import DoorSource
from tests.builders import a_shop, an_outreach
from tests.fakes import FakeChannel, RecordingQueue
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def outreach(now: datetime) -> Outreach:
    return an_outreach(now, shop=a_shop(now, "tools.com", language="en", emails=("a@tools.com",)))


@pytest.fixture
def path(outreach: Outreach, link: Link) -> str:
    return f"/o/{link(Purpose.OFFER, outreach.id)}/address"


def doors(outreach: Outreach) -> list[str]:
    return [door.value for door in list_doors(outreach.shop_id)]


def test_an_address_is_taken_without_an_account_and_nothing_is_sent_for_it(
    client: Browser, outreach: Outreach, path: str, queue: RecordingQueue, mail: FakeChannel
) -> None:
    assert 'name="address"' in client.get(path).text
    answer = client.press(path, address=" Orders@Tools.com ")
    assert answer.status_code == 302
    assert "noted the address" in client.get(answer.location).text
    assert doors(outreach) == ["orders@tools.com", "a@tools.com"]
    assert list_doors(outreach.shop_id)[0].source is DoorSource.SHOP
    assert [line.source for line in list_corrections(outreach.shop_id)] == [DoorSource.SHOP]
    assert (queue.take(), mail.sent) == ([], [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please type the address"),
        ("not an address", "cannot be right"),
        ("reply+x@in.broker.test", "address of ours"),
        ("x" * 300, "longer than 254"),
    ],
)
def test_what_cannot_be_right_is_refused_and_stays_as_typed(
    client: Browser, outreach: Outreach, path: str, typed: str, said: str
) -> None:
    answer = client.press(path, address=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert doors(outreach) == ["a@tools.com"]


def test_the_offer_page_offers_it_and_takes_no_press_without_its_own_token(
    client: Browser, outreach: Outreach, path: str
) -> None:
    assert "another address" in client.get(path.removesuffix("/address")).text
    assert client.post(path, data={"address": "x@tools.com"}).status_code in (400, 403)
    assert doors(outreach) == ["a@tools.com"]


def test_whoever_has_stopped_us_is_told_that_no_letter_comes_anywhere(
    client: Browser, outreach: Outreach, path: str, now: datetime
) -> None:
    stop_shop(outreach.id, "stop page", now)
    client.press(path, address="new@tools.com")
    assert "stop list" in client.get(path).text
    assert doors(outreach) == []
