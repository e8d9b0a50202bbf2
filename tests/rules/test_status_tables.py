"""Every status table as a drawing: rows are statuses, columns events, a dot is refused."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import pytest

from discount_broker.discount_requests import status as requests
from discount_broker.escalation import status as promises
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.messaging import status as deliveries
from discount_broker.offers import status as offers
from discount_broker.outreach import status as outreaches

Next = Callable[[Any, Any], StrEnum]

DELIVERY = """
           claimed   accepted  postponed refused   bounced   lost      stopped   expired
queued     sending   sent      .         .         .         .         stopped   failed
sending    .         sent      queued    failed    .         unknown   .         .
sent       .         .         .         .         bounced   .         .         .
bounced    .         .         .         .         bounced   .         .         .
failed     .         sent      .         .         bounced   .         .         .
unknown    .         sent      .         failed    bounced   .         .         .
stopped    .         sent      .         .         .         .         .         .
"""
REQUEST = """
             submitted   confirmed shops_chosen offer_made offers_gone offer_accepted closed
draft        unconfirmed .         .            .          .           .              .
unconfirmed  unconfirmed confirmed .            .          .           .              .
confirmed    .           .         asked        .          .           .              closed
asked        .           .         .            offered    .           .              closed
offered      .           .         .            offered    asked       accepted       closed
accepted     .           .         .            .          .           .              closed
closed       .           .         .            .          .           .              .
"""
OUTREACH = """
           asked     ladder_ended answered  declined  stopped   reconsidered reopened
planned    asked     exhausted    answered  declined  stopped   .            .
asked      asked     exhausted    answered  declined  stopped   .            .
exhausted  asked     .            answered  declined  stopped   .            .
answered   .         .            .         .         answered  .            .
declined   .         .            .         .         declined  answered     exhausted
stopped    .         .            .         .         stopped   .            exhausted
"""
PROMISE = """
           kept_in_time kept_late ran_out   withdrawn
pending    kept         late      broken    withdrawn
kept       .            .         .         .
late       .            .         .         .
broken     kept         late      .         .
withdrawn  .            .         .         .
"""
OFFER = """
           accepted  declined  expired   replaced
open       accepted  declined  expired   replaced
accepted   .         .         .         .
declined   .         .         .         .
expired    .         expired   .         replaced
replaced   .         .         .         .
"""
MACHINES: list[tuple[str, type[StrEnum], type[StrEnum], Next]] = [
    (DELIVERY, deliveries.DeliveryStatus, deliveries.DeliveryEvent, deliveries.next_status),
    (REQUEST, requests.RequestStatus, requests.RequestEvent, requests.next_status),
    (OUTREACH, outreaches.OutreachStatus, outreaches.OutreachEvent, outreaches.next_status),
    (PROMISE, promises.PromiseStatus, promises.PromiseEvent, promises.next_status),
    (OFFER, offers.OfferStatus, offers.OfferEvent, offers.next_status),
]
NAMES = ["delivery", "discount request", "outreach", "promise", "offer"]


def read(drawing: str) -> Mapping[tuple[str, str], str]:
    head, *rows = [line.split() for line in drawing.strip().splitlines()]
    return {(row[0], event): cell for row in rows for event, cell in zip(head, row[1:], strict=True)}


@pytest.mark.parametrize(("drawing", "statuses", "events", "next_status"), MACHINES, ids=NAMES)
def test_the_machine_is_the_one_drawn_here_and_everything_else_is_refused(
    drawing: str, statuses: type[StrEnum], events: type[StrEnum], next_status: Next
) -> None:
    drawn = read(drawing)
    assert set(drawn) == {(status, event) for status in statuses for event in events}
    for (status, event), cell in drawn.items():
        if cell == ".":
            with pytest.raises(IllegalTransition, match=event):
                next_status(statuses(status), events(event))
        else:
            assert next_status(statuses(status), events(event)) == cell, (status, event)


def test_an_answer_is_awaited_exactly_while_it_can_still_be_taken() -> None:
    drawn = read(OUTREACH)
    takes_answers = {status for (status, event), cell in drawn.items() if event == "answered" and cell != "."}
    assert takes_answers == outreaches.OPEN


def test_every_answer_but_a_refusal_and_what_puts_it_off_gives_something() -> None:
    gives_nothing = set(offers.AnswerKind) - offers.GIVES
    assert gives_nothing == {
        offers.AnswerKind(kind) for kind in ("call", "later", "forward", "not_now", "never")
    }


def test_an_illegal_step_says_what_was_tried_in_which_status() -> None:
    with pytest.raises(IllegalTransition, match="claimed is not possible while sent"):
        deliveries.next_status(deliveries.DeliveryStatus.SENT, deliveries.DeliveryEvent.CLAIMED)
