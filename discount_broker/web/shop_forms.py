"""Fields that people of a shop fill in on its own page."""

from typing import ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.web.forms import NumberField, PageForm, strip


class ShopForm(PageForm):
    own_refusals: ClassVar[dict[str, LazyString]] = {
        "shop_missing": _l("Type the domain of your shop, such as shop.example, or paste a link to it."),
        "email_missing": _l("Type an e-mail address of your shop."),
        "email_taken": _l("This address answers for the shop already."),
        "too_many_members": _l("Twenty addresses answer for the shop already. Take one away first."),
        "value_missing": _l("Type the address, the number or the page."),
        "phone_unclear": _l(
            "This is no complete phone number. Write it with its country code, as in +7 495 123-45-67."
        ),
        "messenger_unclear": _l("This is no account of this messenger. Type its name as it is found there."),
        "link_missing": _l("This does not look like a link. Open the page and copy its address."),
        "too_many_doors": _l("You have told us of several addresses already. Take one away first."),
    }


class ClaimForm(ShopForm):
    """Which shop, and an address of it."""

    shop = StringField(_l("Your shop"), filters=[strip], validators=[Length(max=2000)])
    email = EmailField(_l("An e-mail address of the shop"), filters=[strip], validators=[Length(max=254)])


class BulkForm(ShopForm):
    """One answer to all ticked buyers."""

    act = RadioField(
        _l("Your answer to all that are ticked"),
        choices=["wished", "percent", "call"],
        validate_choice=False,
        validators=[InputRequired(_l("Please choose one of the answers."))],
    )
    percent = NumberField(_l("Percentage off"), validators=[Length(max=20)])
    call_day = DateField(_l("Day"), validators=[Optional()])
    call_time = TimeField(_l("Time"), validators=[Optional()])
    words = TextAreaField(_l("A word to these buyers"), validators=[Length(max=500)])

    def check(self) -> bool:
        """Whether the chosen answer says all it has to."""
        if self.act.data == "percent" and self.percent.number is None:
            return self.wrong("percent", "percent_missing")
        if self.act.data == "call" and self.call_day.data is None:
            return self.wrong("call_day", "call_by_missing")
        return True
