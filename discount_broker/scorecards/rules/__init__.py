"""What a shop's past comes to. Pure."""

from discount_broker.scorecards.rules.counting import COUNTED, LEFT_OUT, Dealing, counts
from discount_broker.scorecards.rules.drawing import (
    UP_TO,
    WITHIN,
    Month,
    by_discount,
    by_month,
    by_time,
)
from discount_broker.scorecards.rules.forecasting import Forecast, forecast_from
from discount_broker.scorecards.rules.judging import ENOUGH, GOOD_SHARE, is_good, least_share, wilson
from discount_broker.scorecards.rules.records import (
    PromiseOutcome,
    PromiseRecord,
    Record,
    middle_half,
    promise_record_of,
    record_of,
)
from discount_broker.scorecards.rules.replying import LONGEST_REPLY, MOST_UNREAD

__all__ = [
    "COUNTED",
    "ENOUGH",
    "GOOD_SHARE",
    "LEFT_OUT",
    "LONGEST_REPLY",
    "MOST_UNREAD",
    "UP_TO",
    "WITHIN",
    "Dealing",
    "Forecast",
    "Month",
    "PromiseOutcome",
    "PromiseRecord",
    "Record",
    "by_discount",
    "by_month",
    "by_time",
    "counts",
    "forecast_from",
    "is_good",
    "least_share",
    "middle_half",
    "promise_record_of",
    "record_of",
    "wilson",
]
