"""Fields that people of a shop fill in on its own page."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
    URLField,
)
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.kernel.errors import Refused
from discount_broker.offers.rules import RuleTerms, rule_mistakes
from discount_broker.shops.extract.opening_hours import DAYS
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


class HoursForm(ShopForm):
    """When the shop is open: two fields a day, and its own holidays, a line each."""

    own_refusals: ClassVar[dict[str, LazyString]] = {
        "hours_half": _l("Say both from when and until when, or leave both empty."),
        "hours_unclear": _l("Write the time as 9:00 or 18:30."),
        "hours_backwards": _l("The shop closes before it opens. Hours past midnight end at 24:00."),
        "closed_unclear": _l("Write each day as 2027-01-02 or 02.01.2027, and a row of days with a dash."),
        "closed_backwards": _l("One of these rows of days ends before it begins."),
        "closed_long": _l("One of these rows is longer than two months."),
        "closed_far": _l("Please name days within the next year and a half."),
        "too_many_closed": _l("These are more than thirty holidays. Name the next ones only."),
    }
    closed_days = TextAreaField(_l("Your own days off"), validators=[Length(max=2000)])

    @property
    def typed(self) -> dict[str, tuple[str, str]]:
        return {day: (self[f"{day}_opens"].data or "", self[f"{day}_closes"].data or "") for day in DAYS}

    def show_refusal(self, refused: Refused) -> None:
        field = f"{refused.field}_opens" if refused.field in DAYS else refused.field
        super().show_refusal(Refused(refused.code, field))


DAY_NAMES = dict(
    zip(
        DAYS,
        (
            _l("Monday"),
            _l("Tuesday"),
            _l("Wednesday"),
            _l("Thursday"),
            _l("Friday"),
            _l("Saturday"),
            _l("Sunday"),
        ),
        strict=True,
    )
)
for _day, _name in DAY_NAMES.items():
    setattr(HoursForm, f"{_day}_opens", StringField(_name, validators=[Length(max=10)]))
    setattr(HoursForm, f"{_day}_closes", StringField(_name, validators=[Length(max=10)]))


class BudgetForm(ShopForm):
    """How often the shop is written to."""

    own_refusals: ClassVar[dict[str, LazyString]] = {
        "budget_out_of_range": _l("Write a whole number from 0 to 100, or leave it empty."),
    }
    budget = StringField(_l("Letters a day, at most"), filters=[strip], validators=[Length(max=10)])

    def chosen(self) -> int | None:
        """The number typed; None for what is usual.

        Raises:
            Refused: `budget_out_of_range`.

        """
        text = self.budget.data or ""
        if text and not (text.isascii() and text.isdigit()):
            raise Refused("budget_out_of_range", "budget")
        return int(text) if text else None


class FeedForm(ShopForm):
    link = URLField(_l("Link to your feed"), filters=[strip], validators=[Length(max=2000)])


class InviteForm(ShopForm):
    email = EmailField(_l("E-mail address of a colleague"), filters=[strip], validators=[Length(max=254)])


class RuleForm(ShopForm):
    """What the shop gives to every buyer who asks for no more."""

    own_refusals: ClassVar[dict[str, LazyString]] = {
        "percent_missing": _l("Say how many per cent at most, for example 10."),
        "rule_words_long": _l("Please use at most 100 letters."),
        "rule_text_long": _l("Please be shorter: at most 500 letters."),
        "rule_until_past": _l("This day has passed. Please choose a later one."),
        "rule_until_far": _l("Please choose a day within the next year."),
        "a_day_out_of_range": _l("Write a whole number from 1 to 1,000, or leave it empty."),
        "too_many_rules": _l("There are twenty rules already. End one first."),
    }
    percent = NumberField(_l("Give up to, per cent"), validators=[Length(max=20)])
    words_in_title = StringField(_l("Only for products with these words"), validators=[Length(max=200)])
    until = DateField(_l("Until"), validators=[Optional()])
    a_day = StringField(_l("At most so many a day"), filters=[strip], validators=[Length(max=10)])
    text = TextAreaField(_l("What these buyers read from you"), validators=[Length(max=2000)])

    def check(self, today: date) -> bool:
        """Whether such a rule can stand; all that is wrong is told at once, each beside its field."""
        self.validate()
        if self.percent.number is None and not self.percent.errors:
            self.wrong("percent", "percent_missing")
        if self._most_a_day() is None and self.a_day.data:
            self.wrong("a_day", "a_day_out_of_range")
        for mistake in rule_mistakes(self.terms(), today):
            if not self[mistake.field].errors:
                self.show_refusal(mistake)
        return not self.errors

    def terms(self) -> RuleTerms:
        """What was filled in."""
        return RuleTerms(
            percent=self.percent.number or Decimal(0),
            words_in_title=" ".join((self.words_in_title.data or "").split()),
            until=self.until.data,
            a_day=self._most_a_day(),
            text=self.text.data or "",
        )

    def _most_a_day(self) -> int | None:
        typed = self.a_day.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None


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
    everyone = BooleanField(_l("To everybody in the list"))
    words = TextAreaField(_l("A word to these buyers"), validators=[Length(max=500)])

    def check(self) -> bool:
        """Whether the chosen answer says all it has to."""
        if self.act.data == "percent" and self.percent.number is None:
            return self.wrong("percent", "percent_missing")
        if self.act.data == "call" and self.call_day.data is None:
            return self.wrong("call_day", "call_by_missing")
        return True
