"""What people say of a shop, against crawls, stops and second domains."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discovery.models import Crawl, CrawlStatus, Listing
from discount_broker.discovery.operations import begin_crawl
from discount_broker.discovery.queries import find_open_crawl
from discount_broker.discovery.use_cases.again import read_again
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Pool
from discount_broker.outreach.queries import keys_of
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, read_mail, receive_mail, stop_shop, take_due_steps
from discount_broker.outreach.use_cases.correcting import disown_door, note_new_address
from discount_broker.outreach.use_cases.merging import merge_shops, plan_merge, split_shop
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import FoundDoor, note_doors, shop_of_url
from discount_broker.shops.queries import (
    find_domain,
    find_shop_by_domain,
    list_all_doors,
    list_corrections,
    list_doors,
    list_twins_of,
)
from discount_broker.shops.status import ContactKind, ContactState, DoorSource
from discount_broker.shops.use_cases import Description, add_door, describe_shop, prefer_door, restore_door
from tests.builders import a_door, a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import FakeChannel, FakeFetcher, site_of
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
Crawled = Callable[[Shop, datetime], None]
EMAIL, FORM = ContactKind.EMAIL, ContactKind.FORM
DAY = timedelta(days=1)
PAGE = """<html lang="ru"><head><title>Контакты</title></head><body><h1>Контакты</h1>
<a href="mailto:sales@tools.ru">sales@tools.ru</a></body></html>"""


def values(shop: Shop) -> list[str]:
    db.session.expire_all()
    return [door.value for door in list_doors(shop.id)]


@pytest.fixture
def crawled(work_at: Work, fetcher: FakeFetcher) -> Crawled:
    """A crawl of a site whose every page shows sales@tools.ru."""
    fetcher.sites["tools.ru"] = site_of({"/": PAGE, "/contacts": PAGE})

    def crawl(shop: Shop, now: datetime) -> None:
        read_again(shop.id, now)
        work_at(now)
        db.session.expire_all()

    return crawl


class TestCorrections:
    def test_no_crawl_revives_what_is_not_theirs(self, crawled: Crawled, now: datetime) -> None:
        shop, olga = a_shop(now, "tools.ru", emails=("sales@tools.ru",)), an_operator(now)
        disown_door(shop.id, shop.contact_points[0].id, olga.id, now)
        crawled(shop, now + DAY)
        (point,) = list_all_doors(shop.id)
        assert (point.state, point.state_reason) == (ContactState.DEAD, "not_theirs")
        restore_door(shop.id, point.id, olga.id, now)
        assert values(shop) == ["sales@tools.ru"]

    def test_what_an_operator_added_stays_where_no_page_shows_it(
        self, crawled: Crawled, now: datetime
    ) -> None:
        shop, olga = a_shop(now, "tools.ru"), an_operator(now)
        add_door(shop.id, EMAIL, "director@tools.ru", olga.id, now, is_preferred=True)
        crawled(shop, now + DAY)
        assert values(shop) == ["director@tools.ru", "sales@tools.ru"]
        told = next(point for point in list_all_doors(shop.id) if point.value == "director@tools.ru")
        assert (told.source, told.confidence, told.corrected_by_id) == (DoorSource.OPERATOR, 1.0, olga.id)

    def test_a_page_that_shows_what_an_operator_told_becomes_its_place(
        self, crawled: Crawled, now: datetime
    ) -> None:
        shop, olga = a_shop(now, "tools.ru"), an_operator(now)
        add_door(shop.id, EMAIL, "sales@tools.ru", olga.id, now, is_preferred=False)
        crawled(shop, now + DAY)
        (point,) = list_all_doors(shop.id)
        assert (point.source, point.confidence, point.seen_at) == (DoorSource.OPERATOR, 1.0, now + DAY)
        assert point.found_at.startswith("https://tools.ru/")
        assert point.evidence == {"written": "mailto", "why": ["own_domain"]}

    def test_what_an_operator_named_no_crawl_names_anew(self, crawled: Crawled, now: datetime) -> None:
        shop, olga = a_shop(now, "tools.ru", country=None, language=None), an_operator(now)
        describe_shop(shop.id, Description("tools.ru", "KZ", "kk"), olga.id, now)
        describe_shop(shop.id, Description("Tools", "KZ", None), olga.id, now)
        describe_shop(shop.id, Description("tools.ru", "KZ", None), olga.id, now)
        crawled(shop, now + DAY)
        assert (shop.name, shop.country) == ("tools.ru", "KZ")
        lines = list_corrections(shop.id)
        assert {line.what for line in lines} == {"name_set", "country_set", "language_set"}
        assert {line.operator_id for line in lines} == {olga.id}

    def test_a_letter_that_waits_for_a_foreign_address_goes_to_the_next_one(
        self, work_at: Work, mail: FakeChannel, now: datetime
    ) -> None:
        shop = a_shop(now, "tools.ru", emails=("a@other.ru", "b@tools.ru"))
        an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        ask_shop(shop.id, now)
        disown_door(shop.id, shop.contact_points[0].id, an_operator(now).id, now)
        work_at(now)
        assert [message.to for message in mail.sent] == ["b@tools.ru"]

    def test_the_preferred_door_is_written_to_first(
        self, work_at: Work, mail: FakeChannel, now: datetime
    ) -> None:
        shop = a_shop(now, "tools.ru", emails=("a@tools.ru", "b@tools.ru"))
        an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        prefer_door(shop.id, shop.contact_points[1].id, an_operator(now).id, now, is_preferred=True)
        ask_shop(shop.id, now)
        work_at(now)
        assert [message.to for message in mail.sent] == ["b@tools.ru"]

    def test_a_letter_to_an_address_that_stands_on_no_page_says_so(
        self, work_at: Work, mail: FakeChannel, now: datetime
    ) -> None:
        shop = a_shop(now, "tools.com", language="en")
        add_door(shop.id, EMAIL, "director@tools.com", an_operator(now).id, now, is_preferred=False)
        an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        ask_shop(shop.id, now)
        work_at(now)
        assert "We were told of this address on" in mail.sent[0].text
        assert "on this page" not in mail.sent[0].text

    def test_of_a_preferred_door_no_crawl_thinks_less(self, crawled: Crawled, now: datetime) -> None:
        shop = a_shop(now, "tools.ru", emails=("old@tools.ru",))
        point = shop.contact_points[0]
        prefer_door(shop.id, point.id, an_operator(now).id, now, is_preferred=True)
        crawled(shop, now + DAY)
        assert (point.source, point.confidence) == (DoorSource.CRAWL, 0.9)
        assert values(shop)[0] == "old@tools.ru"

    def test_one_door_told_in_two_windows_at_once_is_one_door(self, app: Flask, now: datetime) -> None:
        shop, olga = a_shop(now, "tools.ru").id, an_operator(now).id

        def add() -> None:
            add_door(shop, EMAIL, "sales@tools.ru", olga, now, is_preferred=False)

        assert race(app, *[add] * 4) == [None] * 4
        assert [point.value for point in list_all_doors(shop)] == ["sales@tools.ru"]

    def test_a_door_of_another_shop_is_not_found(self, now: datetime) -> None:
        shop, other, olga = a_shop(now), a_shop(now, emails=("a@b.ru",)), an_operator(now)
        for correct in (disown_door, restore_door):
            with pytest.raises(NotFound):
                correct(shop.id, other.contact_points[0].id, olga.id, now)


class TestToldByTheShop:
    def letter(self, outreach: Outreach, text: str, **headers: str) -> tuple[str, bytes]:
        message = EmailMessage()
        message["From"], message["Subject"] = "Anna <sales@tools.ru>", "Re: drill"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        token = issue_token(Purpose.REPLY, outreach.id, outreach.created_at)
        return f"reply+{token}@in.broker.test", message.as_bytes()

    @pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "auto-replied"}])
    def test_a_letter_that_names_another_address_is_heeded(
        self, headers: dict[str, str], now: datetime
    ) -> None:
        shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        recipient, content = self.letter(
            outreach, "This mailbox is no longer used. Please write to orders@tools.ru", **headers
        )
        read_mail(receive_mail(recipient, content, now), now)
        assert values(shop) == ["orders@tools.ru", "a@tools.ru"]
        point = list_doors(shop.id)[0]
        assert point.source is DoorSource.SHOP
        assert "orders@tools.ru" in point.snippet

    def test_what_a_letter_names_of_ours_is_left_alone(self, now: datetime) -> None:
        shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        recipient, content = self.letter(outreach, f"You wrote to us to write to {'x'}@in.broker.test. Why?")
        read_mail(receive_mail(recipient, content, now), now)
        assert values(shop) == ["a@tools.ru"]

    def test_the_next_letter_goes_where_the_shop_wants_it_and_none_is_sent_for_that(
        self, work_at: Work, mail: FakeChannel, now: datetime
    ) -> None:
        shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        ask_shop(shop.id, now)
        work_at(now)
        assert note_new_address(outreach.id, " Orders@Tools.ru ", now) == "orders@tools.ru"
        work_at(now)
        assert [message.to for message in mail.sent] == ["a@tools.ru"]
        an_outreach(now, a_request(now, RequestStatus.ASKED, product=outreach.discount_request.product))
        ask_shop(shop.id, now)
        work_at(now)
        assert [message.to for message in mail.sent] == ["a@tools.ru", "orders@tools.ru"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [("", "value_missing"), ("nonsense", "email_invalid"), ("bounce+x@in.broker.test", "own_address")],
    )
    def test_what_cannot_be_an_address_of_theirs_is_refused(
        self, text: str, code: str, now: datetime
    ) -> None:
        outreach = an_outreach(now)
        with pytest.raises(Refused) as refused:
            note_new_address(outreach.id, text, now)
        assert refused.value.code == code

    def test_nobody_makes_us_write_to_half_the_town(self, now: datetime) -> None:
        outreach = an_outreach(now)
        for number in range(5):
            note_new_address(outreach.id, f"a{number}@town.ru", now)
        with pytest.raises(Refused, match="too_many_doors"):
            note_new_address(outreach.id, "a6@town.ru", now)
        note_new_address(outreach.id, "a1@town.ru", now)

    def test_a_stopped_shop_stays_stopped(self, now: datetime) -> None:
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=a_shop(now, "tools.ru")))
        stop_shop(outreach.id, "stop page", now)
        note_new_address(outreach.id, "new@tools.ru", now)
        assert values(outreach.shop) == []
        with transaction():
            note_doors(outreach.shop, [FoundDoor(EMAIL, "more@tools.ru", "https://tools.ru/", 0.9)], now)
        assert values(outreach.shop) == []

    def test_an_address_that_is_stopped_is_not_opened_by_being_told_again(self, now: datetime) -> None:
        shop = a_shop(now, "tools.ru")
        suppress("email:orders@tools.ru", reason="complaint", cause="", now=now)
        db.session.commit()
        point = add_door(shop.id, EMAIL, "orders@tools.ru", an_operator(now).id, now, is_preferred=True)
        assert point.state is ContactState.STOPPED


class TestMerging:
    def pair(self, now: datetime) -> tuple[Shop, Shop]:
        shop = a_shop(now, "tools.ru", emails=("sales@tools.ru",))
        return shop, a_shop(now, "tools.com", emails=("sales@tools.ru", "info@tools.com"))

    def merge(self, alias: Shop, shop: Shop, now: datetime) -> None:
        merge_shops(alias.id, shop.id, an_operator(now).id, now)
        db.session.expire_all()

    def test_everything_of_the_alias_goes_to_the_shop_and_its_links_lead_there(self, now: datetime) -> None:
        shop, alias = self.pair(now)
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=alias))
        saved(Listing(shop=alias, url="https://tools.com/p", title="Drill", title_key="drill", seen_at=now))
        plan = plan_merge(alias.id, shop.id)
        assert (plan.doors, plan.shared_doors, plan.listings, plan.outreaches, plan.ended) == (1, 1, 1, 1, 0)
        self.merge(alias, shop, now)
        assert set(values(shop)) == {"sales@tools.ru", "info@tools.com"}
        assert list_all_doors(alias.id) == []
        assert (outreach.shop, outreach.discount_request.product.shop) == (shop, shop)  # type: ignore[union-attr]
        assert db.session.scalars(select(Listing.shop_id)).all() == [shop.id]
        with transaction():
            assert shop_of_url("https://www.tools.com/new", now).id == shop.id
        assert find_domain("tools.com") == alias
        assert [line.what for line in list_corrections(shop.id)] == ["merged"]

    @pytest.mark.parametrize(("own", "theirs"), [(None, DAY), (DAY, None), (DAY, 3 * DAY), (3 * DAY, DAY)])
    def test_the_earlier_wish_for_checks_is_kept(
        self, own: timedelta | None, theirs: timedelta | None, now: datetime
    ) -> None:
        shop, alias = self.pair(now)
        shop.wants_checks_since = now - own if own else None
        alias.wants_checks_since = now - theirs if theirs else None
        db.session.commit()
        self.merge(alias, shop, now)
        assert shop.wants_checks_since == now - max(filter(None, (own, theirs)))

    def test_what_a_person_said_of_either_goes_before_what_a_crawl_read(self, now: datetime) -> None:
        shop, alias = self.pair(now)
        shop.language, shop.country, shop.corrected = "en", "DE", ["country"]
        alias.language, alias.country, alias.corrected = "ru", "RU", ["country", "language"]
        db.session.commit()
        self.merge(alias, shop, now)
        assert (shop.language, shop.country) == ("ru", "DE")
        assert shop.corrected == ["country", "language"]

    def test_who_asks_for_the_same_joins_the_group_that_the_other_name_had(self, now: datetime) -> None:
        shop, alias = self.pair(now)
        asking = [an_outreach(now, a_request(now, RequestStatus.ASKED), alias) for _ in range(3)]
        for each in asking:
            each.product_url = "https://tools.com/p/1"
        db.session.commit()
        ask_shop(alias.id, now)
        db.session.expire_all()
        pool = db.session.query(Pool).one()
        self.merge(alias, shop, now)
        late = an_outreach(now, a_request(now, RequestStatus.ASKED), shop)
        late.product_url = "https://tools.com/p/1"
        db.session.commit()
        ask_shop(shop.id, now)
        db.session.expire_all()
        assert pool.shop_id == shop.id
        assert {each.pool_id for each in (*asking, late)} == {pool.id}

    def test_a_door_that_both_had_keeps_what_was_learnt_and_is_not_written_to_twice(
        self, work_at: Work, mail: FakeChannel, now: datetime
    ) -> None:
        shop, alias = self.pair(now)
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=alias))
        ask_shop(alias.id, now)
        work_at(now)
        db.session.expire_all()
        alias.contact_points[0].last_answer_at = now
        alias.contact_points[0].state = ContactState.GOOD
        db.session.commit()
        self.merge(alias, shop, now)
        (step,) = outreach.steps
        assert (step.contact_point.shop, step.contact_point.value) == (shop, "sales@tools.ru")
        assert (step.contact_point.state, step.contact_point.last_answer_at) == (ContactState.GOOD, now)
        assert outreach.next_step_at is not None
        take_due_steps(outreach.next_step_at)
        work_at(outreach.next_step_at)
        assert [message.to for message in mail.sent] == ["sales@tools.ru", "info@tools.com"]

    def test_a_request_that_asked_both_goes_on_with_one(
        self, work_at: Work, mail: FakeChannel, now: datetime
    ) -> None:
        shop, alias = self.pair(now)
        request = a_request(now, RequestStatus.ASKED, shop=shop)
        kept, ended = an_outreach(now, request), an_outreach(now, request, alias)
        ask_shop(alias.id, now)
        assert plan_merge(alias.id, shop.id).ended == 1
        self.merge(alias, shop, now)
        work_at(now)
        assert (kept.status, ended.status, ended.shop) == (
            OutreachStatus.ASKED,
            OutreachStatus.STOPPED,
            alias,
        )
        assert [message.to for message in mail.sent] == ["sales@tools.ru"]
        assert ended.steps[0].delivery.status is DeliveryStatus.STOPPED

    @pytest.mark.parametrize("stopped", ["tools.ru", "tools.com"])
    def test_a_stop_of_either_binds_both_also_after_they_are_parted(
        self, now: datetime, stopped: str
    ) -> None:
        shop, alias = self.pair(now)
        suppress(f"shop:{stopped}", reason="reply", cause="", now=now)
        db.session.commit()
        assert plan_merge(alias.id, shop.id).is_stopped
        self.merge(alias, shop, now)
        assert values(shop) == []
        assert all(is_suppressed([f"shop:{domain}"]) for domain in ("tools.ru", "tools.com"))
        split_shop(alias.id, an_operator(now).id, now)
        assert all(is_suppressed([f"shop:{domain}"]) for domain in ("tools.ru", "tools.com"))

    def test_a_stop_that_comes_later_binds_every_domain(self, now: datetime) -> None:
        shop, alias = self.pair(now)
        outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
        self.merge(alias, shop, now)
        stop_shop(outreach.id, "stop page", now)
        assert all(is_suppressed([f"shop:{domain}"]) for domain in ("tools.ru", "tools.com"))
        assert {"shop:tools.ru", "shop:tools.com"} <= set(keys_of(shop.contact_points[0]))

    def test_there_are_no_chains_and_no_circles(self, now: datetime) -> None:
        oldest, old, shop = a_shop(now, "oldest.ru"), a_shop(now, "old.ru"), a_shop(now, "tools.ru")
        self.merge(oldest, old, now)
        self.merge(old, shop, now)
        assert (oldest.merged_into, old.merged_into, shop.merged_into) == (shop, shop, None)
        assert find_shop_by_domain("oldest.ru") == shop
        for alias, into in ((shop, oldest), (shop, shop), (oldest, shop), (old, oldest)):
            with pytest.raises(Refused):
                self.merge(alias, into, now)
        split_shop(old.id, an_operator(now).id, now)
        db.session.expire_all()
        assert (oldest.merged_into, old.merged_into) == (shop, None)
        with pytest.raises(Refused, match="not_merged"):
            split_shop(old.id, an_operator(now).id, now)

    def test_two_merges_at_once_make_no_circle(self, app: Flask, now: datetime) -> None:
        one, two = a_shop(now, "one.ru").id, a_shop(now, "two.ru").id
        olga = an_operator(now).id
        done = race(app, lambda: merge_shops(one, two, olga, now), lambda: merge_shops(two, one, olga, now))
        assert sorted(type(result).__name__ for result in done) == ["NoneType", "Refused"]

    def test_two_open_crawls_become_one(self, now: datetime) -> None:
        shop, alias = self.pair(now)
        with transaction():
            for one in (shop, alias):
                begin_crawl(one, one.home_url, now)
        self.merge(alias, shop, now)
        assert find_open_crawl(alias.id) is None
        statuses = db.session.scalars(select(Crawl.status).where(Crawl.shop_id == shop.id)).all()
        assert sorted(statuses) == [CrawlStatus.FAILED, CrawlStatus.WAITING]

    def test_a_parted_domain_is_read_anew_and_its_doors_stay(self, now: datetime) -> None:
        shop, alias = self.pair(now)
        self.merge(alias, shop, now)
        split_shop(alias.id, an_operator(now).id, now)
        db.session.expire_all()
        assert (alias.merged_into, alias.contacts_read_at) == (None, None)
        assert find_shop_by_domain("tools.com") == alias
        assert set(values(shop)) == {"sales@tools.ru", "info@tools.com"}

    def test_shops_with_one_address_are_suggested_unless_it_is_not_theirs(self, now: datetime) -> None:
        shop, alias = self.pair(now)
        form = a_door(FORM, "https://forms.ru/1", "x.ru", 0.5, now)
        shop.contact_points.append(form)
        db.session.commit()
        assert [(twin.domain, value) for twin, value in list_twins_of(shop.id)] == [
            ("tools.com", "sales@tools.ru")
        ]
        shared = db.session.scalars(select(ContactPoint).where(ContactPoint.shop_id == alias.id)).all()
        for point in shared:
            disown_door(alias.id, point.id, an_operator(now).id, now)
        assert list_twins_of(shop.id) == []
