"""Programs of others at the desk: which may use the API, by which keys, where they are told. For leads."""

from collections import defaultdict
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectChoice, SelectField, StringField, URLField
from wtforms.validators import InputRequired, Length

from discount_broker.accounts.queries.api_clients import (
    get_api_client,
    list_api_clients,
    list_api_tokens,
)
from discount_broker.accounts.rules.api_tokens import LONGEST_LABEL, LONGEST_NAME
from discount_broker.accounts.use_cases import (
    change_api_client,
    issue_api_token,
    make_api_client,
    revoke_api_token,
    switch_api_client,
)
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.web import desk_api_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.language import NAMES, spoken_language
from discount_broker.webhooks.queries import (
    count_untaken,
    get_webhook,
    list_calls,
    list_paused_clients,
    list_webhooks,
)
from discount_broker.webhooks.rules import KEPT_FOR
from discount_broker.webhooks.use_cases import (
    add_webhook,
    end_webhook,
    repeat_hook_call,
    replay_calls,
    try_webhook,
)

bp = Blueprint("programs", __name__, url_prefix="/desk/api")


SPOKEN = [SelectChoice(code, name) for code, name in NAMES.items()]


class ProgramForm(PageForm):
    """Who may use the API, and who is written to about it."""

    own_refusals = words.REFUSALS
    name = StringField(
        _l("Name of the program"),
        filters=[strip],
        validators=[InputRequired(words.REFUSALS["name_missing"]), Length(max=LONGEST_NAME)],
    )
    email = EmailField(_l("Whom we write to about it"), filters=[strip], validators=[Length(max=254)])
    language = SelectField(_l("Language of our letters"), choices=SPOKEN, default=spoken_language)


class KeyForm(PageForm):
    label = StringField(_l("What it is for"), filters=[strip], validators=[Length(max=LONGEST_LABEL)])


class HookForm(PageForm):
    own_refusals = words.REFUSALS
    url = URLField(_l("Address that is called"), filters=[strip], validators=[Length(max=600)])


@bp.get("")
@staff_required("lead")
def show(lead_id: UUID) -> ResponseReturnValue:
    del lead_id
    return _list(ProgramForm(formdata=None))


@bp.post("")
@staff_required("lead")
def make(lead_id: UUID) -> ResponseReturnValue:
    """Let a program in; its first key is made on its page."""
    form = ProgramForm()
    if not form.validate():
        return _list(form, 422)
    try:
        client_id = make_api_client(
            form.name.data or "", form.email.data or "", lead_id, utcnow(), language=form.language.data
        )
    except Refused as refused:
        form.show_refusal(refused)
        return _list(form, 422)
    flash(gettext("The program is let in. Make its first key now."), "good")
    return _back(client_id)


@bp.get("/<uuid:client_id>")
@staff_required("lead")
def program(lead_id: UUID, client_id: UUID) -> ResponseReturnValue:
    del lead_id
    return _page(client_id)


@bp.post("/<uuid:client_id>")
@staff_required("lead")
def change(lead_id: UUID, client_id: UUID) -> ResponseReturnValue:
    get_api_client(client_id)
    form = ProgramForm()
    if not form.validate():
        return _page(client_id, about=form, code=422)
    try:
        change_api_client(
            client_id,
            form.name.data or "",
            form.email.data or "",
            lead_id,
            utcnow(),
            language=form.language.data,
        )
    except Refused as refused:
        form.show_refusal(refused)
        return _page(client_id, about=form, code=422)
    flash(gettext("It is changed."), "good")
    return _back(client_id)


@bp.post("/<uuid:client_id>/off")
@staff_required("lead")
def switch_off(lead_id: UUID, client_id: UUID) -> ResponseReturnValue:
    switch_api_client(client_id, lead_id, utcnow(), on=False)
    flash(gettext("The program is shut out, with all its keys."), "good")
    return _back(client_id)


@bp.post("/<uuid:client_id>/on")
@staff_required("lead")
def switch_on(lead_id: UUID, client_id: UUID) -> ResponseReturnValue:
    switch_api_client(client_id, lead_id, utcnow(), on=True)
    flash(gettext("The program may come in again, by the keys it had."), "good")
    return _back(client_id)


