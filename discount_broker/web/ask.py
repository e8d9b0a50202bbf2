"""From a pasted link to a signed request: what the buyer does before any shop is asked."""

from decimal import Decimal
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discount_requests.use_cases import repeat_reading, start_draft, submit_request
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import Money
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.web.access import public, token_page
from discount_broker.web.forms import PRESETS, AskForm, LinkForm
from discount_broker.web.language import speak, spoken_language
from discount_broker.web.limits import ASK, SUBMIT, limited
from discount_broker.web.sentences import may_pass, reading_failure

bp = Blueprint("ask", __name__)

OPEN = frozenset({RequestStatus.DRAFT, RequestStatus.UNCONFIRMED})
"""The wish can still be changed here; later only on the status page."""


@bp.post("/ask")
@limited(ASK)
@public
def start() -> ResponseReturnValue:
    form = LinkForm()
    now = utcnow()
    try:
        draft_id = start_draft(form.link.data or "", spoken_language(), now)
    except Refused as refused:
        form.show_refusal(refused)
        return render_template("public/landing.html", form=form), 422
    return redirect(url_for("ask.show", token=issue_token(Purpose.DRAFT, draft_id, now)))


@bp.get("/ask/<token>")
@token_page(Purpose.DRAFT)
def show(draft_id: UUID, token: str) -> ResponseReturnValue:
    return _page(draft_id, token, AskForm(formdata=None))


@bp.post("/ask/<token>")
@limited(SUBMIT)
@token_page(Purpose.DRAFT)
def submit(draft_id: UUID, token: str) -> ResponseReturnValue:
    form = AskForm()
    if "refresh" in request.form:  # without scripts: show what was read meanwhile, keep what was typed
        return _page(draft_id, token, form)
    _take_suggestion(form)
    if not form.validate():
        return _page(draft_id, token, form, 422)
    now = utcnow()
    try:
        signed_id = submit_request(draft_id, _ask_of(form), now)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(draft_id, token, form, 422)
    return redirect(url_for("ask.sent", token=issue_token(Purpose.DRAFT, signed_id, now)))


@bp.get("/ask/<token>/product")
@token_page(Purpose.DRAFT)
def product(draft_id: UUID, token: str) -> ResponseReturnValue:
    """Answer the polls of the ask page: what has been read so far, and what that means for the form."""
    draft = get_request(draft_id)
    speak(draft.language)
    return render_template("public/_product.html", **_reading(draft_id, token), is_poll=True)


@bp.post("/ask/<token>/again")
@limited(ASK)
@token_page(Purpose.DRAFT)
def again(draft_id: UUID, token: str) -> ResponseReturnValue:
    repeat_reading(draft_id, utcnow())
    return redirect(url_for("ask.show", token=token))


@bp.get("/ask/<token>/sent")
@token_page(Purpose.DRAFT)
def sent(draft_id: UUID, token: str) -> ResponseReturnValue:
    draft = get_request(draft_id)
    speak(draft.language)
    if draft.buyer is None:
        return redirect(url_for("ask.show", token=token))
    is_confirmed = draft.status not in OPEN
    return render_template(
        "public/sent.html", token=token, address=masked(draft.buyer.email), is_confirmed=is_confirmed
    )


def masked(address: str) -> str:
    """`anna@mail.ru` as `a…@mail.ru`: enough to see a slip, too little to learn an address."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"


def _page(draft_id: UUID, token: str, form: AskForm, code: int = 200) -> ResponseReturnValue:
    draft = get_request(draft_id)
    speak(draft.language)
    if draft.status not in OPEN:
        return redirect(url_for("ask.sent", token=token))
    if draft.reading is ReadingStatus.FAILED and code == 422:
        flash(
            gettext("The page could not be read, so nothing was sent. What you typed is kept below."), "bad"
        )
    link_form = LinkForm(formdata=None, link=draft.product_url)
    page = render_template(
        "public/ask.html", form=form, link_form=link_form, is_poll=False, **_reading(draft_id, token)
    )
    return page, code


def _reading(draft_id: UUID, token: str) -> dict[str, object]:
    """How far the reading has got, and what the presets would save."""
    draft = get_request(draft_id)
    seen = draft.product
    price = Money(seen.price, seen.currency) if seen and seen.price and seen.currency else None
    reduced = {preset: price.less(Decimal(preset)) for preset in PRESETS} if price else {}
    return {
        "draft": draft,
        "token": token,
        "product": seen,
        "price": price,
        "presets": PRESETS,
        "reduced": reduced,
        "is_reading": draft.reading in (ReadingStatus.WAITING, ReadingStatus.READING),
        "failure": reading_failure(draft.reading_failure) if draft.reading is ReadingStatus.FAILED else None,
        "may_pass": may_pass(draft.reading_failure),
    }


def _take_suggestion(form: AskForm) -> None:
    """One press on "Yes, I meant …" mends the address and sends the form."""
    if request.form.get("mended_email"):
        form.email.data = request.form["mended_email"].strip()
        form.email_is_right.data = True


def _ask_of(form: AskForm) -> Ask:
    value = form.wish_value()
    assert value is not None
    return Ask(
        wish_kind=form.wish_kind(),
        wish_value=value,
        email=form.email.data or "",
        phone=form.phone.data or "",
        note=form.note.data or "",
        best_time=form.best_time.data or "",
        may_contact_directly=form.may_contact_directly.data,
        asks_rivals=form.asks_rivals.data,
        language=spoken_language(),
    )
