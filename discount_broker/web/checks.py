"""What a shop that was checked opens by its link: the report, and the way to stop us."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from discount_broker.checks.queries import get_check
from discount_broker.checks.use_cases import forbid_by_check
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.site import zone_for
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.web.access import token_page
from discount_broker.web.checks_report import as_pdf, report_of
from discount_broker.web.language import speak, tell_time_of
from discount_broker.web.limits import spares_tokens
from discount_broker.web.security import csrf

if TYPE_CHECKING:
    from discount_broker.checks.models import ResponseCheck

bp = Blueprint("checks", __name__, url_prefix="/check")


@bp.get("/<token>")
@spares_tokens()
@token_page(Purpose.CHECK_REPORT)
def report(check_id: UUID, token: str) -> ResponseReturnValue:
    check = _open(check_id)
    return render_template("scorecards/report.html", check=check, report=report_of(check), token=token)


@bp.get("/<token>/report.pdf")
@spares_tokens()
@token_page(Purpose.CHECK_REPORT)
def sheet(check_id: UUID, token: str) -> Response:
    del token
    return as_pdf(_open(check_id))


def _open(check_id: UUID) -> "ResponseCheck":
    """The check, with the page set to the shop's language and its clock."""
    check = get_check(check_id)
    speak(check.shop.language)
    tell_time_of(zone_for(check.shop.country))
    return check


@bp.get("/<token>/stop")
@spares_tokens()
@token_page(Purpose.CHECK_STOP)
def stop(check_id: UUID, token: str) -> ResponseReturnValue:
    return _stop_page(check_id, token, is_done=False)


@bp.post("/<token>/stop")
@csrf.exempt
@spares_tokens()
@token_page(Purpose.CHECK_STOP)
def stopped(check_id: UUID, token: str) -> ResponseReturnValue:
    """Stop writing; mail programs press this by themselves for their user (RFC 8058), without a session."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        forbid_by_check(check_id, "one-click unsubscribe", utcnow())
        return "", 200, {"Content-Type": "text/plain; charset=utf-8"}
    csrf.protect()
    forbid_by_check(check_id, "stop page", utcnow())
    return _stop_page(check_id, token, is_done=True)


def _stop_page(check_id: UUID, token: str, *, is_done: bool) -> str:
    shop = get_check(check_id).shop
    speak(shop.language)
    return render_template("scorecards/stop.html", shop=shop, token=token, is_done=is_done)


def report_token(check_id: UUID) -> str:
    """The link under which the shop finds its report."""
    return issue_token(Purpose.CHECK_REPORT, check_id, get_check(check_id).drawn_at)
