"""What mail providers post: kept before it is answered, and refused without their signature."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from discount_broker.adapters.amazon_sns import AmazonSns
from discount_broker.adapters.signed_tokens import RedisSignedTokens
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import DeliveryReceipt
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.rendering import Rendered
from discount_broker.outreach.models import InboundMail
from discount_broker.settings import Settings
from discount_broker.web.incoming import LARGEST_NOTICE, LARGEST_REQUEST
from tests.fakes import Answer, Asked, FakeFetcher
from tests.posting import (
    AMAZON,
    MAILGUN_KEY,
    TOPIC,
    Amazon,
    SendgridSigner,
    basic,
    mailgun_signature,
    multipart,
    ses_mail,
)

MAIL = "From: sales@shop.example\r\nSubject: Re: R-7K2M9\r\n\r\nДа, 10 %\r\n".encode("windows-1251")
PASSWORD = "mail:a password"
SENDGRID = SendgridSigner(ec.generate_private_key(ec.SECP256R1()))
AMAZONS = Amazon.made(utcnow())


class AtAmazon:
    """What lies at SNS, and who asked for it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_down = False

    def __call__(self, asked: Asked) -> Answer:
        if asked.path != "/robots.txt":
            self.asked.append(asked.url)
        if self.is_down:
            raise ConnectionError
        return Answer(AMAZONS.pem if asked.path.endswith(".pem") else b"<ok/>", content_type="text/xml")


class Unreadable(io.BytesIO):
    def read(self, *_: object) -> bytes:
        raise AssertionError("it was read")

    readinto = readline = read  # type: ignore[assignment]


@pytest.fixture
def at_amazon() -> AtAmazon:
    return AtAmazon()


@pytest.fixture
def client(app: Flask, settings: Settings, at_amazon: AtAmazon) -> Iterator[FlaskClient]:
    before = {name: app.extensions[name] for name in ("settings", "amazon_sns", "signed_tokens")}
    fetcher = FakeFetcher({"sns.eu-west-1.amazonaws.com": at_amazon})
    app.extensions.update(
        settings=replace(
            settings,
            mailgun_key=MAILGUN_KEY,
            postmark_password=PASSWORD,
            sendgrid_password=PASSWORD,
            ses_topic=TOPIC,
        ),
        amazon_sns=AmazonSns(fetcher),
        signed_tokens=RedisSignedTokens(before["signed_tokens"]._redis),
    )
    yield app.test_client()
    app.extensions.update(before)


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def ours(app: Flask, now: datetime) -> str:
    return f"reply+{issue_token(Purpose.REPLY, uuid4(), now)}@in.broker.test"


def kept() -> list[InboundMail]:
    db.session.expire_all()
    return list(db.session.scalars(select(InboundMail).order_by(InboundMail.received_at)))


def from_mailgun(
    client: FlaskClient, recipient: str, signature: dict[str, str], content: bytes = MAIL
) -> TestResponse:
    fields = {"recipient": recipient, "sender": "sales@shop.example", "body-mime": content, **signature}
    body, content_type = multipart(fields)
    return client.post("/in/mailgun/mime", data=body, content_type=content_type)


# Mailgun ----------------------------------------------------------------------------------------


def test_a_mail_of_mailgun_is_kept_byte_for_byte(client: FlaskClient, ours: str, now: datetime) -> None:
    assert from_mailgun(client, ours, mailgun_signature(now)).status_code == 200
    [mail] = kept()
    assert (mail.recipient, mail.source) == (ours, "mailgun")
    assert mail.content == b"Return-Path: <sales@shop.example>\r\n" + MAIL


