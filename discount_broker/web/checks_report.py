"""What a check found, on one page and as PDF, compared with all shops that were checked."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typst
from flask import Response, abort
from flask_babel import gettext, ngettext

from discount_broker.checks.queries import list_field_results, result_of
from discount_broker.checks.rules import Field, Result, field_of
from discount_broker.checks.status import CheckStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.site import site
from discount_broker.messaging.rendering import TEMPLATES
from discount_broker.shops.status import ContactKind
from discount_broker.web.desk import span
from discount_broker.web.desk_checks_words import QUESTIONS
from discount_broker.web.filters import day, moment_in_words
from discount_broker.web.language import spoken_language

if TYPE_CHECKING:
    from discount_broker.checks.models import ResponseCheck

GOOD, BAD, NEUTRAL = "good", "bad", "rest"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that was looked at, and how it went."""

    label: str
    told: str
    tone: str
    field: str
    """How it went with the others; empty where they are too few."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of the picture: a time, and its length in per cent of the longest."""

    label: str
    told: str
    length: int
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that stands on the page and in the PDF, in the reader's language."""

    service: str
    title: str
    shop: str
    when: str
    question_head: str
    question: str
    door: str
    """Where it was asked."""
    lines: list[Line]
    picture: str
    bars: list[Bar]
    compared: str
    how: str


def report_of(check: "ResponseCheck") -> Report:
    """The report of a check that is done; there is none of another."""
    if check.status is not CheckStatus.DONE or check.asked_at is None:
        abort(404)
    result, field = result_of(check), field_of(list_field_results())
    return Report(
        service=site().service_name,
        title=gettext("How you answered a question"),
        shop=check.shop.name or check.shop.domain,
        when=day(check.asked_at),
        question_head=gettext("We asked"),
        question=str(QUESTIONS.get(check.question, check.question)),
        door=_door(check),
        lines=_lines(result, field, is_form=_is_form(check)),
        picture=gettext("Time to the answer of a person"),
        bars=_bars(result, field),
        compared=_compared(field),
        how=gettext(
            "The clock began when our letter left. Half of the shops checked answered sooner than the middle "
            "one. One question says little of a shop: your score-card counts every request."
        ),
    )


def _is_form(check: "ResponseCheck") -> bool:
    return check.contact_point is not None and check.contact_point.kind is ContactKind.FORM


def _door(check: "ResponseCheck") -> str:
    if check.contact_point is None:
        return ""
    value = check.contact_point.value
    if _is_form(check):
        return str(gettext("through your form on %(page)s", page=value))
    return str(gettext("by e-mail to %(address)s", address=value))


def _compared(field: Field | None) -> str:
    if field is None:
        return str(gettext("Too few shops were checked to compare you with them."))
    told: str = ngettext(
        "Compared with %(num)d shop that was checked, yours among them; each with its last check.",
        "Compared with %(num)d shops that were checked, yours among them; each with its last check.",
        field.shops,
    )
    return told


def _lines(result: Result, field: Field | None, *, is_form: bool) -> list[Line]:
    yes, no = gettext("yes"), gettext("no")

    def of(number: int) -> str:
        told = gettext("%(part)d of %(all)d", part=number, all=field.shops) if field else ""
        return str(gettext("all: %(told)s", told=told)) if told else ""

    complete = gettext("not judged") if result.is_complete is None else yes if result.is_complete else no
    lines = [
        Line(label=gettext("The form took it") if is_form else gettext("The address exists"),
             told=yes if result.is_alive else no, tone=_tone(result.is_alive),
             field=of(field.alive) if field else ""),
        Line(label=gettext("A machine confirmed it"), told=span(result.acknowledgement_seconds) or no,
             tone=NEUTRAL, field=""),
        Line(label=gettext("A person answered"), told=span(result.answer_seconds) or no,
             tone=_tone(result.is_answered), field=of(field.answered) if field else ""),
        Line(label=gettext("The answer was complete"), told=complete,
             tone=_tone(result.is_complete), field=of(field.complete) if field else ""),
    ]  # fmt: skip
    if result.call_promised_at is not None:
        lines.append(_call(result, result.call_promised_at))
    return lines


def _call(result: Result, promised_at: datetime) -> Line:
    now = utcnow()
    promised = gettext("promised by %(time)s", time=moment_in_words(promised_at, now))
    came = gettext("never came")
    if result.called_at is not None:
        came = gettext("came %(time)s", time=moment_in_words(result.called_at, now))
    return Line(
        label=gettext("The promised call"), told=f"{promised}, {came}", tone=_tone(result.call_came), field=""
    )


def _tone(went_well: bool | None) -> str:
    return NEUTRAL if went_well is None else GOOD if went_well else BAD


def _bars(result: Result, field: Field | None) -> list[Bar]:
    median = field.median_answer_seconds if field else None
    times = [(gettext("You"), result.answer_seconds, True), (gettext("The middle shop"), median, False)]
    longest = max((seconds for _, seconds, _ in times if seconds is not None), default=0) or 1
    return [
        Bar(label=label, told=span(seconds), length=max(round(100 * seconds / longest), 2), is_own=is_own)
        for label, seconds, is_own in times
        if seconds is not None
    ]


def as_pdf(check: "ResponseCheck") -> Response:
    """The report as one sheet; whatever a shop calls itself is a fact of it and never markup."""
    facts: dict[str, Any] = {**asdict(report_of(check)), "language": spoken_language()}
    template = (TEMPLATES / "scorecards" / "report.typ").read_bytes()
    sheet = typst.compile(template, ignore_system_fonts=True, sys_inputs={"facts": json.dumps(facts)})
    answer = Response(sheet, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename=check-{check.shop.domain}-{check.round}.pdf"
    return answer
