"""Coming in and going out: buyers by a link in a mail, operators by password."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.accounts.use_cases import check_password, log_in_buyer
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.tokens import Purpose
from discount_broker.notifications.use_cases import send_login_link
from discount_broker.web.access import log_in, log_out, public, token_page
from discount_broker.web.forms import LoginForm, StaffLoginForm
from discount_broker.web.language import spoken_language
from discount_broker.web.limits import LOGIN_LINK, STAFF_LOGIN, limited
from discount_broker.web.mail_limits import spares_mailboxes
from discount_broker.web.public import own_path

bp = Blueprint("accounts", __name__)


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    return render_template("accounts/login.html", form=LoginForm())


@bp.post("/login")
@limited(LOGIN_LINK)
@spares_mailboxes()
@public
def send_link() -> ResponseReturnValue:
    """Send a login link; the answer is the same whether or not we know the address."""
    form = LoginForm()
    try:
        send_login_link(form.email.data or "", spoken_language(), utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return render_template("accounts/login.html", form=form), 422
    return render_template("accounts/login_sent.html", address=form.email.data)


@bp.get("/login/<token>")
@token_page(Purpose.LOGIN)
def open_link(buyer_id: UUID, token: str) -> ResponseReturnValue:
    del buyer_id
    return render_template("accounts/login_link.html", token=token)


@bp.post("/login/<token>")
@token_page(Purpose.LOGIN)
def use_link(buyer_id: UUID, token: str) -> ResponseReturnValue:
    del token
    log_in_buyer(buyer_id, spoken_language(), utcnow())
    log_in("buyer", buyer_id)
    return redirect(url_for("buyer.overview"))


@bp.get("/staff/login")
@public
def staff_login() -> ResponseReturnValue:
    return render_template("accounts/staff_login.html", form=StaffLoginForm(), next=request.args.get("next"))


@bp.post("/staff/login")
@limited(STAFF_LOGIN)
@public
def staff_enter() -> ResponseReturnValue:
    form, now = StaffLoginForm(), utcnow()
    operator_id = _who(form, now) if form.validate() else None
    if operator_id is None:
        page = render_template("accounts/staff_login.html", form=form, next=request.form.get("next"))
        return page, 422
    log_in("operator", operator_id)
    return redirect(own_path(request.form.get("next") or "/desk/"))


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    log_out()
    return redirect(url_for("public.landing"))


def _who(form: StaffLoginForm, now: datetime) -> UUID | None:
    operator_id = check_password(form.email.data, form.password.data, now)
    if operator_id is None:
        form.wrong("password", "password_wrong")
    return operator_id
