"""How a call goes: situations, and the turns that lead from one to the next or to an ending. Pure.

Every turn leads somewhere: to another situation, or to something that is written down.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from discount_broker.escalation.status import CallResult, PromiseKind


class Situation(StrEnum):
    """Where a call stands; the values are the keys of the texts."""

    PROMISE = "promise"
    """They promised something before, and it did not come."""
    FIRST_CALL = "first_call"
    SEND_A_MAIL = "send_a_mail"
    WRONG_PERSON = "wrong_person"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    REFUSES = "refuses"
    WHO_ARE_YOU = "who_are_you"
    BUYERS_NUMBER = "buyers_number"
    MAKES_OFFER = "makes_offer"
    CALL_BACK = "call_back"
    NOBODY = "nobody"


class Turn(StrEnum):
    """How it went: what the other side says or does next."""

    ASK_TO_MAIL = "ask_to_mail"
    NOT_MY_JOB = "not_my_job"
    PUT_THROUGH = "put_through"
    MANAGER_REACHED = "manager_reached"
    STEP_UP = "step_up"
    SAY_NO = "say_no"
    ASK_WHO = "ask_who"
    ASK_NUMBER = "ask_number"
    NAME_OFFER = "name_offer"
    ASK_LATER = "ask_later"
    NO_ANSWER = "no_answer"
    # Endings.
    NOBODY_THERE = "nobody_there"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    GAVE_ADDRESS = "gave_address"
    GAVE_NAME = "gave_name"
    GOT_NO_FURTHER = "got_no_further"
    WILL_ANSWER = "will_answer"
    WILL_SEND_OFFER = "will_send_offer"
    WILL_CALL_US = "will_call_us"
    WILL_CALL_BUYER = "will_call_buyer"
    CALL_AGAIN = "call_again"
    NO_FOR_GOOD = "no_for_good"
    NEVER_AGAIN = "never_again"
    OFFER_WRITTEN = "offer_written"


@dataclass(frozen=True)
class Ending:
    """What is written down at the end of a call."""

    result: CallResult
    promise: PromiseKind | None = None
    opens: str = "call"
    """Which form takes it from here: `call`, or `offer` for what was said on the phone."""


T, S, R, P = Turn, Situation, CallResult, PromiseKind

ENDINGS: Final[dict[Turn, Ending]] = {
    T.NOBODY_THERE: Ending(R.NO_ANSWER),
    T.BUSY: Ending(R.BUSY),
    T.WRONG_NUMBER: Ending(R.WRONG_NUMBER),
    T.GAVE_ADDRESS: Ending(R.GATEKEEPER),
    T.GAVE_NAME: Ending(R.GATEKEEPER),
    T.GOT_NO_FURTHER: Ending(R.GATEKEEPER),
    T.WILL_ANSWER: Ending(R.PROMISED, P.ANSWER_BY_MAIL),
    T.WILL_SEND_OFFER: Ending(R.PROMISED, P.SEND_OFFER),
    T.WILL_CALL_US: Ending(R.PROMISED, P.CALL_US),
    T.WILL_CALL_BUYER: Ending(R.PROMISED, P.CALL_BUYER),
    T.CALL_AGAIN: Ending(R.CALL_BACK),
    T.NO_FOR_GOOD: Ending(R.REFUSED),
    T.NEVER_AGAIN: Ending(R.STOP),
    T.OFFER_WRITTEN: Ending(R.OFFERED, opens="offer"),
}
NEXT: Final[dict[Turn, Situation]] = {
    T.ASK_TO_MAIL: S.SEND_A_MAIL,
    T.NOT_MY_JOB: S.WRONG_PERSON,
    T.PUT_THROUGH: S.MANAGER,
    T.MANAGER_REACHED: S.MANAGER,
    T.STEP_UP: S.SUPERVISOR,
    T.SAY_NO: S.REFUSES,
    T.ASK_WHO: S.WHO_ARE_YOU,
    T.ASK_NUMBER: S.BUYERS_NUMBER,
    T.NAME_OFFER: S.MAKES_OFFER,
    T.ASK_LATER: S.CALL_BACK,
    T.NO_ANSWER: S.NOBODY,
}
TURNS: Final[dict[Situation, tuple[Turn, ...]]] = {
    S.PROMISE: (
        T.STEP_UP, T.NAME_OFFER, T.WILL_ANSWER, T.SAY_NO, T.ASK_TO_MAIL, T.NOT_MY_JOB, T.ASK_WHO,
        T.ASK_LATER, T.NO_ANSWER,
    ),
    S.FIRST_CALL: (
        T.MANAGER_REACHED, T.ASK_TO_MAIL, T.NOT_MY_JOB, T.ASK_WHO, T.SAY_NO, T.NAME_OFFER, T.ASK_LATER,
        T.NO_ANSWER,
    ),
    S.SEND_A_MAIL: (T.GAVE_ADDRESS, T.WILL_ANSWER, T.PUT_THROUGH, T.STEP_UP, T.GOT_NO_FURTHER),
    S.WRONG_PERSON: (T.PUT_THROUGH, T.GAVE_NAME, T.STEP_UP, T.GOT_NO_FURTHER),
    S.MANAGER: (
        T.NAME_OFFER, T.SAY_NO, T.ASK_NUMBER, T.ASK_WHO, T.WILL_ANSWER, T.WILL_SEND_OFFER, T.ASK_LATER
    ),
    S.SUPERVISOR: (
        T.NAME_OFFER, T.SAY_NO, T.WILL_ANSWER, T.WILL_SEND_OFFER, T.ASK_LATER, T.GOT_NO_FURTHER
    ),
    S.REFUSES: (T.NAME_OFFER, T.NO_FOR_GOOD, T.NEVER_AGAIN, T.STEP_UP),
    S.WHO_ARE_YOU: (T.MANAGER_REACHED, T.ASK_NUMBER, T.ASK_TO_MAIL, T.NAME_OFFER, T.SAY_NO, T.NEVER_AGAIN),
    S.BUYERS_NUMBER: (T.WILL_CALL_BUYER, T.NAME_OFFER, T.WILL_CALL_US, T.SAY_NO),
    S.MAKES_OFFER: (T.OFFER_WRITTEN, T.ASK_NUMBER, T.WILL_SEND_OFFER),
    S.CALL_BACK: (T.CALL_AGAIN, T.WILL_CALL_US, T.GOT_NO_FURTHER),
    S.NOBODY: (T.NOBODY_THERE, T.BUSY, T.WRONG_NUMBER),
}  # fmt: skip


def opening(*, is_promise_missed: bool) -> Situation:
    """Where a call to this shop begins."""
    return S.PROMISE if is_promise_missed else S.FIRST_CALL


def situations(*, is_promise_missed: bool) -> list[Situation]:
    """Those a call to this shop can come to."""
    return [each for each in Situation if is_promise_missed or each is not S.PROMISE]


def situation_called(name: str | None, *, is_promise_missed: bool) -> Situation:
    """The situation a link names; the beginning for anything else."""
    here = {each.value: each for each in situations(is_promise_missed=is_promise_missed)}
    return here.get(name or "", opening(is_promise_missed=is_promise_missed))
