"""A score-card as pictures: answers by month, how fast they come, what is given."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import get_locale, gettext, ngettext

from discount_broker.scorecards.rules import (
    UP_TO,
    WITHIN,
    Dealing,
    by_discount,
    by_month,
    by_time,
)
from discount_broker.web.filters import percent
from discount_broker.web.plots import Plot, Series, bars

HOURS_A_DAY = 24


def plots_of(dealings: Sequence[Dealing], zone: ZoneInfo) -> list[Plot]:
    return [_months(dealings, zone), _times(dealings), _discounts(dealings)]


def _months(dealings: Sequence[Dealing], zone: ZoneInfo) -> Plot:
    """Whether the shop answers more than it did, or less."""
    months = by_month(dealings, zone)
    labels = [_month(month.begins_on) for month in months]
    answers, none = gettext("answered"), gettext("no answer")
    answered = [month.answered for month in months]
    silent = [month.asked - month.answered for month in months]
    return Plot(
        name="months",
        title=gettext("Does it answer?"),
        gist=gettext("Requests: %(all)d, answered: %(part)d.", all=len(dealings), part=sum(answered)),
        head=[gettext("Month"), answers, none, gettext("share")],
        rows=[
            [label, month.answered, month.asked - month.answered, percent(Decimal(month.percent))]
            for label, month in zip(labels, months, strict=True)
        ],
        draw=lambda width: bars(
            width, labels, [Series(answers, "brand", answered), Series(none, "rest", silent)], is_stacked=True
        ),
        is_empty=not months,
    )


def _times(dealings: Sequence[Dealing]) -> Plot:
    """How long one waits for the first word of a person."""
    found = by_time(dealings)
    labels = [*map(_within, WITHIN), gettext("later"), gettext("never")]
    in_a_day = sum(found[: WITHIN.index(HOURS_A_DAY * 3600) + 1])
    return Plot(
        name="times",
        title=gettext("How soon does somebody answer?"),
        gist=gettext("Requests: %(all)d, answered within a day: %(part)d.", all=len(dealings), part=in_a_day),
        head=[gettext("First answer within"), gettext("requests")],
        rows=list(zip(labels, found, strict=True)),
        draw=lambda width: bars(width, labels, [Series(gettext("requests"), "brand", found)]),
        is_empty=not dealings,
    )


def _discounts(dealings: Sequence[Dealing]) -> Plot:
    """What its yes is worth."""
    found = by_discount(dealings)
    labels = [
        *(gettext("to %(percent)s", percent=percent(most)) for most in UP_TO),
        gettext("more"),
        gettext("no price"),
    ]
    return Plot(
        name="discounts",
        title=gettext("How much does it give?"),
        gist=ngettext("%(num)d offer was made.", "%(num)d offers were made.", sum(found)),
        head=[gettext("Discount"), gettext("offers")],
        rows=list(zip(labels, found, strict=True)),
        draw=lambda width: bars(width, labels, [Series(gettext("offers"), "good", found)]),
        is_empty=not any(found),
    )


def _month(begins_on: date) -> str:
    return format_date(begins_on, "LLL yy", locale=get_locale() or "en")


def _within(seconds: int) -> str:
    hours = seconds // 3600
    if hours < HOURS_A_DAY:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(ngettext("%(num)d day", "%(num)d days", hours // HOURS_A_DAY))
