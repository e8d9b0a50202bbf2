import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from discount_broker.accounts.models import AuditEntry
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress
from discount_broker.outreach.use_cases.correcting import note_new_address
from discount_broker.outreach.use_cases.members import enter_shop
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.queries import find_door, list_members
from discount_broker.shops.status import ContactKind, ContactState
from tests.builders import a_buyer, a_door, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.com", language="en", name="Tools", emails=("tools.shop@gmail.com",))


def letters() -> list[Delivery]:
    db.session.expire_all()
    return list(db.session.query(Delivery).order_by(Delivery.created_at))


def claim(client: Browser, shop: str, email: str) -> str:
    answer = client.press("/shop/claim", shop=shop, email=email)
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text)


def entering(letter: Delivery) -> str:
    found = re.search(r"/shop/(?:enter|invited)/\w+", letter.text)
    assert found
    return found.group()


def log_in(client: Browser, member: ShopMember) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = f"shop:{member.id}"
        session["_fresh"] = True


@pytest.mark.parametrize("typed", ["tools.com", "https://m.tools.com/p/1?utm_source=x", " Tools.com "])
@pytest.mark.parametrize("email", ["tools.shop@gmail.com", "Olga@tools.com", "olga@mail.tools.com"])
def test_a_link_goes_to_a_known_door_or_to_the_shops_own_domain(
    client: Browser, shop: Shop, typed: str, email: str
) -> None:
    claim(client, typed, email)
    assert [letter.address for letter in letters()] == [email.lower()]


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("tools.com", "somebody@gmail.com"),
        ("tools.com", "olga@toolsXcom.com"),
        ("tools.com", "olga@evil-tools.com"),
        ("unknown.com", "olga@unknown.com"),
        ("tools.com", "reply+x@in.broker.test"),
    ],
)
def test_nobody_else_gets_one_and_the_answer_does_not_tell(
    client: Browser, shop: Shop, typed: str, email: str
) -> None:
    said = claim(client, typed, email).replace(email, "").replace(typed, "")
    known = claim(client, "tools.com", "tools.shop@gmail.com")
    assert said == known.replace("tools.shop@gmail.com", "").replace("tools.com", "")
    assert [letter.address for letter in letters()] == ["tools.shop@gmail.com"]


def test_a_free_mail_service_is_no_shop_of_its_customers(client: Browser, now: datetime) -> None:
    a_shop(now, "mail.ru")
    claim(client, "mail.ru", "anybody@mail.ru")
    assert letters() == []


def test_an_address_that_is_not_theirs_or_doubtful_proves_nothing(client: Browser, now: datetime) -> None:
    shop = a_shop(now, "tools.com", emails=("agency@web.com",))
    door = find_door(shop.id, ContactKind.EMAIL, "agency@web.com")
    assert door
    door.state, door.state_reason = ContactState.DEAD, "not_theirs"
    shop.contact_points.append(a_door(ContactKind.EMAIL, "visitor@blog.com", "tools.com", 0.1, now))
    db.session.commit()
    claim(client, "tools.com", "agency@web.com")
    claim(client, "tools.com", "visitor@blog.com")
    assert letters() == []


def test_an_address_that_whoever_held_a_letter_named_proves_nothing(
    client: Browser, shop: Shop, now: datetime
) -> None:
    """Else one letter passed on would be the way to all buyers and rules of the shop."""
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    for told in ("stranger@gmail.com", "sales@tools.com", "tools.shop@gmail.com"):
        note_new_address(outreach.id, told, now)
    door = find_door(shop.id, ContactKind.EMAIL, "stranger@gmail.com")
    assert door
    door.state = ContactState.GOOD
    db.session.commit()
    for email in ("stranger@gmail.com", "sales@tools.com", "tools.shop@gmail.com"):
        claim(client, "tools.com", email)
    assert [letter.address for letter in letters()] == ["sales@tools.com", "tools.shop@gmail.com"]


def test_members_of_a_merged_shop_come_in_and_stay_out_under_every_name(
    client: Browser, shop: Shop, now: datetime
) -> None:
    alias = a_shop(now, "tools.net")
    for email, ended_at in (("boss@gmail.com", None), ("olga@tools.net", now)):
        saved(ShopMember(shop_id=alias.id, email=email, proved_at=now, ended_at=ended_at))
    merge_shops(alias.id, shop.id, an_operator(now).id, now)
    for email in ("boss@gmail.com", "olga@tools.net"):
        claim(client, "tools.com", email)
    assert [letter.address for letter in letters()] == ["boss@gmail.com"]
    assert [member.email for member in list_members(shop.id)] == ["boss@gmail.com"]


