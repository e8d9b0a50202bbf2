from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from discount_broker.cli.seed import seed_command
from discount_broker.escalation.models import EscalationCase, Promise
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
from tests.builders import a_shop, an_operator
from tests.fakes import RecordingQueue


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
