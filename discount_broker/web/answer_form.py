"""What a shop's staff fill in on the offer page, and operators in their name."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.kernel.errors import Refused
from discount_broker.offers.rules import LONGEST_TERMS
from discount_broker.offers.status import AnswerKind
from discount_broker.web.forms import NumberField, PageForm, strip

WORDS = Length(max=500, message=_l("Please keep this under 500 characters."))
A_LINE = Length(max=LONGEST_TERMS, message=_l("Please keep this under 300 characters."))


class AnswerForm(PageForm):
    """A shop's answer; `answer` says which of the other fields count."""

    own_refusals: ClassVar = {
        "price_other_currency": _l(
            "The page names its price in another currency. Please name yours in that one."
        ),
    }
    TEXTS = frozenset({"free_delivery", "bonus", "gift", "add_item", "lowest", "not_now"})
    """Answers with a text of their own."""

    answer = RadioField(
        _l("Your answer"),
        choices=["wished", *(kind.value for kind in AnswerKind)],
        validators=[InputRequired(_l("Please choose one of the answers."))],
    )
    percent = NumberField(_l("Percentage off"), validators=[Length(max=20)])
    price = NumberField(_l("Your price"), validators=[Length(max=30)])
    free_delivery = StringField(_l("Condition, if any"), validators=[WORDS])
    bonus = StringField(_l("What kind of bonus"), validators=[WORDS])
    gift = StringField(_l("What the gift is"), validators=[WORDS])
    add_item = StringField(_l("What to add, and what it then costs"), validators=[WORDS])
    lowest = StringField(_l("Why it is the lowest price"), validators=[WORDS])
    not_now = StringField(_l("Reason, if you like to tell"), validators=[WORDS])
    call_day = DateField(_l("Day"), validators=[Optional()])
    call_time = TimeField(_l("Time"), validators=[Optional()])
    later_day = DateField(_l("Ask us again on"), validators=[Optional()])
    forward_to = EmailField(_l("Who decides it"), filters=[strip], validators=[Length(max=254)])
    stops_here = BooleanField(_l("Do not write to this address any more"))
    words = TextAreaField(_l("A word to the buyer"), validators=[WORDS])
    delivery = StringField(_l("Delivery"), filters=[strip], validators=[A_LINE])
    condition = StringField(_l("On condition that"), filters=[strip], validators=[A_LINE])
    valid_until = DateField(_l("Valid until"), validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """A price in words is no missing price: whoever wrote it is told what is wrong with it."""
        is_valid: bool = super().validate(extra_validators)
        if self.answer.data == "price" and self.price.data and self.price.number is None:
            return self.wrong("price", "price_unclear")
        return is_valid

    def text_for(self, chosen: str) -> str:
        """What was written on the chosen card, and the word to the buyer below."""
        own = self._fields[chosen].data if chosen in self.TEXTS else ""
        return "\n".join(part.strip() for part in (own, self.words.data) if part and part.strip())

    def show_refusal(self, refused: Refused) -> None:
        """A refused text stands on the card that was chosen."""
        text = self.answer.data if self.answer.data in self.TEXTS else "words"
        own = {"text": text, "call_by": "call_day", "ask_again_on": "later_day"}
        super().show_refusal(Refused(refused.code, own.get(refused.field, refused.field)))


class AddressForm(PageForm):
    """Where a shop wants our letters."""

    address = EmailField(_l("E-mail address"), filters=[strip], validators=[Length(max=254)])


class BulkForm(PageForm):
    """One answer to all who wait; `all` is the button that was pressed."""

    all = HiddenField(_l("Answer to all"))
    percent = NumberField(_l("Percentage for all"), validators=[Length(max=20)])
    later_day = DateField(_l("Ask us about all again on"), validators=[Optional()])
