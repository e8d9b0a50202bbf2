"""What programs get, and what they are refused."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from discount_broker.accounts.models import ApiToken, Consent
from discount_broker.accounts.queries.api_clients import find_token
from discount_broker.accounts.status import ConsentKind
from discount_broker.accounts.use_cases import (
    issue_api_token,
    make_api_client,
    revoke_api_token,
    switch_api_client,
)
from discount_broker.discount_requests.models import DiscountRequest, TimelineEntry
from discount_broker.discount_requests.rules import Ask
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.discount_requests.use_cases import submit_draft
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.messaging.models import Delivery
from discount_broker.offers.models import Offer
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.outreach.status import OutreachStatus
from discount_broker.settings import Settings
from discount_broker.web.api import as_kept
from discount_broker.web.api_models import NewRequest
from discount_broker.webhooks.models import ApiAsk, HookCall, Webhook
from discount_broker.webhooks.status import HookStatus
from discount_broker.webhooks.use_cases import submit_ask
from tests.builders import a_product, a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import FakeFetcher, RecordingQueue, site_of
from tests.use_cases.race import race
from tests.use_cases.test_reading import PAGE, PRICED
from tests.web.conftest import Browser

URL = "https://tools.ru/p/1"


class Program:
    """Calls the API with one key."""

    def __init__(self, client: Browser, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers, **more)

    def post(self, path: str, body: object = None, **more: Any) -> TestResponse:
        if body is not None:
            more["json"] = body
        return self.client.post(f"/api/v1{path}", headers={**self.headers, **more.pop("also", {})}, **more)


@pytest.fixture
def token(app: Flask, now: datetime) -> str:
    lead = an_operator(now)
    return issue_api_token(make_api_client("Finder", "ada@finder.example", lead.id, now), "", lead.id, now)


@pytest.fixture
def program(client: Browser, token: str) -> Program:
    return Program(client, token)


@pytest.fixture
def mine(token: str) -> dict[str, Any]:
    """What makes a request one of this program's."""
    found = find_token(token)
    assert found is not None
    return {"api_client_id": found.api_client_id, "api_reference": uuid4().hex}


def an_ask(now: datetime, **given: Any) -> dict[str, Any]:
    agreed = {"given_at": (now - timedelta(minutes=1)).isoformat(), "text": "I agree.", "version": "3"}
    return {
        "reference": "order-1",
        "link": URL,
        "wish": {"percent": 10},
        "email": "anna@mail.example",
        "consents": {"processing": agreed},
        **given,
    }


def an_offer(now: datetime, mine: dict[str, Any], **given: Any) -> tuple[DiscountRequest, Offer]:
    request = a_request(now, RequestStatus.OFFERED, **mine)
    outreach = an_outreach(now, request, status=OutreachStatus.ANSWERED)
    facts = {"kind": AnswerKind.PERCENT, "percent": 8, "final_price": "11950.80", "made_at": now}
    facts |= {"valid_until": now + timedelta(days=3)}
    offer = saved(Offer(outreach=outreach, **{**facts, **given}))
    return request, offer


def test_a_program_asks_and_the_buyer_gets_the_letter_when_the_page_is_read(
    program: Program, fetcher: FakeFetcher, work: Callable[[], list[str]], mail: Any, now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED})
    made = program.post("/requests", an_ask(now, city="Perm", quantity=3))

    assert made.status_code == 201, made.text
    assert made.json["state"] == "reading"
    assert made.headers["Location"] == f"/api/v1/requests/{made.json['number']}"
    assert mail.sent == []

    work()
    followed = program.get(f"/requests/{made.json['number']}").json
    assert followed["state"] == "unconfirmed"
    assert followed["product"]["price"] == {"amount": "12990.00", "currency": "RUB"}
    assert (followed["city"], followed["quantity"]) == ("Perm", 3)
    assert [event["event"] for event in followed["story"]] == ["draft_started", "product_read", "submitted"]
    assert followed["story"][1]["sentence"] == "We read the page of the product."
    assert followed["next"] == ["Please confirm the request by the link in our letter."]
    [letter] = mail.sent
    assert letter.to == "anna@mail.example"
    assert "/confirm/" in letter.text


