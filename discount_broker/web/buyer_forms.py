"""What a buyer fills in about one offer: what they would take instead, or why they say no."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import Length, Optional

from discount_broker.offers.rules.countering import LONGEST_COUNTER, Counter
from discount_broker.offers.status import DeclineReason
from discount_broker.web.forms import NumberField, PageForm

TOO_LONG = _l("This is too long. Please shorten it to 500 characters.")


class CounterForm(PageForm):
    """A price, or per cent off; what is named first counts."""

    own_refusals: ClassVar = {
        "counter_missing": _l("Please name the price that you would take, or per cent off."),
        "counter_not_lower": _l("This is no less than you are offered already. You can accept the offer."),
        "counter_too_low": _l("This is more than 90 per cent off. Please name a price a shop could give."),
        "counter_made": _l("You have asked this shop once for more, and it is asked only once."),
        "percent_out_of_range": _l("Please choose between 1 and 90 per cent."),
    }
    price = NumberField(_l("A price"), validators=[Length(max=30)])
    percent = NumberField(_l("Or per cent off"), validators=[Length(max=20)])
    words = TextAreaField(
        _l("A word to the shop"), validators=[Length(max=LONGEST_COUNTER, message=TOO_LONG)]
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Digits must be readable: a word in a field of numbers is told of, and not passed over."""
        is_valid: bool = super().validate(extra_validators)
        for name in ("price", "percent"):
            field = self._fields[name]
            if (field.data or "").strip() and field.number is None:
                is_valid = self.wrong(name, "counter_missing")
        return is_valid

    def counter(self) -> Counter:
        price = self.price.number
        return Counter(
            price=price,
            percent=self.percent.number if price is None else None,
            words=self.words.data or "",
        )


class DeclineForm(PageForm):
    """Why an offer is not wanted; nothing of it need be said."""

    reason = RadioField(
        _l("Why not?"), choices=[reason.value for reason in DeclineReason], validators=[Optional()]
    )
    words = TextAreaField(_l("In your own words"), validators=[Length(max=LONGEST_COUNTER, message=TOO_LONG)])
    may_pass_on = BooleanField(_l("The shop may read these words."))
