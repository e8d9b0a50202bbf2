from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.rules.phones import last_digits
from discount_broker.cli.seed import seed_command
from discount_broker.cli.seeding.copying import FARTHEST, NEAREST, stretched
from discount_broker.cli.seeding.filling import fill
from discount_broker.cli.seeding.numbers import number_at
from discount_broker.escalation.models import EscalationCase, Promise, QueueEntry
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.queries import list_reviews
from discount_broker.escalation.status import ReviewKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.queries import held_until, list_holds, search_suppressions, share_undelivered
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.models import OfferDraft
from discount_broker.outreach.models import Letter, Suggestion
from discount_broker.outreach.queries import list_outreaches_in
from discount_broker.outreach.queries.waiting_mail import MailView, count_mail, list_guessed, list_mail
from discount_broker.outreach.status import LetterAuthor
from discount_broker.scorecards.models import ScoreCard
from discount_broker.shops.models import Shop
from discount_broker.shops.status import ContactKind
from tests.builders import a_shop, an_operator
from tests.conftest import NOW
from tests.fakes import RecordingQueue

DAY = timedelta(days=1)


def seeded(app: Flask, *arguments: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(seed_command, [*arguments], catch_exceptions=False)
    db.session.expire_all()
    return answer.exit_code, answer.output


def picture() -> list[tuple[Any, ...]]:
    """Everything about the cases that does not depend on the hour."""
    cases = db.session.query(EscalationCase).order_by(EscalationCase.id)
    return [
        (
            case.id, case.reason, case.status,
            case.outreach.shop.domain, case.outreach.discount_request.number,
            case.outreach.product_title, case.outreach.price, len(case.calls), len(case.outreach.steps),
        )
        for case in cases
    ]  # fmt: skip


def test_an_empty_database_gets_as_many_cases_as_asked_for(app: Flask) -> None:
    code, said = seeded(app, "--cases", "50")
    assert (code, "50 cases" in said) == (0, True)
    cases = db.session.query(EscalationCase).all()
    assert len(cases) == 50
    assert {case.status.value for case in cases} == {"open", "closed"}
    assert len({case.reason for case in cases}) >= 7
    assert {shop.language for shop in db.session.query(Shop)} == {"ru", "en"}
    assert Counter(d.status.value for d in db.session.query(Delivery)).keys() >= {"sent", "bounced", "failed"}
    assert {p.status.value for p in db.session.query(Promise)} >= {"pending", "broken"}
    assert db.session.query(ScoreCard).count() > 5


def test_the_pages_about_mail_and_sending_have_something_to_show(app: Flask) -> None:
    now = utcnow()
    seeded(app, "--cases", "50")
    waiting = list_mail(MailView.WAITING)
    assert len(waiting) >= 3
    assert any(list_guessed(mail) for mail in waiting)
    assert any(not mail.guesses for mail in waiting)
    assert {view for view, count in count_mail().items() if count} == {*MailView}
    assert [hold.key.partition(":")[0] for hold in list_holds(now)] == ["shop"]
    assert {review.kind for review in list_reviews()} == {*ReviewKind}
    assert len({stop.reason for stop in search_suppressions("")}) >= 6
    assert {letter.author for letter in db.session.query(Letter)} == {*LetterAuthor}
    assert db.session.query(Suggestion).count() > 2
    assert db.session.query(OfferDraft).count() == 1
    assert {receipt.kind.value for receipt in db.session.query(DeliveryReceipt)} >= {
        "accepted", "delivered", "hard_bounce", "failed",
    }  # fmt: skip
    digests = db.session.query(Delivery).filter(Delivery.purpose.startswith("digest:"))
    assert {digest.status.value for digest in digests} == {"sent", "queued"}
    assert all(len(list_outreaches_in(digest.id)) == 3 for digest in digests)
    assert share_undelivered(now - timedelta(days=30), now).share


def test_nothing_that_was_seeded_leaves(app: Flask, queue: RecordingQueue) -> None:
    seeded(app, "--cases", "20")
    assert queue.rung == []
    queued = db.session.query(Delivery).filter_by(status=DeliveryStatus.QUEUED).all()
    assert all(held_until(delivery, utcnow()) for delivery in queued)


def test_the_same_seed_gives_the_same_desk_and_another_one_another(app: Flask) -> None:
    pictures = []
    for seed in ("7", "7", "8"):
        assert seeded(app, "--cases", "6", "--seed", seed)[0] == 0
        pictures.append(picture())
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]


