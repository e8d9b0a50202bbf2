"""What every Channel does, whatever stands behind it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Protocol

import pytest

from discount_broker.adapters.mail_pacing import PacedMailChannel
from discount_broker.adapters.mail_providers import KnownProviders
from discount_broker.adapters.mail_turns import LocalTurns
from discount_broker.adapters.redirect import RedirectChannel
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.adapters.web_form import WebFormChannel
from discount_broker.messaging.ports import (
    Channel,
    ChannelKind,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    TemporaryFailure,
)
from tests.contract.form_shops import FormShop
from tests.contract.mail_servers import relaying
from tests.fakes import Answer, FakeChannel, FakeFetcher

MESSAGE = OutgoingMessage(
    to="sales@shop.test",
    subject="Запрос скидки R-7K2M9",
    text="Здравствуйте!\nПокупатель готов купить чайник.\nhttps://broker.test/o/abc",
    html="<p>Здравствуйте!</p>",
    language="ru",
    idempotency_key="0b54d7f0",
    sender_name="Скидка",
    reply_to="reply+abc@in.broker.test",
    bounce_to="bounce+abc@in.broker.test",
    stop_url="https://broker.test/stop/" + "x" * 90,
)


class Outside(Protocol):
    """The other side of a channel, which can be told how to behave."""

    channel: Channel
    message: OutgoingMessage
    lost_answer: type[Exception]
    """What the channel says when the other side goes away after it has heard the message."""
    refused_as: FailureReason

    def refuse(self) -> None: ...
    def be_busy(self) -> None: ...
    def go_away(self) -> None: ...
    def count(self) -> int: ...


class Mailbox:
    lost_answer = TemporaryFailure
    refused_as = FailureReason.REFUSED
    message = MESSAGE

    def __init__(self, running: ExitStack) -> None:
        self.relay = running.enter_context(relaying())
        self.channel: Channel = SmtpChannel(
            self.relay.url, mail_from="requests@broker.test", mail_domain="in.broker.test", timeout=5
        )

    def refuse(self) -> None:
        self.relay.content_answer = "554 We do not take this"

    def be_busy(self) -> None:
        self.relay.recipient_answer = "450 4.2.0 Greylisted"

    def go_away(self) -> None:
        self.relay.hangs_up_after_content = True

    def count(self) -> int:
        return len(self.relay.taken)


class PacedMailbox(Mailbox):
    def __init__(self, running: ExitStack) -> None:
        super().__init__(running)
        mail = SmtpChannel(self.relay.url, mail_from="requests@broker.test", mail_domain="in.broker.test")
        self.channel = PacedMailChannel(mail, LocalTurns(), KnownProviders(), mails_per_minute=60)


class RedirectedMailbox(Mailbox):
    refused_as = FailureReason.OTHER

    def __init__(self, running: ExitStack) -> None:
        super().__init__(running)
        self.channel = RedirectChannel(self.channel, "tests@broker.test", ChannelKind.EMAIL)


class FormPage:
    lost_answer = OutcomeUnknown
    refused_as = FailureReason.REFUSED
    message = replace(MESSAGE, to="http://shop.test/contacts", html=None, bounce_to="")

    def __init__(self, _running: ExitStack) -> None:
        self.shop = FormShop()
        self.channel: Channel = WebFormChannel(FakeFetcher({"shop.test": self.shop}), service_name="Скидка")

    def refuse(self) -> None:
        self.shop.answer = self.shop.show("<p class=error>Ошибка: сообщение не отправлено</p>")

    def be_busy(self) -> None:
        self.shop.answer = Answer(b"Too many requests", 429)

    def go_away(self) -> None:
        self.shop.hangs_up = True

    def count(self) -> int:
        return len(self.shop.taken)


class Fake:
    lost_answer = OutcomeUnknown
    refused_as = FailureReason.REFUSED
    message = MESSAGE

    def __init__(self, _running: ExitStack) -> None:
        self.fake = FakeChannel()
        self.channel: Channel = self.fake

    def refuse(self) -> None:
        self.fake.failing_with = PermanentFailure("refused", FailureReason.REFUSED)

    def be_busy(self) -> None:
        self.fake.failing_with = TemporaryFailure("busy")

    def go_away(self) -> None:
        self.fake.failing_with = OutcomeUnknown("no answer")

    def count(self) -> int:
        return len(self.fake.sent)


@pytest.fixture(params=[Mailbox, PacedMailbox, RedirectedMailbox, FormPage, Fake])
def outside(request: pytest.FixtureRequest) -> Iterator[Outside]:
    with ExitStack() as running:
        yield request.param(running)


def test_a_message_that_was_taken_has_a_receipt(outside: Outside) -> None:
    receipt = outside.channel.send(outside.message)
    assert receipt.reference
    assert outside.count() == 1


def test_a_message_that_was_refused_is_not_worth_another_try(outside: Outside) -> None:
    outside.refuse()
    with pytest.raises(PermanentFailure) as failure:
        outside.channel.send(outside.message)
    assert failure.value.reason == outside.refused_as


def test_a_busy_server_is_worth_another_try(outside: Outside) -> None:
    outside.be_busy()
    with pytest.raises(TemporaryFailure):
        outside.channel.send(outside.message)


def test_an_answer_that_never_came_is_told_apart_from_a_refusal(outside: Outside) -> None:
    outside.go_away()
    with pytest.raises(outside.lost_answer):
        outside.channel.send(outside.message)
