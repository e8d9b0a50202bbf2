"""What is written on a buyer's card, and what moves because of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry, BuyerCard, ContactWish
from discount_broker.accounts.queries.cards import (
    card_of,
    list_lead_rules,
    list_notes,
    list_wishes,
    wishes_of,
)
from discount_broker.accounts.rules.wishes import Wish
from discount_broker.accounts.status import ContactWishKind, Standing, ZoneSource
from discount_broker.accounts.use_cases.cards import (
    RuleDraft,
    add_note,
    end_contact_wish,
    rules_seen,
    save_lead_rules,
)
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import text_news
from discount_broker.discount_requests.queries import news_of, wishes_of_buyer
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase, Promise, QueueEntry
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.operations.wishes import Moved
from discount_broker.escalation.status import PromiseKind
from discount_broker.escalation.use_cases.buyers import CardSaid, add_contact_wish, change_card
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import ShopRequest, ShopWillCall
from discount_broker.outreach.operations.letters import ask_facts, rendered_for
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_buyer, a_case, a_product, a_request, a_shop, an_operator, an_outreach
from tests.fakes import FakeChannel

pytestmark = pytest.mark.usefixtures("app")
AFTERNOON = Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=13 * 60, until_minute=15 * 60)
WRITE_ONLY = Wish(kind=ContactWishKind.WRITE_ONLY)
ONE = datetime(2030, 1, 14, 10, 30, tzinfo=UTC)
"""Half past one in Moscow."""
THREE = datetime(2030, 1, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def texts(app: Flask) -> Iterator[FakeChannel]:
    """A gateway, where tests have none."""
    site, gateway = app.extensions["site"], FakeChannel()
    app.extensions["site"] = replace(site, sends_texts=True, sms_sender="+79990000000")
    app.extensions["channels"][ChannelKind.SMS] = gateway
    yield gateway
    app.extensions["site"] = site


def a_planned_call(now: datetime, due_at: datetime = ONE) -> tuple[EscalationCase, Promise]:
    """The shop has promised to call the buyer."""
    request = a_request(now, RequestStatus.ASKED, phone="+7 916 123-45-67", wants_texts=True)
    outreach = an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    case = a_case(now, outreach)
    with transaction():
        promise = make_promise(outreach, PromiseKind.CALL_BUYER, due_at, now, "Anna")
    return case, promise


def buyer_of(case: EscalationCase) -> DiscountRequest:
    return case.outreach.discount_request


def test_a_wish_moves_the_call_that_is_planned_and_the_case_that_waits_for_it(now: datetime) -> None:
    case, promise = a_planned_call(now)
    buyer_id, me = buyer_of(case).buyer_id, an_operator(now).id
    assert buyer_id is not None
    assert add_contact_wish(buyer_id, AFTERNOON, "asleep", me, now) == Moved(calls=1)
    assert (promise.due_at, case.next_action_at) == (THREE, THREE)
    entry = db.session.get_one(QueueEntry, case.outreach.shop_id)
    assert entry.next_promise_at == THREE
    said = [each.what for each in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert said[-2:] == ["wish_added", "planned_call_moved"]


def test_the_same_wish_twice_is_one(now: datetime) -> None:
    buyer_id, me = a_buyer(now).id, an_operator(now).id
    assert add_contact_wish(buyer_id, AFTERNOON, "", me, now) is not None
    assert add_contact_wish(buyer_id, AFTERNOON, "again", me, now) is None
    assert len(list_wishes(buyer_id)) == 1


def test_a_call_that_is_not_wanted_at_all_is_told_and_stays_for_a_person(now: datetime) -> None:
    case, promise = a_planned_call(now)
    buyer_id = buyer_of(case).buyer_id
    assert buyer_id is not None
    assert add_contact_wish(buyer_id, WRITE_ONLY, "", an_operator(now).id, now) == Moved(unwanted=1)
    assert promise.due_at == ONE


def test_a_wish_moves_the_text_that_waits(texts: FakeChannel, now: datetime) -> None:
    case, _ = a_planned_call(now)
    request = buyer_of(case)
    news = ShopWillCall(**news_of(request), shop="Anna's", call_by=ONE, calls_buyer=True)
    with transaction():
        text_news(request, news, "news", now)
    text = db.session.query(Delivery).filter_by(channel=ChannelKind.SMS).one()
    assert text.due_at == now
    noon = Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=12 * 60, until_minute=15 * 60)
    assert request.buyer_id is not None
    moved = add_contact_wish(request.buyer_id, noon, "", an_operator(now).id, now)
    assert moved == Moved(calls=1, texts=1)
    assert (text.due_at, text.status) == (THREE, DeliveryStatus.QUEUED)


def test_a_text_that_finds_no_hour_is_dropped_and_the_next_is_not_written(
    texts: FakeChannel, now: datetime
) -> None:
    case, _ = a_planned_call(now)
    request, me = buyer_of(case), an_operator(now).id
    news = ShopWillCall(**news_of(request), shop="Anna's", call_by=ONE, calls_buyer=True)
    with transaction():
        text_news(request, news, "news", now)
    day = Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=8 * 60, until_minute=22 * 60)
    assert request.buyer_id is not None
    moved = add_contact_wish(request.buyer_id, day, "", me, now)
    assert moved is not None
    assert moved.texts == 1
    with transaction():
        text_news(request, news, "more", now)
    (text,) = db.session.query(Delivery).filter_by(channel=ChannelKind.SMS)
    assert text.status is DeliveryStatus.STOPPED


def test_a_text_is_written_for_the_hour_in_which_its_reader_wakes(texts: FakeChannel, now: datetime) -> None:
    case, _ = a_planned_call(now)
    request, me = buyer_of(case), an_operator(now).id
    assert request.buyer_id is not None
    noon = Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=12 * 60, until_minute=15 * 60)
    add_contact_wish(request.buyer_id, noon, "", me, now)
    news = ShopWillCall(**news_of(request), shop="Anna's", call_by=ONE, calls_buyer=True)
    with transaction():
        text_news(request, news, "news", now)
    text = db.session.query(Delivery).filter_by(channel=ChannelKind.SMS).one()
    assert text.due_at == THREE


def test_a_wish_ends_when_somebody_says_so_and_only_on_its_own_card(now: datetime) -> None:
    buyer_id, me = a_buyer(now).id, an_operator(now).id
    add_contact_wish(buyer_id, AFTERNOON, "", me, now)
    (wish,) = list_wishes(buyer_id)
    with pytest.raises(NotFound):
        end_contact_wish(a_buyer(now).id, wish.id, me, now)
    end_contact_wish(buyer_id, wish.id, me, now)
    assert list_wishes(buyer_id) == []
    assert db.session.query(ContactWish).count() == 1


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(kind=ContactWishKind.QUIET_HOURS), "wish_hours_missing"),
        (Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=60, until_minute=60), "wish_hours_empty"),
        (Wish(kind=ContactWishKind.NOT_ON), "wish_day_missing"),
        (Wish(kind=ContactWishKind.NOT_ON, on_day=date(2030, 1, 13)), "wish_day_past"),
    ],
)
def test_a_wish_that_asks_for_nothing_is_refused(wish: Wish, code: str, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        add_contact_wish(a_buyer(now).id, wish, "", an_operator(now).id, now)
    assert refused.value.code == code


def test_the_clock_is_that_of_the_card_then_the_phone_then_the_shop_then_utc(now: datetime) -> None:
    assert wishes_of_buyer(a_buyer(now).id).zone_source is ZoneSource.UNKNOWN
    asked = a_request(now, product=a_product(now, a_shop(now, country="DE")))
    assert asked.buyer is not None
    of_shop = wishes_of_buyer(asked.buyer.id)
    assert (of_shop.zone, of_shop.zone_source) == ("Europe/Berlin", ZoneSource.SHOP)
    asked.buyer.phone = "+33 6 12 34 56 78"
    db.session.commit()
    assert wishes_of_buyer(asked.buyer.id).zone == "Europe/Paris"
    card = CardSaid(standing=Standing.NONE, zone="Asia/Tokyo")
    change_card(asked.buyer.id, card, an_operator(now).id, now)
    assert wishes_of(asked.buyer.id).zone == "Asia/Tokyo"


def test_a_loyal_buyer_counts_in_the_queue_at_once(now: datetime) -> None:
    case, _ = a_planned_call(now)
    buyer_id, me = buyer_of(case).buyer_id, an_operator(now).id
    assert buyer_id is not None
    said = CardSaid(standing=Standing.LOYAL, standing_reason="bought four times")
    change_card(buyer_id, said, me, now)
    assert db.session.get_one(QueueEntry, case.outreach.shop_id).is_loyal
    assert card_of(buyer_id).standing_reason == "bought four times"
    change_card(buyer_id, CardSaid(standing=Standing.NONE), me, now)
    db.session.expire_all()
    assert not db.session.get_one(QueueEntry, case.outreach.shop_id).is_loyal


def test_another_zone_moves_what_is_planned(now: datetime) -> None:
    case, promise = a_planned_call(now, datetime(2030, 1, 14, 12, 30, tzinfo=UTC))
    buyer_id, me = buyer_of(case).buyer_id, an_operator(now).id
    assert buyer_id is not None
    add_contact_wish(buyer_id, AFTERNOON, "", me, now)
    moved = change_card(buyer_id, CardSaid(standing=Standing.NONE, zone="Europe/Berlin"), me, now)
    assert moved == Moved(calls=1)
    assert promise.due_at == datetime(2030, 1, 14, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (CardSaid(standing=Standing.DIFFICULT, standing_reason=" "), "standing_needs_reason"),
        (CardSaid(standing=Standing.NONE, zone="Moon/Sea"), "zone_unknown"),
        (CardSaid(standing=Standing.NONE, birthday=date(2031, 1, 1)), "birthday_wrong"),
    ],
)
def test_what_cannot_stand_on_a_card_is_refused(said: CardSaid, code: str, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        change_card(a_buyer(now).id, said, an_operator(now).id, now)
    assert refused.value.code == code
    assert db.session.query(BuyerCard).count() == 0


def test_what_is_saved_again_as_it_was_changes_nothing(now: datetime) -> None:
    buyer_id, me = a_buyer(now).id, an_operator(now).id
    said = CardSaid(standing=Standing.LOYAL, standing_reason="kind", lead_type="friend")
    assert change_card(buyer_id, said, me, now) is not None
    assert change_card(buyer_id, said, me, now + timedelta(hours=1)) is None


def test_nobody_writes_on_the_card_of_who_was_erased(now: datetime) -> None:
    gone = a_buyer(now, erased_at=now)
    with pytest.raises(NotFound):
        add_note(gone.id, "hello", an_operator(now).id, now)


def test_a_note_pressed_twice_is_one_note(now: datetime) -> None:
    buyer_id, me = a_buyer(now).id, an_operator(now).id
    add_note(buyer_id, " called back \r\n", me, now)
    add_note(buyer_id, "called back", me, now)
    assert [note.text for note in list_notes(buyer_id)] == ["called back"]


def test_rules_of_leads_are_replaced_as_a_whole_and_not_over_a_colleague(now: datetime) -> None:
    me = an_operator(now).id
    seen = rules_seen(list_lead_rules())
    rules = [RuleDraft("regular", {"accepted_at_least": "2"}), RuleDraft("new")]
    save_lead_rules(rules, seen, me, now)
    assert [(rule.position, rule.lead_type) for rule in list_lead_rules()] == [(1, "regular"), (2, "new")]
    with pytest.raises(Refused):
        save_lead_rules([], seen, me, now)
    with pytest.raises(Refused):
        save_lead_rules([RuleDraft(" ")], rules_seen(list_lead_rules()), me, now)
    assert len(list_lead_rules()) == 2


@pytest.mark.parametrize(
    ("language", "country", "said"),
    [
        ("en", "GB", "Please do not call between 13:00 and 15:00, Moscow time."),
        ("ru", "RU", "13:00"),
    ],
)
@pytest.mark.parametrize("is_form", [False, True])
def test_the_letter_to_a_shop_that_may_call_says_when_it_should_not(
    language: str, country: str, said: str, is_form: bool, now: datetime
) -> None:
    doors = {"forms": ("https://s.example/ask",)} if is_form else {"emails": ("sale@s.example",)}
    shop = a_shop(now, "s.example", language=language, country=country, **doors)
    request = a_request(
        now,
        RequestStatus.ASKED,
        product=a_product(now, shop),
        phone="+7 916 123-45-67",
        may_contact_directly=True,
    )
    assert request.buyer is not None
    request.buyer.phone = request.phone
    db.session.commit()
    outreach, (point,) = an_outreach(now, request), shop.contact_points
    me = an_operator(now).id
    add_contact_wish(request.buyer.id, AFTERNOON, "", me, now)
    assert said in rendered_for(ShopRequest(**ask_facts(outreach, point)), point).text.replace("\n", " ")
    request.may_contact_directly = False
    assert said not in rendered_for(ShopRequest(**ask_facts(outreach, point)), point).text


def test_a_day_that_is_over_is_no_wish_any_more(now: datetime) -> None:
    buyer = a_buyer(now)
    db.session.add(ContactWish(buyer_id=buyer.id, kind=ContactWishKind.NOT_ON, on_day=date(2020, 1, 1)))
    db.session.commit()
    assert list_wishes(buyer.id) == []
