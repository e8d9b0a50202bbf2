from datetime import datetime, timedelta

import pytest

from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.queries import find_door, list_all_doors, list_corrections
from discount_broker.shops.status import ContactKind, ContactState, DoorSource
from tests.builders import a_shop, an_operator, saved
from tests.fakes import RecordingQueue
from tests.web.conftest import Browser
from tests.web.test_shop_claim import log_in


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.com", language="en", emails=("a@tools.com", "old@tools.com"))


@pytest.fixture
def inside(client: Browser, shop: Shop, now: datetime) -> Browser:
    log_in(client, saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now, proved_at=now)))
    return client


def told(shop: Shop) -> list[str]:
    return sorted(line.what for line in list_corrections(shop.id))


def test_a_door_the_shop_names_stands_and_can_be_tried_first(inside: Browser, shop: Shop) -> None:
    fields = {"kind": "email", "value": " Orders@Tools.com ", "is_preferred": "y"}
    assert inside.press("/shop/about/doors", **fields).status_code == 302
    door = find_door(shop.id, ContactKind.EMAIL, "orders@tools.com")
    assert door
    assert (door.source, door.preferred_at is not None) == (DoorSource.SHOP, True)
    assert list_all_doors(shop.id)[0].value == "orders@tools.com"
    assert "orders@tools.com" in inside.get("/shop/about").text
    assert told(shop) == ["door_added"]


def test_a_door_that_is_not_theirs_is_closed_for_good(inside: Browser, shop: Shop) -> None:
    door = find_door(shop.id, ContactKind.EMAIL, "old@tools.com")
    assert door
    assert inside.press(f"/shop/about/doors/{door.id}/not-ours").status_code == 302
    assert (door.state, door.state_reason, door.source) == (ContactState.DEAD, "not_theirs", DoorSource.SHOP)
    assert told(shop) == ["door_disowned"]
    first = find_door(shop.id, ContactKind.EMAIL, "a@tools.com")
    assert first
    assert inside.press(f"/shop/about/doors/{first.id}/first").status_code == 302
    assert first.preferred_at is not None


def test_another_shops_doors_are_not_theirs_to_change(inside: Browser, now: datetime) -> None:
    [door] = a_shop(now, "rival.com", emails=("b@rival.com",)).contact_points
    assert inside.press(f"/shop/about/doors/{door.id}/not-ours").status_code == 404
    assert inside.press(f"/shop/about/doors/{door.id}/first").status_code == 404


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("email", "", "address, the number or the page"),
        ("email", "no address", "cannot be right"),
        ("email", "reply+x@in.broker.test", "address of ours"),
        ("phone", "12", "no complete phone number"),
        ("form", "nothing", "does not look like a link"),
    ],
)
def test_a_door_that_cannot_be_right_is_refused_and_stays_as_typed(
    inside: Browser, shop: Shop, kind: str, value: str, said: str
) -> None:
    answer = inside.press("/shop/about/doors", kind=kind, value=value)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{value}"' in answer.text
    assert len(list_all_doors(shop.id)) == 2


def test_a_stop_stands_against_what_is_told(inside: Browser, shop: Shop, now: datetime) -> None:
    suppress("email:x@tools.com", reason="page", cause="", now=now)
    db.session.commit()
    inside.press("/shop/about/doors", kind="email", value="x@tools.com")
    assert "you have forbidden us" in inside.get("/shop/about").text


def test_hours_and_days_off_are_kept_as_they_are_told(inside: Browser, shop: Shop, now: datetime) -> None:
    day = (now + timedelta(days=30)).date()
    fields = {"mon_opens": "10", "mon_closes": "19.30", "sat_opens": "11:00", "sat_closes": "16:00"}
    assert inside.press("/shop/about/hours", **fields, closed_days=f"{day}").status_code == 302
    assert shop.hours == {"mon": ["10:00", "19:30"], "sat": ["11:00", "16:00"]}
    assert shop.closed_days == [day.isoformat()]
    page = inside.get("/shop/about").text
    assert 'value="19:30"' in page
    assert day.isoformat() in page


