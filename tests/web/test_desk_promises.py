"""Promises on the page of a case: written down, asked about, moved, taken back."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.status import PromiseKind, PromiseSide, PromiseStatus
from discount_broker.kernel.business_time import is_working_day
from discount_broker.kernel.db import db
from tests.builders import a_case, a_shop, an_operator, an_outreach, saved, take_in_hand
from tests.web.conftest import Browser

MOSCOW = ZoneInfo("Europe/Moscow")
HOUR = timedelta(hours=1)


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def desk(client: Browser, olga: Operator) -> Browser:
    """Olga's browser, whose clock runs in Berlin."""
    client.set_cookie("zone", "Europe/Berlin", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{olga.id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def case(now: datetime) -> EscalationCase:
    shop = a_shop(now, "tools.ru", name="Tools")
    return a_case(now, an_outreach(now, shop=shop, status="exhausted", exhausted_why="silence"))


def at_shop(now: datetime, hour: int, minute: int = 0, *, works: bool = True) -> datetime:
    """That time of the next day on which shops in Russia work, or do not."""
    day = now.astimezone(MOSCOW).date() + timedelta(days=1)
    while is_working_day(day, "RU") != works:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour, minute), MOSCOW)


def typed(at: datetime) -> str:
    return at.astimezone(MOSCOW).strftime("%Y-%m-%dT%H:%M")


def promises() -> list[Promise]:
    db.session.expire_all()
    return db.session.query(Promise).order_by(Promise.made_at).all()


def path(case: EscalationCase, more: str = "") -> str:
    return f"/desk/cases/{case.id}/promises{more}"


def fields(at: datetime, **more: str) -> dict[str, str]:
    return {"given_kind": "shop:call_buyer", "given_by": "Ivan, sales", "given_due_at": typed(at), **more}


def a_promise(case: EscalationCase, now: datetime, **given: object) -> Promise:
    facts = {"outreach_id": case.outreach_id, "kind": PromiseKind.SEND_OFFER, "made_at": now - 3 * HOUR}
    return saved(Promise(**{**facts, "due_at": now + HOUR, **given}))  # type: ignore[arg-type]


