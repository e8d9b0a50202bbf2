"""The judge of the fault test finds what is lost and what is doubled."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from discount_broker.messaging.status import ChannelKind, DeliveryStatus
from tests.faults.judge import Asked, Letter, Seen, judge
from tests.faults.plan import Act, make_plan

MAIL = Letter("<1@in>", "shop_request", ChannelKind.EMAIL, "sales@tools.example", DeliveryStatus.SENT)
FORM = Letter(
    "https://tools.example/",
    "shop_request",
    ChannelKind.WEB_FORM,
    "https://tools.example/",
    DeliveryStatus.SENT,
)


def a_mail_came_in(copies: int = 1) -> Seen:
    return Seen(mails=Counter({(MAIL.address, MAIL.key): copies}))


def a_form_came_in(times: int = 1) -> Seen:
    return Seen(posts=Counter({FORM.key: times}))


def faults(seen: Seen, *letters: Letter, is_with_people: bool = False) -> str:
    return "; ".join(judge([Asked("R-1", letters, is_with_people)], [], seen).faults)


def test_what_was_sent_once_is_well() -> None:
    assert not faults(a_mail_came_in(), MAIL)
    assert not faults(a_form_came_in(), FORM)


def test_a_mail_may_come_twice_under_one_message_id_and_is_counted() -> None:
    verdict = judge([Asked("R-1", (MAIL,))], [], a_mail_came_in(2))
    assert not verdict.faults
    assert verdict.repeated == 1
    assert verdict.fates == {"sent": 1}


def test_a_second_mail_under_another_message_id_is_a_double() -> None:
    seen = a_mail_came_in()
    seen.mails[MAIL.address, "<2@in>"] = 1
    assert "no letter of ours" in faults(seen, MAIL)


def test_the_same_letter_written_twice_is_a_double() -> None:
    seen = a_mail_came_in()
    seen.mails[MAIL.address, "<2@in>"] = 1
    assert "written 2 times" in faults(seen, MAIL, replace(MAIL, key="<2@in>"))


def test_a_form_sent_twice_is_a_double_whatever_the_row_says() -> None:
    assert "2 times" in faults(a_form_came_in(2), FORM)
    unknown = replace(FORM, status=DeliveryStatus.UNKNOWN)
    assert "2 times" in faults(a_form_came_in(2), unknown, is_with_people=True)


def test_a_form_that_was_sent_and_is_queued_will_be_a_double() -> None:
    assert "will be again" in faults(a_form_came_in(), replace(FORM, status=DeliveryStatus.QUEUED))


def test_sent_says_the_row_and_nothing_came_in_is_a_loss() -> None:
    assert "never arrived" in faults(Seen(), MAIL)
    assert "never arrived" in faults(Seen(), FORM)


def test_a_request_without_a_letter_is_a_loss() -> None:
    assert "nobody was asked" in faults(Seen())


@pytest.mark.parametrize("status", [DeliveryStatus.SENDING, DeliveryStatus.FAILED])
def test_what_is_stuck_or_given_up_is_a_loss(status: DeliveryStatus) -> None:
    assert faults(Seen(), replace(MAIL, status=status))


def test_what_nobody_knows_of_must_be_with_people() -> None:
    unknown = replace(FORM, status=DeliveryStatus.UNKNOWN)
    assert "no person is told" in faults(a_form_came_in(), unknown)
    assert not faults(a_form_came_in(), unknown, is_with_people=True)


def test_a_letter_to_a_buyer_counts_too() -> None:
    lost = replace(MAIL, template="asked_shops", address="buyer@mail.example")
    assert judge([], [lost], Seen()).faults


def test_the_same_seed_makes_the_same_plan_and_leaves_out_no_blow_and_no_request() -> None:
    plan = make_plan(Random(7), outreaches=200, blows=40)
    assert plan == make_plan(Random(7), outreaches=200, blows=40)
    assert {blow.act for blow in plan} == set(Act)
    assert sum(blow.amount for blow in plan if blow.act is Act.ARRIVE) == 200
