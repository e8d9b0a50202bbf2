"""What the desk learns late, and what the buyer learns of the desk."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage

import pytest

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discount_requests.use_cases import start_draft
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.rules import CallReport
from discount_broker.escalation.status import CallResult, CaseReason, CaseStatus, Ending, NextAction
from discount_broker.escalation.use_cases import close_case, log_call, open_due_cases
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import read_mail, receive_mail
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.fakes import FakeChannel, FakeFetcher, site_of
from tests.use_cases.conftest import Work

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


@pytest.fixture
def outreach(now: datetime) -> Outreach:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    return an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence", asked_at=now)


def a_letter_arrives(outreach: Outreach, text: str, now: datetime) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Irina <irina@tools.ru>", "Re: drill"
    message.set_content(text)
    token = issue_token(Purpose.REPLY, outreach.id, outreach.created_at)
    read_mail(receive_mail(f"reply+{token}@in.broker.test", message.as_bytes(), now), now)


def test_a_buyer_hears_of_a_no_on_the_phone_as_of_one_on_the_page(
    outreach: Outreach, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    open_due_cases(now)
    case = find_case_of(outreach.id)
    assert case is not None
    report = CallReport(started_at=now, minutes=2, result=CallResult.REFUSED)
    log_call(case.id, an_operator(now).id, report, now)
    work_at(now)
    assert [message.to for message in mail.sent] == [outreach.discount_request.buyer.email]


def test_a_letter_after_the_offer_reaches_the_desk_once_and_stays_until_somebody_ends_it(
    outreach: Outreach, now: datetime
) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5)), now)
    a_letter_arrives(outreach, "Sorry, we meant four per cent.", now + HOUR)
    for _ in range(2):
        open_due_cases(now + 2 * HOUR)
    case = find_case_of(outreach.id)
    assert case is not None
    assert (case.status, case.reason) == (CaseStatus.OPEN, CaseReason.LATE_LETTER)
    assert case.next_action is NextAction.READ_REPLY

    close_case(case.id, an_operator(now).id, Ending.OFFERED, now + 3 * HOUR)
    open_due_cases(now + 4 * HOUR)
    assert case.status is CaseStatus.CLOSED, "read once, it is not laid before them again"
    a_letter_arrives(outreach, "And delivery is free.", now + 5 * HOUR)
    open_due_cases(now + 6 * HOUR)
    assert case.status is CaseStatus.OPEN


def test_a_marketplace_is_not_asked_although_its_page_can_be_read(
    fetcher: FakeFetcher, now: datetime, work: Callable[[], list[str]]
) -> None:
    page = """<script type="application/ld+json">{"@type": "Product", "name": "Drill",
    "offers": {"price": "10", "priceCurrency": "EUR"}}</script><h1>Drill</h1>"""
    fetcher.sites["www.amazon.de"] = site_of({"/dp/B000": page})
    request_id = start_draft("https://www.amazon.de/dp/B000", "en", now)
    work()
    request = get_request(request_id)
    assert (request.reading, request.reading_failure) == (ReadingStatus.FAILED, "marketplace")


@pytest.mark.parametrize("dead", [(), ("www.ozon.ru",)], ids=["no page", "no connection"])
def test_a_marketplace_that_shuts_us_out_is_known_as_one_all_the_same(
    fetcher: FakeFetcher, now: datetime, work: Callable[[], list[str]], dead: tuple[str, ...]
) -> None:
    fetcher.sites["www.ozon.ru"], fetcher.dead = site_of({}), dead
    request_id = start_draft("https://www.ozon.ru/product/1", "en", now)
    work()
    assert get_request(request_id).reading_failure == "marketplace"
