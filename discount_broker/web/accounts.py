"""Coming in and going out: buyers by a link in a mail, operators by password and code."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries.staff import get_operator_by_link
from discount_broker.accounts.use_cases import (
    check_code,
    check_password,
    choose_password,
    log_in_buyer,
    sign_in,
)
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.tokens import Purpose
from discount_broker.notifications.use_cases import send_login_link, send_password_link
from discount_broker.web.access import LONGEST_WAY, log_in, log_out, public, token_page, visitor
from discount_broker.web.desk_staff_forms import CodeForm, NewPasswordForm
from discount_broker.web.forms import LoginForm, StaffLoginForm
from discount_broker.web.halfway import halfway, halfway_account, put_halfway
from discount_broker.web.language import spoken_language
from discount_broker.web.limits import LOGIN_LINK, STAFF_LOGIN, limited, spares_accounts, visitor_address
from discount_broker.web.mail_limits import spares_mailboxes
from discount_broker.web.public import own_path

bp = Blueprint("accounts", __name__)

BUYER_GOING_TO = "buyer_page"
"""The page that a buyer opened before they were asked to log in: the link in the letter leads there."""


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    return render_template("accounts/login.html", form=LoginForm(), next=request.args.get("next"))


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
        return render_template("accounts/login.html", form=form, next=request.form.get("next")), 422
    _note_way(request.form.get("next", ""))
    return render_template("accounts/login_sent.html", address=form.email.data)


def _note_way(target: str) -> None:
    """Keep in the browser where its buyer was going; the letter says nothing of it."""
    session.pop(BUYER_GOING_TO, None)
    if 0 < len(target) <= LONGEST_WAY:
        session[BUYER_GOING_TO] = own_path(target)


@bp.get("/login/<token>")
@token_page(Purpose.LOGIN)
def open_link(buyer_id: UUID, token: str) -> ResponseReturnValue:
    del buyer_id
    return render_template("accounts/login_link.html", token=token)


@bp.post("/login/<token>")
@token_page(Purpose.LOGIN)
def use_link(buyer_id: UUID, token: str) -> ResponseReturnValue:
    del token
    target = session.get(BUYER_GOING_TO) or url_for("buyer.overview")
    log_in("buyer", log_in_buyer(buyer_id, spoken_language(), utcnow()).id)
    return redirect(own_path(target))


@bp.get("/staff/login")
@public
def staff_login() -> ResponseReturnValue:
    return render_template("accounts/staff_login.html", form=StaffLoginForm(), next=request.args.get("next"))


@bp.post("/staff/login")
@limited(STAFF_LOGIN)
@spares_accounts(lambda: request.form.get("email", ""))
@public
def staff_enter() -> ResponseReturnValue:
    """The first step: the password. Whoever has a second factor is not in yet."""
    form = StaffLoginForm()
    target = own_path(request.form.get("next") or "/desk/")
    operator = check_password(form.email.data, form.password.data) if form.validate() else None
    if operator is None:
        if not form.errors:
            form.wrong("password", "password_wrong")
        page = render_template("accounts/staff_login.html", form=form, next=request.form.get("next"))
        return page, 422
    if operator.totp_confirmed_at is not None:
        put_halfway(operator.id, target)
        return redirect(url_for("accounts.staff_code"))
    return _let_in(operator.id, target)


@bp.get("/staff/login/code")
@public
def staff_code() -> ResponseReturnValue:
    if halfway() is None:
        return redirect(url_for("accounts.staff_login"))
    return render_template("accounts/staff_code.html", form=CodeForm())


@bp.post("/staff/login/code")
@limited(STAFF_LOGIN)
@spares_accounts(halfway_account)
@public
def staff_prove() -> ResponseReturnValue:
    """The second step: a code of the phone, or one of those kept for the day it is gone."""
    found, form = halfway(), CodeForm()
    if found is None:
        flash(gettext("That took a while. Please log in once more."), "warn")
        return redirect(url_for("accounts.staff_login"))
    if form.validate() and check_code(found.operator_id, form.code.data, utcnow()):
        return _let_in(found.operator_id, found.target)
    if not form.errors:
        form.wrong("code", "code_wrong")
    return render_template("accounts/staff_code.html", form=form), 422


@bp.get("/staff/password")
@public
def forgotten() -> ResponseReturnValue:
    return render_template("accounts/staff_forgotten.html", form=LoginForm())


@bp.post("/staff/password")
@limited(LOGIN_LINK)
@spares_mailboxes()
@public
def send_staff_link() -> ResponseReturnValue:
    """Send a link to choose a password; the answer is the same whether or not we know the address."""
    form = LoginForm()
    try:
        send_password_link(form.email.data or "", spoken_language(), utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return render_template("accounts/staff_forgotten.html", form=form), 422
    return render_template("accounts/staff_link_sent.html", address=form.email.data)


@bp.get("/staff/password/<token>")
@token_page(Purpose.STAFF_PASSWORD)
def new_password(link_id: UUID, token: str) -> ResponseReturnValue:
    operator = get_operator_by_link(link_id, utcnow())
    return render_template(
        "accounts/staff_password.html", form=NewPasswordForm(), token=token, operator=operator
    )


@bp.post("/staff/password/<token>")
@token_page(Purpose.STAFF_PASSWORD)
def take_password(link_id: UUID, token: str) -> ResponseReturnValue:
    """Take the password; nobody is logged in by a link alone."""
    form, operator = NewPasswordForm(), get_operator_by_link(link_id, utcnow())
    if form.validate():
        try:
            choose_password(link_id, form.password.data, utcnow())
        except Refused as refused:
            form.show_refusal(refused)
        else:
            flash(gettext("Your password is set. Log in with it now."), "good")
            return redirect(url_for("accounts.staff_login"))
    page = render_template("accounts/staff_password.html", form=form, token=token, operator=operator)
    return page, 422


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    log_out()
    return redirect(url_for("public.landing"))


def _let_in(operator_id: UUID, target: str) -> ResponseReturnValue:
    session_id = sign_in(operator_id, request.user_agent.string, visitor_address(), utcnow())
    if session_id is None:
        abort(403)
    log_in("operator", session_id)
    who = visitor()
    if who and who.ranks_as("lead") and not who.has_second_factor:
        flash(
            gettext("Your account opens much. Please set up a second factor for it under “Account”."), "warn"
        )
    return redirect(target)
