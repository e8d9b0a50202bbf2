"""What the buyer hears of a call to a shop."""

from datetime import datetime
from zoneinfo import ZoneInfo

from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.rules import CallReport
from discount_broker.escalation.rules.calling_hours import REACHED_NOBODY
from discount_broker.escalation.status import CallDirection, CaseStatus
from discount_broker.notifications.catalogue import ShopCalled
from discount_broker.notifications.operations import notify
from discount_broker.outreach.operations import news_from

RUNNING = (RequestStatus.ASKED, RequestStatus.OFFERED)


def tell_of_call(case: EscalationCase, report: CallReport, now: datetime) -> None:
    """Tell the buyer that we phoned, at most once a day, however often we did.

    What a call has ended is told by the letter about that.
    """
    outreach, request = case.outreach, case.outreach.discount_request
    is_ours = report.direction is CallDirection.OUT and case.status is CaseStatus.OPEN
    if not is_ours or request.status not in RUNNING or request.buyer is None:
        return
    today = now.astimezone(ZoneInfo(wishes_of_buyer(request.buyer_id).zone)).date()
    notify(
        ShopCalled(
            **news_from(outreach),
            shop=outreach.shop.name,
            was_reached=report.result not in REACHED_NOBODY,
            again_at=case.next_action_at,
        ),
        to=request.buyer.email,
        language=request.language,
        purpose=f"request:{request.id}:called:{today}",
        now=now,
    )
