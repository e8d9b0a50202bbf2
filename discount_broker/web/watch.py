"""Waiting for a product: tell me when it is back, or costs less; and what its price did meanwhile."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectChoice
from wtforms.validators import Length

from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.use_cases import confirm_request
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.watches.queries import get_watch
from discount_broker.watches.rules import IN_STOCK
from discount_broker.watches.status import WatchKind
from discount_broker.watches.use_cases import (
    WatchWish,
    begin_watch,
    confirm_watch,
    renew_watch,
    repeat_request,
    stop_watch,
)
from discount_broker.web import watch_words as words
from discount_broker.web.access import public, token_page, visitor
from discount_broker.web.ask_consents import said
from discount_broker.web.forms import NumberField, PageForm, check_currency, strip
from discount_broker.web.language import speak, spoken_language
from discount_broker.web.limits import ASK, limited
from discount_broker.web.mail_limits import spares_mailboxes
from discount_broker.web.sentences import refusal
from discount_broker.web.watch_history import WIDTHS, history_of, plot_of

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest

bp = Blueprint("watch", __name__, url_prefix="/watch")


class WatchForm(PageForm):
    """What somebody waits for, and where to tell them."""

    own_refusals = words.REFUSALS
    kind = RadioField(
        _l("When shall we tell you?"),
        choices=[
            SelectChoice(WatchKind.BELOW, _l("When it costs no more than…")),
            SelectChoice(WatchKind.BACK, _l("When it is in stock again")),
        ],
        validate_choice=False,
    )
    below = NumberField(_l("This price or less"), validators=[Length(max=30)])
    email = EmailField(_l("Your e-mail address"), filters=[strip], validators=[Length(max=254)])


@bp.get("/request/<token>")
@token_page(Purpose.FOLLOW)
def new(request_id: UUID, token: str) -> ResponseReturnValue:
    return _form_page(request_id, url_for("watch.begin", token=token), _first(request_id))


@bp.post("/request/<token>")
@limited(ASK)
@spares_mailboxes()
@token_page(Purpose.FOLLOW)
def begin(request_id: UUID, token: str) -> ResponseReturnValue:
    """Begin a watch for the buyer of a request: the holder of its link."""
    return _begin(request_id, url_for("watch.begin", token=token), _buyer_of(get_request(request_id)))


@bp.get("/product/<token>")
@token_page(Purpose.DRAFT)
def new_for_draft(draft_id: UUID, token: str) -> ResponseReturnValue:
    return _form_page(draft_id, url_for("watch.begin_for_draft", token=token), _first(draft_id))


@bp.post("/product/<token>")
@limited(ASK)
@spares_mailboxes()
@token_page(Purpose.DRAFT)
def begin_for_draft(draft_id: UUID, token: str) -> ResponseReturnValue:
    """Begin a watch of what somebody has only looked at; who they are, their mailbox tells."""
    return _begin(draft_id, url_for("watch.begin_for_draft", token=token), _known_visitor())


@bp.get("/sent")
@public
def sent() -> ResponseReturnValue:
    return render_template("watch/sent.html")


@bp.get("/<token>")
@token_page(Purpose.WATCH)
def show(watch_id: UUID, token: str) -> ResponseReturnValue:
    return _page(watch_id, token)


@bp.post("/<token>/confirm")
@token_page(Purpose.WATCH)
def confirm(watch_id: UUID, token: str) -> ResponseReturnValue:
    confirm_watch(watch_id, utcnow())
    return redirect(url_for("watch.show", token=token))


@bp.post("/<token>/stop")
@token_page(Purpose.WATCH)
def stop(watch_id: UUID, token: str) -> ResponseReturnValue:
    stop_watch(watch_id, utcnow())
    return redirect(url_for("watch.show", token=token))


@bp.post("/<token>/renew")
@token_page(Purpose.WATCH)
def renew(watch_id: UUID, token: str) -> ResponseReturnValue:
    try:
        renew_watch(watch_id, utcnow())
    except Refused as refused:
        return _page(watch_id, token, refused, 422)
    return redirect(url_for("watch.show", token=token))


@bp.post("/<token>/repeat")
@token_page(Purpose.WATCH)
def repeat(watch_id: UUID, token: str) -> ResponseReturnValue:
    """Ask the shop anew by one press, which came from the buyer's own mailbox: no second letter is needed."""
    now = utcnow()
    speak(get_watch(watch_id).language)
    try:
        again = repeat_request(watch_id, said({ConsentKind.PROCESSING: True}), now)
    except Refused as refused:
        return _page(watch_id, token, refused, 422)
    confirm_request(again, now)
    return redirect(url_for("buyer.follow", token=issue_token(Purpose.FOLLOW, again, now)))


