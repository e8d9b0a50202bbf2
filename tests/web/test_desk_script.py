"""The script on the page of a case: it moves on by links, and ends in the form of the call."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest

from discount_broker.accounts.models import ContactWish, Operator
from discount_broker.accounts.status import ContactWishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Call, DeskText, EscalationCase, Promise
from discount_broker.escalation.queries.texts import TextName
from discount_broker.escalation.rules.script import Situation, Turn
from discount_broker.escalation.status import CallResult, PromiseKind, PromiseStatus, TextKind
from discount_broker.escalation.use_cases.texts import Wording, save_text
from discount_broker.kernel.db import db
from discount_broker.outreach.models import InboundMail, Reply
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.web.desk_script import SITUATIONS, TURNS_IN_WORDS, spoken
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

HOUR = timedelta(hours=1)


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def desk(client: Browser, olga: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{olga.id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def case(now: datetime) -> EscalationCase:
    shop = a_shop(now, name="Tools and More", language="en")
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    return a_case(now, an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence"))


def part(page: str, key: str) -> str:
    """What stands in one situation of the page."""
    return page.split(f'data-say="{key}"')[1].split("</article>", maxsplit=1)[0]


def shown(page: str) -> list[str]:
    said = re.findall(r'<article class="say" id="[^"]+" data-say="([^"]+)"[^>]*?( hidden)?>', page)
    return [key for key, is_hidden in said if not is_hidden]


def ways(page: str, key: str) -> dict[str, str]:
    found = re.findall(r'<a class="way[^"]*" href="([^"]+)".*?<span>(.*?)</span></a>', part(page, key))
    return {unescape(label): unescape(href) for href, label in found}


def test_every_situation_and_turn_has_its_words() -> None:
    assert SITUATIONS.keys() == set(Situation)
    assert TURNS_IN_WORDS.keys() == set(Turn)


def test_links_lead_from_one_situation_to_the_next_and_change_nothing(
    desk: Browser, case: EscalationCase
) -> None:
    page = desk.get(f"/desk/cases/{case.id}").text
    assert shown(page) == ["first_call"]
    assert "Hello, my name is Olga and I work for" in part(page, "first_call")
    page = desk.get(ways(page, "first_call")["“We give no discounts”"]).text
    assert shown(page) == ["refuses"]
    assert db.session.query(Call).count() == 0


@pytest.mark.parametrize(
    ("key", "label", "result", "promise"),
    [
        ("refuses", "It stays a no", "refused", ""),
        ("refuses", "No more requests at all", "stop", ""),
        ("nobody", "Busy", "busy", ""),
        ("buyers_number", "They will call the buyer", "promised", "call_buyer"),
        ("call_back", "We call again", "call_back", ""),
    ],
)
def test_an_ending_fills_the_form_of_the_call(
    desk: Browser, case: EscalationCase, key: str, label: str, result: str, promise: str
) -> None:
    href = ways(desk.get(f"/desk/cases/{case.id}").text, key)[label]
    assert href.endswith("#log-call")
    page = desk.get(href).text
    assert shown(page) == [key]
    (chosen,) = re.findall(r'<input[^>]*\bchecked\b[^>]*name="result"[^>]*>', page)
    assert f'value="{result}"' in chosen
    if promise:
        assert f'<option selected value="{promise}">' in page
    assert db.session.query(Call).count() == 0


@pytest.mark.parametrize("odd", ["at=nothing", "at=promise", "result=nothing", "result=%00&promise=x"])
def test_an_odd_address_shows_the_beginning(desk: Browser, case: EscalationCase, odd: str) -> None:
    answer = desk.get(f"/desk/cases/{case.id}?{odd}")
    assert answer.status_code == 200
    assert shown(answer.text) == ["first_call"]


def test_a_missed_promise_opens_the_call_and_steps_up_with_dates(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    facts = {
        "kind": PromiseKind.CALL_US,
        "promised_by": "Anna, sales",
        "made_at": now - 30 * HOUR,
        "settled_at": now,
    }
    saved(Promise(outreach_id=case.outreach_id, due_at=now - 3 * HOUR, status=PromiseStatus.BROKEN, **facts))
    page = desk.get(f"/desk/cases/{case.id}").text
    assert shown(page) == ["promise"]
    assert "I was told by Anna, sales" in part(page, "promise")
    assert "Anna, sales said that we would hear from you by" in part(page, "supervisor")


def test_the_supervisor_hears_of_what_is_still_unanswered_and_of_nothing_else(
    desk: Browser, case: EscalationCase, olga: Operator, now: datetime
) -> None:
    past = now - 48 * HOUR
    calls = (
        (past - HOUR, CallResult.NO_ANSWER, "the boy at the till"),
        (past + HOUR, CallResult.GATEKEEPER, "Boris"),
        (past + 2 * HOUR, CallResult.WRONG_NUMBER, "a hairdresser"),
    )
    for at, result, person in calls:
        call = Call(
            shop_id=case.outreach.shop_id, operator_id=olga.id, started_at=at, result=result, person=person
        )
        call.cases = [case]
        saved(call)
    mail = saved(InboundMail(digest="m", recipient="", content=b"", received_at=past, read_at=past))
    facts = {"kind": ReplyKind.HUMAN, "sender": "a@shop.ru", "subject": "", "text": "Hm", "received_at": past}
    saved(Reply(outreach_id=case.outreach_id, inbound_mail_id=mail.id, **facts))
    said = part(desk.get(f"/desk/cases/{case.id}").text, "supervisor")
    assert "phone call, Boris" in said
    assert "hairdresser" not in said  # it was not the shop
    assert "till" not in said  # the shop wrote after that


def test_what_a_lead_saves_is_what_the_next_call_shows(
    desk: Browser, case: EscalationCase, olga: Operator, now: datetime
) -> None:
    name = TextName(TextKind.SCRIPT, "first_call", "en")
    body = "Good day, {{ shop }}. <b>\n\n- {{ product }}\n- until {{ deadline }}"
    save_text(name, Wording(body=body), olga.id, now)
    said = part(desk.get(f"/desk/cases/{case.id}").text, "first_call")
    assert "<p>Good day, Tools and More. &lt;b&gt;</p><ul><li>Bosch" in said


def test_a_kept_text_that_cannot_be_said_any_more_breaks_no_page(
    desk: Browser, case: EscalationCase, now: datetime
) -> None:
    for n, body in enumerate(("{{ gone.by }}", "{% if shop", "{{ 1 // 0 }}"), 1):
        saved(DeskText(kind=TextKind.SCRIPT, key="first_call", language="en", version=n, body=body))
        assert desk.get(f"/desk/cases/{case.id}").status_code == 200


def test_plain_words_become_paragraphs_and_lists() -> None:
    assert spoken("a <b>\nb\n\n\nc\n- one\n- two\nd") == (
        "<p>a &lt;b&gt;<br>b</p><p>c</p><ul><li>one</li><li>two</li></ul><p>d</p>"
    )
    assert spoken("") == ""


@pytest.mark.parametrize("may", [True, False])
def test_the_shop_hears_when_the_buyer_wants_to_be_left_alone_if_it_may_call_them(
    desk: Browser, now: datetime, may: bool
) -> None:
    request = a_request(
        now,
        RequestStatus.ASKED,
        shop=a_shop(now, language="en"),
        phone="+79990001122",
        may_contact_directly=may,
    )
    quiet = {"kind": ContactWishKind.QUIET_HOURS, "from_minute": 13 * 60, "until_minute": 15 * 60}
    saved(ContactWish(buyer_id=request.buyer_id, **quiet))
    saved(ContactWish(buyer_id=request.buyer_id, kind=ContactWishKind.NOT_ON, on_day=date(2026, 11, 27)))
    ended = {"kind": ContactWishKind.WRITE_ONLY, "ended_at": now}
    saved(ContactWish(buyer_id=request.buyer_id, **ended))
    said = part(desk.get(f"/desk/cases/{a_case(now, an_outreach(now, request)).id}").text, "buyers_number")
    assert ("The buyer asks: Not between 13:00 and 15:00. Not on 27 November." in said) is may
    assert "Please write, do not call." not in said


def test_a_price_that_has_changed_is_said_with_the_old_one(desk: Browser, now: datetime) -> None:
    request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, language="en"))
    for price_now, words in (
        (Decimal(11990), "Your site said RUB 12,990, and says RUB 11,990 now."),
        (Decimal(12990), "Your site says RUB 12,990."),
        (None, "Your site says RUB 12,990."),
    ):
        outreach = an_outreach(now, request, a_shop(now, language="en"), price_now=price_now)
        said = part(desk.get(f"/desk/cases/{a_case(now, outreach).id}").text, "first_call")
        assert words in said.replace("\xa0", " ")
