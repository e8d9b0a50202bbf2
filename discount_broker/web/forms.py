"""Fields people fill in: what was typed is kept as typed, and read generously."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import InputRequired, Length

from discount_broker.accounts.rules import normal_email, suggested_email
from discount_broker.discount_requests.rules import LONGEST_NOTE, WishKind
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.web.sentences import refusal

PRESETS = (5, 10, 15, 20)


def strip(value: str | None) -> str | None:
    return value.strip() if value else value


def read_number(text: str) -> Decimal | None:
    """The number a person wrote: `10 %`, `12,5`, `12 990 ₽`, `1,299.00`; None when there is none."""
    digits = re.sub(r"[^\d.,-]", "", text)
    # A single mark with exactly three digits behind it parts thousands; otherwise the last mark is decimal.
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    whole, _, rest = digits.replace(",", ".").rpartition(".")
    try:
        return Decimal(f"{whole.replace('.', '')}.{rest}" if whole else rest)
    except InvalidOperation:
        return None


class NumberField(StringField):
    """A number in any spelling; `number` is what it means."""

    number: Decimal | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.number = read_number(self.data or "")


class PageForm(FlaskForm):
    own_refusals: ClassVar[Mapping[str, LazyString]] = {}
    """Sentences of one audience, by code; those for all stand in `sentences`."""

    def show_refusal(self, refused: Refused) -> None:
        """Put a refusal beside the field it is about, else beside the first."""
        name = refused.field if refused.field in self._fields else next(iter(self._fields))
        self.wrong(name, refused.code)

    def wrong(self, name: str, code: str) -> bool:
        field = self._fields[name]
        field.errors = [*field.errors, self.own_refusals.get(code) or refusal(code)]
        return False


class LinkForm(PageForm):
    link = URLField(_l("Link to what you want to buy"), filters=[strip])


class AskForm(PageForm):
    """What the buyer wishes, and where to tell them."""

    wish = RadioField(
        _l("What do you wish for?"),
        choices=[*(str(preset) for preset in PRESETS), "percent", "price"],
        default="10",
        validate_choice=False,
    )
    own_percent = NumberField(_l("Your own percentage"), validators=[Length(max=20)])
    own_price = NumberField(_l("The price you would pay"), validators=[Length(max=30)])
    email = EmailField(_l("Your e-mail address"), filters=[strip], validators=[Length(max=254)])
    email_is_right = BooleanField(_l("The address is right as I typed it"))
    phone = TelField(_l("Phone"), filters=[strip], validators=[Length(max=40)])
    note = TextAreaField(_l("A note for the shops"), validators=[Length(max=LONGEST_NOTE)])
    best_time = StringField(_l("Best time to reach you"), filters=[strip], validators=[Length(max=100)])
    may_contact_directly = BooleanField(_l("Shops may contact me directly"))
    asks_rivals = BooleanField(_l("Ask rival shops too"), default=True)
    wants_texts = BooleanField(_l("Text me the news to my phone as well"))
    consent = BooleanField(_l("I agree that my details are used to ask shops for this discount"))

    KEPT = ("wish", "own_percent", "own_price", "email", "phone", "note", "best_time")
    """Fields whose words go along when the buyer tries another link."""

    suggestion: str | None = None
    """An address the buyer may have meant."""

    def validate(self, extra_validators: Any = None) -> bool:
        # Every field is looked at before the answer: one round of corrections, not five.
        checks = (
            super().validate(extra_validators),
            self._check_wish(),
            self._check_email(),
            self._check_phone(),
            bool(self.consent.data) or self.wrong("consent", "consent_missing"),
        )
        return all(checks)

    def show_refusal(self, refused: Refused) -> None:
        """A wish is refused by its kind; here each kind has a field of its own."""
        own = {"percent": "own_percent" if self.wish.data == "percent" else "wish", "price": "own_price"}
        super().show_refusal(Refused(refused.code, own.get(refused.field, refused.field)))

    def wish_kind(self) -> WishKind:
        return WishKind.PRICE if self.wish.data == "price" else WishKind.PERCENT

    def wish_value(self) -> Decimal | None:
        if self.wish.data == "price":
            return self.own_price.number
        if self.wish.data == "percent":
            return self.own_percent.number
        return read_number(self.wish.data or "")

    def _check_wish(self) -> bool:
        value = self.wish_value()
        if self.wish.data == "price":
            return value is not None or self.wrong("own_price", "price_missing")
        field = "own_percent" if self.wish.data == "percent" else "wish"
        return value is not None or self.wrong(field, "percent_missing")

    def _check_email(self) -> bool:
        try:
            address = normal_email(self.email.data or "")
        except Refused as refused:
            return self.wrong("email", refused.code if self.email.data else "email_missing")
        self.suggestion = None if self.email_is_right.data else suggested_email(address)
        return self.suggestion is None or self.wrong("email", "email_typo")

    def _check_phone(self) -> bool:
        """A number matters only where it shall be texted: then it must be one that takes texts."""
        if not self.wants_texts.data or textable_number(self.phone.data or "", site().time_zone):
            return True
        return self.wrong("phone", "phone_takes_no_texts" if self.phone.data else "phone_missing")


class LoginForm(PageForm):
    email = EmailField(_l("Your e-mail address"), filters=[strip], validators=[Length(max=254)])


class StaffLoginForm(PageForm):
    email = EmailField(
        _l("E-mail"), filters=[strip], validators=[InputRequired(_l("Please type your e-mail address."))]
    )
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Please type your password."))])