@bp.get("/<token>/prices/<width>.svg")
@token_page(Purpose.WATCH)
def plot(watch_id: UUID, token: str, width: str) -> ResponseReturnValue:
    """Draw how the price went."""
    del token
    watch = get_watch(watch_id)
    speak(watch.language)
    drawn = plot_of(watch, width, utcnow()) if width in WIDTHS else None
    if drawn is None:
        abort(404)
    return Response(drawn, mimetype="image/svg+xml")


def _known_visitor() -> UUID | None:
    who = visitor()
    return who.id if who is not None and who.kind == "buyer" else None


def _buyer_of(ask: "DiscountRequest") -> UUID | None:
    """The holder of the link of a confirmed request owns its mailbox."""
    return ask.buyer_id if ask.confirmed_at is not None else None


def _first(request_id: UUID) -> WatchForm:
    """What is likely: out of stock is to come back, all else to become cheaper."""
    product = get_request(request_id).product
    is_out = product is not None and product.availability not in (IN_STOCK, "unknown")
    return WatchForm(formdata=None, data={"kind": WatchKind.BACK if is_out else WatchKind.BELOW})


def _form_page(request_id: UUID, action: str, form: WatchForm, code: int = 200) -> ResponseReturnValue:
    ask = get_request(request_id)
    speak(ask.language)
    known = _buyer_of(ask) if request.endpoint in ("watch.new", "watch.begin") else _known_visitor()
    page = render_template(
        "watch/new.html", ask=ask, watch_form=form, action=action, is_known=known is not None, words=words
    )
    return page, code


def _begin(request_id: UUID, action: str, buyer_id: UUID | None) -> ResponseReturnValue:
    form, now = WatchForm(), utcnow()
    speak(get_request(request_id).language)
    is_below = form.kind.data != WatchKind.BACK
    wish = WatchWish(
        kind=WatchKind.BELOW if is_below else WatchKind.BACK,
        below=form.below.number if is_below else None,
        buyer_id=buyer_id,
        email=form.email.data or "",
        language=spoken_language(),
    )
    if not form.validate() or (
        buyer_id is None and not form.email.data and not form.wrong("email", "email_missing")
    ):
        return _form_page(request_id, action, form, 422)
    try:
        if is_below:
            check_currency(form.below.data or "", _currency(request_id), "below")
        watch_id = begin_watch(request_id, wish, now)
    except Refused as refused:
        form.show_refusal(refused)
        return _form_page(request_id, action, form, 422)
    if buyer_id is None:
        return redirect(url_for("watch.sent"))
    flash(gettext("We look once a day, and write to you when it has come."), "good")
    return redirect(url_for("watch.show", token=_token_of(watch_id, now)))


def _currency(request_id: UUID) -> str | None:
    product = get_request(request_id).product
    return product.currency if product else None


def _token_of(watch_id: UUID, now: datetime) -> str:
    return issue_token(Purpose.WATCH, watch_id, now)


def _page(watch_id: UUID, token: str, refused: Refused | None = None, code: int = 200) -> ResponseReturnValue:
    watch = get_watch(watch_id)
    speak(watch.language)
    wrong = (words.REFUSALS.get(refused.code) or refusal(refused.code)) if refused else None
    page = render_template(
        "watch/show.html",
        watch=watch,
        page=watch.watched_page,
        token=token,
        history=history_of(watch, utcnow()),
        wrong_words=wrong,
        words=words,
    )
    return page, code
