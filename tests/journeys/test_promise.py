"""A shop that is silent to every letter: a call, a promise that wakes by itself, its word kept, an offer."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from flask import Flask

from discount_broker.accounts.models import AuditEntry, Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discount_requests.use_cases import confirm_request, start_draft, submit_request
from discount_broker.escalation.models import QueueEntry
from discount_broker.escalation.queries import find_entry, get_case, list_promises
from discount_broker.escalation.queries.clocks import list_clocks
from discount_broker.escalation.rules import CallReport
from discount_broker.escalation.status import (
    CallResult,
    CaseReason,
    CaseStatus,
    ClockKind,
    Ending,
    NextAction,
    PromiseKind,
    PromiseStatus,
    QueueBand,
)
from discount_broker.escalation.use_cases import (
    claim_next,
    log_call,
    open_due_cases,
    report_call,
    wake_promises,
    wake_queue,
    watch_clocks,
)
from discount_broker.kernel.business_time import add_business_time, zone_of
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.use_cases import take_due_steps, tell_the_silence
from discount_broker.scorecards.queries import find_scorecard
from discount_broker.scorecards.use_cases import compute_scorecards
from tests.clockwork import work_until_quiet
from tests.fakes import FakeChannel, FakeFetcher, RecordingQueue, site_of
from tests.journeys.test_silence import CONTACTS, PRODUCT

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_from_silence_to_a_call_a_promise_that_wakes_and_is_kept_and_an_offer(
    app: Flask, queue: RecordingQueue, fetcher: FakeFetcher, mail: FakeChannel, forms: FakeChannel
) -> None:
    now = utcnow()
    fetcher.sites["silent.ru"] = site_of({"/p/1": PRODUCT, "/contacts": CONTACTS})

    def work() -> None:
        work_until_quiet(app, queue, fetcher, now)
        db.session.expire_all()

    def row() -> QueueEntry:
        """The shop's row of the queue."""
        entry = find_entry(outreach.shop_id)
        assert entry is not None
        return entry

    # A buyer asks; the shop is silent to every letter.
    ask = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="anna@mail.example")
    request_id = start_draft("https://silent.ru/p/1", "en", now)
    work()
    submit_request(request_id, ask, now)
    confirm_request(request_id, now)
    work()
    (outreach,) = list_outreaches(request_id)
    while outreach.next_step_at is not None:
        now = outreach.next_step_at
        tell_the_silence(now)
        take_due_steps(now)
        work()

    # People take over: the next case is this one, and its clock has run since the first letter.
    open_due_cases(now)
    operator_id = create_operator("olga@desk.example", "Olga", "a long password", Role.OPERATOR, now)
    case_id = claim_next(operator_id, now)
    assert case_id is not None
    case = get_case(case_id)
    assert (case.outreach_id, case.reason) == (outreach.id, CaseReason.SILENCE)
    assert list_clocks(case.id)[ClockKind.FIRST_ANSWER].running_since is not None

    # Olga calls in the shop's hours; Ivan promises to call the buyer by three on the next working day.
    now = add_business_time(now, MINUTE, "RU")
    next_day = add_business_time(now, 9 * HOUR, "RU").astimezone(zone_of("RU")).date()
    due_at = datetime.combine(next_day, time(15), zone_of("RU"))
    said = CallReport(
        started_at=now, minutes=6, result=CallResult.PROMISED, person="Ivan, manager",
        promise_kind=PromiseKind.CALL_BUYER, promise_due_at=due_at,
    )  # fmt: skip
    log_call(case.id, operator_id, said, now + 7 * MINUTE)
    db.session.expire_all()
    (promise,) = list_promises(outreach.id)
    assert (case.next_action, case.next_action_at) == (NextAction.CHECK_PROMISE, promise.due_at)
    assert not row().is_due, "nobody has to remember it"
    assert list_clocks(case.id)[ClockKind.FIRST_ANSWER].stopped_at is not None, "a person has answered"
    assert list_clocks(case.id)[ClockKind.NEXT_ANSWER].running_since is not None, "and has the ball again"

    # It wakes by itself: a quarter of an hour before, and at its time.
    for now, woken in ((due_at - 15 * MINUTE, False), (due_at, True)):
        wake_promises(now)
        wake_queue(now)
        watch_clocks(now)
        db.session.expire_all()
        assert (row().is_due, row().band) == (True, QueueBand.PROMISE)
        assert (promise.woken_at is not None) == woken

    # Nobody at the desk knows; the buyer is asked, and says by one press that they called.
    now = due_at + 30 * MINUTE
    wake_promises(now)
    work()
    assert mail.sent[-1].to == "anna@mail.example"
    assert "/promises/" in mail.sent[-1].text
    now = due_at + 50 * MINUTE
    assert report_call(promise.id, now, came=True)
    wake_promises(due_at + 2 * HOUR)
    db.session.expire_all()
    assert (promise.status, promise.evidence) == (PromiseStatus.KEPT, "buyer")
    assert (case.next_action, case.next_action_at) == (NextAction.CALL, now)

    # The offer comes, the case ends, and the shop's word counts for it.
    now += HOUR
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(7)), now)
    work()
    assert (case.status, case.ending) == (CaseStatus.CLOSED, Ending.OFFERED)
    assert (row().is_due, row().open_cases) == (False, 0)
    request = get_request(request_id)
    assert request.status is RequestStatus.OFFERED
    story = [line.event for line in request.timeline]
    assert [event for event in story if event.startswith("promise")] == ["promise_made", "promise_kept"]
    trail = [one.what for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert [what for what in trail if what in ("shop_taken", "call_logged", "promise_kept")] == [
        "shop_taken",
        "call_logged",
        "promise_kept",
    ]
    compute_scorecards(now)
    card = find_scorecard(outreach.shop_id)
    assert card is not None
    assert (card.promises_made, card.promises_kept, card.promises_late) == (1, 1, 0)
