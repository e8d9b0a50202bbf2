"""What operators type into the page of a shop."""

from typing import TYPE_CHECKING, Any

from babel import Locale
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from discount_broker.discovery.extract.messengers.finding import read_link
from discount_broker.kernel.errors import Refused
from discount_broker.shops.status import ContactKind
from discount_broker.shops.use_cases import Description
from discount_broker.web.desk_shop_words import KINDS, REFUSALS, SERVICES
from discount_broker.web.forms import PageForm, strip

if TYPE_CHECKING:
    from discount_broker.shops.models import Shop

LANGUAGES = (
    "ru", "en", "de", "fr", "es", "it", "pl", "nl", "cs", "uk", "be", "kk", "pt", "tr", "sv", "da", "fi",
    "nb", "hu", "ro", "bg", "lt", "lv", "et",
)  # fmt: skip
"""In which shops may write; a page in another language keeps its own."""


class ShopForm(PageForm):
    own_refusals = REFUSALS


class DoorForm(ShopForm):
    """A door an operator has found out: what kind it is, and where it leads."""

    kind = SelectField(
        _l("Kind"),
        choices=[
            *(
                SelectChoice(k.value, KINDS[k])
                for k in (ContactKind.EMAIL, ContactKind.PHONE, ContactKind.FORM)
            ),
            *(SelectChoice(service, name) for service, name in SERVICES.items()),
        ],
    )
    value = StringField(_l("Address, number or page"), filters=[strip], validators=[Length(max=2000)])
    is_preferred = BooleanField(_l("Try it before all others"))

    def door(self) -> tuple[ContactKind, str]:
        """The kind of door and what was typed; of a link to a messenger the account it leads to."""
        typed = self.value.data or ""
        if self.kind.data not in SERVICES:
            return ContactKind(self.kind.data), typed
        account = read_link(typed) if "/" in typed or ":" in typed else None
        if account is not None:
            return ContactKind.MESSENGER, f"{account.kind}:{account.handle}"
        return ContactKind.MESSENGER, f"{self.kind.data}:{typed}" if typed else ""


class DescribeForm(ShopForm):
    """What the shop is called, where it is and in which language it is written to."""

    name = StringField(
        _l("Name"), filters=[strip], validators=[InputRequired(REFUSALS["name_missing"]), Length(max=200)]
    )
    country = SelectField(_l("Country"))
    language = SelectField(_l("Language of its pages"))

    def offer_choices(self, shop: "Shop") -> None:
        locale = get_locale() or Locale("en")
        lands = {
            code: name for code, name in locale.territories.items() if len(code) == 2 and code not in NO_LANDS
        }
        self.country.choices = _choices(lands, shop.country)
        spoken = {code: locale.languages[code] for code in LANGUAGES}
        self.language.choices = _choices(spoken, shop.language)

    def said(self) -> Description:
        return Description(self.name.data or "", self.country.data or None, self.language.data or None)


NO_LANDS = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Codes of territories where no shop has its seat."""


def _choices(names: dict[str, str], current: str | None) -> list[Any]:
    known = names if not current or current in names else {**names, current: current}
    listed = sorted(known.items(), key=lambda pair: pair[1])
    return [SelectChoice("", gettext("not known")), *(SelectChoice(code, name) for code, name in listed)]


class MergeForm(ShopForm):
    domain = StringField(_l("Domain"), filters=[strip], validators=[Length(max=253)])

    def unknown(self) -> None:
        self.show_refusal(Refused("shop_unknown", "domain"))
