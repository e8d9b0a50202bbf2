"""What a shop's staff fill in on the offer page, and operators in their name."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, RadioField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.kernel.errors import Refused
from discount_broker.offers.status import AnswerKind
from discount_broker.web.forms import NumberField, PageForm, strip


class AnswerForm(PageForm):
    """A shop's answer; `answer` says which of the other fields count."""

    TEXTS = frozenset({"free_delivery", "bonus", "gift", "add_item", "lowest", "not_now"})
    """Answers with a text of their own."""

    answer = RadioField(
        _l("Your answer"),
        choices=["wished", *(kind.value for kind in AnswerKind)],
        validators=[InputRequired(_l("Please choose one of the answers."))],
    )
    percent = NumberField(_l("Percentage off"), validators=[Length(max=20)])
    price = NumberField(_l("Your price"), validators=[Length(max=30)])
    free_delivery = StringField(_l("Condition, if any"), validators=[Length(max=500)])
    bonus = StringField(_l("What kind of bonus"), validators=[Length(max=500)])
    gift = StringField(_l("What the gift is"), validators=[Length(max=500)])
    add_item = StringField(_l("What to add, and what it then costs"), validators=[Length(max=500)])
    lowest = StringField(_l("Why it is the lowest price"), validators=[Length(max=500)])
    not_now = StringField(_l("Reason, if you like to tell"), validators=[Length(max=500)])
    call_day = DateField(_l("Day"), validators=[Optional()])
    call_time = TimeField(_l("Time"), validators=[Optional()])
    words = TextAreaField(_l("A word to the buyer"), validators=[Length(max=500)])
    valid_until = DateField(_l("Valid until"), validators=[Optional()])

    def text_for(self, chosen: str) -> str:
        """What was written on the chosen card, and the word to the buyer below."""
        own = self._fields[chosen].data if chosen in self.TEXTS else ""
        return "\n".join(part.strip() for part in (own, self.words.data) if part and part.strip())

    def show_refusal(self, refused: Refused) -> None:
        """A refused text stands on the card that was chosen."""
        text = self.answer.data if self.answer.data in self.TEXTS else "words"
        own = {"text": text, "call_by": "call_day"}
        super().show_refusal(Refused(refused.code, own.get(refused.field, refused.field)))


class AddressForm(PageForm):
    """Where a shop wants our letters."""

    address = EmailField(_l("E-mail address"), filters=[strip], validators=[Length(max=254)])
