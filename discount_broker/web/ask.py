"""From a pasted link to a signed request: what the buyer does before any shop is asked."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from discount_broker.accounts.rules import suggested_email
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.queries.baskets import find_running_twin, list_open_together
from discount_broker.discount_requests.rules import LONGEST_NOTE, Ask, WishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discount_requests.use_cases import (
    add_to_basket,
    leave_out,
    repeat_reading,
    start_drafts,
    submit_request,
)
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.urls import readable_address, readable_host
from discount_broker.web.access import public, token_page, visitor
from discount_broker.web.ask_consents import said
from discount_broker.web.ask_form import PRESETS, AskForm
from discount_broker.web.ask_reading import Card, cards_of, page_facts, today_there
from discount_broker.web.came_from import first_touch
from discount_broker.web.forms import LinkForm
from discount_broker.web.language import choose, reader_zone, speak, spoken_language
from discount_broker.web.limits import ASK, SUBMIT, limited
from discount_broker.web.mail_limits import ONLY_SHOW_ANEW, spares_mailboxes

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
        draft_id = start_drafts(form.link.data or "", spoken_language(), now, first_touch())
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
    if ONLY_SHOW_ANEW & request.form.keys():  # show the page anew, and keep what was typed
        return _page(draft_id, token, form)
    _take_suggestion(form)
    cards = cards_of(get_request(draft_id))
    if not _is_right(form, cards):
        return _page(draft_id, token, form, 422, cards=cards)
    if (earlier := _asked_before(draft_id, form)) is not None:
        return _page(draft_id, token, form, 409, earlier=earlier)
    now = utcnow()
    try:
        signed_id = submit_request(draft_id, _ask_of(form, cards), now)
    except Refused as refused:
        form.show_refusal(_as_told(refused, cards))
        return _page(draft_id, token, form, 422, cards=cards)
    return redirect(url_for("ask.sent", token=issue_token(Purpose.DRAFT, signed_id, now)))


@bp.get("/ask/<token>/product")
@token_page(Purpose.DRAFT)
def product(draft_id: UUID, token: str) -> ResponseReturnValue:
    """Answer the polls of the ask page: what has been read so far, and what that means for the form."""
    draft = get_request(draft_id)
    speak(draft.language)
    facts = page_facts(draft_id, token, AskForm(formdata=None))
    shown = render_template("public/_product.html", **facts, is_poll=True)
    # What the shop will see was drawn before anything was read: once the polls end, it is drawn anew.
    return shown, {} if facts["is_reading"] else {"HX-Trigger-After-Swap": "product-read"}


@bp.post("/ask/<token>/preview")
@token_page(Purpose.DRAFT)
def preview(draft_id: UUID, token: str) -> ResponseReturnValue:
    """What the shop would see of what is typed just now; nothing is kept."""
    speak(get_request(draft_id).language)
    return render_template("public/_seen.html", **page_facts(draft_id, token, AskForm()), is_preview=True)


@bp.post("/ask/<token>/again")
@limited(ASK)
@token_page(Purpose.DRAFT)
def again(draft_id: UUID, token: str) -> ResponseReturnValue:
    for card in cards_of(get_request(draft_id)):
        if request.form.get("which", str(draft_id)) == str(card.draft.id):
            repeat_reading(card.draft.id, utcnow())
    _keep_typed()
    return redirect(url_for("ask.show", token=token))


@bp.post("/ask/<token>/more")
@limited(ASK)
@token_page(Purpose.DRAFT)
def more(draft_id: UUID, token: str) -> ResponseReturnValue:
    """Another product for the same wish."""
    form, link = AskForm(), LinkForm(link=request.form.get("another", ""))
    try:
        add_to_basket(draft_id, link.link.data or "", utcnow())
    except Refused as refused:
        link.show_refusal(refused)
        return _page(draft_id, token, form, 422, another=link)
    _keep_typed()
    return redirect(url_for("ask.show", token=token))


@bp.post("/ask/<token>/without")
@token_page(Purpose.DRAFT)
def without(draft_id: UUID, token: str) -> ResponseReturnValue:
    """One product less."""
    now, together = utcnow(), cards_of(get_request(draft_id))
    chosen = next((c.draft.id for c in together if str(c.draft.id) == request.form.get("which")), None)
    left_id = leave_out(draft_id, chosen, now) if chosen else draft_id
    _keep_typed()
    same = left_id == draft_id
    return redirect(url_for("ask.show", token=token if same else issue_token(Purpose.DRAFT, left_id, now)))


@bp.get("/ask/<token>/sent")
@token_page(Purpose.DRAFT)
def sent(draft_id: UUID, token: str) -> ResponseReturnValue:
    draft = get_request(draft_id)
    speak(draft.language)
    if draft.buyer is None:
        return redirect(url_for("ask.show", token=token))
    is_confirmed = draft.status not in OPEN
    return render_template(
        "public/sent.html",
        token=token,
        address=masked(draft.buyer.email),
        is_confirmed=is_confirmed,
        count=len(list_open_together(draft)),
    )


def masked(address: str) -> str:
    """`anna@mail.ru` as `a…@mail.ru`: enough to see a slip, too little to learn an address."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{readable_host(domain)}"


