"""What operators type of a call: what came of it, with whom, for which cases, and what comes next."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.escalation.rules import CallReport, minutes_between
from discount_broker.escalation.status import CallDirection, CallResult, PromiseKind
from discount_broker.web.desk_forms import DeskForm, MomentField, picked, to_local, usual_times
from discount_broker.web.desk_page_lines import spoken_number
from discount_broker.web.desk_promises_doubts import DoubtsField
from discount_broker.web.desk_words import PROMISE_KINDS, RESULTS
from discount_broker.web.filters import moment_in_words
from discount_broker.web.forms import NumberField

if TYPE_CHECKING:
    from discount_broker.escalation.models import Call, EscalationCase, PhoneCall
    from discount_broker.shops.models import ShopPerson


class CallForm(DeskForm):
    """A call, written down with or without a clock; a time may be picked from the list or typed."""

    result = RadioField(
        _l("What came of it?"),
        choices=[SelectChoice(result.value, RESULTS[result]) for result in CallResult],
        validators=[InputRequired(_l("Please choose what came of the call."))],
    )
    person_id = SelectField(_l("Who answered"), validate_choice=False)
    person = StringField(_l("Name"), validators=[Length(max=200)])
    role = StringField(_l("Role"), validators=[Length(max=200)])
    direct_number = StringField(_l("Direct number"), validators=[Length(max=40)])
    number = SelectField(_l("Number"), validate_choice=False)
    is_incoming = BooleanField(_l("They called us"))
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
    also_for = SelectMultipleField(_l("The call was about"), validate_choice=False)
    call_id = HiddenField()
    phone_call_id = HiddenField()
    confirmed_doubts = DoubtsField()

    def offer_times(self, now: datetime) -> None:
        """Fill the lists of usual times, each named by day and clock."""
        usual = [SelectChoice(to_local(at), moment_in_words(at, now)) for at in usual_times(now)]
        self.promise_when.choices = [SelectChoice("", gettext("choose…")), *usual]
        self.next_when.choices = [SelectChoice("", gettext("in two hours")), *usual]

    def offer_people(self, people: "Sequence[ShopPerson]", numbers: Sequence[str]) -> None:
        """Fill the lists of whom and where we may have reached."""
        here = [person for person in people if person.left_at is None]
        names = [SelectChoice(str(person.id), _named(person)) for person in here]
        self.person_id.choices = [SelectChoice("", gettext("somebody else, or nobody")), *names]
        told = [number for number in (self.number.data,) if number]
        each = dict.fromkeys([*numbers, *(person.phone for person in here if person.phone), *told])
        shown = [SelectChoice(number, spoken_number(number)) for number in each]
        self.number.choices = [SelectChoice("", gettext("not noted")), *shown]

    def offer_cases(self, others: "Sequence[EscalationCase]") -> None:
        self.also_for.choices = [
            SelectChoice(str(case.id), case.outreach.discount_request.number) for case in others
        ]

    @property
    def promise_due(self) -> datetime | None:
        """By when something was promised; nothing where nothing was."""
        if self.promise_kind.data not in {*PromiseKind}:
            return None
        return self.promise_due_at.moment or picked(self.promise_when.data)

    def report(self, under_way: "Call | None", now: datetime) -> CallReport:
        promised = self.promise_kind.data
        started_at = self._began(under_way)
        return CallReport(
            started_at=started_at,
            minutes=self._minutes(under_way, started_at, now),
            result=CallResult(self.result.data),
            person=self.person.data or "",
            role=self.role.data or "",
            direct_number=self.direct_number.data or "",
            person_id=_id(self.person_id.data),
            number=self.number.data or "",
            direction=CallDirection.IN if self.is_incoming.data else CallDirection.OUT,
            note=self.note.data or "",
            promise_kind=PromiseKind(promised) if promised in {*PromiseKind} else None,
            promise_due_at=self.promise_due,
            next_action_at=self.next_action_at.moment or picked(self.next_when.data),
            also_for=tuple(filter(None, map(_id, self.also_for.data or []))),
            call_id=under_way.id if under_way else None,
            phone_call_id=_id(self.phone_call_id.data),
        )

    def _began(self, under_way: "Call | None") -> datetime:
        """To the second, where the clock told it and nobody corrected it."""
        typed = self.started_at.moment
        assert typed is not None, "the form has been validated"
        is_clocks = under_way is not None and to_local(under_way.started_at) == to_local(typed)
        return under_way.started_at if under_way is not None and is_clocks else typed

    def _minutes(self, under_way: "Call | None", started_at: datetime, now: datetime) -> int:
        if under_way is not None and not (self.minutes.data or "").strip():
            return minutes_between(started_at, now)
        minutes = self.minutes.number
        # Anything that is no number is out of range, and refused with the sentence for that.
        return int(minutes) if minutes is not None and abs(minutes) < 10_000 else -1


def begun(
    under_way: "Call | None", told: "PhoneCall | None", now: datetime, ending: dict[str, str]
) -> dict[str, Any]:
    """What stands in the form before anybody types: of the clock, of the exchange, and of the script."""
    started_at = told.started_at if told else under_way.started_at if under_way else now
    facts: dict[str, Any] = {"started_at": datetime.fromisoformat(to_local(started_at)), **ending}
    if told is not None:
        ends_at = told.ended_at
        facts |= {"number": told.number, "phone_call_id": str(told.id)}
        facts["is_incoming"] = told.direction is CallDirection.IN
        facts["minutes"] = str(minutes_between(told.answered_at or ends_at, ends_at)) if ends_at else ""
    elif under_way is not None:
        facts["number"] = under_way.number
    return facts


def _named(person: "ShopPerson") -> str:
    return ", ".join(filter(None, (person.name, person.role)))


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
