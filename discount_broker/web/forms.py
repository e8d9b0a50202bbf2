"""Fields people fill in: what was typed is kept as typed, and read generously."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField, URLField
from wtforms.validators import InputRequired, Length

from discount_broker.kernel.errors import Refused
from discount_broker.web.sentences import refusal


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


SIGNS = {"₽": "RUB", "руб": "RUB", "rub": "RUB", "€": "EUR", "eur": "EUR", "евро": "EUR", "$": "USD",
         "usd": "USD", "долл": "USD", "£": "GBP", "gbp": "GBP", "₸": "KZT", "kzt": "KZT", "тенге": "KZT",
         "₴": "UAH", "uah": "UAH", "грн": "UAH", "byn": "BYN", "zł": "PLN", "pln": "PLN"}  # fmt: skip
"""How people write a currency beside a sum."""


def currency_said(text: str) -> str:
    """The currency somebody named beside a sum; empty where they named none."""
    words = re.sub(r"[\d\s.,]", "", text.lower())
    return next((code for sign, code in SIGNS.items() if sign in words), "")


def check_currency(written: str, asked_in: str | None, field: str = "price") -> None:
    """400 € for what costs 48,990 ₽ is no sum of 400 ₽.

    Raises:
        Refused: `price_other_currency`.

    """
    named = currency_said(written)
    if named and asked_in and named != asked_in:
        raise Refused("price_other_currency", field)


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


class LoginForm(PageForm):
    email = EmailField(_l("Your e-mail address"), filters=[strip], validators=[Length(max=254)])


class StaffLoginForm(PageForm):
    email = EmailField(
        _l("E-mail"), filters=[strip], validators=[InputRequired(_l("Please type your e-mail address."))]
    )
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Please type your password."))])
