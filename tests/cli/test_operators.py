from datetime import datetime

import pytest
from flask import Flask

from discount_broker.accounts.models import Operator, Role
from discount_broker.accounts.use_cases import check_password
from discount_broker.kernel.db import db

PASSWORD = "a sentence of hers"


def make(app: Flask, *words: str, password: str = PASSWORD) -> tuple[int, str]:
    command = ["create-operator", "Olga@desk.example", "--name", "Olga", *words]
    done = app.test_cli_runner().invoke(args=command, env={"OPERATOR_PASSWORD": password})
    db.session.rollback()
    return done.exit_code, done.output + (done.stderr if done.stderr_bytes else "")


def test_an_account_is_made_and_made_anew(app: Flask) -> None:
    assert make(app)[0] == 0
    operator = db.session.query(Operator).one()
    assert (operator.email, operator.role) == ("olga@desk.example", Role.OPERATOR)
    operator.is_active = False
    db.session.commit()
    code, said = make(app, "--role", "admin", password="another sentence")
    assert (code, "can sign in at /staff/login" in said) == (0, True)
    known = check_password("olga@desk.example", "another sentence")
    assert known is not None
    assert known.role is Role.ADMIN


def test_a_second_factor_that_was_lost_is_taken_away_only_when_that_is_asked_for(
    app: Flask, now: datetime
) -> None:
    make(app)
    operator = db.session.query(Operator).one()
    operator.totp_secret, operator.totp_confirmed_at = "sealed", now
    db.session.commit()
    make(app)
    assert db.session.query(Operator).one().totp_confirmed_at is not None
    make(app, "--without-second-factor")
    assert db.session.query(Operator).one().totp_confirmed_at is None


@pytest.mark.parametrize(
    ("password", "says"),
    [("short", "at least 10"), ("password123", "first that anybody"), ("olga-1985-olga", "name or address")],
)
def test_a_weak_password_is_refused_in_a_sentence(app: Flask, password: str, says: str) -> None:
    code, said = make(app, password=password)
    assert code == 1
    assert says in said
    assert db.session.query(Operator).count() == 0


def test_the_last_admin_is_not_made_less(app: Flask) -> None:
    make(app, "--role", "admin")
    code, said = make(app, "--role", "lead")
    assert code == 1
    assert "only admin left" in said
