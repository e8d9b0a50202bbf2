"""Every page says who may open it, and refuses everybody else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import end_session
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.settings import Settings
from discount_broker.shops.models import ShopMember
from discount_broker.web.access import LIFETIMES, RANKS
from discount_broker.web.limits import limiter
from tests.builders import a_buyer, a_shop, an_operator, saved
from tests.web.conftest import Browser

SECRETS = {
    "telephony_secret": "a secret of the exchange, long enough",
    "twilio_voice_token": "token",
    "mailgun_key": "a key",
    "postmark_password": "mail:a password",
    "sendgrid_password": "mail:a password",
    "ses_topic": "arn:aws:sns:eu-west-1:123456789012:mail",
}
KNOWN = {
    "public",
    "buyer",
    "shop",
    "program",
    *(f"token:{purpose}" for purpose in Purpose),
    *(f"staff:{role}" for role in RANKS),
    *(f"provider:{setting}" for setting in SECRETS),
}


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def client(app: Flask) -> Browser:
    app.test_client_class = Browser
    made = app.test_client()
    assert isinstance(made, Browser)
    return made


def rules(app: Flask, prefix: str = "") -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        access = getattr(view, "__access__", "")
        if rule.endpoint != "static" and access.startswith(prefix):
            yield rule, access


@pytest.fixture(autouse=True)
def unhurried() -> Iterator[None]:
    """More links are tried here that open nothing than one address may."""
    limiter.enabled = False
    yield
    limiter.enabled = True


def opened(app: Flask, client: Browser, rule: Rule, token: str = "x") -> tuple[int, str]:
    """The status and target with which an address answers."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        values[name] = token if name == "token" else 1 if "Integer" in type(converter).__name__ else uuid4()
    with app.test_request_context():
        path = url_for(rule.endpoint, **values)
    answer = client.press(path) if "POST" in (rule.methods or ()) else client.get(path)
    return answer.status_code, answer.location or ""


def log_in(client: Browser, kind: str, row_id: UUID) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = f"{kind}:{row_id}"
        session["_fresh"] = True


def test_every_route_has_a_rule_of_access(app: Flask) -> None:
    without = [rule.rule for rule, access in rules(app) if access not in KNOWN]
    assert without == []


def test_every_secret_page_refuses_a_wrong_link(app: Flask, client: Browser) -> None:
    found = [*rules(app, "token:")]
    assert len(found) > 10
    for rule, access in found:
        for token in ("x", "a" * 48, issue_token(Purpose.BOUNCE, uuid4(), utcnow())):
            assert opened(app, client, rule, token)[0] == 404, (rule, access)


def test_every_secret_page_refuses_the_link_of_another_page(
    app: Flask, client: Browser, now: datetime
) -> None:
    for rule, access in rules(app, "token:"):
        for purpose in Purpose:
            if access != f"token:{purpose}":
                assert opened(app, client, rule, issue_token(purpose, uuid4(), now))[0] == 404, rule


def test_every_secret_page_with_a_term_refuses_an_old_link(
    app: Flask, client: Browser, now: datetime
) -> None:
    refused = 0
    for purpose, lifetime in LIFETIMES.items():
        old = issue_token(purpose, uuid4(), now - lifetime - timedelta(minutes=2))
        for rule, _ in rules(app, f"token:{purpose}"):
            assert opened(app, client, rule, old)[0] == 410, rule
            refused += 1
    assert refused > 5


def test_a_right_link_to_a_row_that_is_gone_is_refused(app: Flask, client: Browser, now: datetime) -> None:
    for rule, access in rules(app, "token:"):
        purpose = Purpose(access.partition(":")[2])
        if rule.endpoint != "accounts.open_link":  # shows a button and asks the database nothing
            assert opened(app, client, rule, issue_token(purpose, uuid4(), now))[0] in (302, 404), rule


def test_a_stranger_is_asked_to_log_in(app: Flask, client: Browser) -> None:
    for prefix, where in (("buyer", "/login"), ("shop", "/shop/claim"), ("staff:", "/staff/login")):
        for rule, _ in rules(app, prefix):
            status, location = opened(app, client, rule)
            assert (status, location.partition("?")[0]) == (302, where), rule


