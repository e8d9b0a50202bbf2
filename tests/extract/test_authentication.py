"""Whose mail it is, by what our own mail server wrote on it."""

import pytest

from discount_broker.messaging.inbound import authentication_of
from discount_broker.messaging.inbound.authentication import completed, lacks_proof
from discount_broker.messaging.inbound.recipients import recipients_of

OURS = "mx.broker.test"
FROM = "From: Shop <sales@mail.shop.co.uk>\r\n"


def told(results: str, others: str = FROM, trusted: str = OURS) -> dict[str, str]:
    raw = f"Authentication-Results: {results}\r\n{others}Subject: Re\r\n\r\n10 %\r\n"
    return authentication_of(raw.encode(), trusted)


@pytest.mark.parametrize(
    "results",
    [
        "mx.broker.test; dmarc=pass (p=none dis=none) header.from=mail.shop.co.uk",
        "MX.Broker.Test 1; dmarc=pass",
        'mx.broker.test;\r\n\tdkim=pass (2048-bit key; open) header.d=shop.co.uk header.i="@shop.co.uk"',
        "mx.broker.test; spf=pass smtp.mailfrom=bounces@news.shop.co.uk",
        "mx.broker.test; dkim=fail header.d=shop.co.uk; dkim=pass header.d=shop.co.uk",
        "mx.broker.test; dkim=pass header.i=@mail.shop.co.uk",
    ],
)
def test_the_address_in_from_is_proved_to_be_of_its_organisation(results: str) -> None:
    found = told(results)
    assert (found["domain"], found["by"]) == ("shop.co.uk", OURS)


@pytest.mark.parametrize(
    "results",
    [
        "mx.broker.test; dkim=pass header.d=evil.example",
        "mx.broker.test; dkim=pass header.d=co.uk",
        "mx.broker.test; spf=pass smtp.mailfrom=bounces@evil.example",
        "mx.broker.test; spf=pass smtp.helo=mail.shop.co.uk",
        "mx.broker.test; dkim=fail header.d=shop.co.uk; spf=softfail smtp.mailfrom=a@shop.co.uk",
        "mx.broker.test; dmarc=fail header.from=mail.shop.co.uk; dkim=pass header.d=shop.co.uk",
        "mx.broker.test; dmarc=pass header.from=evil.example",
        'mx.broker.test; dkim=fail reason="dkim=pass header.d=shop.co.uk"',
        "mx.broker.test; dkim=fail (; dkim=pass header.d=shop.co.uk)",
        "mx.broker.test; none",
        "mx.broker.test",
    ],
)
def test_what_passed_for_another_domain_proves_nothing(results: str) -> None:
    assert "domain" not in told(results)


@pytest.mark.parametrize(
    "results",
    [
        "mx.shop.co.uk; dmarc=pass header.from=mail.shop.co.uk",
        "mx.broker.test.evil.example; dmarc=pass header.from=mail.shop.co.uk",
        "(mx.broker.test) evil.example; dmarc=pass",
        "; dmarc=pass",
        "",
        "(((",
    ],
)
def test_results_of_any_other_server_are_not_even_told(results: str) -> None:
    assert told(results) == {}


def test_of_several_results_of_ours_the_topmost_counts() -> None:
    """A server writes above what it was given; what is below may be the sender's own invention."""
    forged = "Authentication-Results: mx.broker.test; dmarc=pass header.from=mail.shop.co.uk\r\n"
    found = told("mx.broker.test; dmarc=fail header.from=mail.shop.co.uk", forged + FROM)
    assert found == {"dmarc": "fail", "by": OURS}


def test_a_forged_result_above_which_ours_stands_under_another_name_is_passed_over() -> None:
    forged = "Authentication-Results: evil.example; dmarc=pass\r\n"
    found = told("mx.broker.test; spf=none", forged + FROM)
    assert found == {"spf": "none", "by": OURS}


@pytest.mark.parametrize(
    "others",
    [
        "From: sales@shop.co.uk, boss@evil.example\r\n",
        "From: sales@shop.co.uk\r\nFrom: boss@evil.example\r\n",
        "From: \r\n",
        "From: nobody\r\n",
        "",
    ],
)
def test_without_exactly_one_sender_there_is_nothing_to_prove(others: str) -> None:
    assert "domain" not in told("mx.broker.test; dmarc=pass", others)


