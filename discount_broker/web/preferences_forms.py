"""What buyers fill in on how they want to be reached."""

from collections.abc import Mapping
from datetime import time
from typing import TYPE_CHECKING, Any, ClassVar

from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from discount_broker.accounts.rules.consents import ConsentSaid
from discount_broker.accounts.status import ConsentKind
from discount_broker.escalation.use_cases.preferences import Preferred
from discount_broker.notifications.rules import ways_for
from discount_broker.notifications.status import NewsKind, NewsWay
from discount_broker.web import preferences_words as say
from discount_broker.web.ask_consents import WORDS
from discount_broker.web.ask_consents import said as said_by
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.language import NAMES
from discount_broker.web.zones import zone_named

if TYPE_CHECKING:
    from discount_broker.accounts.models import ContactWish
    from discount_broker.accounts.queries.cards import Card

CHOSEN = tuple(kind for kind in NewsKind if kind is not NewsKind.GREETING and len(ways_for(kind)) > 1)
"""Kinds whose way is chosen from a list; a greeting is asked for by its own box."""


class WaysForm(PageForm):
    """One list for each kind of news."""

    own_refusals: ClassVar[Mapping[str, LazyString]] = say.REFUSALS

    def offer(self, ways: Mapping[NewsKind, NewsWay], *, can_text: bool) -> None:
        """Fill the lists: a phone that cannot ring is no choice, unless it was chosen before."""
        self.before = dict(ways)
        for kind in CHOSEN:
            field = self._fields[f"way_{kind}"]
            possible = [w for w in ways_for(kind) if w is not NewsWay.TEXT or can_text or ways[kind] is w]
            field.choices = [SelectChoice(str(way), say.WAYS[way]) for way in possible]
            if not self.is_submitted():
                field.data = str(ways[kind])

    @property
    def kinds(self) -> list[NewsKind]:
        """Those for which there is a choice."""
        return [kind for kind in CHOSEN if len(self._fields[f"way_{kind}"].choices) > 1]

    def changed(self) -> dict[NewsKind, NewsWay]:
        """What is to come another way than before."""
        chosen = {kind: self._fields[f"way_{kind}"].data for kind in CHOSEN}
        return {kind: NewsWay(way) for kind, way in chosen.items() if way and way != str(self.before[kind])}

    def validate(self, extra_validators: Any = None) -> bool:
        """Say in our own words that a way is none of the list."""
        is_valid = bool(super().validate(extra_validators))
        for kind in CHOSEN:
            field = self._fields[f"way_{kind}"]
            if field.data is not None and field.data not in {choice.value for choice in field.choices}:
                is_valid = self.wrong(field.name, "way_unknown")
        return is_valid


for _kind in CHOSEN:
    setattr(WaysForm, f"way_{_kind}", SelectField(say.KINDS[_kind], choices=[], validate_choice=False))


class PreferencesForm(WaysForm):
    begins = TimeField(_l("Quiet from"), validators=[Optional()])
    ends = TimeField(_l("Quiet until"), validators=[Optional()])
    zone = StringField(_l("Your time zone"), filters=[strip], validators=[Length(max=60)])
    language = RadioField(
        _l("Language of our letters"), choices=[SelectChoice(key, name) for key, name in NAMES.items()]
    )
    wants_more = BooleanField(WORDS[ConsentKind.NEWS].label)
    birthday = DateField(_l("Your birthday"), validators=[Optional()])
    wants_greeting = BooleanField(_l("Write me a word on my birthday"))

    @classmethod
    def of(
        cls, card: "Card", language: str, hours: "list[ContactWish]", *, wants_more: bool
    ) -> "PreferencesForm":
        """The form as things stand; what was typed comes before it."""
        kept: dict[str, Any] = {
            "zone": card.zone,
            "language": language,
            "birthday": card.birthday,
            "wants_more": wants_more,
            "wants_greeting": card.wants_greeting and wants_more,
        }
        if hours:
            kept |= {"begins": _time(hours[0].from_minute), "ends": _time(hours[0].until_minute)}
        return cls(data=kept)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if (self.begins.data is None) != (self.ends.data is None) and not self.begins.errors:
            is_valid = self.wrong("ends" if self.ends.data is None else "begins", "wish_hours_missing")
        return is_valid

    def said(self) -> Preferred:
        begins, ends = self.begins.data, self.ends.data
        (more_words,) = said_by({ConsentKind.NEWS: bool(self.wants_more.data)})
        return Preferred(
            ways=self.changed(),
            quiet=(_minute(begins), _minute(ends)) if begins and ends else None,
            zone=zone_named(self.zone.data or ""),
            language=self.language.data or current_app.config["LANGUAGES"][0],
            birthday=self.birthday.data,
            wants_greeting=bool(self.wants_greeting.data),
            more_words=more_words,
            texts_words=ConsentSaid(
                kind=ConsentKind.TEXTS,
                is_given=True,
                version=say.TEXTS_VERSION,
                text=str(say.TEXTS_SENTENCE),
            ),
        )


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60 % 24, minute % 60)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
