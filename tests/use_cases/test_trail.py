"""What people change outside of cases stands in the audit trail too: by name, and without addresses."""

from datetime import datetime, timedelta

from flask import Flask

from discount_broker.accounts.models import AuditEntry
from discount_broker.escalation.models import Review
from discount_broker.escalation.queries.trail import Place, Wanted, list_trail, trail_of_case
from discount_broker.escalation.status import Ending, ReviewKind
from discount_broker.escalation.use_cases import claim_case, close_case, flag_case, settle_review
from discount_broker.kernel.db import db
from discount_broker.outreach.use_cases import allow_again, forbid_for, hold_sending, lift_hold
from tests.builders import a_case, a_shop, an_operator, saved

HOUR = timedelta(hours=1)


def entries() -> list[AuditEntry]:
    return db.session.query(AuditEntry).order_by(AuditEntry.id).all()


def test_who_holds_back_and_who_lifts_it_is_kept(app: Flask, now: datetime) -> None:
    olga, vera = an_operator(now, name="Olga"), an_operator(now, name="Vera")
    hold_sending("channel:email", olga.id, "wrong texts", now)
    lift_hold("channel:email", vera.id, now + HOUR)
    assert [(one.what, one.operator and one.operator.name) for one in entries()] == [
        ("sending_held", "Olga"),
        ("hold_lifted", "Vera"),
    ]


def test_a_stop_is_kept_without_the_address_it_is_about(app: Flask, now: datetime) -> None:
    olga = an_operator(now)
    key = forbid_for("email", "Person@shop.example", "she rang", olga.id, now)
    allow_again(key, "she rang again", olga.id, now)
    assert [(one.what, one.facts) for one in entries()] == [
        ("stop_entered", {"stop": "email"}),
        ("stop_lifted", {"stop": "email"}),
    ]
    assert not any("person@" in f"{one.subject}{one.facts}" for one in entries())


def test_a_stopped_shop_is_named(app: Flask, now: datetime) -> None:
    shop = a_shop(now, "tools.ru")
    forbid_for("shop", "tools.ru", "they said so", an_operator(now).id, now)
    assert [one.shop_id for one in entries()] == [shop.id]


def test_a_task_is_looked_at_once(app: Flask, now: datetime) -> None:
    review = saved(Review(key="address_dead:1", kind=ReviewKind.ADDRESS_DEAD, created_at=now))
    for _ in range(2):
        settle_review(review.id, an_operator(now).id, now)
    assert [one.what for one in entries()] == ["task_settled"]


def test_the_trail_of_a_case_holds_its_own_changes_and_those_of_its_shop(app: Flask, now: datetime) -> None:
    olga, case, other = an_operator(now), a_case(now), a_case(now)
    claim_case(case.id, olga.id, now)
    flag_case(other.id, olga.id, "?", now)
    close_case(case.id, olga.id, Ending.UNREACHABLE, now)
    told = trail_of_case(case.id, case.outreach.shop_id)
    assert [line.what for line in told] == ["case_closed", "shop_taken"]
    assert told[0].number == case.outreach.discount_request.number
    assert len(trail_of_case(case.id, case.outreach.shop_id, 1)) == 1


def test_a_place_in_the_trail_can_be_written_and_read() -> None:
    for place in (Place(), Place(entry=7)):
        assert Place.read(str(place)) == place
    assert Place.read("nonsense") == Place()


def test_an_empty_trail_ends_at_once(app: Flask) -> None:
    assert list_trail(Wanted(), Place()) == ([], None)
