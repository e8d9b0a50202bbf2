"""What a shop's staff mean: a code in a link or on a button, and the form they filled in."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict

from discount_broker.kernel.clock import utcnow
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.queries import wish_put_to
from discount_broker.web.answer_form import AnswerForm
from discount_broker.web.forms import check_currency, read_number
from discount_broker.web.language import reader_zone

if TYPE_CHECKING:
    from discount_broker.offers.models import Offer
    from discount_broker.outreach.models import Outreach

USUAL_TERM = timedelta(days=3)
WISHED = "wished"
"""The answer that gives the buyer all they wish for, whatever that is."""
NUMBERED = ("percent", "price")


def fields_of_code(code: str, outreach: "Outreach") -> dict[str, Any]:
    """The form as a code fills it in: `wished`, `percent-10`, `price-11500`, `free_delivery`, `call`."""
    return {"valid_until": today() + USUAL_TERM} | card_of_code(code, wished(outreach))


def card_of_code(code: str, wish: tuple[str, Decimal]) -> dict[str, str]:
    """The card that a code chooses, and the number in it; `wish` is what gives the buyer all they ask for."""
    chosen, _, value = code.partition("-")
    if chosen not in {WISHED, *AnswerKind}:
        return {}
    number = read_number(value)
    if number is not None and (chosen, number) == wish:
        return {"answer": WISHED}
    return {"answer": chosen} | ({chosen: value} if number is not None and chosen in NUMBERED else {})


def form_of_code(code: str, outreach: "Outreach") -> AnswerForm:
    """The form as one press of a button fills it in; nothing is chosen where the code says nothing."""
    fields = {name: str(value) for name, value in fields_of_code(code, outreach).items()}
    return AnswerForm(formdata=MultiDict(fields))


def fields_of_offer(offer: "Offer", outreach: "Outreach") -> dict[str, Any]:
    """The form as the offer that stands would have filled it in."""
    value = offer.percent if offer.kind is AnswerKind.PERCENT else offer.final_price
    fields: dict[str, Any] = {
        "answer": WISHED if (offer.kind.value, value) == wished(outreach) else offer.kind.value,
        "delivery": offer.delivery,
        "condition": offer.condition,
        "valid_until": max(offer.valid_until.astimezone(reader_zone()[0]).date(), today()),
    }
    if offer.kind.value in NUMBERED and value is not None:
        fields[offer.kind.value] = f"{value.normalize():f}"
    fields[offer.kind.value if offer.kind.value in AnswerForm.TEXTS else "words"] = offer.text
    return fields


def answer_of(form: AnswerForm, outreach: "Outreach") -> Answer:
    """What the chosen card says; the fields of the other cards do not count.

    Raises:
        Refused: `price_other_currency`.

    """
    chosen = form.answer.data
    if chosen == AnswerKind.PRICE:
        check_currency(form.price.data or "", outreach.currency)
    percent, price = form.percent.number, form.price.number
    if chosen == WISHED:
        chosen, value = wished(outreach)
        percent = price = value
    kind = AnswerKind(chosen)
    return Answer(
        kind=kind,
        percent=_only(kind is AnswerKind.PERCENT, percent),
        price=_only(kind is AnswerKind.PRICE, price),
        text=form.text_for(chosen),
        delivery=form.delivery.data or "",
        condition=form.condition.data or "",
        valid_until=form.valid_until.data or today() + USUAL_TERM,
        **_put_off(kind, form),
    )


def _put_off(kind: AnswerKind, form: AnswerForm) -> dict[str, Any]:
    """What the answers say that give nothing yet."""
    if kind is AnswerKind.CALL:
        return {"call_by": _call_by(form)}
    if kind is AnswerKind.LATER:
        return {"ask_again_on": form.later_day.data}
    if kind is AnswerKind.FORWARD:
        return {"forward_to": form.forward_to.data or "", "stops_here": bool(form.stops_here.data)}
    return {}


def wished(outreach: "Outreach") -> tuple[str, Decimal]:
    """The kind and the value of the answer that gives the buyer all they wish for."""
    wish = wish_put_to(outreach)
    if wish.price is not None:
        return AnswerKind.PRICE.value, wish.price.amount
    assert wish.percent is not None
    return AnswerKind.PERCENT.value, wish.percent


def today() -> date:
    return utcnow().astimezone(reader_zone()[0]).date()


def _only(applies: bool, value: Decimal | None) -> Decimal | None:
    return value if applies else None


def _call_by(form: AnswerForm) -> datetime | None:
    if form.call_day.data is None:
        return None
    clock = form.call_time.data or time(18)
    try:
        return datetime.combine(form.call_day.data, clock, reader_zone()[0]).astimezone(UTC)
    except OverflowError:  # the first or the last day of the calendar
        return None
