"""What we hold on a buyer: taken along, deleted with grace, kept after all."""

import csv
import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from discount_broker.accounts.models import Buyer, Consent
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.status import NewsKind, NewsState
from discount_broker.offers.use_cases import erase_leaving
from discount_broker.outreach.status import OutreachStatus
from discount_broker.watches.models import Watch, WatchedPage
from discount_broker.watches.status import WatchKind
from tests.builders import a_buyer, a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser
from tests.web.test_preferences import log_in

ADDRESS = "vera@mail.example"
NOTE = "=HYPERLINK(my late father's drill)"


@pytest.fixture
def buyer(client: Browser, now: datetime) -> Buyer:
    """Somebody who is logged in, waits for an offer, and has told us a lot."""
    known = a_buyer(now, email=ADDRESS, phone="+7 916 123-45-67")
    shop = a_shop(now)
    request = a_request(
        now, RequestStatus.ASKED, buyer=known, shop=shop, note=NOTE, city="Tver", phone="+7 916 123-45-67"
    )
    an_outreach(now, request, status=OutreachStatus.ASKED, asked_at=now, next_step_at=now)
    words = {"version": "processing:1", "language": "en", "text": "I agree to it.", "subject": request.number}
    saved(Consent(buyer_id=known.id, kind=ConsentKind.PROCESSING, is_given=True, at=now, **words))
    page = WatchedPage(url="https://shop.example/p/1", shop_id=shop.id, title="A watched lamp")
    saved(page)
    saved(
        Watch(
            buyer_id=known.id,
            watched_page_id=page.id,
            kind=WatchKind.BELOW,
            below=Decimal(900),
            language="en",
            expires_at=now + timedelta(days=30),
        )
    )
    told = {"kind": NewsKind.ASKED, "headline": "We are asking 3 shops", "state": NewsState.TOLD}
    saved(NewsItem(purpose="test:1", buyer_id=known.id, due_at=None, **told))
    log_in(client, known.id)
    return known


def mail(template: str) -> Delivery:
    return db.session.scalars(select(Delivery).where(Delivery.template == template)).one()


def test_the_page_says_what_we_hold(client: Browser, buyer: Buyer) -> None:
    page = client.get("/my/data").text
    for said in (ADDRESS, "+7 916 123-45-67", "We are asking 3 shops", "Download as JSON"):
        assert said in page


def test_the_export_holds_what_was_typed(client: Browser, buyer: Buyer) -> None:
    answer = client.get("/my/data/download/json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    known = json.loads(answer.text)
    assert known["buyer"]["addresses"] == [ADDRESS]
    assert known["buyer"]["wants_greeting"] is False
    assert known["requests"][0]["note"] == NOTE
    assert known["request_wishes"][0]["city"] == "Tver"
    assert known["consents"][0]["text"] == "I agree to it."
    assert known["watches"][0]["product"] == "A watched lamp"
    assert known["news"][0]["headline"] == "We are asking 3 shops"
    assert {row["kind"] for row in known["preferences"]} == set(NewsKind)


def test_the_tables_hold_the_same_and_no_formula(client: Browser, buyer: Buyer) -> None:
    answer = client.get("/my/data/download/csv")
    assert answer.mimetype == "application/zip"
    parcel = zipfile.ZipFile(io.BytesIO(answer.data))
    names = {name.removesuffix(".csv") for name in parcel.namelist()}
    assert names == set(json.loads(client.get("/my/data/download/json").text))
    (row,) = csv.DictReader(io.StringIO(parcel.read("requests.csv").decode("utf-8-sig")))
    assert row["note"] == f"'{NOTE}"
    (line,) = csv.DictReader(io.StringIO(parcel.read("consents.csv").decode("utf-8-sig")))
    assert (line["kind"], line["is_given"]) == ("processing", "True")


def test_there_is_no_other_form_of_export(client: Browser, buyer: Buyer) -> None:
    assert client.get("/my/data/download/xlsx").status_code == 404


def test_nobody_gets_the_data_of_somebody_else(client: Browser, buyer: Buyer, now: datetime) -> None:
    log_in(client, a_buyer(now, email="other@mail.example").id)
    other = client.get("/my/data/download/json").text
    assert ADDRESS not in other
    assert "late father" not in other


def test_asking_for_deletion_ends_what_is_open_and_mails_a_way_back(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    page = client.get("/my/data/delete").text
    assert "1 open request ends" in page
    assert db.session.get(Buyer, buyer.id).deletion_due_at is None, "looking asks for nothing"
    client.press("/my/data/delete")
    client.press("/my/data/delete")
    due_at = db.session.get(Buyer, buyer.id).deletion_due_at
    assert due_at is not None
    assert timedelta(days=13, hours=23) < due_at - now < timedelta(days=14, hours=1)
    request = db.session.scalars(select(DiscountRequest)).one()
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, Outcome.WITHDRAWN)
    letter = mail("deletion_asked")
    assert "1 open request was withdrawn at once" in letter.text
    assert letter.stop_url == "", "such a letter must come"


def test_whoever_logs_in_meanwhile_sees_the_day_and_keeps_everything_by_one_press(
    client: Browser, buyer: Buyer
) -> None:
    client.press("/my/data/delete")
    for path in ("/requests", "/my/data", "/my/preferences"):
        assert "Everything we hold on you will be deleted on" in client.get(path).text, path
    assert client.get("/my/data/delete").location == "/my/data"
    client.press("/my/data/keep")
    assert db.session.get(Buyer, buyer.id).deletion_due_at is None
    assert "will be deleted on" not in client.get("/requests").text


def test_the_link_in_the_mail_keeps_everything_without_logging_in(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    client.press("/my/data/delete")
    found = re.search(r"/my/keep/\w+", mail("deletion_asked").text)
    assert found is not None
    client.press("/logout")
    assert "Shall everything stay?" in client.get(found.group()).text
    assert db.session.get(Buyer, buyer.id).deletion_due_at is not None, "looking keeps nothing"
    assert "Nothing is deleted" in client.press(found.group()).text
    assert db.session.get(Buyer, buyer.id).deletion_due_at is None
    assert erase_leaving(now + timedelta(days=20)) == 0
    assert "Nothing is going to be deleted" in client.get(found.group()).text


def test_after_two_weeks_nothing_but_numbers_is_left(client: Browser, buyer: Buyer, now: datetime) -> None:
    client.press("/my/data/delete")
    found = re.search(r"/my/keep/\w+", mail("deletion_asked").text)
    assert found is not None
    assert erase_leaving(now + timedelta(days=13)) == 0
    assert erase_leaving(now + timedelta(days=15)) == 1
    assert erase_leaving(now + timedelta(days=15)) == 0
    gone = db.session.get(Buyer, buyer.id)
    assert (gone.erased_at is not None, gone.deletion_due_at) == (True, None)
    said = " ".join(
        str(value)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(select(table)).all()
        for value in row
    ).lower()
    for secret in (ADDRESS, "916 123", "9161234567", "late father", "tver", "we are asking 3 shops"):
        assert secret not in said, secret
    assert db.session.scalars(select(DiscountRequest)).one().outcome is Outcome.WITHDRAWN
    assert db.session.scalars(select(Watch)).one().ended_at is not None
    assert client.get("/my/data").status_code == 302, "the session is nobody's any more"
    assert client.get(found.group()).status_code == 410
    assert client.press(found.group()).status_code == 410