def test_the_fields_of_mailgun_may_be_urlencoded(client: FlaskClient, ours: str, now: datetime) -> None:
    fields = {"recipient": ours, "sender": "", "body-mime": MAIL, **mailgun_signature(now)}
    answer = client.post(
        "/in/mailgun/mime", data=urlencode(fields), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert kept()[0].content == b"Return-Path: <>\r\n" + MAIL


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"token": "b" * 50},
        {"timestamp": "1"},
        {"timestamp": "soon"},
    ],
)
def test_a_mail_with_a_wrong_signature_is_refused_and_asked_for_again(
    client: FlaskClient, ours: str, now: datetime, wrong: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong key of ours would look the same, so nothing is lost for good (only 406 would be)."""
    with caplog.at_level(logging.INFO):
        assert from_mailgun(client, ours, mailgun_signature(now) | wrong).status_code == 403
    assert kept() == []
    assert "wrong signature" in caplog.text
    assert "@" not in caplog.text


def test_a_signature_is_believed_for_as_long_as_mailgun_tries(
    client: FlaskClient, ours: str, now: datetime
) -> None:
    assert from_mailgun(client, ours, mailgun_signature(now - timedelta(hours=8))).status_code == 200
    late, early = now - timedelta(hours=10), now + timedelta(minutes=10)
    for when in (late, early):
        assert from_mailgun(client, ours, mailgun_signature(when, "c" * 50)).status_code == 403


def test_a_mail_that_mailgun_sends_again_is_one_mail(client: FlaskClient, ours: str, now: datetime) -> None:
    signature = mailgun_signature(now)
    assert [from_mailgun(client, ours, signature).status_code for _ in range(3)] == [200] * 3
    assert len(kept()) == 1


def test_another_mail_under_a_signature_that_was_used_is_refused(
    client: FlaskClient, ours: str, now: datetime
) -> None:
    """Mailgun's signature does not cover the mail."""
    signature = mailgun_signature(now)
    from_mailgun(client, ours, signature)
    assert from_mailgun(client, ours, signature, b"Subject: forged\r\n\r\n90 %\r\n").status_code == 403
    assert len(kept()) == 1


def test_a_mail_for_two_conversations_is_kept_for_each(client: FlaskClient, ours: str, now: datetime) -> None:
    other = f"bounce+{issue_token(Purpose.BOUNCE, uuid4(), now)}@in.broker.test"
    from_mailgun(client, f"{ours},{other}", mailgun_signature(now))
    assert {mail.recipient for mail in kept()} == {ours, other}


def test_a_mail_for_nobody_here_is_not_asked_for_again(client: FlaskClient, now: datetime) -> None:
    assert from_mailgun(client, "info@elsewhere.test", mailgun_signature(now)).status_code == 406
    assert kept() == []


def test_an_address_with_a_typing_error_is_kept_for_a_person(client: FlaskClient, now: datetime) -> None:
    """Mailgun has taken the mail: nobody would be told that it went nowhere."""
    assert from_mailgun(client, "reply+mistyped@in.broker.test", mailgun_signature(now)).status_code == 200
    assert len(kept()) == 1


def test_a_mail_that_mailgun_took_apart_is_put_together_again(
    client: FlaskClient, ours: str, now: datetime
) -> None:
    headers = [["From", "sales@shop.example"], ["Subject", "Re: R-7K2M9"], ["Message-Id", "<1@shop.example>"]]
    fields = {
        "recipient": ours,
        "sender": "sales@shop.example",
        "message-headers": json.dumps(headers),
        "body-plain": "Да, 10 %",
        "X-Mailgun-Spf": "Pass",
        **mailgun_signature(now),
    }
    assert client.post("/in/mailgun/mime", data=fields).status_code == 200
    [mail] = kept()
    assert b"Message-Id: <1@shop.example>" in mail.content
    assert mail.authentication == {"spf": "pass", "by": "mailgun"}


# Postmark ---------------------------------------------------------------------------------------


def a_postmark_mail(recipient: str, **given: Any) -> dict[str, Any]:
    return {
        "FromFull": {"Email": "sales@shop.example", "Name": "Shop"},
        "OriginalRecipient": recipient,
        "Subject": "Re: R-7K2M9",
        "Date": "Mon, 14 Jan 2030 12:00:00 +0300",
        "TextBody": "Да, 10 %",
        "Headers": [
            {"Name": "Return-Path", "Value": "<sales@shop.example>"},
            {"Name": "Received-SPF", "Value": "Pass (sender SPF authorized) identity=mailfrom"},
            {"Name": "Message-ID", "Value": "<1@shop.example>"},
        ],
        "Attachments": [],
        **given,
    }


def test_a_mail_of_postmark_is_kept_whole_where_it_is_sent_whole(client: FlaskClient, ours: str) -> None:
    raw = "From: sales@shop.example\r\n\r\nДа\r\n"
    answer = client.post(
        "/in/postmark/mail", json=a_postmark_mail(ours, RawEmail=raw), headers=basic(PASSWORD)
    )
    assert answer.status_code == 200
    [mail] = kept()
    assert mail.content == b"Return-Path: <sales@shop.example>\r\n" + raw.encode()
    assert (mail.source, mail.authentication) == ("postmark", {"spf": "pass", "by": "postmark"})


def test_a_mail_that_postmark_took_apart_is_put_together_again(client: FlaskClient, ours: str) -> None:
    file = {"Name": "price.txt", "ContentType": "text/plain", "Content": "OTkwMA=="}
    posted = a_postmark_mail(ours, Attachments=[file])
    assert client.post("/in/postmark/mail", json=posted, headers=basic(PASSWORD)).status_code == 200
    content = kept()[0].content.decode()
    for line in (
        'From: "Shop" <sales@shop.example>',
        "Subject: Re: R-7K2M9",
        "Message-ID: <1@shop.example>",
        "price.txt",
    ):
        assert line in content


@pytest.mark.parametrize(
    "headers", [{}, basic("mail:wrong"), basic("a password"), {"Authorization": "Basic ???"}]
)
@pytest.mark.parametrize(
    "path", ["/in/postmark/mail", "/in/postmark/events", "/in/sendgrid/mail", "/in/sendgrid/events"]
)
def test_without_the_password_nothing_is_taken(
    client: FlaskClient, ours: str, path: str, headers: dict[str, str]
) -> None:
    answer = client.post(path, json=a_postmark_mail(ours), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert kept() == []


# SendGrid ---------------------------------------------------------------------------------------


def a_sendgrid_mail(recipient: str, **given: str | bytes) -> tuple[bytes, str]:
    envelope = json.dumps({"to": [recipient], "from": "bounces@shop.example"})
    return multipart(
        {"envelope": envelope, "email": MAIL, "SPF": "pass", "dkim": "{@shop.example : pass}", **given}
    )


def test_a_mail_of_sendgrid_is_kept_byte_for_byte(client: FlaskClient, ours: str) -> None:
    body, content_type = a_sendgrid_mail(ours)
    answer = client.post("/in/sendgrid/mail", data=body, content_type=content_type, headers=basic(PASSWORD))
    assert answer.status_code == 200
    [mail] = kept()
    assert mail.content == b"Return-Path: <bounces@shop.example>\r\n" + MAIL
    assert mail.authentication == {"spf": "pass", "dkim": "pass", "domain": "shop.example", "by": "sendgrid"}


def test_where_sendgrids_key_is_known_its_signature_is_needed_too(
    app: Flask, client: FlaskClient, ours: str, now: datetime
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], sendgrid_key=SENDGRID.public)
    body, content_type = a_sendgrid_mail(ours)
    signed = SENDGRID.headers(body, now)
    for headers, expected in (
        ({}, 401),
        (SENDGRID.headers(body + b" ", now), 401),
        (SENDGRID.headers(body, now - timedelta(days=4)), 401),
        (signed, 200),
    ):
        answer = client.post(
            "/in/sendgrid/mail", data=body, content_type=content_type, headers=basic(PASSWORD) | headers
        )
        assert answer.status_code == expected
    assert len(kept()) == 1


# SES over SNS -----------------------------------------------------------------------------------


def from_amazon(client: FlaskClient, body: bytes, kind: str = "Notification") -> TestResponse:
    headers = {"x-amz-sns-message-type": kind}
    return client.post("/in/ses", data=body, content_type="text/plain; charset=UTF-8", headers=headers)


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_mail_of_ses_is_kept(client: FlaskClient, ours: str, now: datetime, version: str) -> None:
    content = "From: sales@shop.example\r\n\r\nДа\r\n"
    body = AMAZONS.notification(ses_mail(ours, content), now, version=version)
    assert from_amazon(client, body).status_code == 200
    [mail] = kept()
    assert mail.content == b"Return-Path: <sales@shop.example>\r\n" + content.encode()
    assert mail.authentication["domain"] == "shop.example"
    assert (mail.authentication["dmarc"], mail.source) == ("pass", "ses")


def test_the_certificate_of_ses_is_fetched_once(
    client: FlaskClient, ours: str, now: datetime, at_amazon: AtAmazon
) -> None:
    for number in range(3):
        from_amazon(client, AMAZONS.notification(ses_mail(ours, f"Subject: {number}\r\n\r\n"), now))
    assert len(kept()) == 3
    assert len(at_amazon.asked) == 1


def test_a_mail_that_ses_put_elsewhere_is_seen_by_a_person(
    client: FlaskClient, ours: str, now: datetime
) -> None:
    stored = {"type": "S3", "bucketName": "mails", "objectKey": "d6iitobk"}
    assert (
        from_amazon(client, AMAZONS.notification(ses_mail(ours, None, action=stored), now)).status_code == 200
    )
    content = kept()[0].content
    assert b"Subject: Re: R-7K2M9" in content
    assert b"mails/d6iitobk" in content


@pytest.mark.parametrize(
    "changed",
    [
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:mail"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://user@sns.eu-west-1.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://s3.eu-west-1.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/x.txt"},
        {"SignatureVersion": "3"},
        {"Timestamp": "2020-01-01T00:00:00.000Z"},
    ],
)
def test_what_is_not_surely_amazons_and_ours_is_refused_and_nothing_is_fetched(
    client: FlaskClient, ours: str, now: datetime, at_amazon: AtAmazon, changed: dict[str, str]
) -> None:
    """A valid signature of Amazon does not prove that the topic is ours."""
    assert from_amazon(client, AMAZONS.notification(ses_mail(ours, "x"), now, **changed)).status_code == 403
    assert kept() == []
    assert at_amazon.asked == [] or "SignatureVersion" in changed