@pytest.mark.parametrize(
    ("typed", "email", "said"),
    [
        ("", "a@tools.com", "Type the domain of your shop"),
        ("not a shop at all", "a@tools.com", "Type the domain of your shop"),
        ("tools.com", "", "Type an e-mail address of your shop"),
        ("tools.com", "olga@", "cannot be right"),
        ("tools.com", "x" * 300, "longer than 254"),
    ],
)
def test_what_cannot_be_right_is_refused_and_stays_as_typed(
    client: Browser, shop: Shop, typed: str, email: str, said: str
) -> None:
    answer = client.press("/shop/claim", shop=typed, email=email)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert f'value="{email}"' in answer.text
    assert letters() == []


def test_the_shop_is_filled_in_where_the_link_names_it(client: Browser) -> None:
    assert 'value="tools.com"' in client.get("/shop/claim?shop=tools.com").text


def test_a_shop_with_a_cyrillic_name_reads_it_in_its_own_letters(client: Browser) -> None:
    page = client.get("/shop/claim?shop=xn--80aairftm.xn--p1ai").text
    assert 'value="магазин.рф"' in page


def test_opening_the_link_lets_nobody_in_and_a_press_does(client: Browser, shop: Shop) -> None:
    claim(client, "tools.com", "tools.shop@gmail.com")
    path = entering(letters()[0])
    page = client.get(path)
    assert page.status_code == 200
    assert "Tools" in page.text
    assert client.get("/shop").location == "/shop/claim"
    assert list_members(shop.id) == []
    assert client.press(path).location == "/shop"
    assert "Nobody waits" in client.get("/shop").text
    [member] = list_members(shop.id)
    assert member.proved_at is not None
    door = find_door(shop.id, ContactKind.EMAIL, "tools.shop@gmail.com")
    assert door
    assert door.state is ContactState.GOOD


def test_a_claim_is_written_to_the_trail_once(client: Browser, shop: Shop) -> None:
    claim(client, "tools.com", "olga@tools.com")
    path = entering(letters()[0])
    client.press(path)
    client.press(path)
    noted = [(entry.what, entry.shop_id) for entry in db.session.query(AuditEntry)]
    assert noted == [("shop_claimed", shop.id)]


def test_a_link_works_for_half_an_hour(client: Browser, shop: Shop, now: datetime) -> None:
    member = saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now))
    late = issue_token(Purpose.SHOP_CLAIM, member.id, now - timedelta(minutes=32))
    assert client.get(f"/shop/enter/{late}").status_code == 410
    assert client.press(f"/shop/enter/{late}").status_code == 410


def test_a_shop_that_stopped_us_may_come_in_but_gets_one_letter_a_day(
    client: Browser, shop: Shop, mail: object, now: datetime
) -> None:
    suppress("shop:tools.com", reason="page", cause="", now=now)
    suppress("email:tools.shop@gmail.com", reason="page", cause="", now=now)
    db.session.commit()
    claim(client, "tools.com", "tools.shop@gmail.com")
    claim(client, "tools.com", "tools.shop@gmail.com")
    [letter] = letters()
    assert list(letter.stop_keys) == []


def test_whom_a_colleague_took_away_gets_no_link_and_is_out_at_once(
    client: Browser, shop: Shop, now: datetime
) -> None:
    member = saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now, proved_at=now))
    log_in(client, member)
    assert client.get("/shop").status_code == 200
    member = db.session.get_one(ShopMember, member.id)
    member.ended_at = now
    db.session.commit()
    assert client.get("/shop").status_code == 302
    claim(client, "tools.com", "a@tools.com")
    assert letters() == []
    token = issue_token(Purpose.SHOP_CLAIM, member.id, now)
    assert client.press(f"/shop/enter/{token}").status_code == 403


def test_the_page_opened_before_is_where_the_press_leads(client: Browser, shop: Shop, now: datetime) -> None:
    member = saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now))
    assert client.get("/shop?from=qr").location == "/shop/claim"
    token = issue_token(Purpose.SHOP_CLAIM, member.id, now)
    assert client.press(f"/shop/enter/{token}").location == "/shop?from=qr"


def test_whoever_is_in_already_is_led_to_their_page_and_may_still_claim_another(
    client: Browser, shop: Shop, now: datetime
) -> None:
    log_in(client, saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now, proved_at=now)))
    assert client.get("/shop/claim").location == "/shop"
    assert client.get("/shop/claim?shop=tools.com").location == "/shop"
    assert client.get("/shop/claim?shop=other.com").status_code == 200


def test_buyers_and_operators_are_refused(client: Browser, now: datetime) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = f"buyer:{a_buyer(now).id}"
    assert client.get("/shop").status_code == 403
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{an_operator(now).id}"
    assert client.get("/shop").status_code == 403


def test_people_of_a_shop_open_neither_the_desk_nor_a_buyers_pages(
    client: Browser, shop: Shop, now: datetime
) -> None:
    member = saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now))
    enter_shop(member.id, "en", now)
    log_in(client, member)
    assert client.get("/desk/").status_code == 403
    assert client.get("/requests").status_code == 403
