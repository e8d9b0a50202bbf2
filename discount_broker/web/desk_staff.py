"""The accounts of staff: who works here, as what, and who does not any more. For admins."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries.staff import get_operator, list_accounts, list_staff_sessions
from discount_broker.accounts.use_cases import (
    change_operator,
    deactivate_operator,
    reactivate_operator,
    reset_second_factor,
    sign_out_operator,
)
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.notifications.use_cases import invite_operator, send_password_link_to
from discount_broker.web import desk_staff_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.desk_staff_forms import InviteForm, OperatorForm
from discount_broker.web.language import spoken_language

bp = Blueprint("staff", __name__, url_prefix="/desk/staff")


@bp.get("")
@staff_required("admin")
def accounts(admin_id: UUID) -> ResponseReturnValue:
    return _list(admin_id, InviteForm(formdata=None))


@bp.post("")
@staff_required("admin")
def invite(admin_id: UUID) -> ResponseReturnValue:
    """Make an account, and mail its holder a link to choose a password."""
    form = InviteForm()
    if not form.validate():
        return _list(admin_id, form, 422)
    given = {name: form[name].data or "" for name in ("email", "name", "role")}
    try:
        operator_id = invite_operator(admin_id, spoken_language(), utcnow(), **given)
    except Refused as refused:
        form.show_refusal(refused)
        return _list(admin_id, form, 422)
    flash(gettext("%(name)s is invited; a letter is on its way to them.", name=given["name"]), "good")
    return redirect(url_for("staff.account", operator_id=operator_id))


@bp.get("/<uuid:operator_id>")
@staff_required("admin")
def account(admin_id: UUID, operator_id: UUID) -> ResponseReturnValue:
    operator = get_operator(operator_id)
    facts = {"name": operator.name, "role": operator.role.value, "extension": operator.extension}
    return _account(admin_id, operator_id, OperatorForm(formdata=None, data=facts))


@bp.post("/<uuid:operator_id>")
@staff_required("admin")
def change(admin_id: UUID, operator_id: UUID) -> ResponseReturnValue:
    """Set name, role and extension."""
    get_operator(operator_id)
    form = OperatorForm()
    if not form.validate():
        return _account(admin_id, operator_id, form, 422)
    given = {name: form[name].data or "" for name in ("name", "role", "extension")}
    try:
        change_operator(operator_id, admin_id, utcnow(), **given)
    except Refused as refused:
        form.show_refusal(refused)
        return _account(admin_id, operator_id, form, 422)
    flash(gettext("The account is changed."), "good")
    return _back(operator_id, admin_id)


@bp.post("/<uuid:operator_id>/deactivate")
@staff_required("admin")
def deactivate(admin_id: UUID, operator_id: UUID) -> ResponseReturnValue:
    said = gettext("The account is closed, and signed out everywhere.")
    return _act(deactivate_operator, operator_id, admin_id, said)


@bp.post("/<uuid:operator_id>/reactivate")
@staff_required("admin")
def reactivate(admin_id: UUID, operator_id: UUID) -> ResponseReturnValue:
    return _act(reactivate_operator, operator_id, admin_id, gettext("The account is open again."))


@bp.post("/<uuid:operator_id>/reset-second-factor")
@staff_required("admin")
def reset(admin_id: UUID, operator_id: UUID) -> ResponseReturnValue:
    said = gettext("The second factor is taken away, and the account signed out everywhere.")
    return _act(reset_second_factor, operator_id, admin_id, said)


@bp.post("/<uuid:operator_id>/sign-out")
@staff_required("admin")
def sign_out(admin_id: UUID, operator_id: UUID) -> ResponseReturnValue:
    return _act(sign_out_operator, operator_id, admin_id, gettext("Signed out everywhere."))


@bp.post("/<uuid:operator_id>/password-link")
@staff_required("admin")
def send_link(admin_id: UUID, operator_id: UUID) -> ResponseReturnValue:
    """Mail a link to choose a password; the one before it opens nothing any more."""
    try:
        send_password_link_to(operator_id, admin_id, spoken_language(), utcnow())
    except IllegalTransition:
        flash(gettext("The account is closed. Open it again first."), "warn")
    else:
        flash(gettext("A letter with a link is on its way."), "good")
    return redirect(url_for("staff.account", operator_id=operator_id))


Act = Callable[[UUID, UUID, datetime], None]


def _act(act: Act, operator_id: UUID, admin_id: UUID, said: str) -> ResponseReturnValue:
    try:
        act(operator_id, admin_id, utcnow())
    except Refused as refused:
        flash(str(words.REFUSALS[refused.code]), "warn")
    else:
        flash(said, "good")
    return _back(operator_id, admin_id)


def _back(operator_id: UUID, admin_id: UUID) -> ResponseReturnValue:
    """To the account; to one's own where the list is not open to oneself any more."""
    if operator_id == admin_id:
        return redirect(url_for("me.show"))
    return redirect(url_for("staff.account", operator_id=operator_id))


def _list(admin_id: UUID, form: InviteForm, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "desk/staff.html", accounts=list_accounts(), form=form, admin_id=admin_id, words=words
    )
    return page, code


def _account(admin_id: UUID, operator_id: UUID, form: OperatorForm, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "desk/staff_account.html",
        operator=get_operator(operator_id),
        sessions=list_staff_sessions(operator_id, utcnow()),
        form=form,
        is_self=operator_id == admin_id,
        words=words,
    )
    return page, code
