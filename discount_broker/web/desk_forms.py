"""What operators type: a call, a pause, an ending. Times are read in the zone the page names."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.escalation.rules import CallReport
from discount_broker.escalation.status import CallResult, Ending, PromiseKind
from discount_broker.web.desk_words import ENDINGS, PROMISE_KINDS, REFUSALS, RESULTS
from discount_broker.web.filters import moment_in_words
from discount_broker.web.forms import NumberField, PageForm
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


class CallForm(DeskForm):
    """A call, written down right after it; a time may be picked from the list or typed."""

    result = RadioField(
        _l("What came of it?"),
        choices=[SelectChoice(result.value, RESULTS[result]) for result in CallResult],
        validators=[InputRequired(_l("Please choose what came of the call."))],
    )
    person = StringField(_l("Who answered"), validators=[Length(max=200)])
    minutes = NumberField(_l("Minutes"), validators=[Length(max=6)])
    started_at = MomentField(
        _l("Began at"), validators=[InputRequired(_l("Please say when the call began."))]
    )
    note = TextAreaField(_l("Note"), validators=[Length(max=2000)])
    promise_kind = SelectField(
        _l("To do what"),
        choices=[
            SelectChoice("", _l("nothing")),
            *[SelectChoice(kind.value, PROMISE_KINDS[kind]) for kind in PromiseKind],
        ],
        validate_choice=False,
    )
    promise_when = SelectField(_l("By when"), validate_choice=False)
    promise_due_at = MomentField(_l("By another time"), validators=[Optional()])
    next_when = SelectField(_l("Next attempt"), validate_choice=False)
    next_action_at = MomentField(_l("At another time"), validators=[Optional()])

    def offer_times(self, now: datetime) -> None:
        """Fill the lists of usual times, each named by day and clock."""
        usual = [SelectChoice(to_local(at), moment_in_words(at, now)) for at in usual_times(now)]
        self.promise_when.choices = [SelectChoice("", gettext("choose…")), *usual]
        self.next_when.choices = [SelectChoice("", gettext("in two hours")), *usual]

    def report(self) -> CallReport:
        promised = self.promise_kind.data
        minutes, started_at = self.minutes.number, self.started_at.moment
        assert started_at is not None, "the form has been validated"
        return CallReport(
            started_at=started_at,
            # Anything that is no number is out of range, and refused with the sentence for that.
            minutes=int(minutes) if minutes is not None and abs(minutes) < 10_000 else -1,
            result=CallResult(self.result.data),
            person=self.person.data or "",
            note=self.note.data or "",
            promise_kind=PromiseKind(promised) if promised in {*PromiseKind} else None,
            promise_due_at=self.promise_due_at.moment or picked(self.promise_when.data),
            next_action_at=self.next_action_at.moment or picked(self.next_when.data),
        )


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
