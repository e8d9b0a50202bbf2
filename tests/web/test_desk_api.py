"""Leads make clients, keys and webhooks, and see what became of the calls."""

import re
from datetime import datetime
from uuid import UUID

import pytest

from discount_broker.accounts.models import ApiClient, ApiToken, Role
from discount_broker.accounts.queries.api_clients import find_token
from discount_broker.discount_requests.models import TimelineEntry
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.webhooks.models import HookCall, Webhook
from discount_broker.webhooks.status import HookStatus
from tests.architecture.test_access import log_in
from tests.builders import a_request, an_operator, saved
from tests.fakes import RecordingQueue
from tests.web.conftest import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def lead(client: Browser, now: datetime) -> UUID:
    lead_id = an_operator(now, role=Role.LEAD).id
    log_in(client, "operator", lead_id)
    return lead_id


@pytest.fixture
def page(client: Browser, lead: UUID) -> str:
    """The page of a program that was let in."""
    answer = client.press("/desk/api", name="Finder", email="ada@finder.example")
    assert answer.status_code == 302
    return str(answer.location)


def secret_in(text: str) -> str:
    found = re.search(r'class="api-secret">([^<]+)<', text)
    assert found
    return found.group(1)


def test_an_operator_has_no_business_there(client: Browser, now: datetime) -> None:
    log_in(client, "operator", an_operator(now).id)
    assert client.get("/desk/api").status_code == 403


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(client: Browser, page: str) -> None:
    shown = client.press(f"{page}/keys", label="live").text
    token = secret_in(shown)
    assert find_token(token) is not None
    assert token not in client.get(page).text
    assert "never used" in client.get(page).text

    row = db.session.query(ApiToken).one()
    client.press(f"{page}/keys/{row.id}/revoke")
    assert find_token(token) is None
    assert "revoked" in client.get(page).text


def test_a_program_is_shut_out_and_let_in_again(client: Browser, page: str) -> None:
    token = secret_in(client.press(f"{page}/keys", label="").text)
    client.press(f"{page}/off")
    assert find_token(token) is None
    assert "shut out" in client.get("/desk/api").text
    client.press(f"{page}/on")
    assert find_token(token) is not None


@pytest.mark.parametrize(
    ("name", "email", "said"),
    [
        ("", "ada@finder.example", "Please name the program."),
        ("Finder", "ada@finder.example", "Another program has this name."),
        ("Other", "nonsense", "This e-mail address cannot be right."),
    ],
    ids=["nameless", "twin", "unreachable"],
)
def test_a_program_without_a_name_of_its_own_or_an_address_is_refused(
    client: Browser, page: str, name: str, email: str, said: str
) -> None:
    answer = client.press("/desk/api", name=name, email=email)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{email}"' in answer.text, "what was typed is kept"
    assert db.session.query(ApiClient).count() == 1


def test_a_webhook_is_added_tried_and_taken_away(client: Browser, page: str, queue: RecordingQueue) -> None:
    shown = client.press(f"{page}/webhooks", url="https://finder.example/hooks")
    assert secret_in(shown.text).startswith("whsec_")
    assert "whsec_" not in client.get(page).text
    hook = db.session.query(Webhook).one()
    assert "whsec_" not in hook.secret, "it is sealed"

    queue.take()
    client.press(f"/desk/api/webhooks/{hook.id}/try")
    call = db.session.query(HookCall).one()
    assert queue.take() == [(Job.CALL_HOOK, call.id)]
    assert "trial" in client.get(page).text

    client.press(f"/desk/api/webhooks/{hook.id}/end")
    db.session.expire_all()
    assert hook.ended_at is not None
    assert call.status is HookStatus.GIVEN_UP
    assert client.press(f"/desk/api/webhooks/{hook.id}/try").status_code == 302
    assert "was taken away" in client.get(page).text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "whole address"),
        ("finder", "web addresses"),
        ("ftp://finder.example/", "web addresses"),
        ("https://ada:secret@finder.example/", "Leave name and password out"),
        ("https://finder.example/" + "x" * 600, "longer than"),
    ],
    ids=["nothing", "a word", "ftp", "password", "long"],
)
def test_an_address_that_cannot_be_called_is_refused(client: Browser, page: str, url: str, said: str) -> None:
    answer = client.press(f"{page}/webhooks", url=url)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(Webhook).count() == 0


def test_the_same_address_is_not_told_twice_over(client: Browser, page: str) -> None:
    client.press(f"{page}/webhooks", url="https://finder.example/hooks")
    again = client.press(f"{page}/webhooks", url="https://finder.example/hooks")
    assert again.status_code == 422
    assert "already" in again.text


def test_a_call_that_was_given_up_is_made_again(
    client: Browser, page: str, queue: RecordingQueue, now: datetime
) -> None:
    client.press(f"{page}/webhooks", url="https://finder.example/hooks")
    hook = db.session.query(Webhook).one()
    call = HookCall(webhook_id=hook.id, event="trial", payload={}, due_at=now)
    db.session.add(call)
    db.session.commit()
    call.status, call.due_at, call.done_at = HookStatus.GIVEN_UP, None, now
    db.session.commit()
    queue.take()
    client.press(f"/desk/api/calls/{call.id}/repeat")
    db.session.expire_all()
    assert call.status is HookStatus.DUE
    assert queue.take() == [(Job.CALL_HOOK, call.id)]


def test_a_paused_webhook_is_seen_in_the_list_and_all_is_sent_again_by_one_press(
    client: Browser, page: str, queue: RecordingQueue, now: datetime
) -> None:
    client.press(f"{page}/webhooks", url="https://finder.example/hooks")
    hook = db.session.query(Webhook).one()
    request = a_request(now, api_client_id=hook.api_client_id, api_reference="order-1")
    entry = saved(TimelineEntry(discount_request_id=request.id, at=now, event="confirmed"))
    call = saved(
        HookCall(
            webhook_id=hook.id,
            timeline_entry_id=entry.id,
            discount_request_id=request.id,
            event="request.confirmed",
            status=HookStatus.KEPT,
        )
    )
    assert "Send it all again" not in client.get(page).text
    hook.failing_since = hook.paused_at = now
    db.session.commit()
    assert "webhook paused" in client.get("/desk/api").text
    shown = client.get(page).text
    assert "every two hours one call is tried" in shown
    assert "1 event waits to be told." in shown

    queue.take()
    answer = client.press(f"/desk/api/webhooks/{hook.id}/replay")
    assert "1 call is made again." in client.get(answer.location).text
    assert (Job.CALL_HOOK, call.id) in queue.take()
    assert "Had all calls made again" in client.get("/desk/trail").text

    client.press(f"/desk/api/webhooks/{hook.id}/end")
    client.press(f"/desk/api/webhooks/{hook.id}/replay")
    assert "was taken away" in client.get(page).text


def test_the_language_of_letters_to_a_program_is_chosen_and_changed(client: Browser, page: str) -> None:
    program = db.session.query(ApiClient).one()
    assert program.language == "en"
    client.press(page, name="Finder", email="ada@finder.example", language="ru")
    db.session.expire_all()
    assert program.language == "ru"
    answer = client.press(page, name="Finder", email="ada@finder.example", language="xx")
    assert answer.status_code == 422


def test_every_change_is_in_the_trail_in_words(client: Browser, page: str) -> None:
    client.press(f"{page}/webhooks", url="https://finder.example/hooks")
    trail = client.get("/desk/trail").text
    assert "Let a program use the API: Finder." in trail
    assert "Gave Finder a webhook at finder.example." in trail