def test_a_time_is_meant_by_the_shops_clock_and_told_by_both(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    due_at = at_shop(now, 15)
    answer = desk.press(path(case), **fields(due_at))
    assert answer.status_code == 302
    (promise,) = promises()
    assert (promise.due_at, promise.promised_by) == (due_at.astimezone(UTC), "Ivan, sales")
    assert (promise.kind, promise.side) == (PromiseKind.CALL_BUYER, PromiseSide.SHOP)
    page = desk.get(f"/desk/cases/{case.id}").text
    assert f"{due_at:%a} {due_at.day} {due_at:%b, %H:%M} at the shop" in page
    assert "for you)" in page


@pytest.mark.parametrize(
    ("hour", "works", "question"),
    [
        (19, True, "19:30 is after closing at the shop (18:00 in Moscow)."),
        (7, True, "07:30 is before the shop opens (09:00 in Moscow)."),
        (12, False, "is a day off at the shop (Moscow)."),
    ],
)
def test_an_odd_time_is_asked_about_and_kept_by_one_press(
    desk: Browser, case: EscalationCase, now: datetime, hour: int, works: bool, question: str
) -> None:
    sent = fields(at_shop(now, hour, 30, works=works))
    asked = desk.press(path(case), **sent)
    assert asked.status_code == 422
    assert question in asked.text
    assert "Keep it anyway" in asked.text
    assert 'value="Ivan, sales"' in asked.text, "nothing typed is lost"
    assert f'value="{sent["given_due_at"]}"' in asked.text
    assert promises() == []
    key = asked.text.split('name="confirmed_doubts" value="')[1].split('"')[0]
    assert desk.press(path(case), **sent, confirmed_doubts=key).status_code == 302
    assert len(promises()) == 1


def test_who_changes_the_time_is_asked_anew(desk: Browser, case: EscalationCase, now: datetime) -> None:
    asked = desk.press(path(case), **fields(at_shop(now, 19)))
    key = asked.text.split('name="confirmed_doubts" value="')[1].split('"')[0]
    assert (
        "20:00 is after closing"
        in desk.press(path(case), **fields(at_shop(now, 20)), confirmed_doubts=key).text
    )
    assert promises() == []


def test_a_time_that_has_passed_is_kept_as_missed(desk: Browser, case: EscalationCase, now: datetime) -> None:
    sent = fields(now - 5 * HOUR)
    asked = desk.press(path(case), **sent)
    assert asked.status_code == 422
    assert "has passed. Was it promised for then, and missed?" in asked.text
    assert "Keep it, as missed" in asked.text
    key = asked.text.split('name="confirmed_doubts" value="')[1].split('"')[0]
    desk.press(path(case), **sent, confirmed_doubts=key)
    (promise,) = promises()
    assert promise.status is PromiseStatus.BROKEN


@pytest.mark.parametrize("sent", [{}, {"given_due_at": "soon"}, {"given_when": "0001-01-01T00:00"}])
def test_without_a_time_it_is_no_promise(desk: Browser, case: EscalationCase, sent: dict[str, str]) -> None:
    assert desk.press(path(case), given_kind="shop:call_us", **sent).status_code == 422
    assert promises() == []


@pytest.mark.parametrize("kind", ["", "shop:call_shop", "us:call_us", "nonsense"])
def test_what_nobody_offers_is_not_taken(
    desk: Browser, case: EscalationCase, now: datetime, kind: str
) -> None:
    assert desk.press(path(case), **fields(at_shop(now, 12), given_kind=kind)).status_code == 422
    assert promises() == []


def test_ours_are_ours(desk: Browser, case: EscalationCase, olga: Operator, now: datetime) -> None:
    desk.press(path(case), **fields(at_shop(now, 12), given_kind="us:call_shop"))
    (promise,) = promises()
    assert (promise.side, promise.operator_id) == (PromiseSide.US, olga.id)
    assert "given by Olga" in desk.get(f"/desk/cases/{case.id}").text


def test_a_picked_time_is_the_shops_too(desk: Browser, case: EscalationCase, now: datetime) -> None:
    desk.press(path(case), given_kind="shop:call_us", given_when=typed(at_shop(now, 12)))
    (promise,) = promises()
    assert promise.due_at == at_shop(now, 12).astimezone(UTC)


def test_another_time_was_agreed(desk: Browser, case: EscalationCase, now: datetime) -> None:
    promise = a_promise(case, now)
    assert "until now by" in desk.get(path(case, f"/{promise.id}/move")).text
    asked = desk.press(path(case, f"/{promise.id}/move"), given_due_at=typed(at_shop(now, 21)))
    assert "21:00 is after closing" in asked.text
    desk.press(path(case, f"/{promise.id}/move"), given_due_at=typed(at_shop(now, 10)))
    assert [one.status for one in promises()] == [PromiseStatus.WITHDRAWN, PromiseStatus.PENDING]
    again = desk.press(path(case, f"/{promise.id}/move"), given_due_at=typed(at_shop(now, 11)))
    assert "was settled before" in desk.get(again.location).text


def test_it_is_taken_back_once(desk: Browser, case: EscalationCase, now: datetime) -> None:
    promise = a_promise(case, now)
    for words in ("nobody waits for it any more", "was settled before"):
        assert words in desk.get(desk.press(path(case, f"/{promise.id}/withdraw")).location).text
    assert promises()[0].status is PromiseStatus.WITHDRAWN


def test_in_other_hands_nothing_is_taken_and_nothing_typed_is_lost(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    promise = a_promise(case, now)
    take_in_hand(case, an_operator(now, name="Vera"), now)
    for answer in (
        desk.press(path(case), **fields(at_shop(now, 12))),
        desk.press(path(case, f"/{promise.id}/move"), given_due_at=typed(at_shop(now, 12))),
    ):
        assert answer.status_code == 409
        assert f'value="{typed(at_shop(now, 12))}"' in answer.text
    answer = desk.press(path(case, f"/{promise.id}"), kept="yes", evidence="Ivan rang Olga")
    assert (answer.status_code, "Nothing was changed" in answer.text) == (409, True)
    assert 'value="Ivan rang Olga"' in answer.text
    answer = desk.press(path(case, f"/{promise.id}/withdraw"))
    assert "Nothing was changed" in desk.get(answer.location).text
    assert [one.status for one in promises()] == [PromiseStatus.PENDING]


def test_a_promise_of_another_case_is_not_found(desk: Browser, case: EscalationCase, now: datetime) -> None:
    other = a_promise(a_case(now), now)
    assert desk.get(path(case, f"/{other.id}/move")).status_code == 404
    assert desk.press(path(case, f"/{other.id}/withdraw")).status_code == 404
    assert desk.press(path(case, f"/{uuid4()}/move"), given_due_at=typed(now)).status_code == 404


def test_the_page_tells_how_late_and_what_showed_it(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    late = {"status": PromiseStatus.LATE, "settled_at": now, "evidence": "buyer"}
    a_promise(case, now, due_at=now - 2 * HOUR, **late)
    page = desk.get(f"/desk/cases/{case.id}").text
    assert "2 hours late: the buyer said so" in page


def test_strangers_and_buyers_do_not_get_in(client: Browser, case: EscalationCase, now: datetime) -> None:
    promise = a_promise(case, now)
    for more in ("", f"/{promise.id}", f"/{promise.id}/move", f"/{promise.id}/withdraw"):
        assert "/staff" in client.press(path(case, more)).location
        assert client.post(path(case, more)).status_code == 400, "nor without a token"
    assert promises()[0].status is PromiseStatus.PENDING


def test_what_i_promised_for_today_stands_above_my_rows(
    desk: Browser, case: EscalationCase, olga: Operator, now: datetime
) -> None:
    ours = {"kind": PromiseKind.CALL_SHOP, "side": PromiseSide.US, "promised_to": "shop"}
    a_promise(case, now, due_at=now + timedelta(seconds=1), operator_id=olga.id, **ours)
    for view, is_told in (("mine", True), ("promises", True), ("due", False)):
        page = desk.get(f"/desk/?view={view}").text
        assert ("You promised" in page) == is_told
    a_promise(case, now, due_at=now, operator_id=an_operator(now).id, **ours)
    assert desk.get("/desk/?view=mine").text.count("Call the shop again") == 1