def test_a_shop_that_said_nothing_finds_the_usual_week_to_change(inside: Browser, shop: Shop) -> None:
    page = inside.get("/shop/about").text
    assert page.count('value="09:00"') == page.count('value="18:00"') == 5


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mon_opens": "10"}, "Say both from when"),
        ({"mon_opens": "ten", "mon_closes": "18"}, "Write the time as"),
        ({"mon_opens": "18", "mon_closes": "9"}, "closes before it opens"),
        ({"closed_days": "some day"}, "Write each day as"),
        ({"closed_days": "2030-02-30"}, "Write each day as"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_and_kept(
    inside: Browser, shop: Shop, fields: dict[str, str], said: str
) -> None:
    answer = inside.press("/shop/about/hours", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(typed in answer.text for typed in fields.values())
    assert shop.hours == {}


@pytest.mark.parametrize(("typed", "kept"), [("3", 3), ("0", 0), ("", None)])
def test_a_shop_chooses_how_often_it_is_written_to(
    inside: Browser, shop: Shop, typed: str, kept: int | None
) -> None:
    assert inside.press("/shop/about/budget", budget=typed).status_code == 302
    assert shop.contact_budget == kept


@pytest.mark.parametrize("typed", ["-1", "many", "101", "1.5", "٣"])
def test_a_budget_that_is_no_number_is_refused(inside: Browser, shop: Shop, typed: str) -> None:
    answer = inside.press("/shop/about/budget", budget=typed)
    assert answer.status_code == 422
    assert "from 0 to 100" in answer.text
    assert f'value="{typed}"' in answer.text
    assert shop.contact_budget is None


def test_a_feed_is_read_at_once_and_its_failure_told(
    inside: Browser, shop: Shop, queue: RecordingQueue, now: datetime
) -> None:
    assert inside.press("/shop/about/feed", link="https://tools.com/feed.yml").status_code == 302
    assert (Job.READ_FEED, shop.id) in queue.take()
    assert "It is being read" in inside.get("/shop/about").text
    shop.feed_read_at, shop.feed_failure = now, "feed_foreign"
    db.session.commit()
    assert "None of its products lies at a domain of your shop" in inside.get("/shop/about").text
    inside.press("/shop/about/feed", link="")
    assert shop.feed_url == ""


@pytest.mark.parametrize("link", ["not a link", "ftp://tools.com/feed.yml", "mailto:a@tools.com"])
def test_a_feed_that_is_no_link_is_refused(inside: Browser, shop: Shop, link: str) -> None:
    answer = inside.press("/shop/about/feed", link=link)
    assert answer.status_code == 422
    assert f'value="{link}"' in answer.text
    assert shop.feed_url == ""


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("budget", {"budget": "2"}, "Чаще мы писать не будем."),
        ("hours", {"mon_opens": "9:00", "mon_closes": "18:00"}, "Ваши часы сохранены"),
        ("checks", {"checks": "y"}, "Теперь вас проверяют."),
    ],
)
def test_what_was_done_is_said_in_the_members_language_whatever_the_browser_speaks(
    inside: Browser, path: str, fields: dict[str, str], said: str
) -> None:
    db.session.query(ShopMember).one().language = "ru"
    db.session.commit()
    inside.press(f"/shop/about/{path}", **fields)
    assert said in inside.get("/shop/about").text


def test_a_shop_asks_to_be_checked_and_takes_it_back(inside: Browser, shop: Shop) -> None:
    seen = [shop.wants_checks_since is not None]
    for fields in ({"checks": "yes"}, {"checks": "yes"}, {}):
        inside.press("/shop/about/checks", **fields)
        seen.append(shop.wants_checks_since is not None)
    assert seen == [False, True, True, False]
    assert told(shop) == ["checks_unwanted", "checks_wanted"]


def test_a_colleague_is_invited_and_comes_in_by_the_letter_once(
    inside: Browser, shop: Shop, now: datetime
) -> None:
    assert inside.press("/shop/people", email="Vera@mail.example").status_code == 302
    assert "invited, not here yet" in inside.get("/shop/people").text
    [letter] = db.session.query(Delivery)
    path = "/shop/invited/" + letter.text.partition("/shop/invited/")[2].split()[0]
    assert inside.get(path).status_code == 200
    assert inside.press(path).location == "/shop"
    assert "Vera".lower() in inside.get("/shop").text
    assert inside.press(path).status_code == 409


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Type an e-mail address"),
        ("vera@", "cannot be right"),
        ("a@tools.com", "answers for the shop already"),
        ("reply+x@in.broker.test", "address of ours"),
    ],
)
def test_whom_nobody_can_invite(inside: Browser, email: str, said: str) -> None:
    answer = inside.press("/shop/people", email=email)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{email}"' in answer.text


def test_a_colleague_is_taken_away_but_not_the_last_one(inside: Browser, shop: Shop, now: datetime) -> None:
    me = db.session.query(ShopMember).one()
    last = inside.press(f"/shop/people/{me.id}/end")
    assert last.status_code == 409
    assert "You are the last" in last.text
    other = saved(ShopMember(shop_id=shop.id, email="b@tools.com", created_at=now, proved_at=now))
    assert inside.press(f"/shop/people/{other.id}/end").status_code == 302
    assert other.ended_at is not None
    foreign = saved(ShopMember(shop_id=a_shop(now).id, email="c@x.ru", created_at=now, proved_at=now))
    assert inside.press(f"/shop/people/{foreign.id}/end").status_code == 404


def test_the_desk_sees_who_answers_for_the_shop(client: Browser, shop: Shop, now: datetime) -> None:
    saved(ShopMember(shop_id=shop.id, email="vera@tools.com", created_at=now, proved_at=now))
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{an_operator(now).id}"
        session["_fresh"] = True
    assert "vera@tools.com" in client.get(f"/desk/shops/{shop.id}").text
