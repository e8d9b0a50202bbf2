"""What other slices do to cases."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import news_of
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations.clocks import wind
from discount_broker.escalation.operations.promises import withdraw_promises_of, withdraw_word_to_shop
from discount_broker.escalation.operations.queue import requeue
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import FIRST_ACTION, CaseReason, CaseStatus, Ending, NextAction
from discount_broker.kernel.db import add_or_find
from discount_broker.notifications.catalogue import ShopDeclined
from discount_broker.notifications.operations import notify
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import end, want_price
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OPEN, OutreachEvent


def open_case(
    outreach: Outreach, reason: CaseReason, now: datetime, next_action: NextAction | None = None
) -> EscalationCase:
    """Put the outreach on the desk, due now; a case that was closed is opened again."""
    case = find_case_of(outreach.id)
    if case is None:
        new = EscalationCase(outreach_id=outreach.id, opened_at=now, reason=reason, next_action_at=now)
        case = add_or_find(new, lambda: find_case_of(outreach.id))
    case.status, case.reason = CaseStatus.OPEN, reason
    case.next_action = next_action or FIRST_ACTION.get(reason, NextAction.CALL)
    case.next_action_at = now
    case.closed_at, case.closed_by_id, case.ending = None, None, None
    want_price(outreach, now)
    wind(case, now)
    requeue(outreach.shop_id, now)
    return case


def settle_case(outreach: Outreach, ending: Ending, now: datetime, operator_id: UUID | None = None) -> None:
    """Close the outreach's case, if it has an open one."""
    case = find_case_of(outreach.id)
    if case is None or case.status is CaseStatus.CLOSED:
        return
    case.status, case.ending, case.closed_at = CaseStatus.CLOSED, ending, now
    case.next_action_at, case.closed_by_id = None, operator_id
    withdraw_word_to_shop(outreach, "no longer needed", now)
    wind(case, now)
    requeue(outreach.shop_id, now)


def take_refusal(outreach: Outreach, now: datetime) -> None:
    """The shop said no to this request: its case ends, and the buyer is told who has not answered yet."""
    request = outreach.discount_request
    if outreach.status in OPEN:
        end(outreach, OutreachEvent.DECLINED, now)
    settle_case(outreach, Ending.DECLINED, now)
    withdraw_promises_of(outreach, "declined", now)
    tell(request, "shop_declined", now, shop=outreach.shop.name)
    waiting = sum(other.status in OPEN for other in list_outreaches(request.id))
    assert request.buyer is not None, "shops are asked for confirmed requests alone"
    notify(
        ShopDeclined(**news_of(request), shop=outreach.shop.name, shops_waiting=waiting),
        to=request.buyer.email,
        language=request.language,
        purpose=f"outreach-declined:{outreach.id}",
        now=now,
    )
