"""Two cards that are one buyer, and a buyer who wants to be forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from discount_broker.accounts.models import AuditEntry, Buyer
from discount_broker.accounts.operations import buyer_with_email
from discount_broker.accounts.queries.buyers import find_kept
from discount_broker.accounts.queries.cards import card_of, list_notes, list_wishes
from discount_broker.accounts.rules.wishes import Wish
from discount_broker.accounts.status import ContactWishKind, Standing
from discount_broker.accounts.use_cases import log_in_buyer
from discount_broker.accounts.use_cases.cards import add_note
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries.buyers import list_asked, search_buyers
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.models import PhoneCall
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.status import CallDirection, PromiseKind
from discount_broker.escalation.use_cases.buyers import CardSaid, add_contact_wish, change_card
from discount_broker.escalation.use_cases.merging_buyers import merge_buyers, plan_buyer_merge
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.use_cases import accept_offer, submit_answer
from discount_broker.offers.use_cases.erasing import erase_buyer, plan_erasure
from discount_broker.outreach.models import InboundMail, Letter, Outreach
from discount_broker.outreach.status import LetterAuthor, OutreachStatus
from discount_broker.outreach.use_cases.conversing import write_to_shop
from discount_broker.outreach.use_cases.writing_to_buyers import write_to_buyer
from discount_broker.watches.models import Watch, WatchedPage
from discount_broker.watches.status import WatchKind
from tests.builders import a_buyer, a_case, a_request, a_shop, an_operator, an_outreach, saved
from tests.use_cases.conftest import Work
from tests.use_cases.test_texting import TEN

pytestmark = pytest.mark.usefixtures("app")
ADDRESS, PHONE = "vera.kuznetsova@mail.example", "+7 916 123-45-67"
NOTE = "I have the drill of my late father and want the same"
SECRETS = (ADDRESS, "916 123-45-67", "9161234567", "late father", "after six, please", "asleep then")


def everything() -> str:
    """All that the database holds, as text."""
    said: list[str] = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)).all():
            said += [
                value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row
            ]
    return "\n".join(said).lower()


def asking(now: datetime, buyer: Buyer, **given: Any) -> Outreach:
    facts = {"phone": PHONE, "note": NOTE, "best_time": "after six, please", "may_contact_directly": True}
    request = a_request(
        now, RequestStatus.ASKED, buyer=buyer, shop=a_shop(now, emails=("sale@shop.example",))
    )
    for name, value in {**facts, **given}.items():
        setattr(request, name, value)
    next_step_at = now + timedelta(days=2)
    return an_outreach(now, request, status=OutreachStatus.ASKED, asked_at=now, next_step_at=next_step_at)


def test_everything_of_an_erased_buyer_is_gone_and_the_counts_stay(now: datetime, work_at: Work) -> None:
    me = an_operator(now).id
    buyer = a_buyer(now, email=ADDRESS, phone=PHONE)
    outreach = asking(now, buyer)
    request_id, buyer_id = outreach.discount_request_id, buyer.id
    case = a_case(now, outreach)
    case.flag_note = f"call {PHONE}"
    db.session.commit()
    write_to_shop(request_id, outreach.id, f"My note: {NOTE}", now)
    write_to_buyer(buyer_id, outreach.id, f"Hello {ADDRESS}", me, now)
    add_note(buyer_id, f"{NOTE}, she says", me, now)
    change_card(buyer_id, CardSaid(standing=Standing.LOYAL, standing_reason=NOTE), me, now)
    quiet = Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=780, until_minute=900)
    add_contact_wish(buyer_id, quiet, "asleep then", me, now)
    with transaction():
        make_promise(outreach, PromiseKind.CALL_BUYER, now, now, f"Anna, to {PHONE}")
    saved(
        InboundMail(
            digest="d",
            recipient="answer+x@in.broker.test",
            content=f"From: {ADDRESS}".encode(),
            sender=ADDRESS,
        )
    )
    saved(
        PhoneCall(
            provider="p", provider_id="1", direction=CallDirection.IN, number="+79161234567", started_at=now
        )
    )
    submit_answer(outreach.id, TEN, now)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    accept_offer(request_id, offer.id, now)
    work_at(now)
    assert all(secret.lower() in everything() for secret in SECRETS)

    plan = plan_erasure(buyer_id)
    assert (plan.requests, plan.open_requests, plan.is_stopped) == (1, 1, False)
    erase_buyer(buyer_id, ADDRESS.upper(), me, now)

    left = everything()
    assert [secret for secret in SECRETS if secret.lower() in left] == []
    assert (
        db.session.query(Delivery)
        .filter(Delivery.status == DeliveryStatus.QUEUED, Delivery.text == "")
        .count()
        == 0
    )
    request = db.session.get_one(DiscountRequest, request_id)
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, Outcome.WITHDRAWN)
    assert db.session.query(Letter).filter_by(author=LetterAuthor.BUYER).count() == 1
    assert db.session.query(AuditEntry).filter_by(what="buyer_erased").count() == 1


def test_an_erased_buyer_is_not_found_and_cannot_come_in(now: datetime) -> None:
    buyer = a_buyer(now, email=ADDRESS, phone=PHONE)
    number = asking(now, buyer).discount_request.number
    erase_buyer(buyer.id, ADDRESS, an_operator(now).id, now)
    assert [search_buyers(text, 9) for text in (ADDRESS, PHONE, number, "vera")] == [[], [], [], []]
    with pytest.raises(NotFound):
        log_in_buyer(buyer.id, "en", now)
    with transaction():
        assert buyer_with_email(ADDRESS, "en", now).id != buyer.id


def test_a_stop_outlives_the_buyer_without_naming_them(now: datetime) -> None:
    buyer = a_buyer(now, email=ADDRESS, phone=PHONE)
    asking(now, buyer)
    with transaction():
        suppress(f"email:{ADDRESS}", reason="complaint", cause=f"from {ADDRESS}", now=now)
        suppress("phone:+79161234567", reason="sms", cause="STOP", now=now)
    assert plan_erasure(buyer.id).is_stopped
    erase_buyer(buyer.id, ADDRESS, an_operator(now).id, now)
    assert ADDRESS not in everything()
    assert is_suppressed([f"email:{ADDRESS}"], now)
    assert is_suppressed(["phone:+79161234567"], now)
    assert not is_suppressed(["email:another@mail.example"], now)


def test_nobody_is_erased_by_another_address(now: datetime) -> None:
    buyer = a_buyer(now, email=ADDRESS)
    with pytest.raises(Refused):
        erase_buyer(buyer.id, "vera@mail.example", an_operator(now).id, now)
    assert db.session.get_one(Buyer, buyer.id).email == ADDRESS


def test_what_others_said_stays_when_one_buyer_is_erased(now: datetime) -> None:
    neighbour = asking(now, a_buyer(now), note="a note of somebody else", phone=None)
    gone = asking(now, a_buyer(now, email=ADDRESS))
    write_to_shop(neighbour.discount_request_id, neighbour.id, "Is it in stock?", now)
    erase_buyer(gone.discount_request.buyer_id or gone.id, ADDRESS, an_operator(now).id, now)
    left = everything()
    assert "a note of somebody else" in left
    assert "is it in stock?" in left


def test_two_cards_become_one_and_the_other_address_leads_there(now: datetime) -> None:
    me = an_operator(now).id
    other, kept = a_buyer(now, email="old@mail.example", phone=PHONE), a_buyer(now, email="new@mail.example")
    moved = asking(now, other).discount_request_id
    add_note(other.id, "a kind one", me, now)
    add_contact_wish(other.id, Wish(kind=ContactWishKind.WRITE_ONLY), "", me, now)
    change_card(other.id, CardSaid(standing=Standing.LOYAL, standing_reason="kind"), me, now)
    plan = plan_buyer_merge(other.id, kept.id)
    assert (plan.requests, plan.wishes, plan.notes, plan.takes_standing) == (1, 1, 1, True)
    merge_buyers(other.id, kept.id, me, now)
    assert [request.id for request in list_asked(kept.id)] == [moved]
    assert (len(list_notes(kept.id)), len(list_wishes(kept.id))) == (1, 1)
    assert card_of(kept.id).standing is Standing.LOYAL
    assert log_in_buyer(other.id, "en", now).id == kept.id
    with transaction():
        assert buyer_with_email("old@mail.example", "en", now).id == kept.id
    assert [buyer.id for buyer in search_buyers("old@mail", 9)] == [kept.id]


def test_cards_are_never_merged_in_a_circle_or_with_who_is_gone(now: datetime) -> None:
    me = an_operator(now).id
    one, two, three, erased = a_buyer(now), a_buyer(now), a_buyer(now), a_buyer(now, erased_at=now)
    merge_buyers(one.id, two.id, me, now)
    for other, kept in ((two, one), (one, three), (two, two), (three, erased), (erased, three)):
        with pytest.raises(Refused):
            merge_buyers(other.id, kept.id, me, now)
    merge_buyers(two.id, three.id, me, now)
    assert {find_kept(each.id) for each in (one, two, three)} == {three}


def test_what_one_card_waits_for_goes_along_and_who_is_leaving_is_merged_with_nobody(now: datetime) -> None:
    me = an_operator(now).id
    other, kept, leaving = a_buyer(now), a_buyer(now), a_buyer(now, deletion_due_at=now)
    page = saved(WatchedPage(url="https://tools.ru/p/1", shop_id=a_shop(now).id, title="A drill"))
    wait = {"watched_page_id": page.id, "kind": WatchKind.BACK, "language": "en", "expires_at": now}
    watch = saved(Watch(buyer_id=other.id, **wait))
    merge_buyers(other.id, kept.id, me, now)
    assert watch.buyer_id == kept.id
    for pair in ((leaving, kept), (kept, leaving)):
        with pytest.raises(Refused):
            merge_buyers(pair[0].id, pair[1].id, me, now)


def test_an_erased_buyer_takes_the_cards_merged_into_theirs_along(now: datetime) -> None:
    me = an_operator(now).id
    other, kept = a_buyer(now, email="old@mail.example"), a_buyer(now, email=ADDRESS)
    merge_buyers(other.id, kept.id, me, now)
    erase_buyer(kept.id, ADDRESS, me, now)
    assert "old@mail.example" not in everything()
