"""Certificates of SNS, through the guarded fetcher."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import trustme

from discount_broker.adapters.amazon_sns import AmazonSns
from discount_broker.adapters.http_fetch import GuardedFetcher, Limits
from discount_broker.outreach.ports import CertificateUnavailable
from tests.contract.servers import serving
from tests.fakes import NOT_FOUND, Answer, Asked, redirect

HOST = "sns.eu-west-1.amazonaws.com"
PEM = b"-----BEGIN CERTIFICATE-----\n"


@dataclass
class Sns:
    """What answers at Amazon's name."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return NOT_FOUND
        self.asked.append(asked.path)
        return self.answers.pop(0)


@contextmanager
def running(*answers: Answer) -> Iterator[tuple[Sns, AmazonSns]]:
    sns, authority = Sns(list(answers)), trustme.CA()
    trusting, offered = ssl.create_default_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.configure_trust(trusting)
    authority.issue_cert(HOST).configure_cert(offered)
    with serving(sns, offered) as server:
        fetcher = GuardedFetcher(
            user_agent="DiscountBrokerBot/1.0",
            allow=("127.0.0.1/32",),
            delay=0,
            limits=Limits(size=20_000, seconds=2, redirects=0, takes_any_type=True),
            look_up=lambda _host: ["127.0.0.1"],
            tls=trusting,
        )
        sns.url = f"https://{HOST}:{server.server_port}/x.pem"
        yield sns, AmazonSns(fetcher)


def test_a_certificate_is_fetched_once_for_many_notifications() -> None:
    with running(Answer(PEM, content_type="binary/octet-stream")) as (sns, amazon):
        assert [amazon.read(sns.url) for _ in range(3)] == [PEM] * 3
        assert sns.asked == ["/x.pem"]


@pytest.mark.parametrize(
    "answer",
    [NOT_FOUND, Answer(b"", 500), Answer(b"x" * 30_000), redirect("https://elsewhere.test/x.pem")],
)
def test_a_certificate_that_cannot_be_had_is_asked_for_again(answer: Answer) -> None:
    with running(answer, Answer(PEM)) as (sns, amazon):
        with pytest.raises(CertificateUnavailable):
            amazon.read(sns.url)
        assert amazon.read(sns.url) == PEM


def test_a_subscription_is_confirmed_by_opening_its_address() -> None:
    with running(Answer(b"<ok/>", content_type="text/xml"), Answer(b"", 403)) as (sns, amazon):
        assert amazon.confirm(sns.url)
        assert not amazon.confirm(sns.url)


def test_a_server_that_is_away_confirms_nothing() -> None:
    with running() as (sns, amazon):
        url = sns.url
    assert not amazon.confirm(url)
