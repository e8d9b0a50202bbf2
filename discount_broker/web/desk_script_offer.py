"""An offer made on the phone: the operator writes it down, and the shop gets a page to confirm it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.escalation.queries import get_case
from discount_broker.escalation.queries.calls import find_call_under_way
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, Refused
from discount_broker.offers.queries import list_open_drafts
from discount_broker.offers.rules import LONGEST_TEXT, Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import Said, say_offer
from discount_broker.shops.queries import list_doors, list_people
from discount_broker.shops.status import ContactKind
from discount_broker.web.access import staff_required, visitor
from discount_broker.web.desk_words import REFUSALS
from discount_broker.web.filters import moment_in_words
from discount_broker.web.forms import NumberField, PageForm, strip

if TYPE_CHECKING:
    from discount_broker.escalation.models import EscalationCase

bp = Blueprint("said", __name__, url_prefix="/desk/cases/<uuid:case_id>/offer-said")

KINDS: Final[dict[AnswerKind, LazyString]] = {
    AnswerKind.PERCENT: _l("A percentage off"),
    AnswerKind.PRICE: _l("A price"),
    AnswerKind.FREE_DELIVERY: _l("Free delivery"),
    AnswerKind.BONUS: _l("A bonus or points"),
    AnswerKind.GIFT: _l("A gift"),
    AnswerKind.ADD_ITEM: _l("A discount when something is added"),
    AnswerKind.LOWEST: _l("It is already the lowest price"),
}
SAID_REFUSALS: Final = {
    **REFUSALS,
    "answer_missing": _l("Please choose what they offer."),
    "email_invalid": _l("Please ask for an e-mail address and check how it is written."),
    "email_stopped": _l("This address wants no letters from us. Please ask for another one."),
    "text_missing": _l("Please write down what exactly they said."),
}


class SaidForm(PageForm):
    """What the shop said; its names begin with `said-`, for it stands beside the form of the call."""

    own_refusals = SAID_REFUSALS

    kind = RadioField(
        _l("What do they offer?"),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        validators=[InputRequired(_l("Please choose what they offer."))],
    )
    percent = NumberField(_l("Percentage off"), validators=[Length(max=20)])
    price = NumberField(_l("Price in the end"), validators=[Length(max=30)])
    text = TextAreaField(_l("Conditions, in their words"), validators=[Length(max=LONGEST_TEXT)])
    valid_until = DateField(_l("Valid until"), validators=[Optional()])
    person = StringField(_l("Who said it"), filters=[strip], validators=[Length(max=200)])
    role = StringField(_l("Their role"), filters=[strip], validators=[Length(max=200)])
    email = EmailField(_l("Their e-mail address"), filters=[strip], validators=[Length(max=254)])
    minutes = NumberField(_l("Minutes of the call"), validators=[Length(max=6)])

    def said(self, *, has_clock: bool) -> Said:
        answer = Answer(
            kind=AnswerKind(self.kind.data),
            percent=self.percent.number,
            price=self.price.number,
            text=self.text.data or "",
            valid_until=self.valid_until.data,
        )
        minutes = self.minutes.number
        typed = int(minutes) if minutes is not None and abs(minutes) < 10_000 else -1
        return Said(
            answer=answer,
            email=self.email.data or "",
            person=self.person.data or "",
            role=self.role.data or "",
            minutes=typed if self.minutes.data else None if has_clock else 0,
        )

    def show_refusal(self, refused: Refused) -> None:
        own = "kind" if refused.field not in self._fields else refused.field
        super().show_refusal(Refused(refused.code, own))


@bp.get("")
@staff_required()
def show(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """The form on a page of its own; it stands on the page of the case as well."""
    del operator_id
    return _page(case_id, _fresh(get_case(case_id)))


@bp.post("")
@staff_required()
def send(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    form, now = SaidForm(prefix="said-"), utcnow()
    if not form.validate():
        return _page(case_id, form, 422)
    has_clock = _has_clock(get_case(case_id), operator_id)
    try:
        say_offer(case_id, operator_id, form.said(has_clock=has_clock), now)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(case_id, form, 422)
    except NotAllowed:
        flash(gettext("A colleague has this shop, or the case is closed. Nothing was sent."), "warn")
        return _page(case_id, form, 409)
    except IllegalTransition:
        flash(gettext("Nothing was sent: the shop has answered before, or the buyer has left."), "warn")
        return _page(case_id, form, 409)
    flash(_what_follows(case_id, now), "good")
    return redirect(url_for("case.show", case_id=case_id))


@bp.app_template_global()
def said_form(case: "EscalationCase") -> dict[str, Any]:
    """What the form needs on the page of a case: itself, and whether there is an address to begin with."""
    who = visitor()
    return {
        "form": _fresh(case),
        "has_mail": bool(_best_address(case)),
        "has_clock": who is not None and _has_clock(case, who.id),
        "is_open": request.args.get("result") == "offered",
        "waiting": [draft for draft in list_open_drafts(case.outreach_id) if draft.call_id is not None],
    }


def _fresh(case: "EscalationCase") -> SaidForm:
    return SaidForm(formdata=None, prefix="said-", data={"email": _best_address(case)})


def _best_address(case: "EscalationCase") -> str:
    """Of whom we spoke with last, where they gave one; else the best door for mail."""
    people = [person.email for person in list_people(case.outreach.shop_id) if person.left_at is None]
    doors = [door.value for door in list_doors(case.outreach.shop_id) if door.kind is ContactKind.EMAIL]
    return next(filter(None, [*people[:1], *doors]), "")


def _has_clock(case: "EscalationCase", operator_id: UUID) -> bool:
    """Whether this operator's call to the shop is under way."""
    call = find_call_under_way(operator_id)
    return call is not None and call.shop_id == case.outreach.shop_id


def _what_follows(case_id: UUID, now: datetime) -> str:
    case = get_case(case_id)
    if case.next_action_at is None:
        return str(gettext("Sent. The case is closed."))
    time = moment_in_words(case.next_action_at, now)
    words = gettext("Written down and sent. Without a press of the shop it comes back %(time)s.", time=time)
    return str(words)


def _page(case_id: UUID, form: SaidForm, code: int = 200) -> ResponseReturnValue:
    case = get_case(case_id)
    facts = said_form(case) | {"form": form, "is_open": True}
    outreach = case.outreach
    page = render_template(
        "desk/script/offer_said.html",
        case=case,
        outreach=outreach,
        ask=outreach.discount_request,
        said_facts=facts,
    )
    return page, code
