"""My account: password, second factor, and where I am signed in."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import segno
from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from discount_broker.accounts.queries.staff import get_operator, list_staff_sessions, pending_secret
from discount_broker.accounts.rules.second_factor import in_groups, setup_address
from discount_broker.accounts.use_cases import (
    begin_second_factor,
    change_password,
    confirm_second_factor,
    end_other_sessions,
    end_session,
    renew_recovery_codes,
    turn_off_second_factor,
)
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.web.access import log_out, staff_required, visitor
from discount_broker.web.desk_staff_forms import CodeForm, PasswordForm, StaffForm, TurnOffForm
from discount_broker.web.limits import STAFF_LOGIN, limited, spares_accounts

bp = Blueprint("me", __name__, url_prefix="/desk/me")


def my_account() -> str:
    """For whom wrong passwords and codes count."""
    who = visitor()
    return f"operator:{who.id}" if who else ""


@bp.get("")
@staff_required(before_second_factor=True)
def show(operator_id: UUID) -> ResponseReturnValue:
    return _page(operator_id)


@bp.post("/password")
@limited(STAFF_LOGIN)
@spares_accounts(my_account)
@staff_required(before_second_factor=True)
def password(operator_id: UUID) -> ResponseReturnValue:
    """Change the password; all other browsers are signed out."""
    form = PasswordForm()
    if not form.validate():
        return _page(operator_id, password_form=form)
    try:
        change_password(operator_id, form.known.data, form.password.data, utcnow(), keep=_this_session())
    except Refused as refused:
        form.show_refusal(refused)
        return _page(operator_id, password_form=form)
    flash(gettext("Your password is changed. Everywhere else you are signed out."), "good")
    return redirect(url_for("me.show"))


@bp.post("/second-factor")
@staff_required(before_second_factor=True)
def begin(operator_id: UUID) -> ResponseReturnValue:
    """Make a secret for the phone, and show it."""
    try:
        begin_second_factor(operator_id)
    except Refused:
        flash(gettext("A second factor is set up already."), "warn")
    return redirect(url_for("me.show", _anchor="second-factor"))


@bp.post("/second-factor/confirm")
@limited(STAFF_LOGIN)
@spares_accounts(my_account)
@staff_required(before_second_factor=True)
def confirm(operator_id: UUID) -> ResponseReturnValue:
    """Ask for codes from now on, once one has shown that the phone knows the secret."""
    return _new_codes(operator_id, confirm_second_factor, code_form=CodeForm())


@bp.post("/second-factor/codes")
@limited(STAFF_LOGIN)
@spares_accounts(my_account)
@staff_required(before_second_factor=True)
def renew(operator_id: UUID) -> ResponseReturnValue:
    """New recovery codes in place of the old ones."""
    return _new_codes(operator_id, renew_recovery_codes, renew_form=CodeForm(prefix="renew-"))


@bp.post("/second-factor/off")
@limited(STAFF_LOGIN)
@spares_accounts(my_account)
@staff_required(before_second_factor=True)
def turn_off(operator_id: UUID) -> ResponseReturnValue:
    """Ask for codes no more."""
    form = TurnOffForm()
    if not form.validate():
        return _page(operator_id, off_form=form)
    try:
        turn_off_second_factor(operator_id, form.password.data, form.code.data, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _page(operator_id, off_form=form)
    flash(gettext("The second factor is turned off: your password alone opens the desk now."), "warn")
    return redirect(url_for("me.show"))


@bp.post("/sessions/<uuid:session_id>/end")
@staff_required(before_second_factor=True)
def end(operator_id: UUID, session_id: UUID) -> ResponseReturnValue:
    """Sign out one browser; this one as well, if it is meant."""
    end_session(operator_id, session_id, utcnow())
    if session_id == _this_session():
        log_out()
        return redirect(url_for("accounts.staff_login"))
    flash(gettext("That browser is signed out."), "good")
    return redirect(url_for("me.show", _anchor="sessions"))


@bp.post("/sessions/end-others")
@staff_required(before_second_factor=True)
def end_others(operator_id: UUID) -> ResponseReturnValue:
    ended = end_other_sessions(operator_id, _this_session(), utcnow())
    said = ngettext("%(num)d other browser is signed out.", "%(num)d other browsers are signed out.", ended)
    flash(said, "good")
    return redirect(url_for("me.show", _anchor="sessions"))


def _this_session() -> UUID:
    who = visitor()
    assert who is not None
    assert who.session_id is not None
    return who.session_id


def _page(operator_id: UUID, **mistaken: StaffForm) -> ResponseReturnValue:
    """The page; with a form that holds mistakes, those beside its fields."""
    g.is_secret = True
    operator, secret = get_operator(operator_id), pending_secret(operator_id)
    forms: dict[str, StaffForm] = {
        "password_form": PasswordForm(formdata=None),
        "code_form": CodeForm(formdata=None),
        "renew_form": CodeForm(formdata=None, prefix="renew-"),
        "off_form": TurnOffForm(formdata=None),
    }
    page = render_template(
        "desk/staff_me.html",
        operator=operator,
        typed_over=in_groups(secret) if secret else None,
        picture=_picture(setup_address(secret, operator.email, site().service_name)) if secret else None,
        sessions=list_staff_sessions(operator_id, utcnow()),
        this_session=_this_session(),
        **(forms | mistaken),
    )
    return page, 422 if mistaken else 200


def _new_codes(
    operator_id: UUID, make: Callable[[UUID, str, datetime], list[str]], **asked: CodeForm
) -> ResponseReturnValue:
    """The recovery codes, on the one page that ever shows them; the form again where its code is wrong."""
    (form,) = asked.values()
    try:
        codes = make(operator_id, form.code.data or "", utcnow()) if form.validate() else None
    except Refused as refused:
        form.show_refusal(refused)
        codes = None
    return render_template("desk/staff_codes.html", codes=codes) if codes else _page(operator_id, **asked)


def _picture(address: str) -> str:
    """What a phone reads, as a picture within the page."""
    # Dark on white in the dark scheme as well: many a phone reads nothing else.
    drawn: str = segno.make_qr(address, error="m").svg_data_uri(border=4, dark="#000", light="#fff", scale=5)
    return drawn
