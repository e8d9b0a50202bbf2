"""A program asks for its user, is told every step by webhook, and accepts."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask

from discount_broker.accounts.use_cases import issue_api_token, make_api_client
from discount_broker.adapters.webhook_call import GuardedHookCaller
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.offers.models import Offer
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.models import Outreach
from discount_broker.webhooks.use_cases import add_webhook
from tests.builders import an_operator
from tests.contract.servers import serving
from tests.fakes import Answer as SiteAnswer
from tests.fakes import Asked, FakeChannel, FakeFetcher, site_of
from tests.use_cases.test_reading import PRICED
from tests.web.conftest import Browser
from workers import jobs

CONTACT = '<p>Write to <a href="mailto:sales@tools.ru">sales@tools.ru</a></p>'


def is_ours(secret: str, asked: Asked) -> bool:
    """What the program checks, by its own means."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(headers["webhook-signature"], f"v1,{mac}")


def test_a_program_asks_is_told_and_accepts(
    app: Flask, fetcher: FakeFetcher, mail: FakeChannel, work: Callable[[], list[str]]
) -> None:
    now = utcnow()
    app.test_client_class = Browser
    browser = app.test_client()
    assert isinstance(browser, Browser)
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED, "/": CONTACT, "/contacts": CONTACT})
    lead = an_operator(now)
    client_id = make_api_client("Finder", "ada@finder.example", lead.id, now)
    headers = {"Authorization": f"Bearer {issue_api_token(client_id, '', lead.id, now)}"}
    heard: list[Asked] = []

    def take(asked: Asked) -> SiteAnswer:
        heard.append(asked)
        return SiteAnswer(b"", 204)

    with serving(take) as site:
        app.extensions["hook_caller"] = GuardedHookCaller(
            user_agent="Test/1.0", https_only=False, allow=(site.place,)
        )
        url = f"http://{site.place}/hooks"
        secret = add_webhook(client_id, url, lead.id, now, https_only=False)

        def go_on() -> list[str]:
            work()
            jobs.tell_programs()
            work()
            return [json.loads(each.body)["type"] for each in heard]

        number = browser.post("/api/v1/requests", json=an_ask(now), headers=headers).json["number"]
        assert "request.submitted" in go_on()
        link = re.search(r"/confirm/\w+", mail.sent[0].text)
        assert link is not None
        browser.press(link.group())
        assert {"request.confirmed", "request.shops_chosen"} <= set(go_on())

        [outreach] = db.session.query(Outreach)
        submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(10)), utcnow())
        assert "request.shop_answered" in go_on()
        told = browser.get(f"/api/v1/requests/{number}", headers=headers).json
        [offer] = told["offers"]
        path = f"/api/v1/requests/{number}/offers/{offer['id']}/accept"
        accepted = browser.post(path, headers=headers).json
        assert (accepted["state"], accepted["offers"][0]["status"]) == ("accepted", "accepted")
        assert go_on()[-1] == "request.offer_accepted"

    assert all(is_ours(secret, each) for each in heard)
    events = [json.loads(each.body)["data"] for each in heard]
    assert [each["event_id"] for each in events] == sorted(each["event_id"] for each in events)
    assert {(each["number"], each["reference"]) for each in events} == {(number, "order-1")}
    assert b"anna@mail.example" not in b"".join(each.body for each in heard)
    assert db.session.query(Offer).one().code


def an_ask(now: datetime) -> dict[str, Any]:
    agreed = {"given_at": (now - timedelta(minutes=1)).isoformat(), "text": "I agree.", "version": "3"}
    return {
        "reference": "order-1",
        "link": "https://tools.ru/p/1",
        "wish": {"percent": 10},
        "email": "anna@mail.example",
        "asks_rivals": False,
        "consents": {"processing": agreed},
    }
