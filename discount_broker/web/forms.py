"""Fields people fill in: what was typed is kept as typed, and read generously."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField, URLField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
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


UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls: nothing to read, and some turn round what stands behind them, on our pages and in our letters."""


def visible(typed: object) -> object:
    return UNSEEN.sub("", typed) if isinstance(typed, str) else typed


class PageForm(FlaskForm):
    class Meta(FlaskForm.Meta):
        """Every field loses what cannot be seen; a password stays as it was chosen."""

        csrf = False  # `security.csrf` has looked at every POST before any form is made

        def bind_field(
            self, form: BaseForm, unbound_field: "UnboundField[Any]", options: dict[str, Any]
        ) -> Any:
            filters = unbound_field.kwargs.get("filters", ())
            if not issubclass(unbound_field.field_class, PasswordField):
                filters = (visible, *filters)
            return unbound_field.bind(form=form, **{**options, "filters": filters})

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
