"""The catalogue at the desk: finding shops, telling their doors, and correcting what was found."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from discount_broker.accounts.models import Role
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discovery.models import Crawl, CrawlStatus, Listing, RivalSearch
from discount_broker.discovery.queries import is_being_crawled
from discount_broker.kernel.db import db
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import find_shop_by_domain, list_all_doors, list_doors
from discount_broker.shops.status import ContactKind, ContactState, DoorSource
from tests.builders import a_door, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser
from tests.web.test_desk_page import HOUR, a_case, a_step

HOSTILE = "<script>alert(1)</script>"
EMAIL, PHONE, FORM = ContactKind.EMAIL, ContactKind.PHONE, ContactKind.FORM


def logged_in(client: Browser, now: datetime, role: Role = Role.OPERATOR) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{an_operator(now, role=role, name='Olga').id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    return logged_in(client, now)


@pytest.fixture
def lead(client: Browser, now: datetime) -> Browser:
    return logged_in(client, now, Role.LEAD)


def page_of(shop: Shop) -> str:
    return f"/desk/shops/{shop.id}"


def text_of(desk: Browser, path: str) -> str:
    answer = desk.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def a_listing(now: datetime, shop: Shop, title: str, **given: object) -> Listing:
    facts = {"url": f"{shop.home_url}{title}", "title_key": "", "price": Decimal(990), "currency": "RUB"}
    return saved(Listing(**{"shop": shop, "title": title, "seen_at": now, **facts, **given}))


def add_phone(now: datetime, shop: Shop, number: str) -> ContactPoint:
    return saved_door(shop, a_door(PHONE, number, shop.domain, 0.9, now))


def saved_door(shop: Shop, point: ContactPoint) -> ContactPoint:
    shop.contact_points.append(point)
    db.session.commit()
    return point


class TestSearch:
    @pytest.mark.parametrize(
        "wanted",
        [
            "tools.ru",
            "ools",
            "Хорошие инструменты",
            "хорошие",
            "ХОРОШИЕ ИНСТРУМЕНТЫ",
            "sales@tools",
            "+7 (495) 123-45-67",
            "8 495 1234567",
            "123-45-67",
            "дрель bosch",
            "Bosch Дрель",
            "4006381333931",
            "https://tools.ru/ask",
        ],
    )
    def test_a_shop_is_found_by_whatever_is_known_of_it(
        self, desk: Browser, now: datetime, wanted: str
    ) -> None:
        shop = a_shop(
            now,
            "tools.ru",
            name="Хорошие инструменты",
            emails=("sales@tools.ru",),
            forms=("https://tools.ru/ask",),
        )
        add_phone(now, shop, "+74951234567")
        a_listing(now, shop, "Дрель Bosch GSR 12V-15", gtin="4006381333931")
        other = a_shop(now, "teapots.ru", emails=("info@teapots.ru",))
        page = desk.get("/desk/shops", query_string={"q": wanted}).get_data(as_text=True)
        assert page_of(shop) in page
        assert page_of(other) not in page
        assert "1 shop matches" in page

    def test_what_matched_is_shown(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru", emails=("sales@tools.ru", "info@tools.ru"))
        a_listing(now, shop, "Drill Bosch GSR")
        assert "sales@tools.ru" in text_of(desk, "/desk/shops?q=sales")
        assert "Drill Bosch GSR · RUB" in text_of(desk, "/desk/shops?q=bosch").replace("&nbsp;", " ")

    def test_views_part_the_shops(self, desk: Browser, now: datetime) -> None:
        fine = a_shop(now, "fine.ru", emails=("a@fine.ru",))
        fine.contact_points[0].last_answer_at = now
        mute = a_shop(now, "mute.ru")
        add_phone(now, mute, "+74951234567")
        stopped = a_shop(now, "stopped.ru", emails=("a@stopped.ru",))
        suppress("shop:stopped.ru", reason="reply", cause="", now=now)
        db.session.commit()
        views = {"no_doors": mute, "answering": fine, "stopped": stopped}
        for view, expected in views.items():
            page = text_of(desk, f"/desk/shops?view={view}")
            assert [shop.domain for shop in views.values() if page_of(shop) in page] == [expected.domain]
        assert all(page_of(shop) in text_of(desk, "/desk/shops?view=nonsense") for shop in views.values())

    def test_a_long_list_comes_in_pages_and_keeps_what_was_asked(self, desk: Browser, now: datetime) -> None:
        for number in range(51):
            db.session.add(
                Shop(domain=f"s{number:02}.ru", home_url="https://x.ru/", name="Tools", created_at=now)
            )
        db.session.commit()
        first, second = text_of(desk, "/desk/shops?q=tools"), text_of(desk, "/desk/shops?q=tools&page=2")
        assert ("s00.ru" in first, "s50.ru" in first, "s50.ru" in second) == (True, False, True)
        assert "page=2&amp;q=tools" in first
        assert "s50.ru" in text_of(desk, "/desk/shops?q=tools&page=99")
        assert "s00.ru" in text_of(desk, "/desk/shops?q=tools&page=-3")

    @pytest.mark.parametrize(
        "wanted", ["%", "_", "\\", "'; DROP TABLE shop", "\0", "«»", "x" * 5000, "1" * 60]
    )
    def test_odd_searches_find_nothing_and_break_nothing(
        self, desk: Browser, now: datetime, wanted: str
    ) -> None:
        shop = a_shop(now, "tools.ru", emails=("sales@tools.ru",))
        answer = desk.get("/desk/shops", query_string={"q": wanted})
        assert answer.status_code == 200
        assert page_of(shop) not in answer.get_data(as_text=True).replace("\0", "") or wanted == "\0"

    def test_shops_that_share_an_address_are_suggested(self, desk: Browser, now: datetime) -> None:
        one, two = (a_shop(now, domain, emails=("sales@tools.ru",)) for domain in ("tools.ru", "tools.com"))
        lonely = a_shop(now, "teapots.ru", emails=("info@teapots.ru",))
        page = text_of(desk, "/desk/shops/twins")
        assert [page_of(shop) in page for shop in (one, two, lonely)] == [True, True, False]
        assert "Perhaps the same shop" in text_of(desk, page_of(one))
        assert "Perhaps the same shop" not in text_of(desk, page_of(lonely))

    def test_the_queue_and_a_case_lead_there(self, desk: Browser, now: datetime) -> None:
        case = a_case(now, an_outreach(now))
        assert "/desk/shops" in text_of(desk, "/desk/")
        assert page_of(case.outreach.shop) in text_of(desk, f"/desk/cases/{case.id}")


class TestPage:
    def test_each_door_is_told_with_where_and_how_it_fared(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru", emails=("sales@tools.ru",), forms=("https://tools.ru/ask",))
        mail, form = shop.contact_points
        mail.snippet = f"Write {HOSTILE}"
        mail.evidence = {"written": "cfemail", "why": ["other_domain"]}
        form.form = {"kind": "contact", "captcha": "recaptcha", "fields": {"msg": "message"}}
        form.form["why"] = ["a field for a message"]
        outreach = an_outreach(now, shop=shop)
        a_step(now, outreach, EMAIL)
        a_step(
            now,
            outreach,
            EMAIL,
            status=DeliveryStatus.BOUNCED,
            failure=FailureReason.ADDRESS_DEAD,
            sent_at=now,
        )
        mail.last_answer_at = now - timedelta(days=2)
        db.session.commit()
        page = text_of(desk, page_of(shop))
        for words in (
            "https://tools.ru/contacts", "found on its pages", "sure (0.90)", "1 letter went through",
            "1 failed", "The address does not exist.", "A person answered", "It asks for a captcha",
            "a field for a message", "<dd>message</dd>",
            "disguised against robots", "at another domain",
            "Nothing was sent there yet.", "Write &lt;script&gt;",
            outreach.discount_request.number,
        ):  # fmt: skip
            assert words in page, words
        assert HOSTILE not in page

    def test_the_last_reading_is_told_with_what_was_refused_and_why(
        self, desk: Browser, now: datetime
    ) -> None:
        shop = a_shop(now, "tools.ru")
        saved(
            Crawl(
                shop=shop, start_url="https://tools.ru/", status=CrawlStatus.DONE, finished_at=now,
                pages=[{"url": "https://tools.ru/contacts", "status": 200, "bytes": 5, "seconds": 0.2}],
                refused=[
                    {"url": "https://tools.ru/private", "why": "robots"},
                    {"url": "https://tools.ru/", "why": "too_slow", "until": (now + HOUR).isoformat()},
                ],
            )
        )  # fmt: skip
        page = text_of(desk, page_of(shop))
        assert "1 page" in page
        assert "does not allow robots" in page
        assert "It is asked for again" in page

    def test_products_and_searches_that_named_it_are_shown(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru")
        a_listing(now, shop, "Drill")
        request = a_request(now, RequestStatus.ASKED)
        candidate = {"url": "https://tools.ru/drill", "domain": "tools.ru", "same": True, "why": "gtin"}
        saved(
            RivalSearch(
                discount_request=request, status=CrawlStatus.DONE, finished_at=now,
                candidates=[candidate, {**candidate, "domain": "x.ru"}],
            )
        )  # fmt: skip
        page = text_of(desk, page_of(shop))
        assert "Drill" in page
        assert request.number in page
        assert "the same product: by the article number" in page

    def test_an_unknown_shop_and_a_door_of_another_are_not_found(self, desk: Browser, now: datetime) -> None:
        shop, other = a_shop(now), a_shop(now, emails=("a@b.ru",))
        assert desk.get(f"/desk/shops/{uuid4()}").status_code == 404
        for act in ("not-theirs", "theirs", "first", "in-turn"):
            path = f"{page_of(shop)}/doors/{other.contact_points[0].id}/{act}"
            assert desk.press(path).status_code == 404

    def test_reading_again_begins_a_crawl_however_fresh_it_is(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru")
        desk.press(f"{page_of(shop)}/read")
        assert is_being_crawled(shop.id)
        assert "are being read" in text_of(desk, page_of(shop))

    def test_a_shop_that_forbids_us_is_not_read(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru")
        suppress("shop:tools.ru", reason="reply", cause="", now=now)
        db.session.commit()
        desk.press(f"{page_of(shop)}/read")
        page = text_of(desk, page_of(shop))
        assert "its pages are not read" in page
        assert "Read again now" not in page
        assert not is_being_crawled(shop.id)


class TestCorrections:
    @pytest.mark.parametrize(
        ("kind", "typed", "kept_kind", "kept"),
        [
            ("email", " Sales@Tools.RU ", EMAIL, "sales@tools.ru"),
            ("phone", "8 (495) 123-45-67", PHONE, "+74951234567"),
            ("phone", "+49 30 901820", PHONE, "+4930901820"),
            ("form", "tools.ru/ask?utm_source=x", FORM, "https://tools.ru/ask"),
            ("telegram", "@tools_shop", ContactKind.MESSENGER, "telegram:tools_shop"),
            ("telegram", "https://t.me/tools_shop", ContactKind.MESSENGER, "telegram:tools_shop"),
            ("whatsapp", "8 916 123-45-67", ContactKind.MESSENGER, "whatsapp:+79161234567"),
        ],
    )
    def test_an_operator_adds_a_door(
        self, desk: Browser, now: datetime, kind: str, typed: str, kept_kind: ContactKind, kept: str
    ) -> None:
        shop = a_shop(now, "tools.ru")
        assert desk.press(f"{page_of(shop)}/doors", kind=kind, value=typed).status_code == 302
        (point,) = list_all_doors(shop.id)
        assert (point.kind, point.value, point.source) == (kept_kind, kept, DoorSource.OPERATOR)
        assert point.corrected_by_id is not None
        assert "Olga</strong> added" in text_of(desk, page_of(shop))

    @pytest.mark.parametrize(
        ("kind", "typed", "said"),
        [
            ("email", "sales@", "cannot be right"),
            ("email", "", "Please type the address"),
            ("email", "reply+x@in.broker.test", "address of ours"),
            ("phone", "12", "no complete phone number"),
            ("form", "javascript:alert(1)", "Only web addresses"),
            ("telegram", "a b c", "no account of this messenger"),
            ("pigeon", "coo", "Not a valid choice"),
        ],
    )
    def test_what_cannot_be_right_is_refused_and_stays_as_typed(
        self, desk: Browser, now: datetime, kind: str, typed: str, said: str
    ) -> None:
        shop = a_shop(now, "tools.ru")
        answer = desk.press(f"{page_of(shop)}/doors", kind=kind, value=typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert said in page
        assert f'value="{typed}"' in page or not typed
        assert list_all_doors(shop.id) == []

    def test_a_door_is_disowned_restored_and_put_first(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru", emails=("sales@tools.ru", "press@tools.ru"))
        sales, press = shop.contact_points
        doors = f"{page_of(shop)}/doors"
        desk.press(f"{doors}/{press.id}/first")
        assert [door.value for door in list_doors(shop.id)] == ["press@tools.ru", "sales@tools.ru"]
        assert "tried first" in text_of(desk, page_of(shop))
        desk.press(f"{doors}/{press.id}/in-turn")
        assert list_doors(shop.id)[0].value == "sales@tools.ru"
        desk.press(f"{doors}/{sales.id}/not-theirs")
        assert (sales.state, sales.state_reason) == (ContactState.DEAD, "not_theirs")
        assert "Theirs after all" in text_of(desk, page_of(shop))
        desk.press(f"{doors}/{sales.id}/theirs")
        assert sales.state is ContactState.UNVERIFIED
        page = text_of(desk, page_of(shop))
        for words in ("is not theirs", "is theirs after all", "tried first", "in its turn again"):
            assert words in page, words

    def test_name_country_and_language_are_set_and_told(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru")
        facts = f"{page_of(shop)}/facts"
        desk.press(facts, name=f"Tools {HOSTILE}", country="KZ", language="kk")
        assert (shop.name, shop.country, shop.language) == (f"Tools {HOSTILE}", "KZ", "kk")
        assert shop.corrected == ["country", "language", "name"]
        page = text_of(desk, page_of(shop))
        assert "from Russia to Kazakhstan" in page
        assert HOSTILE not in page
        empty = desk.press(facts, name="", country="KZ", language="")
        assert (empty.status_code, shop.language) == (422, "kk")

    def test_a_stopped_shop_stays_stopped_whatever_is_added(self, desk: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru", emails=("sales@tools.ru",))
        shop.contact_points[0].state = ContactState.STOPPED
        suppress("shop:tools.ru", reason="reply", cause="", now=now)
        db.session.commit()
        desk.press(f"{page_of(shop)}/doors", kind="email", value="new@tools.ru", is_preferred="y")
        assert "stays closed" in text_of(desk, page_of(shop))
        assert list_doors(shop.id) == []
        desk.press(f"{page_of(shop)}/doors/{shop.contact_points[0].id}/theirs")
        assert list_doors(shop.id) == []


class TestMerging:
    def test_a_lead_sees_what_a_merge_would_do_before_it_is_done(self, lead: Browser, now: datetime) -> None:
        shop = a_shop(now, "tools.ru", emails=("sales@tools.ru",))
        alias = a_shop(now, "tools.com", emails=("sales@tools.ru", "info@tools.com"))
        a_listing(now, alias, "Drill")
        preview = text_of(lead, f"{page_of(shop)}/merge?domain=https://www.tools.com/contacts")
        assert "1 door moves." in preview
        assert "kept once" in preview
        assert alias.merged_into_id is None, "looking changes nothing"
        lead.press(f"{page_of(shop)}/merge", domain="tools.com")
        assert find_shop_by_domain("tools.com") == shop
        assert "tools.com" in text_of(lead, page_of(shop))
        assert page_of(alias) in text_of(lead, "/desk/shops?view=aliases")
        assert page_of(alias) in text_of(lead, "/desk/shops?q=tools.com")
        assert "another name" in text_of(lead, page_of(alias))
        lead.press(f"{page_of(alias)}/split")
        assert find_shop_by_domain("tools.com") == alias

    @pytest.mark.parametrize(
        ("domain", "code", "said"),
        [
            ("nowhere.ru", 404, "no shop under this domain"),
            ("", 404, "no shop under this domain"),
            ("tools.ru", 409, "the same shop"),
            ("old.ru", 409, "another name of a shop already"),
        ],
    )
    def test_a_merge_that_makes_no_sense_is_refused_with_a_reason(
        self, lead: Browser, now: datetime, domain: str, code: int, said: str
    ) -> None:
        shop = a_shop(now, "tools.ru")
        a_shop(now, "old.ru", merged_into=a_shop(now, "teapots.ru"))
        looked = lead.get(f"{page_of(shop)}/merge", query_string={"domain": domain})
        pressed = lead.press(f"{page_of(shop)}/merge", domain=domain)
        for answer in (looked, pressed):
            assert answer.status_code == code
            assert said in answer.get_data(as_text=True)

    def test_an_operator_may_neither_look_nor_merge(self, desk: Browser, now: datetime) -> None:
        shop, other = a_shop(now, "tools.ru"), a_shop(now, "tools.com")
        assert desk.get(f"{page_of(shop)}/merge?domain=tools.com").status_code == 403
        assert desk.press(f"{page_of(shop)}/merge", domain="tools.com").status_code == 403
        assert desk.press(f"{page_of(shop)}/split").status_code == 403
        assert other.merged_into_id is None
        assert "merge" not in text_of(desk, page_of(shop))
