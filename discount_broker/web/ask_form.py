"""What a buyer fills in to ask for a discount: the wish, the products, and where the answers come."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from discount_broker.accounts.rules import normal_email, suggested_email
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.rules import (
    LARGEST_QUANTITY,
    LONGEST_CITY,
    LONGEST_NOTE,
    LONGEST_TITLE,
    ProductSaid,
    WishKind,
    check_answers_by,
    check_product_said,
)
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import is_discount
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.web.ask_consents import WORDS
from discount_broker.web.forms import NumberField, PageForm, currency_said, read_number, strip

PRESETS = (5, 10, 15, 20)
CURRENCIES = ("RUB", "EUR", "USD", "BYN", "KZT", "UAH", "GBP", "CNY", "PLN", "TRY", "AMD", "GEL", "UZS")


class ProductForm(PageForm):
    """What the buyer says of one product, where its page hides it or says it wrongly."""

    class Meta:
        """A part of the page's form, which carries the token."""

        csrf = False

    title = StringField(_l("What it is called"), filters=[strip], validators=[Length(max=LONGEST_TITLE)])
    price = NumberField(_l("What it costs in the shop"), validators=[Length(max=30)])
    currency = SelectField(
        _l("Currency"), choices=[SelectChoice("", "–"), *CURRENCIES], validate_choice=False
    )
    picture = URLField(_l("Link to a picture of it"), filters=[strip], validators=[Length(max=1000)])

    KEPT: ClassVar = ("title", "price", "currency", "picture")
    NAMES: ClassVar = {"product_price": "price", "product_currency": "currency", "product_picture": "picture"}

    def said(self) -> ProductSaid:
        written = (self.price.data or "").strip()
        return ProductSaid(
            title=self.title.data or "",
            price=self.price.number if written else None,
            currency=(self.currency.data or "") or (currency_said(written) if written else ""),
            picture=self.picture.data or "",
        )

    def is_right(self, *, has_currency: bool, needs_title: bool) -> bool:
        """Whether all of it can be put to a shop; what cannot is said beside its field."""
        is_right = bool(self.validate())
        if (self.price.data or "").strip() and self.price.number is None:
            is_right = self.wrong("price", "product_price_wrong")
        if needs_title and not self.title.data:
            is_right = self.wrong("title", "product_title_missing")
        try:
            check_product_said(self.said(), has_currency=has_currency)
        except Refused as refused:
            is_right = self.wrong(self.NAMES.get(refused.field, "title"), refused.code)
        return is_right


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
    quantity = NumberField(_l("How many"), default="1", validators=[Length(max=10)])
    city = StringField(_l("Town"), filters=[strip], validators=[Length(max=LONGEST_CITY)])
    answers_by = DateField(_l("Answers until"), validators=[Optional()])
    email = EmailField(_l("Your e-mail address"), filters=[strip], validators=[Length(max=254)])
    email_is_right = BooleanField(_l("The address is right as I typed it"))
    phone = TelField(_l("Phone"), filters=[strip], validators=[Length(max=40)])
    note = TextAreaField(_l("A note for the shops"), validators=[Length(max=LONGEST_NOTE)])
    best_time = StringField(_l("Best time to reach you"), filters=[strip], validators=[Length(max=100)])
    asks_rivals = BooleanField(_l("Ask rival shops too"), default=True)
    may_contact_directly = BooleanField(WORDS[ConsentKind.DIRECT_CONTACT].label)
    wants_texts = BooleanField(WORDS[ConsentKind.TEXTS].label)
    wants_news = BooleanField(WORDS[ConsentKind.NEWS].label)
    consent = BooleanField(WORDS[ConsentKind.PROCESSING].label)
    asks_again = BooleanField(_l("Ask again all the same"))

    KEPT = (
        "wish", "own_percent", "own_price", "quantity", "city", "answers_by", "email", "phone", "note",
        "best_time",
    )  # fmt: skip
    """Fields whose words go along when the buyer tries another link."""

    suggestion: str | None = None
    """An address the buyer may have meant."""

    @staticmethod
    def typed_before(kept: dict[str, str]) -> dict[str, object]:
        """Words of another page as the fields take them; what is no day any more is left out."""
        day = kept.get("answers_by", "")
        typed: dict[str, object] = {**kept, "answers_by": None}
        with suppress(ValueError):
            typed["answers_by"] = date.fromisoformat(day)
        return typed

    def is_right(self, today: date, currency: str | None) -> bool:
        """Whether all of it can be asked; every field is looked at: one round of corrections, not five."""
        checks = (
            self.validate(),
            self._check_wish(currency),
            self._check_quantity(),
            self._check_day(today),
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

    def pieces(self) -> int | None:
        """How many are wanted; None where that is no whole number that a shop could count out."""
        written = (self.quantity.data or "").strip() or "1"
        is_whole = written.isascii() and written.isdigit() and len(written) < 5
        return int(written) if is_whole and 1 <= int(written) <= LARGEST_QUANTITY else None

    def ticked(self) -> dict[ConsentKind, bool]:
        """The boxes as they stood on the page."""
        boxes = {
            ConsentKind.PROCESSING: bool(self.consent.data),
            ConsentKind.DIRECT_CONTACT: bool(self.may_contact_directly.data),
            ConsentKind.NEWS: bool(self.wants_news.data),
        }
        return {**boxes, ConsentKind.TEXTS: bool(self.wants_texts.data)} if site().sends_texts else boxes

    def _check_wish(self, currency: str | None) -> bool:
        value = self.wish_value()
        if self.wish.data == "price":
            named = currency_said(self.own_price.data or "")
            if named and currency and named != currency:
                return self.wrong("own_price", "price_other_currency")
            return value is not None or self.wrong("own_price", "price_missing")
        field = "own_percent" if self.wish.data == "percent" else "wish"
        if value is None:
            return self.wrong(field, "percent_missing")
        return is_discount(value) or self.wrong(field, "percent_out_of_range")

    def _check_quantity(self) -> bool:
        return self.pieces() is not None or self.wrong("quantity", "quantity_out_of_range")

    def _check_day(self, today: date) -> bool:
        try:
            check_answers_by(self.answers_by.data, today)
        except Refused as refused:
            return self.wrong("answers_by", refused.code)
        return True

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
