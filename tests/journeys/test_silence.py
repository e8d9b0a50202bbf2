"""A silent shop: every door, then people, a promise, and the promise kept late."""

from datetime import timedelta
from decimal import Decimal

from flask import Flask

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discount_requests.use_cases import confirm_request, start_draft, submit_request
from discount_broker.escalation.queries import View, list_promises
from discount_broker.escalation.queries.queue_pages import Reader, list_page
from discount_broker.escalation.rules import CallReport
from discount_broker.escalation.status import CallResult, CaseReason, PromiseKind, PromiseStatus
from discount_broker.escalation.use_cases import claim_case, log_call, open_due_cases, wake_promises
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.use_cases import (
    take_due_steps,
    tell_the_silence,
)
from tests.clockwork import work_until_quiet
from tests.fakes import FakeChannel, FakeFetcher, RecordingQueue, site_of

PRODUCT = """<!doctype html><html lang="ru"><head><title>Bosch</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product",
"name": "Дрель Bosch GSR 12V-15", "offers": {"@type": "Offer", "price": "12990",
"priceCurrency": "RUB"}}</script></head><body><h1>Дрель Bosch GSR 12V-15</h1>
<button>В корзину</button><a href="/contacts">Контакты</a></body></html>"""
CONTACTS = """<html lang="ru"><body><h1>Контакты</h1><a href="mailto:sales@silent.ru">sales@silent.ru</a>
<h2>Напишите нам</h2><form method="post" action="/send"><input name="name" placeholder="Ваше имя" required>
<input type="email" name="email" placeholder="E-mail" required>
<textarea name="message" placeholder="Сообщение" required></textarea><button>Отправить</button>
</form></body></html>"""
HOUR = timedelta(hours=1)


def test_from_silence_through_every_door_and_a_broken_promise_to_a_late_offer(
    app: Flask, queue: RecordingQueue, fetcher: FakeFetcher, mail: FakeChannel, forms: FakeChannel
) -> None:
    now = utcnow()
    fetcher.sites["silent.ru"] = site_of({"/p/1": PRODUCT, "/contacts": CONTACTS})

    def work() -> None:
        work_until_quiet(app, queue, fetcher, now)
        db.session.expire_all()

    ask = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="anna@mail.example")
    request_id = start_draft("https://silent.ru/p/1", "en", now)
    work()
    submit_request(request_id, ask, now)
    confirm_request(request_id, now)
    work()
    (outreach,) = list_outreaches(request_id)

    # Day after business day, one door after the other.
    asked_at = now
    while outreach.next_step_at is not None:
        now = outreach.next_step_at
        tell_the_silence(now)
        take_due_steps(now)
        work()
    to_shop = [m.to for m in mail.sent if m.to == "sales@silent.ru"]
    assert len(to_shop) == 2, "the request and one reminder"
    assert [m.to for m in forms.sent] == ["https://silent.ru/contacts"]
    assert now - asked_at > timedelta(days=2), "three business days, begun at any hour"
    told = [m.subject for m in mail.sent if m.to == "anna@mail.example"]
    assert len(told) == 3, "to confirm, who was asked, and that nobody answered"

    # People take over.
    assert open_due_cases(now) == 1
    operator_id = create_operator("olga@desk.example", "Olga", "a long password", Role.OPERATOR, now)
    reader = Reader(operator_id, now, day_ends_at=now + 12 * HOUR)
    (row,) = list_page(View.UNASSIGNED, reader).rows
    case = row.case
    assert case.reason is CaseReason.SILENCE
    assert claim_case(case.id, operator_id, now)
    due_at = now + 24 * HOUR
    log_call(
        case.id,
        operator_id,
        CallReport(
            started_at=now, minutes=6, result=CallResult.PROMISED, person="Ivan, manager",
            promise_kind=PromiseKind.SEND_OFFER, promise_due_at=due_at,
        ),
        now,
    )  # fmt: skip

    # The promise wakes by itself, is broken, and kept after all, late.
    wake_promises(due_at)
    wake_promises(due_at + HOUR)
    db.session.expire_all()
    assert case.reason is CaseReason.PROMISE_BROKEN
    now = due_at + 3 * HOUR
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(7)), now)
    work()
    assert [promise.status for promise in list_promises(outreach.id)] == [PromiseStatus.LATE]
    assert list_page(View.DUE, reader).rows == []
    request = get_request(request_id)
    assert request.status is RequestStatus.OFFERED
    assert mail.sent[-1].to == "anna@mail.example"
    story = [entry.event for entry in request.timeline]
    for event in ("reminded_shop", "silence_told", "handed_to_people", "called_shop", "promise_broken"):
        assert event in story
