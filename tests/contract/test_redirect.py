"""With one setting nothing reaches anybody but us, whatever the channel."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from discount_broker.adapters.redirect import RedirectChannel
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.messaging.ports import (
    ChannelKind,
    FailureReason,
    PermanentFailure,
    TemporaryFailure,
)
from discount_broker.settings import WrongSetting
from tests.contract.mail_servers import Relay, relaying
from tests.contract.test_channels import MESSAGE
from tests.fakes import FakeChannel

OURS = "tests@broker.test"
MEANT_FOR = {
    ChannelKind.EMAIL: MESSAGE,
    ChannelKind.WEB_FORM: replace(MESSAGE, to="https://shop.test/contacts?a=1&b=2", html=None, bounce_to=""),
    ChannelKind.SMS: replace(MESSAGE, to="+74951234567", subject="", html=None, reply_to="", stop_url=""),
}


@pytest.fixture
def relay() -> Iterator[Relay]:
    with relaying() as relay:
        yield relay


def redirecting(relay: Relay, kind: ChannelKind) -> RedirectChannel:
    mail = SmtpChannel(relay.url, mail_from="requests@broker.test", mail_domain="in.broker.test")
    return RedirectChannel(mail, OURS, kind)


def received(relay: Relay) -> EmailMessage:
    mail = message_from_bytes(relay.taken[-1].original_content or b"", policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body([kind])
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def test_every_kind_of_channel_can_be_redirected() -> None:
    assert set(MEANT_FOR) == set(ChannelKind)


@pytest.mark.parametrize("kind", ChannelKind)
def test_nothing_reaches_any_other_address(relay: Relay, kind: ChannelKind) -> None:
    message = MEANT_FOR[kind]
    receipt = redirecting(relay, kind).send(message)
    [taken] = relay.taken
    mail = received(relay)
    assert taken.rcpt_tos == [OURS]
    assert mail["To"] == OURS
    assert [mail["Cc"], mail["Bcc"]] == [None, None]
    assert receipt.evidence["redirected to"] == OURS, "nobody takes it for proof that the shop was asked"


@pytest.mark.parametrize("kind", ChannelKind)
def test_the_true_recipient_stands_in_the_subject_and_at_the_head_of_the_text(
    relay: Relay, kind: ChannelKind
) -> None:
    message = MEANT_FOR[kind]
    redirecting(relay, kind).send(message)
    mail = received(relay)
    assert mail["Subject"] == f"[{message.to}] {message.subject}".strip()
    notice, _, rest = part(mail, "plain").partition("\n\n")
    assert notice.endswith(f"was meant for {message.to}")
    assert rest.strip() == message.text


def test_the_page_of_a_mail_begins_with_it_too(relay: Relay) -> None:
    html = '<html><BODY class="a">\n<p>Здравствуйте!</p></body></html>'
    redirecting(relay, ChannelKind.EMAIL).send(replace(MESSAGE, html=html))
    page = part(received(relay), "html")
    assert page.index("<BODY") < page.index("was meant for sales@shop.test") < page.index("Здравствуйте")


@pytest.mark.parametrize("kind", ChannelKind)
def test_nobody_can_unsubscribe_or_bounce_the_true_recipient(relay: Relay, kind: ChannelKind) -> None:
    redirecting(relay, kind).send(MEANT_FOR[kind])
    mail = received(relay)
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert relay.taken[0].mail_from == "requests@broker.test"


def test_an_answer_goes_where_the_shops_would(relay: Relay) -> None:
    redirecting(relay, ChannelKind.EMAIL).send(MESSAGE)
    assert received(relay)["Reply-To"] == MESSAGE.reply_to


@pytest.mark.parametrize(
    "hostile",
    [
        "https://shop.test/\r\nBcc: all@victims.test",
        "a@shop.test,b@shop.test",
        "<script>alert(1)</script>",
        "",
    ],
)
def test_a_recipient_that_is_none_goes_to_us_all_the_same(relay: Relay, hostile: str) -> None:
    redirecting(relay, ChannelKind.WEB_FORM).send(replace(MESSAGE, to=hostile))
    assert [taken.rcpt_tos for taken in relay.taken] == [[OURS]]
    mail = received(relay)
    assert mail["Bcc"] is None
    assert "<script" not in part(mail, "html")


def test_what_our_own_mailbox_says_closes_no_door_of_a_shop() -> None:
    mail = FakeChannel()
    mail.failing_with = PermanentFailure("550 5.1.1 No such user", FailureReason.ADDRESS_DEAD)
    with pytest.raises(PermanentFailure) as failure:
        RedirectChannel(mail, OURS, ChannelKind.EMAIL).send(MESSAGE)
    assert failure.value.reason is FailureReason.OTHER
    mail.failing_with = TemporaryFailure("451")
    with pytest.raises(TemporaryFailure):
        RedirectChannel(mail, OURS, ChannelKind.WEB_FORM).send(MESSAGE)


@pytest.mark.parametrize("to", ["", "everybody", "a@b.test, c@d.test"])
def test_a_redirect_to_no_address_is_refused_before_anything_is_sent(to: str) -> None:
    with pytest.raises(WrongSetting, match="BROKER_REDIRECT_TO"):
        RedirectChannel(FakeChannel(), to, ChannelKind.EMAIL)
