from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from discount_broker.cli.seed import seed_command
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.scorecards.models import ScoreCard
from discount_broker.shops.models import Shop
from tests.builders import a_shop, an_operator


def seeded(app: Flask, *arguments: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(seed_command, [*arguments], catch_exceptions=False)
    db.session.expire_all()
    return answer.exit_code, answer.output


def picture() -> list[tuple[Any, ...]]:
    """Everything about the cases that does not depend on the hour."""
    cases = db.session.query(EscalationCase).order_by(EscalationCase.id)
    return [
        (
            case.id, case.reason, case.status,
            case.outreach.shop.domain, case.outreach.discount_request.number,
            case.outreach.product_title, case.outreach.price, len(case.calls), len(case.outreach.steps),
        )
        for case in cases
    ]  # fmt: skip


def test_an_empty_database_gets_as_many_cases_as_asked_for(app: Flask) -> None:
    code, said = seeded(app, "--cases", "50")
    assert (code, "50 cases" in said) == (0, True)
    cases = db.session.query(EscalationCase).all()
    assert len(cases) == 50
    assert {case.status.value for case in cases} == {"open", "closed"}
    assert len({case.reason for case in cases}) >= 7
    assert {shop.language for shop in db.session.query(Shop)} == {"ru", "en"}
    assert Counter(d.status.value for d in db.session.query(Delivery)).keys() >= {"sent", "bounced", "failed"}
    assert {p.status.value for p in db.session.query(Promise)} >= {"pending", "broken"}
    assert db.session.query(ScoreCard).count() > 5


def test_the_same_seed_gives_the_same_desk_and_another_one_another(app: Flask) -> None:
    pictures = []
    for seed in ("7", "7", "8"):
        assert seeded(app, "--cases", "6", "--seed", seed)[0] == 0
        pictures.append(picture())
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]


def test_a_database_in_use_is_left_as_it_is(app: Flask, now: datetime) -> None:
    a_shop(now)
    code, said = seeded(app, "--cases", "3")
    assert code == 1
    assert "left as it is" in said
    assert db.session.query(EscalationCase).count() == 0


def test_operators_may_have_been_made_before(app: Flask, now: datetime) -> None:
    an_operator(now)
    assert seeded(app, "--cases", "3")[0] == 0


@pytest.mark.parametrize("cases", ["0", "-1", "many"])
def test_a_number_that_is_none_is_refused(app: Flask, cases: str) -> None:
    assert seeded(app, "--cases", cases)[0] == 2
