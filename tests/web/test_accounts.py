import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.settings import Settings
from discount_broker.shops.models import ShopMember
from discount_broker.web.access import GOING_TO
from discount_broker.web.limits import visitor_address
from tests.builders import a_buyer, a_shop, saved
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]
PASSWORD = "a long enough password"
FOREIGN = [
    "https://evil.example/",
    "https:evil.example",
    "https:",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "\n//x",
    "/a\r\nB: c",
    "/a\x00b",
]
"""Ways out of our pages, as somebody may write them into a link."""


def test_known_and_unknown_addresses_get_the_same_answer(client: Browser, now: datetime) -> None:
    a_buyer(now, email="anna@mail.example")
    known = client.press("/login", email="anna@mail.example").text
    unknown = client.press("/login", email="boris@mail.example").text
    words = [re.sub(r'name="csrf_token" value="[^"]*"', "", page) for page in (known, unknown)]
    assert words[0].replace("anna", "") == words[1].replace("boris", "")
    assert [row.address for row in db.session.query(Delivery)] == ["anna@mail.example"]


def test_an_impossible_address_is_given_back(client: Browser) -> None:
    answer = client.press("/login", email="anna@")
    assert answer.status_code == 422
    assert 'value="anna@"' in answer.text


def test_opening_the_login_link_logs_nobody_in(client: Browser, link: Link, now: datetime) -> None:
    path = f"/login/{link(Purpose.LOGIN, a_buyer(now).id)}"
    assert client.get(path).status_code == 200
    assert client.get("/requests").status_code == 302
    client.press(path)
    assert client.get("/requests").status_code == 200


def test_the_link_leads_to_the_page_that_asked_the_buyer_to_log_in(
    client: Browser, link: Link, now: datetime
) -> None:
    sent_to = client.get("/my/data?since=may").location
    for page in (client.get(sent_to), client.press("/login", email="anna@", next="/my/data?since=may")):
        form = page.text.partition('action="/login"')[2]
        assert 'name="next" value="/my/data?since=may"' in form
    client.press("/login", email="anna@mail.example", next="/my/data?since=may")
    pressed = client.press(f"/login/{link(Purpose.LOGIN, a_buyer(now).id)}")
    assert pressed.location == "/my/data?since=may"


def test_the_way_back_holds_where_the_pages_stand_below_a_path(client: Browser) -> None:
    answer = client.get("/my/data", environ_overrides={"SCRIPT_NAME": "/broker"})
    assert answer.location == "/broker/login?next=/broker/my/data"


def test_whoever_asks_for_another_link_goes_where_that_one_was_asked_for(
    client: Browser, link: Link, now: datetime
) -> None:
    client.press("/login", email="anna@mail.example", next="/my/data")
    client.press("/login", email="anna@mail.example")
    assert client.press(f"/login/{link(Purpose.LOGIN, a_buyer(now).id)}").location == "/requests"


@pytest.mark.parametrize("door", ["buyer", "shop"])
@pytest.mark.parametrize("target", FOREIGN)
def test_a_login_leads_to_nobody_elses_page(
    client: Browser, link: Link, now: datetime, door: str, target: str
) -> None:
    if door == "buyer":
        client.press("/login", email="anna@mail.example", next=target)
        entering, home = f"/login/{link(Purpose.LOGIN, a_buyer(now).id)}", ("/", "/requests")
    else:
        member = ShopMember(shop_id=a_shop(now).id, email="a@tools.com", created_at=now)
        with client.session_transaction() as kept:
            kept[GOING_TO] = target
        entering, home = f"/shop/enter/{link(Purpose.SHOP_CLAIM, saved(member).id)}", ("/", "/shop")
    assert client.press(entering).location in home


def test_a_shop_is_led_to_the_page_it_opened_unless_that_is_too_long_for_a_cookie(
    client: Browser, link: Link, now: datetime
) -> None:
    member = saved(ShopMember(shop_id=a_shop(now).id, email="a@tools.com", created_at=now))
    for opened, led_to in (("/shop/rules", "/shop/rules"), (f"/shop/rules?a={'x' * 4000}", "/shop")):
        client.get(opened)
        token = link(Purpose.SHOP_CLAIM, member.id)
        assert client.press(f"/shop/enter/{token}").location == led_to
        client.press("/logout")


def test_a_login_link_works_for_half_an_hour(client: Browser, now: datetime) -> None:
    buyer = a_buyer(now)
    late = issue_token(Purpose.LOGIN, buyer.id, now - timedelta(minutes=32))
    assert client.press(f"/login/{late}").status_code == 410


def test_an_operator_comes_in_by_password_and_goes_where_they_wanted(client: Browser, now: datetime) -> None:
    create_operator("olga@desk.example", "Olga", PASSWORD, Role.OPERATOR, now)
    wrong = client.press("/staff/login", email="olga@desk.example", password="a wrong password")
    assert wrong.status_code == 422
    assert "do not belong together" in wrong.text
    assert "a wrong password" not in wrong.text
    right = client.press(
        "/staff/login", email="Olga@desk.example", password=PASSWORD, next="/desk/?view=mine"
    )
    assert right.location == "/desk/?view=mine"


@pytest.mark.parametrize("target", FOREIGN)
def test_nobody_is_sent_to_somebody_elses_page(client: Browser, target: str) -> None:
    assert client.press("/language", language="ru", next=target).location == "/"


def test_an_empty_staff_form_says_what_is_missing(client: Browser) -> None:
    answer = client.press("/staff/login")
    assert answer.status_code == 422
    assert "type your password" in answer.text


def test_logging_out_ends_the_session(client: Browser, link: Link, now: datetime) -> None:
    client.press(f"/login/{link(Purpose.LOGIN, a_buyer(now).id)}")
    client.press("/logout")
    assert client.get("/requests").status_code == 302


def test_the_choice_of_a_language_is_kept_with_the_buyer(client: Browser, link: Link, now: datetime) -> None:
    buyer = a_buyer(now)
    client.press(f"/login/{link(Purpose.LOGIN, buyer.id)}")
    client.press("/language", language="ru", next="/")
    assert buyer.language == "ru"
    assert '<html lang="ru">' in client.get("/").text
    client.press("/language", language="tlh", next="/")
    assert '<html lang="ru">' in client.get("/").text


def test_a_mailbox_gets_a_handful_of_letters_an_hour_whoever_asks_for_them(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    app = make_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    spellings = ("victim@mail.example", "Victim@mail.example", "victim+7@mail.example")

    def ask(number: int, email: str) -> int:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        return client.post("/login", data={"email": email}).status_code

    assert [ask(number, "victim@") for number in range(12)] == [422] * 12
    assert [ask(number, spellings[number % 3]) for number in range(12)] == [200] * 10 + [429] * 2
    assert ask(1, "another@mail.example") == 200


@pytest.mark.parametrize(
    ("address", "counted_for"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("unix:", "unix:"),
    ],
)
def test_a_try_counts_for_a_customer_of_a_network_and_not_for_one_of_their_addresses(
    app: Flask, address: str, counted_for: str
) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert visitor_address() == counted_for


def test_nothing_typed_stays_behind_for_the_next_one_at_this_browser(client: Browser) -> None:
    with client.session_transaction() as session:
        session["typed"], session["language"] = {"phone": "+7 912 345-67-89"}, "ru"
    client.press("/logout")
    with client.session_transaction() as session:
        assert {*session} <= {"language", "csrf_token"}
        assert session["language"] == "ru"