def test_the_consents_a_program_names_stand_in_the_ledger_with_its_words_and_their_time(
    program: Program, fetcher: FakeFetcher, work: Callable[[], list[str]], now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED})
    program.post("/requests", an_ask(now))
    work()
    [consent] = db.session.query(Consent).all()
    assert (consent.kind, consent.is_given, consent.text) == (ConsentKind.PROCESSING, True, "I agree.")
    assert consent.version.startswith("api:3@")


def test_the_same_reference_is_the_same_request(program: Program, now: datetime) -> None:
    first = program.post("/requests", an_ask(now))
    again = program.post("/requests", an_ask(now))
    assert (first.status_code, again.status_code) == (201, 200)
    other = program.post("/requests", an_ask(now, email="bob@mail.example"))
    assert other.status_code == 409
    assert other.json["type"].endswith("/api#problem-reference-used")
    assert db.session.query(DiscountRequest).count() == 1


def test_a_wish_that_cannot_be_is_refused_once_the_page_is_read(
    program: Program, fetcher: FakeFetcher, work: Callable[[], list[str]], mail: Any, now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED})
    price = {"amount": "20000.00", "currency": "RUB"}
    dear = program.post("/requests", an_ask(now, wish={"price": price}))
    foreign = program.post(
        "/requests", an_ask(now, reference="2", wish={"price": {"amount": "90.00", "currency": "EUR"}})
    )
    work()
    told = program.get(f"/requests/{dear.json['number']}").json
    assert told["state"] == "refused"
    assert told["refusal"] == {
        "code": "price_not_lower",
        "detail": "This price is not below the price on the page.",
        "pointer": "/wish/price",
    }
    assert program.get(f"/requests/{foreign.json['number']}").json["refusal"]["code"] == "other_currency"
    assert mail.sent == []


def test_two_workers_send_an_ask_on_once(app: Flask, program: Program, mine: dict[str, Any]) -> None:
    request = a_request(utcnow(), RequestStatus.DRAFT, product=a_product(utcnow(), a_shop(utcnow())), **mine)
    given = as_kept(NewRequest.model_validate_json(json.dumps(an_ask(utcnow()))), utcnow())
    saved(ApiAsk(discount_request_id=request.id, digest="", given=given))
    request_id, both_read = request.id, Barrier(2)

    def submit(known_id: UUID, ask: Ask, now: datetime) -> object:
        both_read.wait(10)
        return submit_draft(known_id, ask, now)

    later = utcnow() + timedelta(minutes=2)
    both = [lambda at=at: submit_ask(request_id, submit, at) for at in (utcnow(), later)]
    assert race(app, *both) == [None, None]
    assert db.session.query(Consent).count() == 1
    assert db.session.query(Delivery).count() == 1