def test_a_database_in_use_is_left_as_it_is(app: Flask, now: datetime) -> None:
    a_shop(now)
    code, said = seeded(app, "--cases", "3")
    assert code == 1
    assert "left as it is" in said
    assert db.session.query(EscalationCase).count() == 0


def test_operators_may_have_been_made_before(app: Flask, now: datetime) -> None:
    an_operator(now)
    assert seeded(app, "--cases", "3")[0] == 0


@pytest.mark.parametrize("cases", ["0", "-1", "many"])
def test_a_number_that_is_none_is_refused(app: Flask, cases: str) -> None:
    assert seeded(app, "--cases", cases)[0] == 2


def in_the_queue() -> dict[UUID, tuple[Any, ...]]:
    """Where every shop stands, by shop; the claims apart."""
    return {
        entry.shop_id: (
            entry.open_cases, entry.lead_case_id, entry.rank, entry.band, entry.value, entry.oldest_at,
            entry.is_loyal, entry.next_at, entry.is_due, entry.wakes_at, entry.next_promise_at,
            entry.has_unknown, entry.has_captcha, entry.is_flagged,
        )
        for entry in db.session.query(QueueEntry)
    }  # fmt: skip


def test_a_large_desk_is_the_small_one_under_other_names(app: Flask) -> None:
    fill(26, 3, small=8)
    db.session.expire_all()
    cases = db.session.query(EscalationCase).all()
    assert len(cases) == 26
    assert len({case.outreach.shop.domain for case in cases}) > 5
    assert len({case.opened_at for case in cases}) == 26
    copied = [case for case in cases if "-n" in case.outreach.shop.domain]
    assert len(copied) == 16
    for case in copied:
        outreach, number = case.outreach, case.outreach.discount_request.number
        by_mail = [p for p in outreach.shop.contact_points if p.kind is ContactKind.EMAIL]
        assert all(outreach.shop.domain in point.value for point in by_mail)
        for step in outreach.steps:
            assert number in step.delivery.text
            assert outreach.id == UUID(step.delivery.purpose.split(":")[1])
            assert step.delivery.address in {point.value for point in outreach.shop.contact_points}


def test_the_queue_of_a_large_desk_stands_as_its_own_rule_would_put_it(app: Flask) -> None:
    now = utcnow().replace(second=0, microsecond=0)
    fill(26, 3, small=8)
    db.session.expire_all()
    seeded = in_the_queue()
    shops = {case.outreach.shop_id for case in db.session.query(EscalationCase)}
    assert seeded.keys() >= shops
    for shop_id in seeded:
        requeue(shop_id, now)
    assert in_the_queue() == seeded


def test_what_is_copied_refers_to_nothing_that_is_not_there(app: Flask) -> None:
    fill(26, 3, small=8)
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
    kept = {column["name"] for column in inspect(db.engine).get_indexes("outreach")}
    assert kept >= {"ix_outreach_shop_id", "ix_outreach_next_step_at"}
    assert {buyer.phone_digits for buyer in db.session.query(Buyer)} == {
        last_digits(buyer.phone or "") for buyer in db.session.query(Buyer)
    }


def test_numbers_never_come_twice() -> None:
    assert len({number_at(place, 1) for place in range(20_000)}) == 20_000


@given(st.floats(NEAREST, FARTHEST), st.lists(st.timedeltas(-DAY, DAY), min_size=2))
def test_stretching_time_changes_no_order_and_brings_nothing_over_the_present(
    stretch: float, away: list[timedelta]
) -> None:
    moments = sorted(NOW + one for one in away)
    moved = [stretched(moment, NOW, stretch) for moment in moments]
    assert moved == sorted(moved)
    assert [one > NOW for one in moved] == [one > NOW for one in moments]