def test_a_name_that_looks_like_an_address_is_no_address() -> None:
    found = told(
        "mx.broker.test; dkim=pass header.d=evil.example", 'From: "sales@shop.co.uk" <a@evil.example>\r\n'
    )
    assert found["domain"] == "evil.example"


def test_a_domain_in_cyrillic_letters_is_told_in_latin_ones() -> None:
    found = told("mx.broker.test; dkim=pass header.d=xn--80aaxgqbdi.xn--p1ai", "From: a@почта.магазин.рф\r\n")
    assert "domain" not in found
    found = told("mx.broker.test; dkim=pass header.d=xn--80aairftm.xn--p1ai", "From: a@почта.магазин.рф\r\n")
    assert found["domain"] == "xn--80aairftm.xn--p1ai"


def test_without_a_server_of_ours_nobody_is_believed() -> None:
    assert told("mx.broker.test; dmarc=pass", trusted="") == {}


def test_bytes_that_are_no_mail_break_nothing() -> None:
    for raw in (b"", b"\xff\x00", b"Authentication-Results: \xff; dkim=\r\n" * 5_000):
        assert authentication_of(raw, OURS) == {}


@pytest.mark.parametrize("piece", ["(", "<", '"', ",", ".", "\\", "a@b.test,", "()", ";", "=?utf-8?q?a?= "])
@pytest.mark.parametrize(
    "name", ["From", "To", "Delivered-To", "Authentication-Results: mx.broker.test; dkim=pass"]
)
def test_a_header_without_end_keeps_no_mail_out(piece: str, name: str) -> None:
    """These are read before the mail is kept: what cannot be read proves nothing, and nothing breaks."""
    endless = piece * (190_000 // len(piece))
    raw = f"{name}: {endless}\r\nAuthentication-Results: {OURS}; dmarc=pass\r\n\r\n".encode()
    assert "domain" not in authentication_of(raw, OURS)
    assert recipients_of(raw, "in.broker.test", "box@broker.test") == ("box@broker.test",)


ONE, OTHER = "reply+aaaa2345@in.broker.test", "bounce+bbbb2345@in.broker.test"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (f"Delivered-To: {ONE}\r\nTo: {OTHER}\r\n", (ONE,)),
        (f"X-Original-To: {ONE}\r\nDelivered-To: box@broker.test\r\n", (ONE,)),
        (f"To: Shop <{ONE}>, a@b.test\r\nCc: {OTHER}\r\n", (ONE, OTHER)),
        (f"To: {ONE}, {ONE.upper()}\r\n", (ONE,)),
        ("To: answer+aaaa2345@in.broker.test\r\n", ("answer+aaaa2345@in.broker.test",)),
        ("Delivered-To: box@broker.test\r\nTo: requests@broker.test\r\n", ("box@broker.test",)),
        ("To: reply+aaaa2345@elsewhere.test\r\n", ("box@broker.test",)),
        ("", ("box@broker.test",)),
    ],
)
def test_a_mail_in_a_mailbox_tells_for_which_address_it_is(headers: str, expected: tuple[str, ...]) -> None:
    raw = f"{headers}Subject: Re\r\n\r\n10 %\r\n".encode()
    assert recipients_of(raw, "in.broker.test", "box@broker.test") == expected


@pytest.mark.parametrize(
    ("others", "ours", "together"),
    [
        ({}, {"dkim": "none", "by": "us"}, {"dkim": "none", "by": "us"}),
        (
            {"spf": "pass", "dkim": "fail", "by": "mailgun"},
            {"dkim": "pass", "domain": "shop.example", "by": "us"},
            {"spf": "pass", "dkim": "pass", "domain": "shop.example", "by": "us"},
        ),
        ({"dkim": "pass", "by": "ses"}, {"dkim": "temperror", "by": "us"}, {"dkim": "pass", "by": "ses"}),
    ],
)
def test_only_a_proof_of_ours_outweighs_the_word_of_others(
    others: dict[str, str], ours: dict[str, str], together: dict[str, str]
) -> None:
    assert completed(others, ours) == together


def test_what_is_proved_or_disproved_is_not_looked_into_again() -> None:
    assert lacks_proof({})
    assert lacks_proof({"dkim": "pass", "by": "ses"})
    assert not lacks_proof({"spf": "pass", "domain": "shop.example"})
    assert not lacks_proof({"dmarc": "fail"})
