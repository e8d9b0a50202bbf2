"""What operators type of a promise, by the clock of the shop: who does what, and by when."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.escalation.status import PromiseKind, PromiseSide
from discount_broker.escalation.use_cases import PromiseGiven
from discount_broker.kernel.business_time import CLOSES, OPENS, ZONE_OF_COUNTRY, Calendar, zone_of
from discount_broker.web.desk_forms import DeskForm, MomentField, from_local
from discount_broker.web.desk_promises_doubts import DoubtsField
from discount_broker.web.desk_words import PROMISE_KINDS
from discount_broker.web.filters import moment_in_words
from discount_broker.web.language import reader_zone

if TYPE_CHECKING:
    from discount_broker.shops.models import Shop, ShopPerson

BY_SHOP = (PromiseKind.CALL_BUYER, PromiseKind.CALL_US, PromiseKind.SEND_OFFER, PromiseKind.ANSWER_BY_MAIL)
BY_US = (PromiseKind.CALL_SHOP, PromiseKind.ANSWER_BY_MAIL)
LOCAL = "%Y-%m-%dT%H:%M"
TIMES_OF_DAY = (10, 12, 15, 17)
"""Full hours people name, by the shop's clock."""


def shop_zone(country: str | None) -> ZoneInfo:
    """By which clock times with this shop are told; by the reader's where nobody knows the shop's."""
    return zone_of(country) if country in ZONE_OF_COUNTRY else reader_zone()[0]


def _choice(side: PromiseSide, kind: PromiseKind, who: LazyString) -> SelectChoice:
    return SelectChoice(f"{side}:{kind}", PROMISE_KINDS[kind], optgroup=who)


class TimeForm(DeskForm):
    """By when: picked from the times people name, or typed; both by the shop's clock."""

    given_when = SelectField(_l("By when"), validate_choice=False)
    given_due_at = MomentField(_l("By another time"), validators=[Optional()])
    confirmed_doubts = DoubtsField()

    zone: ZoneInfo
    calendar: Calendar

    def by_clock_of(self, shop: "Shop", now: datetime) -> None:
        """Fill the list of usual times, each told by the shop's clock and by the reader's."""
        self.calendar, self.zone = shop.calendar, shop_zone(shop.country)
        usual = [SelectChoice(_written(at, self.zone), told(at, self.zone, now)) for at in self._usual(now)]
        self.given_when.choices = [SelectChoice("", gettext("choose…")), *usual]

    def _usual(self, now: datetime) -> list[datetime]:
        here = now.astimezone(self.zone).replace(minute=0, second=0, microsecond=0)
        days = [here + timedelta(days=n) for n in range(7)]
        working = [day for day in days if self.calendar.open_on(day.date())][:3]
        times = [here + timedelta(hours=2), *(day.replace(hour=h) for day in working for h in TIMES_OF_DAY)]
        later = [at for at in times if at > now and self._is_open_at(at)]
        return sorted(at.astimezone(UTC) for at in dict.fromkeys(later))

    def _is_open_at(self, at: datetime) -> bool:
        opens, closes = self.calendar.open_on(at.date()) or (OPENS, CLOSES)
        return opens <= at.time() <= closes

    @property
    def due_at(self) -> datetime | None:
        """What was typed counts before what was picked."""
        typed = self.given_due_at.data or _read(self.given_when.data)
        return from_local(typed, self.zone)

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        return (self.due_at is not None or self.wrong("given_due_at", "time_missing")) and is_right


class GivenForm(TimeForm):
    """A promise that was made without a call, or that one of us made."""

    given_kind = SelectField(
        _l("Who will do what"),
        choices=[
            *(_choice(PromiseSide.SHOP, kind, _l("The shop will")) for kind in BY_SHOP),
            *(_choice(PromiseSide.US, kind, _l("We will")) for kind in BY_US),
        ],
        validators=[InputRequired(_l("Please say what was promised."))],
    )
    given_by = StringField(_l("Who at the shop"), validators=[Length(max=200)])
    given_person = SelectField(_l("Known there"), validate_choice=False)

    def know(self, people: "Sequence[ShopPerson]") -> None:
        nobody = SelectChoice("", gettext("somebody else"))
        self.given_person.choices = [nobody, *(SelectChoice(str(one.id), one.name) for one in people)]

    def given(self) -> PromiseGiven:
        side, _, kind = self.given_kind.data.partition(":")
        due_at, known = self.due_at, self._person()
        assert due_at is not None, "the form has been validated"
        return PromiseGiven(
            kind=PromiseKind(kind),
            side=PromiseSide(side),
            due_at=due_at,
            promised_by=self.given_by.data or (str(known.label) if known else ""),
            person_id=UUID(str(known.value)) if known else None,
        )

    def _person(self) -> SelectChoice | None:
        """Whoever was picked of the people who were offered."""
        picked = self.given_person.data
        return next((one for one in self.given_person.choices if picked and one.value == picked), None)


class MoveForm(TimeForm):
    """Another time was agreed."""


def told(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A time by the shop's clock, and by the reader's where that shows another one."""
    there, here = at.astimezone(zone), at.astimezone(reader_zone()[0])
    if there.replace(tzinfo=None) == here.replace(tzinfo=None):
        return moment_in_words(at, now)
    locale = get_locale() or "en"
    at_shop = format_datetime(there, "EEE d MMM, HH:mm", zone, locale)
    pattern = "HH:mm" if there.date() == here.date() else "EEE HH:mm"
    own = format_datetime(here, pattern, here.tzinfo, locale)
    return str(gettext("%(time)s at the shop (%(own)s for you)", time=at_shop, own=own))


def _written(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime(LOCAL)


def _read(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at.replace(tzinfo=None) if 1971 <= at.year < 9990 else None