def test_a_changed_message_is_refused(client: FlaskClient, ours: str, now: datetime) -> None:
    body = AMAZONS.notification(ses_mail(ours, "10 %"), now).replace(b"10 %", b"90 %")
    assert from_amazon(client, body).status_code == 403


def test_another_kind_in_the_header_is_refused(client: FlaskClient, ours: str, now: datetime) -> None:
    body = AMAZONS.notification(ses_mail(ours, "x"), now)
    assert from_amazon(client, body, "SubscriptionConfirmation").status_code == 403


def test_a_subscription_to_our_topic_is_confirmed(
    client: FlaskClient, now: datetime, at_amazon: AtAmazon
) -> None:
    answer = from_amazon(client, AMAZONS.confirmation(now), "SubscriptionConfirmation")
    assert answer.status_code == 200
    assert at_amazon.asked[-1] == f"{AMAZON}/?Action=ConfirmSubscription&Token=t"


def test_a_subscription_to_anothers_topic_is_not_confirmed(
    client: FlaskClient, now: datetime, at_amazon: AtAmazon
) -> None:
    body = AMAZONS.confirmation(now, TopicArn="arn:aws:sns:eu-west-1:999999999999:mail")
    assert from_amazon(client, body, "SubscriptionConfirmation").status_code == 403
    assert at_amazon.asked == []


