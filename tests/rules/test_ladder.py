"""Which door next, told as stories: doors, then what was taken so far, then what comes."""

from dataclasses import replace
from uuid import UUID, uuid5

import pytest

from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.rules import (
    Door,
    RungReason,
    TakenStep,
    ladder_ahead,
    next_rung,
    why_exhausted,
)
from discount_broker.shops.status import ContactKind

SENT, FAILED, UNKNOWN = DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN
BOUNCED, STOPPED = DeliveryStatus.BOUNCED, DeliveryStatus.STOPPED
KINDS = {"mail": ContactKind.EMAIL, "form": ContactKind.FORM}
SPACE = UUID(int=0)


def door(name: str) -> Door:
    """`mail1`, `form1`, or `captcha1` for a form that asks for one."""
    has_captcha = name.startswith("captcha")
    kind = ContactKind.FORM if has_captcha else KINDS[name[:4]]
    return Door(uuid5(SPACE, name), kind, has_captcha)


def taken(name: str, status: DeliveryStatus, *, again: bool = False) -> TakenStep:
    return TakenStep(door(name).id, door(name).kind, status, again)


def story(*steps: str) -> list[TakenStep]:
    """`mail1 sent`, or `mail1 sent again` for a reminder."""
    told = [step.split() for step in steps]
    return [taken(name, DeliveryStatus(status), again=bool(again)) for name, status, *again in told]


@pytest.mark.parametrize(
    ("doors", "steps", "comes"),
    [
        # The whole ladder of a silent shop.
        ("mail1 form1 mail2", [], "mail1"),
        ("mail1 form1 mail2", ["mail1 sent"], "form1"),
        ("mail1 form1 mail2", ["mail1 sent", "form1 sent"], "mail2"),
        ("mail1 form1 mail2", ["mail1 sent", "form1 sent", "mail2 sent"], "mail1 again"),
        ("mail1 form1 mail2", ["mail1 sent", "form1 sent", "mail2 sent", "mail1 sent again"], "people"),
        # At most three doors.
        ("mail1 mail2 mail3 mail4", ["mail1 sent", "mail2 sent", "mail3 sent"], "mail1 again"),
        # A door that is dead by now is not among the doors any more.
        ("form1", ["mail1 bounced"], "form1"),
        ("form1", ["mail1 bounced", "form1 sent"], "people"),
        ("mail2", ["mail1 bounced", "mail2 sent"], "mail2 again"),
        ("mail1 mail2", ["mail1 bounced", "mail2 sent"], "mail2 again"),
        ("", ["mail1 sent"], "people"),
        # What failed is not repeated, what may have arrived neither.
        ("mail1", ["mail1 failed"], "people"),
        ("form1 mail1", ["form1 unknown"], "mail1"),
        ("form1", ["form1 unknown"], "people"),
        ("mail1", ["mail1 unknown"], "people"),
        ("mail1", ["mail1 stopped"], "people"),
        # Only a mail can be sent a second time.
        ("form1", ["form1 sent"], "people"),
        ("mail1", ["mail1 sent"], "mail1 again"),
        # A reminder that failed was still the reminder.
        ("mail1", ["mail1 sent", "mail1 failed again"], "people"),
        # A captcha is for people.
        ("captcha1 mail1", [], "mail1"),
        ("captcha1", [], "people"),
        ("mail1 captcha1", ["mail1 sent"], "mail1 again"),
        ("", [], "people"),
    ],
)
def test_the_ladder(doors: str, steps: list[str], comes: str) -> None:
    rung = next_rung([door(name) for name in doors.split()], story(*steps))
    name, _, again = comes.partition(" ")
    expected = None if name == "people" else (door(name).id, bool(again))
    assert (rung and (rung.door_id, rung.is_reminder)) == expected


def test_every_ladder_ends() -> None:
    doors = [door(name) for name in ("mail1", "form1", "captcha1", "mail2", "form2", "mail3")]
    for status in (SENT, FAILED, BOUNCED, UNKNOWN, STOPPED):
        steps: list[TakenStep] = []
        while (rung := next_rung(doors, steps)) is not None:
            kind = next(d.kind for d in doors if d.id == rung.door_id)
            steps.append(TakenStep(rung.door_id, kind, status, rung.is_reminder))
            assert len(steps) <= 4
        assert len(steps) == (4 if status is SENT else 3)


@pytest.mark.parametrize(
    ("doors", "steps", "why"),
    [
        ("", [], "no_contact_points"),
        ("captcha1", [], "captcha"),
        ("captcha1", ["mail1 bounced"], "captcha"),
        ("", ["mail1 bounced", "form1 failed"], "doors_dead"),
        ("", ["mail1 stopped"], "doors_dead"),
        ("mail1", ["mail1 sent", "mail1 sent again"], "silence"),
        ("captcha1 mail1", ["mail1 sent", "mail1 sent again"], "silence"),
        ("form1", ["form1 unknown"], "outcome_unknown"),
        ("form1 mail1", ["form1 unknown", "mail1 sent", "mail1 sent again"], "outcome_unknown"),
    ],
)
def test_people_learn_why_they_are_needed(doors: str, steps: list[str], why: str) -> None:
    assert why_exhausted([door(name) for name in doors.split()], story(*steps)) == why


def test_the_likelier_door_comes_first_whatever_its_kind() -> None:
    mail, form = door("mail1"), replace(door("form1"), chance=0.5)
    rung = next_rung([mail, form], [])
    assert rung is not None
    assert (rung.door_id, rung.why) == (form.id, RungReason.ANSWERS_ELSEWHERE)


def test_what_answered_here_before_says_so() -> None:
    mail, form = door("mail1"), replace(door("form1"), chance=0.5, has_answered=True)
    rung = next_rung([mail, form], [])
    assert rung is not None
    assert rung.why is RungReason.ANSWERED_BEFORE


def test_a_persons_wish_stands_above_what_was_learnt_and_a_doubtful_door_below() -> None:
    wanted = replace(door("mail2"), is_preferred=True)
    likely = replace(door("form1"), chance=0.9)
    doubtful = replace(door("mail1"), chance=0.99, is_doubtful=True)
    order = [rung.door_id for rung in ladder_ahead([doubtful, likely, wanted], [])]
    assert order == [wanted.id, likely.id, doubtful.id, wanted.id]


def test_between_equals_the_standing_decides() -> None:
    mail, form = door("mail1"), door("form1")
    assert [rung.why for rung in ladder_ahead([mail, form], [])] == [
        RungReason.USUAL,
        RungReason.USUAL,
        RungReason.REMINDER,
    ]


def test_a_step_after_a_failure_says_why_it_comes() -> None:
    rung = next_rung([door("form1")], story("mail1 bounced"))
    assert rung is not None
    assert rung.why is RungReason.DOOR_FAILED
