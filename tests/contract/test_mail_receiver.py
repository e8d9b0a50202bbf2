"""The server that takes answers and bounces."""

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from discount_broker.adapters.mail_receiver import LARGEST_MAIL, MOST_RECIPIENTS, MailReceiver
from tests.contract.mail_servers import free_port

TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop"
LINE = b"x" * 998 + b"\r\n"
MAIL = b"Subject: Re: R-7K2M9\r\n\r\n\xd0\x94\xd0\xb0, 10 %\r\n"


@dataclass
class Store:
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    is_broken: bool = False

    def deliver(self, recipient: str, content: bytes) -> None:
        if self.is_broken:
            raise OSError("disk full")
        self.kept.append((recipient, content))


@dataclass
class Post:
    store: Store
    port: int

    def send(self, *recipients: str, sender: str = "sales@shop.test", content: bytes = MAIL) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as client:
            client.sendmail(sender, recipients, content)


@pytest.fixture
def post() -> Iterator[Post]:
    store, port = Store(), free_port()
    with MailReceiver(f"127.0.0.1:{port}", "in.broker.test", store.deliver):
        yield Post(store, port)


def test_a_mail_is_kept_with_its_envelope(post: Post) -> None:
    post.send(f"reply+{TOKEN}@in.broker.test")
    assert post.store.kept == [
        (f"reply+{TOKEN}@in.broker.test", b"Return-Path: <sales@shop.test>\r\n" + MAIL)
    ]


def test_a_bounce_comes_from_nobody(post: Post) -> None:
    post.send(f"bounce+{TOKEN}@in.broker.test", sender="")
    assert post.store.kept[0][1].startswith(b"Return-Path: <>\r\n")


@pytest.mark.parametrize(
    "recipient",
    [
        f"Reply+{TOKEN.upper()}@IN.BROKER.TEST",
        f"answer+{TOKEN}@in.broker.test",
        f"begun+{TOKEN}@in.broker.test",
        "postmaster@in.broker.test",
        "Postmaster",
    ],
)
def test_addresses_are_ours_in_any_case(post: Post, recipient: str) -> None:
    post.send(recipient)
    assert post.store.kept[0][0] == recipient


@pytest.mark.parametrize(
    "recipient",
    [
        "info@in.broker.test",
        "reply+short@in.broker.test",
        f"reply+{TOKEN}@elsewhere.test",
        f"other+{TOKEN}@in.broker.test",
        f"reply{TOKEN}@in.broker.test",
        f"reply+{TOKEN[:-1]}!@in.broker.test",
        "postmaster@elsewhere.test",
    ],
)
def test_other_addresses_are_refused_before_the_mail_is_sent(post: Post, recipient: str) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post.send(recipient)
    code, words = refused.value.recipients[recipient]
    assert (code, words[:5]) == (550, b"5.1.1")
    assert post.store.kept == []


def test_an_address_that_only_looks_like_ours_fills_no_store() -> None:
    store, port = Store(), free_port()
    ours = f"reply+{TOKEN}@in.broker.test"
    with MailReceiver(f"127.0.0.1:{port}", "in.broker.test", store.deliver, lambda given: given == ours):
        post = Post(store, port)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            post.send(f"reply+{TOKEN[::-1]}@in.broker.test")
        post.send(ours)
        post.send("postmaster@in.broker.test")
    assert [recipient for recipient, _ in store.kept] == [ours, "postmaster@in.broker.test"]


def test_one_mail_is_not_kept_a_thousand_times(post: Post) -> None:
    post.send(*[f"reply+{TOKEN}@in.broker.test"] * 100)
    assert len(post.store.kept) == MOST_RECIPIENTS


def test_a_mail_that_could_not_be_kept_is_asked_for_again(post: Post) -> None:
    post.store.is_broken = True
    with pytest.raises(smtplib.SMTPDataError) as refused:
        post.send(f"reply+{TOKEN}@in.broker.test")
    assert refused.value.smtp_code == 451
    post.store.is_broken = False
    post.send(f"reply+{TOKEN}@in.broker.test")
    assert len(post.store.kept) == 1


def test_a_mail_for_two_conversations_is_kept_for_each(post: Post) -> None:
    other = TOKEN[::-1]
    post.send(f"reply+{TOKEN}@in.broker.test", f"reply+{other}@in.broker.test")
    assert len(post.store.kept) == 2


def test_a_mail_that_is_too_large_is_refused(post: Post) -> None:
    with pytest.raises(smtplib.SMTPException) as refused:
        post.send(f"reply+{TOKEN}@in.broker.test", content=LINE * (LARGEST_MAIL // len(LINE) + 1))
    assert "552" in str(refused.value)
    assert post.store.kept == []


def test_a_mail_of_the_largest_size_is_taken(post: Post) -> None:
    head = b"Subject: photographs\r\n\r\n"
    content = head + LINE * ((LARGEST_MAIL - len(head)) // len(LINE))
    post.send(f"reply+{TOKEN}@in.broker.test", content=content)
    assert len(post.store.kept[0][1]) > 25_000_000


def test_a_line_that_is_longer_than_the_standard_allows_is_no_reason_to_lose_an_answer(post: Post) -> None:
    content = b"Subject: Re\r\n\r\n" + b"<p>10 %</p>" * 5_000 + b"\r\n"
    post.send(f"reply+{TOKEN}@in.broker.test", content=content)
    assert post.store.kept[0][1].endswith(content)


def test_an_envelope_sender_cannot_write_headers_of_its_own(post: Post) -> None:
    with smtplib.SMTP("127.0.0.1", post.port, timeout=5) as client:
        client.sendmail("<a@shop.test>", [f"reply+{TOKEN}@in.broker.test"], MAIL)
    assert post.store.kept[0][1].split(b"\r\n")[0] == b"Return-Path: <a@shop.test>"
