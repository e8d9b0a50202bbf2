"""Whether a shop called, as it promised: the buyer looks, and says so by one press."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.discount_requests.queries import follow_url
from discount_broker.escalation.queries import BY_BUYER, find_call_to_check, get_promise
from discount_broker.escalation.status import PromiseStatus
from discount_broker.escalation.use_cases import report_call
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.web.access import token_page
from discount_broker.web.desk_forms import LOCAL, from_local
from discount_broker.web.language import reader_zone, speak
from discount_broker.web.limits import SUBMIT, limited

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.escalation.models import Promise

bp = Blueprint("promise_check", __name__, url_prefix="/promises/<token>")

ASKED_OF = (PromiseStatus.PENDING, PromiseStatus.BROKEN)


@bp.app_context_processor
def words() -> dict[str, Any]:
    return {"call_to_check": call_to_check}


def call_to_check(ask: "DiscountRequest") -> "tuple[Promise, str] | None":
    """The promised call that waits for the buyer's word, and where to give it."""
    promise = find_call_to_check(ask.id)
    if promise is None:
        return None
    token = issue_token(Purpose.PROMISE, promise.id, promise.made_at)
    return promise, url_for("promise_check.show", token=token)


@bp.get("")
@token_page(Purpose.PROMISE)
def show(promise_id: UUID, token: str) -> ResponseReturnValue:
    promise = get_promise(promise_id)
    ask = promise.outreach.discount_request
    speak(ask.language)
    is_open = promise.status in ASKED_OF and promise.evidence != BY_BUYER
    return render_template(
        "buyer/promise.html",
        promise=promise,
        ask=ask,
        token=token,
        is_open=is_open,
        said=promise.evidence == BY_BUYER,
        came=promise.status in (PromiseStatus.KEPT, PromiseStatus.LATE),
        follow=follow_url(ask),
    )


@bp.post("")
@limited(SUBMIT)
@token_page(Purpose.PROMISE)
def answer(promise_id: UUID, token: str) -> ResponseReturnValue:
    """Yes or no; a second press, or one that is neither, changes nothing."""
    said = request.form.get("called")
    if said in ("yes", "no"):
        report_call(promise_id, utcnow(), came=said == "yes", called_at=_told(request.form.get("at", "")))
    return redirect(url_for("promise_check.show", token=token))


def _told(text: str) -> datetime | None:
    """When it was, by the buyer's clock, where they say so."""
    for pattern in LOCAL:
        try:
            told = datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - the buyer's own clock
        except ValueError:
            continue
        return from_local(told, reader_zone()[0]) if 1971 <= told.year < 9990 else None
    return None
