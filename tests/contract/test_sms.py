"""What every text gateway's adapter does, each against a server that answers as the gateway does."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from discount_broker.adapters.dev_mailbox import MailFolder
from discount_broker.adapters.sms import FolderSms, KannelSms, SmscSms, TwilioSms, make_sms_channel
from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.extract.sms_account import read_account
from discount_broker.messaging.extract.sms_receipts import smsc_number
from discount_broker.messaging.ports import (
    Channel,
    DeliveryFailure,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    TemporaryFailure,
)
from discount_broker.settings import WrongSetting
from tests.contract.servers import dead_place, serving, talking
from tests.contract.sms_gateways import (
    PASSWORD,
    PRICE,
    SERVERS,
    GatewayServer,
    KannelServer,
    SmscServer,
    TwilioServer,
    account_at,
    as_json,
    receipt_url,
    smsc_error,
    twilio_error,
)
from tests.fakes import Answer

MESSAGE = OutgoingMessage(
    to="+79161234567",
    subject="",
    text="Магазин «Дрель» даёт 10 % + подарок: https://b.test/t/7k2m9abcdefgh & №5",
    language="ru",
    idempotency_key="0b54d7f0-0000-4000-8000-000000000001",
    sender_name="Скидка",
)


class Line:
    """A channel and the gateway at its other end."""

    def __init__(self, server: Any, running: ExitStack) -> None:
        self.server = server
        self.site = running.enter_context(serving(server))
        self.channel: Channel = server.make(account_at(server.scheme, self.site.place))

    def failure(self, answer: Answer | None = None) -> DeliveryFailure:
        self.server.answer = answer
        with pytest.raises(DeliveryFailure) as failure:
            self.channel.send(MESSAGE)
        return failure.value


@pytest.fixture
def running() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(params=SERVERS)
def line(request: pytest.FixtureRequest, running: ExitStack) -> Line:
    return Line(request.param(), running)


def line_to(server: GatewayServer, running: ExitStack) -> Line:
    return Line(server, running)


def test_a_text_reaches_the_phone_as_it_was_written(line: Line) -> None:
    receipt = line.channel.send(MESSAGE)
    (heard,) = line.server.taken
    assert heard.to.lstrip("+") == "79161234567"
    assert heard.text == MESSAGE.text
    assert heard.sender in ("Market", "+15005550006")
    assert receipt.reference
    assert receipt.evidence["segments"] == 2
    assert receipt.evidence["encoding"] == "ucs2"
    assert receipt.evidence["cost"] == "5.00"


def test_a_plain_text_stays_in_seven_bits(line: Line) -> None:
    receipt = line.channel.send(replace(MESSAGE, text="Tools+More: 10% off [€5] & {gift}"))
    (heard,) = line.server.taken
    assert heard.text == "Tools+More: 10% off [€5] & {gift}"
    assert (receipt.evidence["encoding"], receipt.evidence["segments"]) == ("gsm7", 1)


def test_a_refused_text_is_not_worth_another_try(line: Line) -> None:
    failure = line.failure(line.server.refusal)
    assert isinstance(failure, PermanentFailure)
    assert failure.reason is FailureReason.REFUSED


def test_a_busy_gateway_is_worth_another_try(line: Line) -> None:
    assert isinstance(line.failure(line.server.busy), TemporaryFailure)


def test_a_wrong_password_is_our_fault_and_the_text_waits(line: Line) -> None:
    line.channel = line.server.make(account_at(line.server.scheme, line.site.place, "wrong"))
    assert isinstance(line.failure(), TemporaryFailure)
    assert line.server.taken == []


def test_a_lost_answer_never_makes_two_texts(line: Line) -> None:
    line.server.hangs_up = True
    assert type(line.failure()) is line.server.lost_answer
    assert len(line.server.taken) == 1
    line.server.hangs_up = False
    if line.server.lost_answer is TemporaryFailure:  # then it is tried again
        receipt = line.channel.send(MESSAGE)
        assert receipt.evidence["found again"]
        assert len(line.server.taken) == 1


def test_a_slow_answer_is_a_lost_one(line: Line) -> None:
    with talking(lambda connection: connection.recv(65_536) and None) as place:
        line.channel = line.server.make(account_at(line.server.scheme, place), seconds=0.3)
        assert type(line.failure()) is line.server.lost_answer


def test_where_nobody_listens_nothing_was_sent(line: Line) -> None:
    line.channel = line.server.make(account_at(line.server.scheme, dead_place()))
    assert isinstance(line.failure(), TemporaryFailure)


def test_a_breakdown_at_the_gateway_leaves_the_outcome_open(line: Line) -> None:
    assert type(line.failure(Answer(b"oops", 500))) is line.server.lost_answer


def test_a_redirect_is_not_followed_with_our_password(line: Line) -> None:
    elsewhere = Answer(b"", 302, headers={"Location": "http://127.0.0.1:9/"})
    assert isinstance(line.failure(elsewhere), TemporaryFailure)


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_nobody_can_read_is_never_a_yes(line: Line, content: bytes) -> None:
    if not isinstance(line.server, KannelServer):  # its yes is a status, whatever stands below it
        line.server.answer = Answer(content, 200, "application/json")
        with pytest.raises((OutcomeUnknown, TemporaryFailure)):
            line.channel.send(MESSAGE)


def test_nothing_that_is_kept_or_shown_holds_the_password(line: Line) -> None:
    receipt = line.channel.send(MESSAGE)
    kept = json.dumps(receipt.evidence, ensure_ascii=False)
    for answer in (line.server.refusal, line.server.busy, line.server.wrong_login, Answer(b"?", 500)):
        failure = line.failure(answer)
        kept += f"{failure}{failure!r}{failure.evidence}"
    assert PASSWORD not in kept
    assert PASSWORD.replace(" ", "+") not in kept
    assert PASSWORD not in repr(account_at(line.server.scheme, line.site.place))


def test_evidence_can_be_stored(line: Line) -> None:
    assert json.loads(json.dumps(line.channel.send(MESSAGE).evidence))


def test_kannel_is_told_the_charset_and_where_receipts_go(running: ExitStack) -> None:
    line = line_to(KannelServer(), running)
    receipt = line.channel.send(MESSAGE)
    fields = line.server.taken[0].fields
    assert (fields["coding"], fields["charset"], fields["dlr-mask"]) == ("2", "UTF-8", "31")
    here = receipt_url("kannel", MESSAGE.idempotency_key)
    assert fields["dlr-url"] == f"{here}?type=%d&fid=%F&answer=%A&at=%T"
    assert "&to=%2B79161234567&" in line.site.asked[0].url
    assert receipt.reference == MESSAGE.idempotency_key


@pytest.mark.parametrize(
    ("hours", "kannel", "smsc"), [(2.51, "150", "02:30"), (100, "1440", "24:00"), (-1, "1", "00:01")]
)
def test_the_operator_tries_no_longer_than_the_text_is_news(
    hours: float, kannel: str, smsc: str, running: ExitStack
) -> None:
    message = replace(MESSAGE, expires_at=utcnow() + timedelta(hours=hours))
    for server, field, expected in ((KannelServer(), "validity", kannel), (SmscServer(), "valid", smsc)):
        line_to(server, running).channel.send(message)
        assert server.taken[0].fields[field] == expected


def test_kannel_without_a_sender_waits_for_the_setting(running: ExitStack) -> None:
    line = line_to(KannelServer(), running)
    failure = line.failure(Answer(b"Sender missing and no global set, rejected", 400))
    assert isinstance(failure, TemporaryFailure)
    assert "BROKER_SMS_SENDER" in str(failure)


AT_ONCE = as_json({"sid": "SM1", "status": "failed", "error_code": 21614}, 201)


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (twilio_error(21211), PermanentFailure, FailureReason.ADDRESS_DEAD),
        (twilio_error(21614), PermanentFailure, FailureReason.ADDRESS_DEAD),
        (twilio_error(21408), PermanentFailure, FailureReason.REFUSED),
        (twilio_error(21610), PermanentFailure, FailureReason.REFUSED),
        (twilio_error(21606), TemporaryFailure, FailureReason.OTHER),
        (twilio_error(20003, 403), TemporaryFailure, FailureReason.OTHER),
        (twilio_error(99999), PermanentFailure, FailureReason.REFUSED),
        (
            as_json({"sid": "SM1", "status": "failed", "error_code": 21614}, 201),
            PermanentFailure,
            "address_dead",
        ),
        (as_json({"status": "queued"}, 201), OutcomeUnknown, FailureReason.OTHER),
        (Answer(b"<html>Bad gateway</html>", 502), OutcomeUnknown, FailureReason.OTHER),
    ],
)
def test_twilio_codes_say_what_comes_next(
    answer: Answer, kind: type[Exception], reason: str, running: ExitStack
) -> None:
    failure = line_to(TwilioServer(), running).failure(answer)
    assert (type(failure), failure.reason) == (kind, reason)


def test_a_throttled_text_was_not_tried_and_waits_as_long_as_told(running: ExitStack) -> None:
    line = line_to(TwilioServer(), running)
    failure = line.failure(as_json({"code": 20429, "status": 429}, 429, Retry_After="90"))
    assert isinstance(failure, TemporaryFailure)
    assert (failure.counts, failure.retry_after) == (False, timedelta(seconds=90))


def test_twilio_is_told_where_its_statuses_go_and_may_choose_the_sender(running: ExitStack) -> None:
    line = line_to(TwilioServer(), running)
    pool = "MG" + "0" * 32
    account = account_at("twilio", line.site.place)
    TwilioSms(account, sender=pool, price=Decimal(0), receipt_url=receipt_url).send(MESSAGE)
    fields = line.server.taken[0].fields
    assert fields["StatusCallback"] == receipt_url("twilio", MESSAGE.idempotency_key)
    assert fields["MessagingServiceSid"] == pool
    assert "From" not in fields


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (1, PermanentFailure, FailureReason.OTHER),
        (2, TemporaryFailure, FailureReason.OTHER),
        (3, TemporaryFailure, FailureReason.OTHER),
        (4, TemporaryFailure, FailureReason.OTHER),
        (6, PermanentFailure, FailureReason.REFUSED),
        (7, PermanentFailure, FailureReason.ADDRESS_DEAD),
        (8, PermanentFailure, FailureReason.ADDRESS_DEAD),
        (9, TemporaryFailure, FailureReason.OTHER),
    ],
)
def test_smsc_codes_say_what_comes_next(
    code: int, kind: type[Exception], reason: FailureReason, running: ExitStack
) -> None:
    failure = line_to(SmscServer(), running).failure(smsc_error(code))
    assert (type(failure), failure.reason) == (kind, reason)


def test_smsc_knows_a_text_by_our_number(running: ExitStack) -> None:
    line = line_to(SmscServer(), running)
    receipt = line.channel.send(MESSAGE)
    assert (
        receipt.reference == line.server.taken[0].fields["id"] == smsc_number(UUID(MESSAGE.idempotency_key))
    )
    assert 1 <= int(receipt.reference) <= 2_147_483_647
    assert receipt.evidence["gateway answer"] == {"cnt": "1", "cost": "2.3"}
    line.channel.send(MESSAGE)
    assert len(line.server.taken) == 1


def test_a_demonstration_puts_texts_into_the_development_mailbox(tmp_path: Path) -> None:
    channel = FolderSms(tmp_path, sender="Broker", price=PRICE)
    assert channel.send(MESSAGE).evidence["cost"] == "5.00"
    channel.send(MESSAGE)
    (shown,) = MailFolder(tmp_path).list_mails("+79161234567")
    assert shown.text.strip() == MESSAGE.text
    assert "SMS" in shown.subject


@pytest.mark.parametrize(
    ("url", "place", "kind"),
    [
        ("kannel://u:p@127.0.0.1:13013", "http://127.0.0.1:13013", KannelSms),
        ("kannel://u:p@sms.internal:13013", "http://sms.internal:13013", KannelSms),
        ("kannels://u:p@sms.example", "https://sms.example", KannelSms),
        ("twilio://AC1:t%40k@api.twilio.com", "https://api.twilio.com", TwilioSms),
        ("twilio://AC1:tok@127.0.0.1:8080", "http://127.0.0.1:8080", TwilioSms),
        ("smsc://login:pass@smsc.ru", "https://smsc.ru", SmscSms),
        ("folder:///var/mail", "/var/mail", FolderSms),
    ],
)
def test_the_setting_says_which_gateway_and_how(url: str, place: str, kind: type[Channel]) -> None:
    account = read_account(url)
    assert account.place == place
    channel = make_sms_channel(url, sender="x", price=PRICE, receipt_url=receipt_url)
    assert isinstance(channel, kind)


@pytest.mark.parametrize(
    "url", ["", "http://u:p@smsc.ru", "twilio://api.twilio.com", "kannel://u@host:1", "smsc://u:p@host:x"]
)
def test_half_a_setting_is_refused(url: str) -> None:
    with pytest.raises(WrongSetting, match="BROKER_SMS_URL"):
        make_sms_channel(url, sender="x", price=PRICE, receipt_url=receipt_url)


def test_twilio_without_a_sender_is_refused_at_start() -> None:
    with pytest.raises(WrongSetting, match="BROKER_SMS_SENDER"):
        make_sms_channel("twilio://AC1:tok@x.example", sender="", price=PRICE, receipt_url=receipt_url)
