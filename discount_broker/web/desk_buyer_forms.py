"""What is filled in on a buyer's card."""

from collections.abc import Mapping
from datetime import time
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from discount_broker.accounts.rules.wishes import Wish
from discount_broker.accounts.status import ContactWishKind, Standing
from discount_broker.escalation.use_cases.buyers import CardSaid
from discount_broker.web import desk_buyer_words as say
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.zones import zone_named

if TYPE_CHECKING:
    from discount_broker.accounts.queries.cards import Card

SHORT, LONG = Length(max=60), Length(max=500)


class BuyerForm(PageForm):
    own_refusals: ClassVar[Mapping[str, LazyString]] = say.REFUSALS


class CardForm(BuyerForm):
    standing = RadioField(
        _l("How it is to deal with them"),
        choices=[SelectChoice(str(key), said) for key, said in say.STANDINGS.items()],
        default=str(Standing.NONE),
    )
    standing_reason = StringField(_l("Why?"), filters=[strip], validators=[LONG])
    lead_type = StringField(_l("Kind of lead, set by hand"), filters=[strip], validators=[SHORT])
    birthday = DateField(_l("Birthday"), validators=[Optional()])
    zone = StringField(_l("Time zone"), filters=[strip], validators=[SHORT])
    seen = HiddenField()

    @classmethod
    def of(cls, card: "Card") -> "CardForm":
        kept = {
            "standing": str(card.standing),
            "standing_reason": card.standing_reason,
            "lead_type": card.lead_type if card.is_lead_type_set else "",
            "birthday": card.birthday,
            "zone": card.zone,
            "seen": card.seen,
        }
        return cls(formdata=None, data=kept)

    def said(self) -> CardSaid:
        return CardSaid(
            standing=Standing(self.standing.data),
            standing_reason=self.standing_reason.data or "",
            lead_type=self.lead_type.data or "",
            birthday=self.birthday.data,
            zone=zone_named(self.zone.data or ""),
            seen=self.seen.data,
        )


class WishForm(BuyerForm):
    words = StringField(_l("In the buyer's words"), filters=[strip], validators=[Length(max=300)])
    kind = RadioField(
        _l("What do they wish?"),
        choices=[SelectChoice(str(key), said) for key, said in say.WISH_KINDS.items()],
        default=str(ContactWishKind.QUIET_HOURS),
    )
    begins = TimeField(_l("From"), validators=[Optional()])
    ends = TimeField(_l("Until"), validators=[Optional()])
    on_day = DateField(_l("Day"), validators=[Optional()])

    def wish(self) -> Wish:
        kind = ContactWishKind(self.kind.data)
        is_hours = kind is ContactWishKind.QUIET_HOURS
        return Wish(
            kind=kind,
            from_minute=_minute(self.begins.data) if is_hours else None,
            until_minute=_minute(self.ends.data) if is_hours else None,
            on_day=self.on_day.data if kind is ContactWishKind.NOT_ON else None,
        )

    @classmethod
    def proposed(cls, wish: Wish, said: str) -> "WishForm":
        """A form that holds what the words may mean; one press keeps it."""
        kept: dict[str, Any] = {"words": said, "kind": str(wish.kind), "on_day": wish.on_day}
        kept |= {"begins": _time(wish.from_minute), "ends": _time(wish.until_minute)}
        return cls(formdata=None, data=kept)


def _minute(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)


class NoteForm(BuyerForm):
    text = TextAreaField(_l("A note for colleagues"), filters=[strip])


class WriteForm(BuyerForm):
    means = RadioField(
        _l("How?"),
        choices=[SelectChoice("mail", _l("By mail")), SelectChoice("sms", _l("By SMS"))],
        default="mail",
    )
    about = SelectField(_l("About"), validate_choice=False)
    text = TextAreaField(_l("Your words"), filters=[strip])

    def outreach_id(self) -> UUID | None:
        try:
            return UUID(self.about.data or "")
        except ValueError:
            return None


class FindForm(BuyerForm):
    other = StringField(_l("The other card"), filters=[strip], validators=[Length(max=300)])


class EraseForm(BuyerForm):
    address = StringField(_l("Type their e-mail address to confirm"), filters=[strip])