def test_a_confirmation_that_leads_elsewhere_is_not_followed(
    client: FlaskClient, now: datetime, at_amazon: AtAmazon
) -> None:
    body = AMAZONS.confirmation(now, SubscribeURL="http://169.254.169.254/latest/meta-data")
    assert from_amazon(client, body, "SubscriptionConfirmation").status_code == 403
    assert not any("169.254" in url for url in at_amazon.asked)


def test_while_the_certificate_cannot_be_had_amazon_is_asked_to_come_again(
    client: FlaskClient, ours: str, now: datetime, at_amazon: AtAmazon
) -> None:
    at_amazon.is_down = True
    answer = from_amazon(client, AMAZONS.notification(ses_mail(ours, "x"), now))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


# All of them ------------------------------------------------------------------------------------


@pytest.mark.sqlite  # tables cannot be renamed under other connections of PostgreSQL so simply
def test_while_the_database_is_away_the_provider_is_asked_to_come_again(
    client: FlaskClient, ours: str, now: datetime
) -> None:
    signature = mailgun_signature(now)
    db.session.execute(text("ALTER TABLE inbound_mail RENAME TO away"))
    db.session.commit()
    try:
        answer = from_mailgun(client, ours, signature)
    finally:
        db.session.rollback()
        db.session.execute(text("ALTER TABLE away RENAME TO inbound_mail"))
        db.session.commit()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert from_mailgun(client, ours, signature).status_code == 200, "and its signature still counts"
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("path", "most"), [("/in/mailgun/mime", LARGEST_REQUEST), ("/in/ses", LARGEST_NOTICE)]
)
def test_a_request_that_is_too_large_is_refused_unread(client: FlaskClient, path: str, most: int) -> None:
    assert client.post(path, content_length=most + 1, input_stream=None).status_code == 413


def test_without_the_password_a_large_request_is_not_even_read(client: FlaskClient) -> None:
    body = Unreadable()
    assert client.post("/in/postmark/mail", content_length=10_000_000, input_stream=body).status_code == 401


def test_a_mail_that_is_too_large_is_kept_without_its_body(
    client: FlaskClient, ours: str, now: datetime
) -> None:
    content = b"Subject: photographs\r\n\r\n" + b"x" * (26 * 1024 * 1024)
    assert from_mailgun(client, ours, mailgun_signature(now), content).status_code == 200
    [mail] = kept()
    assert len(mail.content) < 1000
    assert b"Subject: photographs" in mail.content
    assert b"26 megabytes" in mail.content


