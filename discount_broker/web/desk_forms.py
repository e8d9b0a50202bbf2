"""What operators type: a call, a pause, an ending. Times are read in the zone the page names."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from discount_broker.escalation.status import Ending
from discount_broker.web.desk_words import ENDINGS, REFUSALS
from discount_broker.web.filters import moment_in_words
from discount_broker.web.forms import PageForm
from discount_broker.web.language import reader_zone

LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""How browsers write a local time; the first is how we write it."""

YEARS = range(1971, 9990)
"""At the ends of the calendar there are times that no other zone can tell."""


class MomentField(DateTimeLocalField):
    """A moment on the operator's clock; `moment` is what it means."""

    data: datetime | None

    def __init__(self, label: object, **more: object) -> None:
        super().__init__(label, format=LOCAL, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(REFUSALS["time_missing"])

    @property
    def moment(self) -> datetime | None:
        return from_local(self.data, reader_zone()[0])


class DeskForm(PageForm):
    own_refusals = REFUSALS


class SnoozeForm(DeskForm):
    when = SelectField(_l("Until"), validate_choice=False)
    until = MomentField(_l("Until another time"), validators=[Optional()])

    def offer_times(self, now: datetime) -> None:
        self.when.choices = [SelectChoice(to_local(at), moment_in_words(at, now)) for at in usual_times(now)]

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and (
            self.moment() is not None or self.wrong("until", "time_missing")
        )

    def moment(self) -> datetime | None:
        return self.until.moment or picked(self.when.data)


class CloseForm(DeskForm):
    ending = RadioField(
        _l("How does it end?"),
        choices=[SelectChoice(ending.value, ENDINGS[ending]) for ending in Ending],
        validators=[InputRequired(_l("Please choose how the case ends."))],
    )


def usual_times(now: datetime) -> list[datetime]:
    """Times people name on the phone: in an hour or three, this evening, tomorrow, next week."""
    zone, _ = reader_zone()
    here = now.astimezone(zone).replace(second=0, microsecond=0)
    soon = here.replace(minute=here.minute // 15 * 15)
    days = [
        (0, 12), (0, 15), (0, 18), (1, 10), (1, 12), (1, 18), (2, 12), (3, 12), (7, 10)
    ]  # fmt: skip
    fixed = [(here + timedelta(days=day)).replace(hour=hour, minute=0) for day, hour in days]
    times = {soon + timedelta(hours=1), soon + timedelta(hours=3), *fixed}
    return sorted(at.astimezone(UTC) for at in times if at > here)


def to_local(at: datetime) -> str:
    return at.astimezone(reader_zone()[0]).strftime(LOCAL[0])


def from_local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.replace(tzinfo=zone).astimezone(UTC) if at is not None else None


def picked(text: str | None) -> datetime | None:
    """The moment of a list's entry, as a browser sends it back."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if at.year not in YEARS:
        return None
    return at.astimezone(UTC) if at.tzinfo else from_local(at, reader_zone()[0])
