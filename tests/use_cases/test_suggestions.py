"""What an operator makes of what a letter says."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.status import CaseReason, CaseStatus, Ending, NextAction
from discount_broker.escalation.use_cases.suggestions import dismiss_suggestion, take_suggestion
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, NotFound, Refused
from discount_broker.messaging.queries import find_suppression
from discount_broker.outreach.models import InboundMail, Outreach, Reply, Suggestion
from discount_broker.outreach.queries.suggestions import list_open_suggestions
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.shops.queries import list_doors, list_phones
from tests.builders import a_case, a_shop, an_operator, an_outreach, saved, take_in_hand

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def operator(now: datetime) -> Operator:
    return an_operator(now)


@pytest.fixture
def case(now: datetime) -> EscalationCase:
    shop = a_shop(now, "tools.ru", emails=("info@tools.ru",))
    outreach = an_outreach(now, shop=shop, status=OutreachStatus.EXHAUSTED, exhausted_why="reply_to_read")
    return a_case(now, outreach, reason=CaseReason.REPLY_TO_READ, next_action_at=now)


def a_suggestion(outreach: Outreach, now: datetime, kind: str, value: str = "", **given: Any) -> Suggestion:
    mail = saved(InboundMail(digest=str(uuid4()), recipient="", content=b"", received_at=now, read_at=now))
    facts = {
        "kind": ReplyKind.HUMAN,
        "sender": "a@tools.ru",
        "subject": "Re",
        "text": "…",
        "received_at": now,
    }
    reply = Reply(outreach_id=outreach.id, inbound_mail_id=mail.id, **facts)
    return saved(Suggestion(reply=reply, kind=kind, value=value, evidence="…", created_at=now, **given))


def test_a_no_declines_and_closes_the_case(case: EscalationCase, operator: Operator, now: datetime) -> None:
    said = a_suggestion(case.outreach, now, "decline")
    for _ in range(2):
        if case.status is CaseStatus.OPEN:
            take_suggestion(case.id, said.id, operator.id, now)
    assert (case.outreach.status, case.ending) == (OutreachStatus.DECLINED, Ending.DECLINED)
    assert (said.outcome, said.settled_at) == ("taken", now)


def test_call_us_keeps_the_number_and_makes_the_call_the_next_thing(
    case: EscalationCase, operator: Operator, now: datetime
) -> None:
    case.next_action_at = now + timedelta(days=1)
    db.session.commit()
    said = a_suggestion(case.outreach, now, "call_us", "8 (495) 123-45-67")
    take_suggestion(case.id, said.id, operator.id, now)
    assert [point.value for point in list_phones(case.outreach.shop_id)] == ["+74951234567"]
    assert (case.next_action, case.next_action_at) == (NextAction.CALL, now)


def test_call_us_without_a_number_is_a_call_all_the_same(
    case: EscalationCase, operator: Operator, now: datetime
) -> None:
    take_suggestion(case.id, a_suggestion(case.outreach, now, "call_us").id, operator.id, now)
    assert case.next_action is NextAction.CALL


def test_a_new_address_is_tried_first(case: EscalationCase, operator: Operator, now: datetime) -> None:
    said = a_suggestion(case.outreach, now, "new_address", "opt@tools.ru")
    take_suggestion(case.id, said.id, operator.id, now)
    assert list_doors(case.outreach.shop_id)[0].value == "opt@tools.ru"


def test_what_is_no_address_stays_a_suggestion(
    case: EscalationCase, operator: Operator, now: datetime
) -> None:
    said = a_suggestion(case.outreach, now, "new_address", "opt at tools")
    with pytest.raises(Refused):
        take_suggestion(case.id, said.id, operator.id, now)
    assert list_open_suggestions(case.outreach_id) == [said]


def test_a_stop_that_was_not_certain_is_a_press_away(
    case: EscalationCase, operator: Operator, now: datetime
) -> None:
    said = a_suggestion(case.outreach, now, "opt_out", is_certain=False)
    take_suggestion(case.id, said.id, operator.id, now)
    assert find_suppression("shop:tools.ru") is not None
    assert case.ending is Ending.STOPPED


@pytest.mark.parametrize("kind", ["offer", "question", "out_until", "something_new"])
def test_what_takes_more_than_a_press_is_refused(
    kind: str, case: EscalationCase, operator: Operator, now: datetime
) -> None:
    with pytest.raises(Refused):
        take_suggestion(case.id, a_suggestion(case.outreach, now, kind).id, operator.id, now)


def test_what_is_put_aside_is_asked_no_more(case: EscalationCase, operator: Operator, now: datetime) -> None:
    said = a_suggestion(case.outreach, now, "decline")
    dismiss_suggestion(case.id, said.id, operator.id, now)
    take_suggestion(case.id, said.id, operator.id, now)
    assert (said.outcome, case.outreach.status) == ("dismissed", OutreachStatus.EXHAUSTED)
    assert list_open_suggestions(case.outreach_id) == []


def test_a_colleagues_case_is_left_alone(case: EscalationCase, operator: Operator, now: datetime) -> None:
    said = a_suggestion(case.outreach, now, "decline")
    take_in_hand(case, an_operator(now), now)
    for press in (take_suggestion, dismiss_suggestion):
        with pytest.raises(NotAllowed):
            press(case.id, said.id, operator.id, now)


def test_a_letter_of_another_case_is_not_found(
    case: EscalationCase, operator: Operator, now: datetime
) -> None:
    said = a_suggestion(an_outreach(now), now, "decline")
    with pytest.raises(NotFound):
        take_suggestion(case.id, said.id, operator.id, now)


def test_a_no_after_an_offer_is_refused(case: EscalationCase, operator: Operator, now: datetime) -> None:
    case.outreach.status = OutreachStatus.ANSWERED
    db.session.commit()
    said = a_suggestion(case.outreach, now, "decline")
    with pytest.raises(IllegalTransition):
        take_suggestion(case.id, said.id, operator.id, now)