def _page(
    draft_id: UUID,
    token: str,
    form: AskForm,
    code: int = 200,
    *,
    cards: list[Card] | None = None,
    **more_facts: object,
) -> ResponseReturnValue:
    draft = get_request(draft_id)
    speak(draft.language)
    if draft.status not in OPEN:
        return redirect(url_for("ask.sent", token=token))
    facts = {**page_facts(draft_id, token, form, cards), **more_facts}
    return render_template("public/ask.html", is_poll=False, **facts), code


def _is_right(form: AskForm, cards: list[Card]) -> bool:
    """Every field of the page is looked at before the answer."""
    price = cards[0].price if len(cards) == 1 else None
    are_cards_right = [_is_card_right(card) for card in cards]
    return form.is_right(today_there(), price.currency if price else None) and all(are_cards_right)


def _is_card_right(card: Card) -> bool:
    seen = card.product
    return card.form.is_right(
        has_currency=bool(seen and seen.currency), needs_title=card.has_failed and seen is None
    ) and (card.is_askable or seen is not None)


def _asked_before(draft_id: UUID, form: AskForm) -> str | None:
    """The way to a running request for the same, for the buyer who is signed in as its owner alone.

    Others are told in their mailbox: whose address asked for what is nobody else's business.
    """
    who = visitor()
    if who is None or who.kind != "buyer" or form.asks_again.data:
        return None
    if readable_address((form.email.data or "").lower()) != readable_address(who.name.lower()):
        return None
    for card in cards_of(get_request(draft_id)):
        if (earlier := find_running_twin(who.id, card.draft)) is not None:
            token = issue_token(Purpose.FOLLOW, earlier.id, utcnow())
            return url_for("buyer.follow", token=token)
    return None


def _take_suggestion(form: AskForm) -> None:
    """One press on "Yes, send it there" mends the address and sends the form.

    Enter in any field presses that button too: an address typed anew since then is not touched.
    """
    mended = request.form.get("mended_email")
    if mended and mended == suggested_email((form.email.data or "").lower()):
        form.email.data = mended
        form.email_is_right.data = True


def _as_told(refused: Refused, cards: list[Card]) -> Refused:
    """A price that is not known yet is another matter than one the page does not name."""
    is_read = all(card.product is not None for card in cards)
    return refused if refused.code != "price_unknown" or is_read else Refused("not_read", refused.field)


def _keep_typed() -> None:
    """Carry what was typed over to the page that follows a press on another link."""
    # A cookie holds four kilobytes: what is longer than any field takes would drop the whole session.
    typed = {name: request.form[name][:LONGEST_NOTE] for name in AskForm.KEPT if name in request.form}
    said = {name: value for name, value in request.form.items() if name.startswith("R-") and value}
    if len(repr(said)) <= LONGEST_NOTE:
        typed |= said
    if typed:
        session["typed"] = typed


def _written(draft_id: UUID) -> dict[str, object]:
    """What the fields begin with: the wish as it was signed before, or what was typed under another link."""
    draft = get_request(draft_id)
    if draft.buyer is None or draft.wish_value is None:
        return AskForm.typed_before(session.get("typed", {}))
    value = f"{draft.wish_value.normalize():f}"
    is_preset = draft.wish_kind is WishKind.PERCENT and value in {str(preset) for preset in PRESETS}
    return {
        "wish": value if is_preset else str(draft.wish_kind),
        "own_percent": value if draft.wish_kind is WishKind.PERCENT else "",
        "own_price": value if draft.wish_kind is WishKind.PRICE else "",
        "quantity": str(draft.quantity),
        "city": draft.city,
        "answers_by": draft.answers_by,
        "email": readable_address(draft.buyer.email),
        "phone": draft.phone,
        "note": draft.note,
        "best_time": draft.best_time,
        "asks_rivals": draft.asks_rivals,
        "may_contact_directly": draft.may_contact_directly,
        "wants_texts": draft.wants_texts,
        "consent": draft.submitted_at is not None,  # one that repeats another was not signed yet
    }


def _ask_of(form: AskForm, cards: list[Card]) -> Ask:
    value = form.wish_value()
    assert value is not None
    return Ask(
        wish_kind=form.wish_kind(),
        wish_value=value,
        quantity=form.pieces() or 0,
        city=form.city.data or "",
        answers_by=form.answers_by.data,
        zone=reader_zone()[0].key,
        email=form.email.data or "",
        phone=form.phone.data or "",
        note=form.note.data or "",
        best_time=form.best_time.data or "",
        may_contact_directly=form.may_contact_directly.data,
        asks_rivals=form.asks_rivals.data,
        wants_texts=form.wants_texts.data and site().sends_texts,
        language=spoken_language(),
        said={card.draft.id: card.said for card in cards},
        consents=said(form.ticked()),
    )