def test_what_was_asked_is_forgotten_when_it_is_settled(
    program: Program, fetcher: FakeFetcher, work: Callable[[], list[str]], now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PAGE.format(charset="utf-8", offer='"price": "1"')})
    program.post("/requests", an_ask(now))
    assert db.session.query(ApiAsk).one().given["email"] == "anna@mail.example"
    work()
    assert db.session.query(ApiAsk).one().given == {}


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"wish": {}}, "/wish", "wish_unclear"),
        ({"wish": {"percent": -150}}, "/wish/percent", "greater_than_equal"),
        ({"wish": {"percent": 12.3}}, "/wish/percent", "multiple_of"),
        (
            {"wish": {"price": {"amount": "1e3", "currency": "RUB"}}},
            "/wish/price/amount",
            "string_pattern_mismatch",
        ),
        ({"link": "a word"}, "/link", "link_missing"),
        ({"link": "ftp://tools.ru/p/1"}, "/link", "link_not_web"),
        ({"email": None}, "/email", "string_type"),
        ({"quantity": "3"}, "/quantity", "int_type"),
        ({"colour": "blue"}, "/colour", "extra_forbidden"),
        ({"consents": {}}, "/consents/processing", "missing"),
        ({"reference": "with blanks"}, "/reference", "string_pattern_mismatch"),
        ({"answers_by": "tomorrow"}, "/answers_by", "date_parsing"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(
    program: Program, now: datetime, wrong: dict[str, Any], pointer: str, code: str
) -> None:
    answer = program.post("/requests", an_ask(now, **wrong))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "http://broker.test/api#problem-invalid"
    [flaw] = answer.json["errors"]
    assert (flaw["pointer"], flaw["code"]) == (pointer, code)
    assert flaw["detail"]
    assert db.session.query(DiscountRequest).count() == 0


@pytest.mark.parametrize(
    ("ago", "code"),
    [(timedelta(hours=-1), "consent_in_future"), (timedelta(days=31), "consent_too_old")],
    ids=["tomorrow", "long ago"],
)
def test_a_consent_of_the_wrong_time_is_refused(
    program: Program, now: datetime, ago: timedelta, code: str
) -> None:
    agreed = {"given_at": (now - ago).isoformat(), "text": "I agree.", "version": "3"}
    answer = program.post("/requests", an_ask(now, consents={"processing": agreed}))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/consents/processing/given_at"
    assert answer.json["errors"][0]["code"] == code


def test_all_that_is_wrong_is_told_at_once(program: Program, now: datetime) -> None:
    answer = program.post("/requests", an_ask(now, quantity=0, city="x" * 101, more=1))
    assert [flaw["pointer"] for flaw in answer.json["errors"]] == ["/city", "/quantity", "/more"]


def test_bodies_that_are_no_json_are_refused(program: Program, now: datetime) -> None:
    broken = program.post("/requests", data=b"{", content_type="application/json")
    form = program.post("/requests", data={"link": URL})
    huge = program.post("/requests", an_ask(now, note="x" * 100_000))
    assert [(each.status_code, each.json["type"].partition("#")[2]) for each in (broken, form, huge)] == [
        (400, "problem-malformed"),
        (415, "problem-not-json"),
        (413, "problem-too-large"),
    ]


def test_brackets_within_brackets_without_end_are_no_json(program: Program, client: Browser) -> None:
    deep = {"data": b"[" * 50_000, "content_type": "application/json"}
    assert program.post("/requests", **deep).status_code == 400
    assert client.post("/api/v1/requests", **deep).status_code == 401


def test_without_a_key_that_opens_nothing_is_told(client: Browser, token: str, now: datetime) -> None:
    lead = an_operator(now)
    found = find_token(token)
    assert found is not None
    for wrong in (
        "",
        "Bearer",
        "Bearer x",
        f"Bearer {token[:-1]}x",
        f"Basic {token}",
        f"Bearer {token}\u00e9",
    ):
        answer = client.get("/api/v1/requests", headers={"Authorization": wrong})
        assert answer.status_code == 401, wrong
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json["type"].endswith("problem-unauthorized")
    assert Program(client, token).get("/requests").status_code == 200
    switch_api_client(found.api_client_id, lead.id, now, on=False)
    assert Program(client, token).get("/requests").status_code == 401
    switch_api_client(found.api_client_id, lead.id, now, on=True)
    revoke_api_token(found.api_client_id, found.id, lead.id, now)
    assert Program(client, token).get("/requests").status_code == 401


def test_a_program_sees_its_own_requests_alone(
    program: Program, client: Browser, mine: dict[str, Any], now: datetime
) -> None:
    request, offer = an_offer(now, mine)
    lead = an_operator(now)
    other = Program(
        client, issue_api_token(make_api_client("Seeker", "s@s.example", lead.id, now), "", lead.id, now)
    )
    assert program.get(f"/requests/{request.number}").status_code == 200
    for path in (f"/requests/{request.number}", "/requests/R-22222"):
        assert other.get(path).status_code == 404
    for act in ("withdraw", f"offers/{offer.id}/accept"):
        assert other.post(f"/requests/{request.number}/{act}").status_code == 404
    assert other.post(f"/requests/{request.number}/outcome", {"outcome": "bought"}).status_code == 404
    assert other.get("/requests").json == {"requests": [], "next": None}


def test_the_list_goes_on_from_page_to_page_and_names_each_once(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    shop = a_shop(now)
    numbers = [
        a_request(now - timedelta(minutes=n // 2), shop=shop, **{**mine, "api_reference": f"r{n}"}).number
        for n in range(7)
    ]
    found: list[str] = []
    after = ""
    while True:
        page = program.get(f"/requests?limit=3{after}").json
        found += [each["number"] for each in page["requests"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(found) == sorted(numbers)
    assert [each["reference"] for each in program.get("/requests?reference=r5").json["requests"]] == ["r5"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "after=x",
        "after=8J%2BYgA",
        "after=MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMCAwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA",
        "colour=blue",
        "limit=1000",
    ],
    ids=["none", "no number", "nonsense", "no text", "before all days", "unknown", "too many"],
)
def test_a_list_asked_for_wrongly_is_refused(program: Program, query: str) -> None:
    answer = program.get(f"/requests?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]


def test_an_offer_is_shown_with_its_terms_and_accepted_once(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    request, offer = an_offer(now, mine)
    [shown] = program.get(f"/requests/{request.number}").json["offers"]
    assert shown["final_price"] == {"amount": "11950.80", "currency": "RUB"}
    assert (shown["percent"], shown["can_accept"], shown["code"]) == (8.0, True, None)

    for _ in range(2):
        accepted = program.post(f"/requests/{request.number}/offers/{offer.id}/accept")
        assert accepted.status_code == 200, accepted.text
        assert accepted.json["state"] == "accepted"
    [shown] = accepted.json["offers"]
    assert shown["status"] == "accepted"
    assert shown["code"]

    told = program.post(f"/requests/{request.number}/outcome", {"outcome": "bought"})
    assert (told.json["state"], told.json["outcome"]) == ("closed", "bought")


def test_an_offer_that_has_run_out_cannot_be_accepted(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    request, offer = an_offer(now, mine, valid_until=now - timedelta(minutes=1))
    answer = program.post(f"/requests/{request.number}/offers/{offer.id}/accept")
    assert answer.status_code == 409
    assert answer.json["type"].endswith("problem-settled")


def test_an_offer_is_declined_with_its_reason(program: Program, mine: dict[str, Any], now: datetime) -> None:
    request, offer = an_offer(now, mine)
    body = {"reason": "price", "words": "Too dear."}
    answer = program.post(f"/requests/{request.number}/offers/{offer.id}/decline", body)
    assert answer.status_code == 200, answer.text
    assert answer.json["offers"][0]["status"] == "declined"
    db.session.refresh(offer)
    assert (offer.status, offer.decline_reason, offer.decline_words) == (
        OfferStatus.DECLINED,
        "price",
        "Too dear.",
    )


def test_an_offer_of_another_request_is_not_there(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    request, _ = an_offer(now, mine)
    _, other = an_offer(now, {})
    for wrong in (other.id, uuid4(), "x"):
        answer = program.post(f"/requests/{request.number}/offers/{wrong}/accept")
        assert answer.status_code == 404


def test_a_request_is_withdrawn_once_confirmed_and_not_before(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    asked = a_request(now, RequestStatus.ASKED, **mine)
    waiting = a_request(now, RequestStatus.UNCONFIRMED, **{**mine, "api_reference": "w"})
    for _ in range(2):
        answer = program.post(f"/requests/{asked.number}/withdraw")
        assert answer.json["outcome"] == Outcome.WITHDRAWN
    assert program.post(f"/requests/{waiting.number}/withdraw").status_code == 409
    assert program.post(f"/requests/{waiting.number}/outcome", {"outcome": "bought"}).status_code == 409


def test_sentences_come_in_the_language_asked_for(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    request = a_request(now, RequestStatus.UNCONFIRMED, **mine)
    program.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ru"
    [step] = program.get(f"/requests/{request.number}").json["next"]
    assert "письм" in step.lower()


def test_addresses_that_lead_nowhere_are_told_of_in_json(program: Program) -> None:
    gone = program.get("/nothing/here")
    wrong = program.client.put("/api/v1/requests")
    assert (gone.status_code, gone.json["type"].partition("#")[2]) == (404, "problem-not-found")
    assert (wrong.status_code, wrong.json["type"].partition("#")[2]) == (405, "problem-not-allowed")
    assert set(wrong.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_the_buyers_details_are_not_handed_back(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    request = a_request(now, RequestStatus.ASKED, phone="+7 912 000-00-00", note="secret note", **mine)
    assert request.buyer is not None
    text = program.get(f"/requests/{request.number}").text
    assert request.buyer.email not in text
    assert "912 000-00-00" not in text
    assert "9120000000" not in text
    assert "secret note" not in text


def test_too_many_calls_are_told_to_wait_and_how_many_are_left(
    settings: Settings, make_app: Callable[[Settings], Flask], token: str
) -> None:
    app = make_app(settings)
    headers = {"Authorization": f"Bearer {token}"}
    answers = [app.test_client().get("/api/v1/requests", headers=headers) for _ in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {200}
    assert int(answers[0].headers["RateLimit-Limit"]) == 120
    assert [int(answers[n].headers["RateLimit-Remaining"]) for n in (0, 1, 119)] == [119, 118, 0]
    assert answers[120].status_code == 429
    assert answers[120].json["type"].endswith("problem-too-many")
    assert 1 <= int(answers[120].headers["Retry-After"]) <= 60


def test_wrong_keys_from_one_address_have_to_wait_and_the_right_one_has_not(
    settings: Settings, make_app: Callable[[Settings], Flask], token: str
) -> None:
    app = make_app(settings)
    tried = [
        app.test_client().get("/api/v1/requests", headers={"Authorization": f"Bearer dbk_{n}"})
        for n in range(21)
    ]
    assert {answer.status_code for answer in tried[:20]} == {401}
    assert tried[20].status_code == 429
    right = app.test_client().get("/api/v1/requests", headers={"Authorization": f"Bearer {token}"})
    assert right.status_code == 200


def test_the_last_use_of_a_key_is_known(program: Program, now: datetime) -> None:
    program.get("/requests")
    assert db.session.query(ApiToken).one().last_used_at is not None


def test_a_program_sees_its_webhooks_and_has_what_it_missed_sent_again(
    program: Program, mine: dict[str, Any], queue: RecordingQueue, now: datetime
) -> None:
    hook = saved(Webhook(api_client_id=mine["api_client_id"], url="https://finder.example/", secret="s"))
    request = a_request(now, RequestStatus.ASKED, **mine)
    for place, event in enumerate(("confirmed", "asked_shop")):
        entry = saved(TimelineEntry(discount_request_id=request.id, at=now, event=event))
        saved(
            HookCall(
                webhook_id=hook.id,
                timeline_entry_id=entry.id,
                discount_request_id=request.id,
                event=event,
                status=HookStatus.KEPT if place else HookStatus.DUE,
                due_at=None if place else now + timedelta(hours=1),
            )
        )
    hook.failing_since = hook.paused_at = now
    db.session.commit()
    [shown] = program.get("/webhooks").json["webhooks"]
    assert (shown["state"], shown["waiting"], shown["given_up"]) == ("paused", 2, 0)
    assert "secret" not in shown

    queue.take()
    answer = program.post(f"/webhooks/{shown['id']}/replay")
    assert (answer.status_code, answer.json["state"]) == (200, "paused")
    assert [job for job, _ in queue.take()] == [Job.CALL_HOOK], "one alone is tried"

    hook.ended_at = now
    db.session.commit()
    assert program.post(f"/webhooks/{shown['id']}/replay").status_code == 409
    for nobodys in ("nonsense", str(uuid4())):
        assert program.post(f"/webhooks/{nobodys}/replay").status_code == 404


def test_a_program_sees_no_webhooks_of_others(program: Program, now: datetime) -> None:
    other = make_api_client("Other", "bob@other.example", an_operator(now).id, now)
    hook = saved(Webhook(api_client_id=other, url="https://other.example/", secret="s"))
    assert program.get("/webhooks").json == {"webhooks": []}
    assert program.post(f"/webhooks/{hook.id}/replay").status_code == 404


def test_the_readable_page_and_the_document_name_every_operation(client: Browser) -> None:
    document = client.get("/api/v1/openapi.json").json
    page = client.get("/api").text
    assert document["openapi"] == "3.1.0"
    for path, ways in document["paths"].items():
        for entry in ways.values():
            assert path in page
            assert f'id="{entry["operationId"]}"' in page
    assert 'id="problem-invalid"' in page
    assert "a_product" not in page
    assert json.dumps(document)


def test_a_product_without_a_price_is_shown_without_one(
    program: Program, mine: dict[str, Any], now: datetime
) -> None:
    product = a_product(now, a_shop(now), price=None, currency=None)
    request = a_request(now, RequestStatus.ASKED, product=product, **mine)
    assert program.get(f"/requests/{request.number}").json["product"]["price"] is None