@bp.post("/<uuid:client_id>/keys")
@staff_required("lead")
def make_key(lead_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Show a new key, this once: the page that follows does not know it any more."""
    form = KeyForm()
    if not form.validate():
        return _page(client_id, key=form, code=422)
    return _page(client_id, secret=issue_api_token(client_id, form.label.data or "", lead_id, utcnow()))


@bp.post("/<uuid:client_id>/keys/<uuid:token_id>/revoke")
@staff_required("lead")
def revoke(lead_id: UUID, client_id: UUID, token_id: UUID) -> ResponseReturnValue:
    revoke_api_token(client_id, token_id, lead_id, utcnow())
    flash(gettext("The key opens nothing any more."), "good")
    return _back(client_id)


@bp.post("/<uuid:client_id>/webhooks")
@staff_required("lead")
def add_hook(lead_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Show the secret of a new webhook, this once."""
    get_api_client(client_id)
    form = HookForm()
    if not form.validate():
        return _page(client_id, hook=form, code=422)
    is_public = current_app.extensions["settings"].is_public
    try:
        secret = add_webhook(client_id, form.url.data or "", lead_id, utcnow(), https_only=is_public)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(client_id, hook=form, code=422)
    return _page(client_id, secret=secret)


@bp.post("/webhooks/<uuid:webhook_id>/end")
@staff_required("lead")
def end_hook(lead_id: UUID, webhook_id: UUID) -> ResponseReturnValue:
    client_id = get_webhook(webhook_id).api_client_id
    end_webhook(webhook_id, lead_id, utcnow())
    flash(gettext("Nothing is told there any more."), "good")
    return _back(client_id)


@bp.post("/webhooks/<uuid:webhook_id>/try")
@staff_required("lead")
def try_hook(lead_id: UUID, webhook_id: UUID) -> ResponseReturnValue:
    client_id = get_webhook(webhook_id).api_client_id
    try:
        try_webhook(webhook_id, lead_id, utcnow())
    except Refused as refused:
        flash(str(words.REFUSALS[refused.code]), "warn")
    else:
        flash(gettext("A trial call is on its way. Load the page again in a moment."), "good")
    return _back(client_id)


@bp.post("/webhooks/<uuid:webhook_id>/replay")
@staff_required("lead")
def replay(lead_id: UUID, webhook_id: UUID) -> ResponseReturnValue:
    """Make all calls again that were kept or given up."""
    client_id = get_webhook(webhook_id).api_client_id
    try:
        sent = replay_calls(webhook_id, utcnow(), operator_id=lead_id)
    except Refused as refused:
        flash(str(words.REFUSALS[refused.code]), "warn")
    else:
        flash(ngettext("%(num)d call is made again.", "%(num)d calls are made again.", sent), "good")
    return _back(client_id)


@bp.post("/calls/<uuid:call_id>/repeat")
@staff_required("lead")
def repeat(lead_id: UUID, call_id: UUID) -> ResponseReturnValue:
    try:
        client_id = repeat_hook_call(call_id, lead_id, utcnow())
    except Refused as refused:
        flash(str(words.REFUSALS[refused.code]), "warn")
        return redirect(url_for("programs.show"))
    flash(gettext("The call is made again."), "good")
    return _back(client_id)


def _back(client_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("programs.program", client_id=client_id))


def _list(form: ProgramForm, code: int = 200) -> ResponseReturnValue:
    clients = list_api_clients()
    keys: dict[UUID, int] = defaultdict(int)
    for token in list_api_tokens([client.id for client in clients]):
        keys[token.api_client_id] += token.revoked_at is None
    page = render_template(
        "desk/api.html", clients=clients, keys=keys, paused=list_paused_clients(), program_form=form
    )
    return page, code


def _page(
    client_id: UUID,
    *,
    about: ProgramForm | None = None,
    key: KeyForm | None = None,
    hook: HookForm | None = None,
    secret: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    client = get_api_client(client_id)
    hooks, now = list_webhooks([client_id]), utcnow()
    hook_ids = [one.id for one in hooks]
    page = render_template(
        "desk/api_program.html",
        client=client,
        tokens=list_api_tokens([client_id]),
        hooks=hooks,
        untaken=count_untaken(hook_ids, now - KEPT_FOR),
        calls=list_calls(hook_ids),
        about=about or ProgramForm(formdata=None, obj=client),
        key_form=key or KeyForm(formdata=None),
        hook_form=hook or HookForm(formdata=None),
        secret=secret,
        words=words,
    )
    return page, code
