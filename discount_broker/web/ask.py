"""From a pasted link to a signed request: what the buyer does before any shop is asked."""

from decimal import Decimal
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from discount_broker.accounts.rules import suggested_email
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import LONGEST_NOTE, Ask, WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discount_requests.use_cases import repeat_reading, start_draft, submit_request
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import Money
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.web.access import public, token_page
from discount_broker.web.came_from import first_touch
from discount_broker.web.forms import PRESETS, AskForm, LinkForm
from discount_broker.web.language import choose, speak, spoken_language
from discount_broker.web.limits import ASK, SUBMIT, limited
from discount_broker.web.mail_limits import spares_mailboxes
from discount_broker.web.sentences import may_ask_anyway, may_pass, reading_failure

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
        draft_id = start_draft(form.link.data or "", spoken_language(), now, first_touch())
    except Refused as refused:
        form.show_refusal(refused)
        return render_template("public/landing.html", form=form, came=first_touch()), 422
    _keep_typed()
    return redirect(url_for("ask.show", token=issue_token(Purpose.DRAFT, draft_id, now)))


@bp.get("/ask/<token>")
@token_page(Purpose.DRAFT)
def show(draft_id: UUID, token: str) -> ResponseReturnValue:
    return _page(draft_id, token, AskForm(formdata=None, data=_written(draft_id)))


@bp.post("/ask/<token>")
@limited(SUBMIT)
@spares_mailboxes()
@token_page(Purpose.DRAFT)
def submit(draft_id: UUID, token: str) -> ResponseReturnValue:
    form = AskForm()
    choose(request.form.get("language", ""))
    if {"refresh", "language"} & request.form.keys():  # show the page anew, and keep what was typed
        return _page(draft_id, token, form)
    _take_suggestion(form)
    if not form.validate() or not _is_askable(draft_id):
        return _page(draft_id, token, form, 422)
    now = utcnow()
    try:
        signed_id = submit_request(draft_id, _ask_of(form), now)
    except Refused as refused:
        form.show_refusal(_as_told(refused, draft_id))
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
    _keep_typed()
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
    page = render_template("public/ask.html", form=form, is_poll=False, **_reading(draft_id, token))
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
        "may_ask_anyway": may_ask_anyway(draft.reading_failure),
    }


def _take_suggestion(form: AskForm) -> None:
    """One press on "Yes, send it there" mends the address and sends the form.

    Enter in any field presses that button too: an address typed anew since then is not touched.
    """
    mended = request.form.get("mended_email")
    if mended and mended == suggested_email((form.email.data or "").lower()):
        form.email.data = mended
        form.email_is_right.data = True


def _as_told(refused: Refused, draft_id: UUID) -> Refused:
    """A price that is not known yet is another matter than one the page does not name."""
    is_read = get_request(draft_id).product is not None
    return refused if refused.code != "price_unknown" or is_read else Refused("not_read", refused.field)


def _is_askable(draft_id: UUID) -> bool:
    draft = get_request(draft_id)
    return draft.reading is not ReadingStatus.FAILED or may_ask_anyway(draft.reading_failure)


def _keep_typed() -> None:
    """Carry what was typed below a link that did not work over to the page of the next one."""
    # A cookie holds four kilobytes: what is longer than any field takes would drop the whole session.
    typed = {name: request.form[name][:LONGEST_NOTE] for name in AskForm.KEPT if name in request.form}
    if typed:
        session["typed"] = typed


def _written(draft_id: UUID) -> dict[str, object]:
    """What the fields begin with: the wish as it was signed before, or what was typed under another link."""
    draft = get_request(draft_id)
    if draft.buyer is None or draft.wish_value is None:
        return dict(session.get("typed", {}))
    value = f"{draft.wish_value.normalize():f}"
    is_preset = draft.wish_kind is WishKind.PERCENT and value in {str(preset) for preset in PRESETS}
    return {
        "wish": value if is_preset else str(draft.wish_kind),
        "own_percent": value if draft.wish_kind is WishKind.PERCENT else "",
        "own_price": value if draft.wish_kind is WishKind.PRICE else "",
        "email": draft.buyer.email,
        "phone": draft.phone,
        "note": draft.note,
        "best_time": draft.best_time,
        "may_contact_directly": draft.may_contact_directly,
        "asks_rivals": draft.asks_rivals,
        "wants_texts": draft.wants_texts,
        "consent": True,
    }


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
        wants_texts=form.wants_texts.data and site().sends_texts,
        language=spoken_language(),
    )