def test_only_people_of_a_shop_open_its_pages(app: Flask, client: Browser, now: datetime) -> None:
    for kind, row_id in (("buyer", a_buyer(now).id), ("operator", an_operator(now, role=Role.ADMIN).id)):
        log_in(client, kind, row_id)
        for rule, _ in rules(app, "shop"):
            assert opened(app, client, rule)[0] == 403, rule


def test_people_of_a_shop_open_neither_the_desk_nor_a_buyers_pages(
    app: Flask, client: Browser, now: datetime
) -> None:
    member = ShopMember(shop_id=a_shop(now).id, email="a@tools.example", created_at=now, proved_at=now)
    log_in(client, "shop", saved(member).id)
    for prefix in ("staff:", "buyer"):
        for rule, _ in rules(app, prefix):
            assert opened(app, client, rule)[0] == 403, rule


def test_a_buyer_may_not_open_the_desk(app: Flask, client: Browser, now: datetime) -> None:
    log_in(client, "buyer", a_buyer(now).id)
    for rule, _ in rules(app, "staff:"):
        assert opened(app, client, rule)[0] == 403, rule


def test_an_operator_may_not_open_the_pages_of_a_buyer(app: Flask, client: Browser, now: datetime) -> None:
    log_in(client, "operator", an_operator(now).id)
    for rule, _ in rules(app, "buyer"):
        assert opened(app, client, rule)[0] == 403, rule


def test_nobody_may_open_the_pages_of_a_higher_role(app: Flask, client: Browser, now: datetime) -> None:
    for role, rank in RANKS.items():
        log_in(client, "operator", an_operator(now, role=role).id)
        for rule, access in rules(app, "staff:"):
            if RANKS[access.partition(":")[2]] > rank:
                assert opened(app, client, rule)[0] == 403, (rule, role)


def test_every_page_of_the_desk_opens_for_its_role_and_those_above(
    app: Flask, client: Browser, now: datetime
) -> None:
    """Nobody is refused whom the rule lets in; what is not there is not found, and not forbidden."""
    tried = 0
    for role, rank in RANKS.items():
        for rule, access in rules(app, "staff:"):
            if RANKS[access.partition(":")[2]] <= rank:
                # Each with an operator of their own: some of these pages sign people out.
                log_in(client, "operator", an_operator(now, role=role).id)
                status, location = opened(app, client, rule)
                assert status != 403, (rule, role)
                assert not location.startswith("/staff/login"), (rule, role)
                tried += 1
    assert tried > 100


def test_a_browser_that_was_signed_out_elsewhere_is_a_strangers(
    app: Flask, client: Browser, now: datetime
) -> None:
    operator = an_operator(now, role="admin")
    end_session(operator.id, operator.id, now)
    for rule, _ in rules(app, "staff:"):
        log_in(client, "operator", operator.id)
        assert opened(app, client, rule)[0] == 302, rule


def test_an_operator_who_left_is_a_stranger(app: Flask, client: Browser, now: datetime) -> None:
    log_in(client, "operator", an_operator(now, is_active=False).id)
    for rule, _ in rules(app, "staff:"):
        assert opened(app, client, rule)[0] == 302, rule


def test_nobody_hands_over_mail_without_the_secret_of_a_provider(
    app: Flask, client: Browser, make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    for rule, _ in rules(app, "provider:"):
        assert opened(app, client, rule)[0] == 404, f"{rule} is open although nothing is set"
    opened_app = make_app(replace(settings, **SECRETS))
    found = [*rules(opened_app, "provider:")]
    assert len(found) > 5
    for rule, _ in found:
        for body in (b"", b"{}", b"[]", b'{"Type": "Notification"}', b"\xff" * 100):
            assert opened_app.test_client().post(rule.rule, data=body).status_code in (401, 403, 406), rule


def test_no_address_changes_anything_by_being_looked_at(app: Flask) -> None:
    """Each view serves either reading or acting, so that a GET cannot slip into an act."""
    both = [
        rule.rule
        for rule, _ in rules(app)
        if "GET" in (rule.methods or ()) and (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    ]
    assert both == []