def test_what_makes_no_sense_is_not_asked_for_again(client: FlaskClient, now: datetime) -> None:
    fields = mailgun_signature(now)
    assert client.post("/in/mailgun/mime", data=fields).status_code == 406
    assert client.post("/in/postmark/mail", data=b"{", headers=basic(PASSWORD)).status_code == 406
    assert client.post("/in/sendgrid/mail", data=b"{", headers=basic(PASSWORD)).status_code == 406
    assert from_amazon(client, AMAZONS.notification("no JSON", now)).status_code == 406


# What became of our messages --------------------------------------------------------------------


@pytest.fixture
def delivery(app: Flask, now: datetime) -> str:
    """The Message-ID of a letter to a shop."""
    rendered = Rendered(message="ask_shop", language="en", subject="A wish", text="Hello", html=None)
    envelope = Envelope(
        channel=ChannelKind.EMAIL, address="sales@shop.example", stop_keys=["shop:shop.example"]
    )
    made = queue_delivery(rendered, envelope, purpose="outreach:1:first", now=now)
    assert made is not None
    db.session.commit()
    return f"{made.id}@in.broker.test"


def receipts() -> list[tuple[str, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(DeliveryReceipt).order_by(DeliveryReceipt.kind))
    return [(row.kind.value, row.detail) for row in rows]


def a_mailgun_event(message_id: str, now: datetime, **told: Any) -> dict[str, Any]:
    event = {
        "id": "Ase7i2zsRYeDXztHGENqRA",
        "timestamp": now.timestamp(),
        "message": {"headers": {"message-id": message_id}},
        **told,
    }
    return {"signature": mailgun_signature(now), "event-data": event}


def test_mailgun_tells_that_an_address_is_dead(client: FlaskClient, delivery: str, now: datetime) -> None:
    status = {"code": 550, "message": "5.1.1 No such user", "description": ""}
    told = a_mailgun_event(delivery, now, event="failed", severity="permanent", **{"delivery-status": status})
    assert [client.post("/in/mailgun/events", json=told).status_code for _ in range(2)] == [200, 200]
    assert receipts() == [("hard_bounce", "550 5.1.1 No such user")]


def test_an_event_of_mailgun_without_its_signature_changes_nothing(
    client: FlaskClient, delivery: str, now: datetime
) -> None:
    told = a_mailgun_event(delivery, now, event="complained")
    told["signature"]["signature"] = "0" * 64
    assert client.post("/in/mailgun/events", json=told).status_code == 403
    assert receipts() == []


def test_sendgrid_tells_of_many_messages_at_once(client: FlaskClient, delivery: str, now: datetime) -> None:
    common = {"timestamp": int(now.timestamp()), "smtp-id": f"<{delivery}>", "sg_message_id": "x.filter"}
    told = [
        common | {"event": "processed", "sg_event_id": "1"},
        common | {"event": "delivered", "sg_event_id": "2", "response": "250 OK"},
        common | {"event": "open", "sg_event_id": "3"},
        common | {"event": "processed", "sg_event_id": "4", "smtp-id": f"<{uuid4()}@in.broker.test>"},
        common | {"event": "processed", "sg_event_id": "5", "smtp-id": "<another@elsewhere.test>"},
    ]
    assert client.post("/in/sendgrid/events", json=told, headers=basic(PASSWORD)).status_code == 200
    assert receipts() == [("accepted", "processed"), ("delivered", "250 OK")]


def test_postmark_tells_by_the_message_id_we_gave_it(client: FlaskClient, delivery: str) -> None:
    told = {
        "RecordType": "Delivery",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "DeliveredAt": "2030-01-14T12:00:00Z",
        "Details": "250 OK",
        "Metadata": {"message-id": delivery},
    }
    assert client.post("/in/postmark/events", json=told, headers=basic(PASSWORD)).status_code == 200
    assert receipts() == [("delivered", "250 OK")]


def test_ses_tells_by_our_envelope_sender_too(client: FlaskClient, delivery: str, now: datetime) -> None:
    """It writes a Message-ID of its own over ours."""
    token = issue_token(Purpose.BOUNCE, UUID(delivery.partition("@")[0]), now)
    told = {
        "notificationType": "Complaint",
        "mail": {
            "messageId": "0100",
            "source": f"bounce+{token}@in.broker.test",
            "timestamp": "2030-01-14T12:00:00Z",
        },
        "complaint": {"feedbackId": "f1", "complaintFeedbackType": "abuse"},
    }
    assert from_amazon(client, AMAZONS.notification(told, now)).status_code == 200
    assert receipts() == [("complaint", "abuse")]
